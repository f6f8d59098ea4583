// For tests: a PostgreSQL of their own, with a new database for each of them.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDatabase, startPostgres } from "@junto/embedded";
import { Client } from "pg";
import type { Log } from "../observe/index.ts";
import { createLog } from "../observe/index.ts";

export interface TestServer {
  /** The address of a new, empty database. */
  freshDatabase(): Promise<string>;
  close(): Promise<void>;
}

export async function startTestServer(): Promise<TestServer> {
  const dataDir = await mkdtemp(join(tmpdir(), "junto-test-"));
  const server = await startPostgres({ dataDir, database: "tests" });
  await forgoDurability(server.url);
  let made = 0;
  return {
    freshDatabase: () => createDatabase(server.url, `test_${++made}`),
    async close() {
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Nothing of it is to outlive the machine, and most of the time of a small test would go to the disk. */
async function forgoDurability(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  for (const setting of ["fsync", "full_page_writes", "synchronous_commit"])
    await client.query(`alter system set ${setting} = off`);
  await client.query("select pg_reload_conf()");
  await client.end();
}

/** A log that keeps its lines for the test to look at. */
export function testLog(): { readonly log: Log; readonly lines: string[] } {
  const lines: string[] = [];
  return {
    log: createLog({ name: "test", level: "info", destination: { write: (line) => void lines.push(line) } }),
    lines,
  };
}
