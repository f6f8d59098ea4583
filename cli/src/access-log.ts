// An organization's access log at the gateway, read page by page as its administrator.
import type { Connection } from "./connection.ts";
import { ACCESS_LOG } from "./operations.ts";

interface Answer {
  readonly accessLog: {
    readonly lines: readonly { readonly line: unknown }[];
    readonly cursor: string | null;
    readonly more: boolean;
  };
}

/** The oldest first, from the one after `after` on. */
export async function* readAccessLog(
  connection: Connection,
  organization: string,
  after: string,
): AsyncGenerator {
  for (let cursor: string | null = after, more = true; more && cursor !== null;) {
    const { accessLog }: Answer = await connection.ask<Answer>(ACCESS_LOG, { organization, after: cursor });
    for (const { line } of accessLog.lines) yield line;
    ({ cursor, more } = accessLog);
  }
}
