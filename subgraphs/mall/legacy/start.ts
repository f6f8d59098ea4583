// Starts the mall's old system: an embedded PostgreSQL with the ERP's tables and a year of its data, or
// another server, named by its address.
import { startPostgres, type EmbeddedPostgres } from "@junto/embedded";
import { Client } from "pg";
import { loadSeed, type LoadedSeed } from "./seed.ts";

export interface MallLegacyOptions {
  /** Where the embedded server keeps its data. */
  readonly dataDir: string;
  /** Of the embedded server; absent or 0: a free one. */
  readonly port?: number;
  /** Another server to use; `dataDir` and `port` have no meaning then. It needs `wal_level = logical`. */
  readonly databaseUrl?: string;
  /** How much data the first start loads: `full` (about 230,000 rows) when absent. */
  readonly size?: "full" | "small";
}

export interface MallLegacy {
  /** `postgres://…` of the ERP's database. */
  readonly url: string;
  /** What was found or loaded. */
  readonly seed: LoadedSeed;
  close(): Promise<void>;
}

/** Resolves when the database is there and has data. A second start uses what the first one loaded. */
export async function startMallLegacy(options: MallLegacyOptions): Promise<MallLegacy> {
  const server = options.databaseUrl ? undefined : await startEmbedded(options);
  const url = server?.url ?? options.databaseUrl!;
  try {
    const seed = await withClient(url, (client) => loadSeed(client, options.size ?? "full"));
    return { url, seed, close: async () => server?.close() };
  } catch (error) {
    await server?.close();
    throw error;
  }
}

function startEmbedded({ dataDir, port }: MallLegacyOptions): Promise<EmbeddedPostgres> {
  return startPostgres({
    dataDir,
    database: "rms",
    logicalReplication: true,
    ...(port !== undefined && { port }),
  });
}

async function withClient<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, application_name: "rms-load" });
  // A connection that breaks makes the query under way fail; that is where it is reported.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
