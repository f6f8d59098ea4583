// The default logger: lines of JSON on stdout.
import { pino } from "pino";
import type { Logger } from "./types.ts";

export function defaultLogger(name: string): Logger {
  return pino({ name });
}
