// A logger that keeps its lines, so that tests are quiet and can say what must or must not be logged.
import type { Logger } from "../types.ts";

export interface TestLog extends Logger {
  readonly lines: readonly { readonly level: string; readonly message: string; readonly fields: object }[];
  /** All of it, as one text: to look for what must not be there. */
  text(): string;
}

export function createTestLog(): TestLog {
  const lines: { level: string; message: string; fields: object }[] = [];
  const at =
    (level: string) =>
    (fields: object, message: string): void => {
      lines.push({ level, message, fields });
    };
  return {
    lines,
    text: () => JSON.stringify(lines),
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
  };
}
