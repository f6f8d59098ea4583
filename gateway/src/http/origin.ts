// Pages of other origins: whose may call the gateway (CORS), and what none may make a browser send unasked (CSRF).
import type { IncomingHttpHeaders } from "node:http";
import { JuntoError } from "../errors/index.ts";

/** A page cannot send any of these to another origin without the browser asking first. */
const PREFLIGHTED = ["graphql-require-preflight", "apollo-require-preflight", "x-apollo-operation-name"];
/** What a page can send without being asked for. https://fetch.spec.whatwg.org/#cors-safelisted-request-header */
const SIMPLE = /^(application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)\s*(;|$)/i;

export type OriginHeaders = Readonly<Record<string, string>>;

const FOR_ALL: OriginHeaders = { vary: "Origin, Accept", "x-content-type-options": "nosniff" };

/** Cross-origin requests are answered for origins that the operator names, and for no others. */
export function originHeaders(
  { method, headers }: { readonly method?: string | undefined; readonly headers: IncomingHttpHeaders },
  allowed: readonly string[],
): OriginHeaders {
  const { origin } = headers;
  if (origin === undefined || !allowed.includes(origin)) return FOR_ALL;
  if (method !== "OPTIONS") return { ...FOR_ALL, "access-control-allow-origin": origin };
  return {
    ...FOR_ALL,
    "access-control-allow-origin": origin,
    "access-control-allow-methods": "GET, POST",
    "access-control-allow-headers": [
      ...["accept", "authorization", "content-type", "content-encoding", "junto-group", "last-event-id"],
      ...PREFLIGHTED,
    ].join(", "),
    "access-control-max-age": "600",
  };
}

/**
 * Refuses what a page of another site could have a browser send without asking first. A POST of application/json is
 * always asked for; a GET only when it carries one of the headers above, or a type that is not simple.
 * @throws JuntoError BAD_REQUEST
 */
export function refuseUnasked(headers: IncomingHttpHeaders): void {
  const type = headers["content-type"];
  if (type !== undefined && /^\s*[\w.+-]+\/[\w.+-]+\s*(;|$)/.test(type) && !SIMPLE.test(type.trim())) return;
  if (PREFLIGHTED.some((name) => (headers[name] ?? "") !== "")) return;
  throw new JuntoError(
    "BAD_REQUEST",
    `A GET needs a header that pages of other sites cannot send: ${PREFLIGHTED[0]}: 1.`,
  );
}
