// A real PostgreSQL for a folder: made at the first start, found again at the next ones, and taken over when
// the process that had started it was killed.
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "pg";
import { findBinaries } from "./binaries.ts";
import type { Binaries } from "./binaries.ts";
import { prepareHome, rememberPort } from "./home.ts";
import type { Home } from "./home.ts";
import type { EmbeddedLog } from "./log.ts";
import { findPostmaster, guard, isAlive, PortTaken, spawnPostmaster, stopPostmaster } from "./postmaster.ts";

export interface PostgresOptions {
  /** Everything is kept in this folder. It is made when it is not there. */
  readonly dataDir: string;
  /** Made when it is not there; the one that `url` names. */
  readonly database: string;
  /** 0 or nothing: a free one, kept for the next starts as long as it is free. */
  readonly port?: number;
  /** So that changes can be read with logical replication. */
  readonly logicalReplication?: boolean;
  readonly log?: EmbeddedLog;
}

export interface EmbeddedPostgres {
  /** `postgres://…/<database>`, with the password. */
  readonly url: string;
  readonly port: number;
  /** Stops the server; open connections are cut. */
  close(): Promise<void>;
}

/**
 * Starts the PostgreSQL of a folder and waits until it answers. It listens on 127.0.0.1 only. A folder has one
 * owner: while another process has it, this fails. When the owner dies without `close`, the server stops.
 *
 *     const postgres = await startPostgres({ dataDir: ".junto/postgres", database: "junto" });
 */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  const log = options.log ?? { info: () => {}, warn: () => {} };
  const home = await prepareHome(options.dataDir, log);
  const binaries = await findBinaries(home.account, log);
  await home.initialise(binaries.initdb);

  const running = await run(home, binaries, options, log);
  const url = urlOf(home, running.port, options.database);
  try {
    await createDatabase(urlOf(home, running.port, "postgres"), options.database);
  } catch (error) {
    await running.stop();
    throw error;
  }
  let closed: Promise<void> | undefined;
  return { url, port: running.port, close: () => (closed ??= running.stop()) };
}

/** Makes a database on the server that `url` names, unless it is there, and gives its address. */
export async function createDatabase(url: string, name: string): Promise<string> {
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(name))
    throw new Error(`${JSON.stringify(name)} is not a name for a database`);
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`create database ${client.escapeIdentifier(name)} encoding 'UTF8' template template0`);
  } catch (error) {
    const code = (error as { code?: string }).code;
    // 42P04: it is there. 23505: somebody makes it at this moment.
    if (code !== "42P04" && code !== "23505") throw error;
  } finally {
    await client.end();
  }
  const made = new URL(url);
  made.pathname = `/${name}`;
  return made.href;
}

interface Running {
  readonly port: number;
  stop(): Promise<void>;
}

/** Finds the folder's server or starts it, and becomes its owner. */
async function run(
  home: Home,
  binaries: Binaries,
  options: PostgresOptions,
  log: EmbeddedLog,
): Promise<Running> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    const found = await findPostmaster(home.data);
    if (found === null) {
      await start(home, binaries, options);
      continue;
    }
    const owner = await own(home, found.port);
    if (owner === "not ready") {
      await delay(25);
      continue;
    }
    if (!(await suits(owner, options, found.port))) {
      log.info(`PostgreSQL of ${home.dir} starts again with other settings`);
      await owner.end();
      await stopPostmaster(found.pid);
      continue;
    }
    await rememberPort(home, found.port);
    log.info(`PostgreSQL of ${home.dir} listens on port ${found.port}`);
    return hold(home, found, owner, log);
  }
  throw new Error(`PostgreSQL of ${home.dir} did not become ready; see ${home.logFile}`);
}

async function start(home: Home, binaries: Binaries, options: PostgresOptions): Promise<void> {
  const settings = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    // Its log names no values: neither those of a row that broke a constraint nor those of a statement.
    "log_error_verbosity=terse",
    "log_min_error_statement=panic",
    ...(options.logicalReplication === true
      ? ["wal_level=logical", "max_replication_slots=16", "max_wal_senders=16"]
      : []),
  ];
  const remembered = options.port === undefined || options.port === 0 ? home.port : options.port;
  for (let attempt = 0; ; attempt++) {
    const port = attempt === 0 && remembered !== undefined ? remembered : await freePort();
    try {
      await spawnPostmaster({ postgres: binaries.postgres, home, port, settings });
      return;
    } catch (error) {
      const mayChoose = options.port === undefined || options.port === 0;
      if (!(error instanceof PortTaken) || !mayChoose || attempt === 5) throw error;
    }
  }
}

const OWNER_LOCK = 7_426_001;

/** A connection that holds the owner's lock. It falls with the process that holds it, however that one ends. */
async function own(home: Home, port: number): Promise<Client | "not ready"> {
  const client = await connect(home, port);
  if (client === "not ready") return client;
  const deadline = Date.now() + 2_000;
  for (;;) {
    const { rows } = await client.query<{ free: boolean }>("select pg_try_advisory_lock($1) as free", [
      OWNER_LOCK,
    ]);
    if (rows[0]?.free === true) return client;
    if (Date.now() > deadline) {
      const holder = await client.query<{ name: string }>(
        `select application_name as name from pg_stat_activity join pg_locks using (pid)
         where locktype = 'advisory' and objid = $1 and granted`,
        [OWNER_LOCK],
      );
      await client.end();
      throw new Error(`${home.dir} is in use by another process (${holder.rows[0]?.name ?? "just ended"})`);
    }
    await delay(50);
  }
}

async function connect(home: Home, port: number): Promise<Client | "not ready"> {
  const client = new Client({
    connectionString: urlOf(home, port, "postgres"),
    application_name: `junto, process ${process.pid}`,
    connectionTimeoutMillis: 5_000,
  });
  client.on("error", () => {}); // `end` follows, and is dealt with
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    if ((error as { code?: string }).code === "28P01") {
      throw new Error(`The password in ${home.dir} is not that of its server`, { cause: error });
    }
    return "not ready";
  }
}

async function suits(client: Client, options: PostgresOptions, port: number): Promise<boolean> {
  if (options.port !== undefined && options.port !== 0 && options.port !== port) return false;
  if (options.logicalReplication !== true) return true;
  const { rows } = await client.query<{ wal_level: string }>("show wal_level");
  return rows[0]?.wal_level === "logical";
}

/** Keeps the owner's lock, also over a restart that the server makes by itself after a crash. */
function hold(home: Home, found: { pid: number; port: number }, first: Client, log: EmbeddedLog): Running {
  let owner = first;
  const stopping = new AbortController();
  const release = guard(found.pid, home.data);

  const regain = async (): Promise<void> => {
    while (!stopping.signal.aborted && (await isAlive(found.pid))) {
      const client = await own(home, found.port).catch(() => "not ready" as const);
      if (client !== "not ready") return watch(client);
      await delay(500, undefined, { ref: false });
    }
    if (!stopping.signal.aborted) log.warn(`PostgreSQL of ${home.dir} has stopped; see ${home.logFile}`);
  };
  const watch = (client: Client): void => {
    owner = client;
    // Who forgets to close can still end; the types of `pg` lack this.
    (owner as Client & { unref(): void }).unref();
    owner.once("end", () => void regain());
    if (stopping.signal.aborted) void owner.end();
  };
  watch(first);

  return {
    port: found.port,
    stop: async () => {
      stopping.abort();
      owner.end().catch(() => {});
      await stopPostmaster(found.pid);
      // Not before: who dies while it stops the server still leaves nothing behind.
      release();
    },
  };
}

function urlOf(home: Home, port: number, database: string): string {
  return `postgres://postgres:${home.password}@127.0.0.1:${port}/${database}`;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        if (typeof address === "object" && address !== null) resolve(address.port);
        else reject(new Error("no free port"));
      });
    });
  });
}
