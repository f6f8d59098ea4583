// The connection to the ERP's database: few connections, no statement that runs for long, and errors that
// say what is the matter without saying anything of the data.
import { LegacyError } from "@junto/subgraph";
import { Pool, types } from "pg";

export interface Database {
  /** Runs one statement. Throws `LegacyError` when the database is away, slow, or not the one we know. */
  query<Row extends object>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly databaseUrl: string;
  /** Milliseconds for one statement; 4000 when absent. */
  readonly statementTimeout?: number;
  /** Called with every statement, before it runs. */
  readonly onQuery?: (sql: string) => void;
}

const CONNECTIONS = 8;
const CONNECT_TIMEOUT = 2_000;

/** Connects when the first statement is run. */
export function openDatabase(options: DatabaseOptions): Database {
  const statementTimeout = options.statementTimeout ?? 4_000;
  const pool = new Pool({
    connectionString: options.databaseUrl,
    application_name: "junto-mall",
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    idleTimeoutMillis: 30_000,
    statement_timeout: statementTimeout,
    lock_timeout: statementTimeout,
    // The server does not answer at all, not even that it was too slow.
    query_timeout: statementTimeout + 500,
    types: { getTypeParser },
  });
  // The pool drops a connection that breaks while nobody uses it; the next statement says what is the matter.
  pool.on("error", () => undefined);
  return {
    async query<Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
      options.onQuery?.(sql);
      try {
        const result = await pool.query<Row>(sql, [...values]);
        return result.rows;
      } catch (error) {
        throw asLegacyError(error);
      }
    },
    close: () => pool.end(),
  };
}

/** Dates and times stay as the ERP writes them: their zone is not the one of this process. */
function getTypeParser(oid: number, format?: "text" | "binary"): any {
  return AS_TEXT.has(oid) ? (text: string) => text : types.getTypeParser(oid, format);
}

const AS_TEXT: ReadonlySet<number> = new Set([types.builtins.DATE, types.builtins.TIMESTAMP]);

/** What a failure of the driver means. What the statement itself did wrong is let through: it is our mistake. */
function asLegacyError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = (error as { code?: unknown }).code;
  const state = typeof code === "string" ? code : "";
  if (SLOW.test(error.message) || SLOW_STATES.has(state)) {
    return new LegacyError("LEGACY_TIMEOUT", "The mall's ERP did not answer in time", { cause: error });
  }
  if (isAway(error, state)) {
    return new LegacyError("LEGACY_AWAY", "The mall's ERP cannot be reached", { cause: error });
  }
  if (UNKNOWN_STATES.has(state)) {
    return new LegacyError("LEGACY_NONSENSE", "The mall's ERP is not the version that is known", {
      cause: error,
    });
  }
  return error;
}

const SLOW = /^Query read timeout$/;
/** query_canceled, lock_not_available. */
const SLOW_STATES: ReadonlySet<string> = new Set(["57014", "55P03"]);
/** undefined_table, undefined_column, undefined_function. */
const UNKNOWN_STATES: ReadonlySet<string> = new Set(["42P01", "42703", "42883"]);
const AWAY = /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a conn)/;

/** Is the server not there, or not ready to take a connection? */
function isAway(error: Error, state: string): boolean {
  if (AWAY.test(error.message)) return true;
  // Of the network: ECONNREFUSED, ENOTFOUND, … Of PostgreSQL: connection exceptions, shutting down, starting up,
  // no connection free, the database is not there, the password is wrong.
  return /^(E[A-Z_]{4,}|08...|57P0[1-5]|53300|3D000|28...)$/.test(state);
}
