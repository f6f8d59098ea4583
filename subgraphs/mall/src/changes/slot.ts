// What the server must have before its log can be read: the right level, a publication that says which tables,
// and a slot that keeps the log for us. Made when absent; what cannot be made is said with its remedy.
import { Socket } from "node:net";
import { Client } from "pg";
import { lsnOf } from "./lsn.ts";

export interface SlotNames {
  readonly slot: string;
  readonly publication: string;
}

export interface PreparedSlot {
  /** Names this server's data folder. A restored copy has the same. */
  readonly system: string;
  /** The end of the log. */
  readonly end: bigint;
}

const TABLES: readonly string[] = [
  "T_BRND_M",
  "T_CNTR_M",
  "T_CNTR_PRD",
  "T_PRC_SHLF",
  "T_PRD_M",
  "T_RPL_H",
  "T_RPL_L",
  "T_SLS_D",
];

/** `beforeNew` is awaited before a slot is made: what was logged until then cannot be read. */
export function prepareSlot(
  databaseUrl: string,
  { slot, publication }: SlotNames,
  beforeNew: () => Promise<void>,
  signal?: AbortSignal,
): Promise<PreparedSlot> {
  return withClient(databaseUrl, signal, async (client) => {
    await requireLogicalLog(client);
    const published = await publishedTables(client, publication);
    const usable = await hasSlot(client, slot);
    // A slot cannot read what was logged while its publication was not there.
    if (!published || !usable) {
      await beforeNew();
      await removeFrom(client, slot);
      await completePublication(client, publication, published);
      await makeSlot(client, slot);
    } else {
      await completePublication(client, publication, published);
    }
    const { rows } = await client.query<{ system: string; end: string }>(
      `SELECT system_identifier::text AS system, pg_current_wal_flush_lsn()::text AS end FROM pg_control_system()`,
    );
    return { system: rows[0]!.system, end: lsnOf(rows[0]!.end) };
  });
}

/** Removes slot and publication, so that the server keeps no log for a subgraph that does not come back. */
export function removeSlot(databaseUrl: string, { slot, publication }: SlotNames): Promise<void> {
  return withClient(databaseUrl, undefined, async (client) => {
    await removeFrom(client, slot);
    await client.query(`DROP PUBLICATION IF EXISTS ${publication}`);
  });
}

/** Also while somebody reads it: that connection is ended. */
async function removeFrom(client: Client, slot: string): Promise<void> {
  await client.query(
    `SELECT pg_terminate_backend(active_pid, 5000) FROM pg_replication_slots
     WHERE slot_name = $1 AND active_pid IS NOT NULL`,
    [slot],
  );
  await client.query(
    `SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1`,
    [slot],
  );
}

async function requireLogicalLog(client: Client): Promise<void> {
  const { rows } = await client.query<{ wal_level: string }>("SHOW wal_level");
  const level = rows[0]!.wal_level;
  if (level === "logical") return;
  throw new Error(
    `The ERP's PostgreSQL has wal_level = ${level}, and its changes can be read with wal_level = logical only. ` +
      "A superuser runs ALTER SYSTEM SET wal_level = 'logical', and the server is restarted",
  );
}

/** The tables of the publication, or nothing when there is none. */
async function publishedTables(client: Client, name: string): Promise<readonly string[] | undefined> {
  const { rows } = await client.query<{ tables: string[] }>(
    `SELECT ARRAY(SELECT tablename::text FROM pg_publication_tables t WHERE t.pubname = p.pubname) AS tables
     FROM pg_publication p WHERE p.pubname = $1`,
    [name],
  );
  return rows[0]?.tables;
}

async function completePublication(
  client: Client,
  name: string,
  published: readonly string[] | undefined,
): Promise<void> {
  const missing = TABLES.filter((table) => !published?.includes(table)).map((table) => `"${table}"`);
  if (missing.length === 0) return;
  const verb = published ? `ALTER PUBLICATION ${name} ADD TABLE` : `CREATE PUBLICATION ${name} FOR TABLE`;
  const statement = `${verb} ${missing.join(", ")}`;
  try {
    await client.query(statement);
  } catch (error) {
    if (isTaken(error)) return;
    throw new Error(`The publication cannot be made. The owner of the ERP's tables runs: ${statement}`, {
      cause: error,
    });
  }
}

/** Is it there, and can it still be read? A slot of the same name that is another's is an error. */
async function hasSlot(client: Client, name: string): Promise<boolean> {
  const { rows } = await client.query<{ foreign: boolean; plugin: string; wal_status: string | null }>(
    `SELECT database IS DISTINCT FROM current_database() AS foreign, plugin, wal_status
     FROM pg_replication_slots WHERE slot_name = $1`,
    [name],
  );
  const found = rows[0];
  if (found && (found.foreign || found.plugin !== "pgoutput")) {
    throw new Error(
      `The replication slot "${name}" is another database's: this subgraph needs one of its own`,
    );
  }
  // "lost": the server threw away what the slot needs, as max_slot_wal_keep_size tells it to.
  return found !== undefined && found.wal_status !== "lost";
}

async function makeSlot(client: Client, name: string): Promise<void> {
  try {
    await client.query("SELECT pg_create_logical_replication_slot($1, 'pgoutput')", [name]);
  } catch (error) {
    if (!isTaken(error)) throw new Error(remedyFor(error), { cause: error });
  }
}

function remedyFor(error: unknown): string {
  const state = (error as { code?: string }).code;
  if (state === "42501") {
    return "The ERP's changes cannot be read: the user has no right of replication. A superuser runs ALTER ROLE … REPLICATION";
  }
  if (state === "53400") {
    return "The ERP's changes cannot be read: all replication slots are in use. Remove one, or raise max_replication_slots";
  }
  return "The replication slot cannot be made";
}

/** Somebody else made it at the same moment. */
function isTaken(error: unknown): boolean {
  const state = (error as { code?: string }).code;
  return state === "42710" || state === "23505";
}

async function withClient<T>(
  databaseUrl: string,
  signal: AbortSignal | undefined,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const socket = new Socket();
  const client = new Client({
    connectionString: databaseUrl,
    application_name: "junto-mall-slot",
    connectionTimeoutMillis: 2_000,
    stream: () => socket,
  });
  // A connection that breaks makes the query under way fail; that is where it is reported.
  client.on("error", () => undefined);
  // A slot is made when every transaction that runs has ended: that can take long.
  const abort = (): void => void socket.destroy();
  signal?.addEventListener("abort", abort);
  try {
    await client.connect();
    return await use(client);
  } finally {
    signal?.removeEventListener("abort", abort);
    await client.end().catch(() => undefined);
  }
}
