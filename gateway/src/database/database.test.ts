import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPostgres, type EmbeddedPostgres } from "@junto/embedded";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openGroups } from "../groups/store.ts";
import { makeCounterGroup } from "../groups/test-group.ts";
import { openDatabase } from "./database.ts";
import { migrate } from "./migrate.ts";
import { startTestServer, testLog, type TestServer } from "./test-server.ts";

let server: TestServer;
beforeAll(async () => void (server = await startTestServer()));
afterAll(() => server.close());

describe("migrations", () => {
  it("are done once when several gateways start at once", async () => {
    const databaseUrl = await server.freshDatabase();
    const opened = await Promise.all(
      Array.from({ length: 5 }, () => openGroups({ databaseUrl, ...testLog() })),
    );
    await Promise.all(opened.map((groups) => groups.close()));
    const database = openDatabase({ databaseUrl, ...testLog() });
    const [counted] = await database.query(
      "select count(*)::int as steps, count(distinct step)::int as distinct from migration",
    );
    expect(counted).toMatchObject({ distinct: (counted as { steps: number }).steps });
    await database.close();
  });

  it("go on where they were, all of them or none", async () => {
    const database = openDatabase({ databaseUrl: await server.freshDatabase(), ...testLog() });
    const first = { name: "first", sql: "create table a (n int); insert into a values (1)" };
    await migrate(database, "test", [first]);
    const broken = [
      first,
      { name: "second", sql: "insert into a values (2)" },
      { name: "third", sql: "no sql" },
    ];
    await expect(migrate(database, "test", broken)).rejects.toThrow("syntax error");
    expect(await database.query("select n from a")).toEqual([{ n: 1 }]);
    await migrate(database, "test", broken.slice(0, 2));
    await migrate(database, "test", broken.slice(0, 2));
    expect(await database.query("select n from a order by n")).toEqual([{ n: 1 }, { n: 2 }]);
    await database.close();
  });

  it("refuse a database that is ahead of the gateway", async () => {
    const database = openDatabase({ databaseUrl: await server.freshDatabase(), ...testLog() });
    await migrate(database, "test", [{ name: "first", sql: "select 1" }]);
    await expect(migrate(database, "test", [])).rejects.toMatchObject({ code: "CONFIGURATION" });
    await expect(migrate(database, "test", [{ name: "other", sql: "select 1" }])).rejects.toThrow(
      '"first", which this gateway does not know',
    );
    await migrate(database, "another part", [{ name: "other", sql: "select 1" }]);
    await database.close();
  });
});

describe("transactions", () => {
  it("are rolled back as a whole when their work throws", async () => {
    const database = openDatabase({ databaseUrl: await server.freshDatabase(), ...testLog() });
    await database.query("create table a (n int)");
    const work = database.transaction(async (tx) => {
      await tx.query("insert into a values (1)");
      throw new Error("no");
    });
    await expect(work).rejects.toThrow("no");
    expect(await database.query("select * from a")).toEqual([]);
    await database.close();
  });

  it("are done again after a deadlock", async () => {
    const database = openDatabase({ databaseUrl: await server.freshDatabase(), ...testLog() });
    await database.query("create table a (id int primary key, n int); insert into a values (1, 0), (2, 0)");
    const bothHaveOne = meeting(2);
    const add = (order: number[]) =>
      database.transaction(async (tx) => {
        await tx.query("update a set n = n + 1 where id = $1", [order[0]]);
        await bothHaveOne();
        await tx.query("update a set n = n + 1 where id = $1", [order[1]]);
      });
    await Promise.all([add([1, 2]), add([2, 1])]);
    expect(await database.query("select n from a")).toEqual([{ n: 2 }, { n: 2 }]);
    await database.close();
  });
});

describe("a PostgreSQL that goes away", () => {
  it("is UNAVAILABLE, stops nothing, and when it is back nothing was lost", async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "junto-test-"));
    let postgres: EmbeddedPostgres = await startPostgres({ dataDir, database: "tests" });
    const { log, lines } = testLog();
    const options = { databaseUrl: postgres.url, log, lookEvery: 100 };
    const groups = await openGroups(options);
    const { id: groupId } = await makeCounterGroup(groups);
    const heard = new Set<number>();
    groups.onFeed((_, seq) => void heard.add(seq));

    const inFlight = Promise.allSettled(
      Array.from({ length: 20 }, () => groups.membership(groupId, "mall:lin")),
    );
    await postgres.close();
    await inFlight;
    await expect(groups.head(groupId)).rejects.toMatchObject({ code: "UNAVAILABLE" });
    await expect(
      groups.postMessage({ groupId, actor: "mall:lin", text: "x", key: "x" }),
    ).rejects.toMatchObject({
      code: "UNAVAILABLE",
    });

    postgres = await startPostgres({ dataDir, database: "tests", port: postgres.port });
    const { row } = await groups.postMessage({ groupId, actor: "mall:lin", text: "x", key: "x" });
    await expect.poll(() => heard.has(row.seq)).toBe(true);
    expect(lines.join("")).toContain("the connection that listens to PostgreSQL broke");
    expect(lines.join("")).not.toContain(new URL(postgres.url).password);
    await groups.close();
    await postgres.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  it("is UNAVAILABLE when it was never there", async () => {
    const opening = openGroups({ databaseUrl: "postgres://postgres:x@127.0.0.1:1/none", ...testLog() });
    await expect(opening).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });
});

describe("a lost notification", () => {
  it("is made up for by looking", async () => {
    const databaseUrl = await server.freshDatabase();
    const groups = await openGroups({ databaseUrl, ...testLog(), lookEvery: 50 });
    const { id: groupId, head } = await makeCounterGroup(groups);
    const heard = new Promise<number>((resolve) => {
      groups.onFeed((_, seq) => void (seq > head && resolve(seq)));
    });
    const database = openDatabase({ databaseUrl, ...testLog() });
    // As a gateway writes it, without the notification.
    await database.transaction(async (tx) => {
      await tx.query("update grp set head = head + 1 where id = $1", [groupId]);
      await tx.query(
        "insert into feed (grp, seq, kind, at, keys) values ($1, $2, 'CLOSED', clock_timestamp(), '{}')",
        [groupId, head + 1],
      );
    });
    expect(await heard).toBe(head + 1);
    await database.close();
    await groups.close();
  });
});

/** Lets nobody go on before `expected` have come; later ones do not wait. */
function meeting(expected: number): () => Promise<void> {
  let come = 0;
  let all = (): void => {};
  const met = new Promise<void>((resolve) => (all = resolve));
  return () => {
    if (++come === expected) all();
    return met;
  };
}
