import { startPostgres } from "@junto/embedded";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startMallLegacy } from "../../legacy/start.ts";
import { runSql, startTestMall, startTestServer, type TestServer } from "../fixture.ts";
import { prepareSlot, removeSlot, type SlotNames } from "./slot.ts";

let server: TestServer;
let databaseUrl: string;
beforeAll(async () => {
  server = await startTestServer();
  databaseUrl = await server.database();
  await startMallLegacy({ dataDir: "", databaseUrl, size: "small" });
});
afterAll(() => server.close());

let news = 0;
const countNew = async (): Promise<void> => void (news += 1);

function names(name: string): SlotNames {
  return { slot: name, publication: name };
}

/** The same database, as a user of the ERP who has these rights only. */
async function as(user: string, rights: string): Promise<string> {
  await runSql(databaseUrl, `CREATE ROLE ${user} LOGIN PASSWORD 'x' ${rights}`);
  const url = new URL(databaseUrl);
  url.username = user;
  url.password = "x";
  return url.href;
}

describe("what the server must have", () => {
  it("is made once, and found again", async () => {
    news = 0;
    await prepareSlot(databaseUrl, names("once"), countNew);
    await prepareSlot(databaseUrl, names("once"), countNew);

    expect(news).toBe(1);
  });

  it("is made again, slot and all, when its publication is gone", async () => {
    await prepareSlot(databaseUrl, names("gone"), countNew);
    await runSql(databaseUrl, "DROP PUBLICATION gone");
    news = 0;
    await prepareSlot(databaseUrl, names("gone"), countNew);

    expect(news).toBe(1);
  });

  it("is completed when the publication lacks a table", async () => {
    await prepareSlot(databaseUrl, names("lacking"), countNew);
    await runSql(databaseUrl, `ALTER PUBLICATION lacking DROP TABLE "T_SLS_D"`);
    await prepareSlot(databaseUrl, names("lacking"), countNew);

    const tables = `SELECT count(*)::int AS n FROM pg_publication_tables WHERE pubname = 'lacking' AND tablename = 'T_SLS_D'`;
    expect(await runSql(databaseUrl, tables)).toEqual([{ n: 1 }]);
  });

  it("leaves nothing behind when it is removed, also while it is in use, and twice", async () => {
    const mall = await startTestMall(server);
    await removeSlot(mall.databaseUrl, names(mall.slot));
    await mall.close();
    await removeSlot(mall.databaseUrl, names(mall.slot));

    const left = `SELECT (SELECT count(*)::int FROM pg_replication_slots WHERE slot_name = $1) AS slots,
                    (SELECT count(*)::int FROM pg_publication WHERE pubname = $1) AS publications`;
    expect(await runSql(mall.databaseUrl, left, [mall.slot])).toEqual([{ slots: 0, publications: 0 }]);
  });
});

describe("what is missing is said with its remedy", () => {
  it("the level of the log", async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "mall-plain-"));
    const plain = await startPostgres({ dataDir, database: "rms" });

    await expect(prepareSlot(plain.url, names("a"), countNew)).rejects.toThrow(
      /wal_level = replica, .* ALTER SYSTEM SET wal_level = 'logical'/,
    );
    await plain.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  it("the right to publish", async () => {
    const url = await as("clerk", "");
    await expect(prepareSlot(url, names("b"), countNew)).rejects.toThrow(
      /The owner of the ERP's tables runs: CREATE PUBLICATION b FOR TABLE "T_BRND_M", .*"T_SLS_D"/,
    );
  });

  it("the right to replicate", async () => {
    const url = await as("owner", "");
    await runSql(databaseUrl, "CREATE PUBLICATION c FOR ALL TABLES");
    await expect(prepareSlot(url, names("c"), countNew)).rejects.toThrow(/ALTER ROLE … REPLICATION/);
  });

  it("a name of one's own", async () => {
    await runSql(databaseUrl, `SELECT pg_create_logical_replication_slot('taken', 'test_decoding')`);

    await expect(prepareSlot(databaseUrl, names("taken"), countNew)).rejects.toThrow("is another database's");
  });

  it("a name of one's own among the databases of the server, and the other one's slot stays", async () => {
    const mall = await startTestMall(server);

    await expect(prepareSlot(databaseUrl, names(mall.slot), countNew)).rejects.toThrow(
      "is another database's",
    );
    await mall.sql(`UPDATE "T_CNTR_M" SET "CNTR_NM" = 'B' WHERE "CNTR_ID" = '017'`);
    await mall.gateway.change(({ entity }) => entity === "Counter");
    await mall.close();
  });
});

describe("a subgraph whose ERP cannot be followed", () => {
  it("answers requests, says so in its log and in its health, and follows when it can", async () => {
    const user = await as("portal", "NOREPLICATION");
    await runSql(databaseUrl, `GRANT ALL ON ALL TABLES IN SCHEMA public TO portal`);
    await runSql(databaseUrl, "CREATE PUBLICATION portal FOR ALL TABLES");
    const mall = await startTestMall(server, { databaseUrl: user, slot: "portal" });
    const health = async (): Promise<unknown> => (await fetch(`${mall.subgraph.origin}/health`)).json();

    const { data } = await mall.gateway.query(
      mall.subgraph,
      "{ counters { id } }",
      {},
      {
        organization: "mall",
        policies: ["mall.counter"],
      },
    );
    expect(data.counters).toContainEqual({ id: "017" });
    expect(mall.log.text()).toContain("ALTER ROLE … REPLICATION");
    expect(await health()).toMatchObject({ status: "degraded", legacy: "ok" });

    await runSql(databaseUrl, "ALTER ROLE portal REPLICATION");
    await expect.poll(health, { timeout: 30_000 }).toMatchObject({ status: "ok" });
    await mall.close();
  });
});
