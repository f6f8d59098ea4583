// The gateway's PostgreSQL: queries and transactions, over a pool that outlives a restart of the server.
import { Pool, type ClientConfig, type PoolClient } from "pg";
import { JuntoError } from "../errors/index.ts";
import type { Log } from "../observe/index.ts";

export interface Queryable {
  /** The rows. Values go beside the text, never into it. */
  query<Row extends object = Record<string, unknown>>(
    text: string,
    values?: readonly unknown[],
  ): Promise<Row[]>;
}

export interface Database extends Queryable {
  /** Commits when the work is done, rolls back when it throws. The work is done again after a deadlock. */
  transaction<Result>(work: (tx: Queryable) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly databaseUrl: string;
  readonly log: Log;
  /** Connections at most. */
  readonly connections?: number;
}

export function openDatabase({ databaseUrl, log, connections = 10 }: DatabaseOptions): Database {
  const pool = new Pool({ ...connectionOptions(databaseUrl), max: connections });
  // Both must be heard, or a connection that breaks ends the process: idle in the pool, and in use.
  pool.on("error", (error) => log.warn({ err: error }, "an idle connection to PostgreSQL broke"));
  pool.on("connect", (client) => void client.on("error", () => {}));

  let ended: Promise<void> | undefined;

  async function once<Result>(work: (tx: Queryable) => Promise<Result>): Promise<Result> {
    const client = await pool.connect();
    try {
      await client.query("begin");
      const result = await work(queryable(client));
      await client.query("commit");
      client.release();
      return result;
    } catch (error) {
      const broken = await client.query("rollback").then(
        () => false,
        () => true,
      );
      client.release(broken);
      throw error;
    }
  }

  return {
    ...queryable(pool),
    async transaction(work) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await once(work);
        } catch (error) {
          if (!isDeadlock(error) || attempt === 5) throw databaseError(error);
        }
      }
    },
    close: () => (ended ??= pool.end()),
  };
}

/** For the pool and for connections beside it. */
export function connectionOptions(databaseUrl: string): ClientConfig {
  return {
    connectionString: databaseUrl,
    application_name: "junto gateway",
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 30_000,
  };
}

const UNREACHABLE = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "53300",
]);
/** Not text that PostgreSQL stores (a NUL), or not of the column's type. */
const NOT_STORABLE = new Set(["22021", "22P05", "22P02"]);

/** What a failed query means to who asked. Errors of the statement itself stay as they are. */
function databaseError(error: unknown): unknown {
  if (error instanceof JuntoError || !(error instanceof Error)) return error;
  const { code = "" } = error as { code?: string };
  const gone = /^Connection terminated|timeout exceeded when trying to connect|^Cannot use a pool/.test(
    error.message,
  );
  if (gone || UNREACHABLE.has(code) || code.startsWith("08") || code.startsWith("57P")) {
    return new JuntoError("UNAVAILABLE", "The gateway's database does not answer.", { cause: error });
  }
  if (code === "23503") {
    return new JuntoError("NOT_FOUND", "Something that is named here does not exist.", { cause: error });
  }
  if (NOT_STORABLE.has(code))
    return new JuntoError("BAD_USER_INPUT", "A value cannot be stored.", { cause: error });
  return error;
}

function queryable(client: Pool | PoolClient): Queryable {
  return {
    async query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
      try {
        return (await client.query<Row>(text, [...values])).rows;
      } catch (error) {
        throw databaseError(error);
      }
    },
  };
}

function isDeadlock(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return code === "40P01" || code === "40001";
}
