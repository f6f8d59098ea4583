// The log: JSON lines without secrets and without the data of the organizations.
import { pino, type DestinationStream, type Logger } from "pino";

export type Log = Logger;

export interface LogOptions {
  readonly level: string;
  /** Of the program: `gateway`, `mall` … */
  readonly name: string;
  /** Default: stderr, so that stdout stays free for what a program has to say. */
  readonly destination?: DestinationStream;
}

const SECRET_KEYS = ["authorization", "cookie", "token", "access_token", "secret", "password", "databaseUrl"];
/** A JWT, a bearer token of another kind, and the password in an address. */
const SECRET_TEXTS: readonly [RegExp, string][] = [
  [/eyJ[\w-]{6,}\.[\w-]+(?:\.[\w-]*)*/g, "[token]"],
  [/\bBearer [\w.~+/=-]+/gi, "Bearer [token]"],
  [/(:\/\/[^\s:/@"\\]*):[^\s@/"\\]+@/g, "$1:[password]@"],
];
const DEEPEST_CAUSE = 4;

export function createLog(options: LogOptions): Log {
  const paths = SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);
  return pino(
    {
      name: options.name,
      level: options.level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths, censor: "[secret]" },
      serializers: { err: describeError, error: describeError },
      hooks: { streamWrite: withoutSecrets },
    },
    options.destination ?? pino.destination({ fd: 2, sync: true }),
  );
}

interface DescribedError {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
  readonly cause?: DescribedError;
}

/**
 * What went wrong and where. Other properties of an error are left out: database drivers, for one, put
 * rows and parameters there.
 */
function describeError(error: unknown, depth = 0): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error).slice(0, 1_000) };
  const code = (error as { code?: unknown }).code;
  return {
    type: error.name,
    message: error.message,
    ...(typeof code === "string" || typeof code === "number" ? { code: String(code) } : {}),
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...(error.cause === undefined || depth >= DEEPEST_CAUSE
      ? {}
      : { cause: describeError(error.cause, depth + 1) }),
  };
}

function withoutSecrets(line: string): string {
  return SECRET_TEXTS.reduce((text, [secret, mark]) => text.replace(secret, mark), line);
}
