import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openDatabase, type Database } from "../database/database.ts";
import { startTestServer, testLog, type TestServer } from "../database/test-server.ts";
import { createBell } from "./bell.ts";
import type { Change } from "./log.ts";
import { openChangeLog, type ChangeLogOptions } from "./postgres-log.ts";

let server: TestServer;
let databaseUrl: string;
beforeAll(async () => void (server = await startTestServer()));
afterAll(() => server.close());
beforeEach(async () => void (databaseUrl = await server.freshDatabase()));

const open = (options: Partial<ChangeLogOptions> = {}) =>
  openChangeLog({ databaseUrl, log: testLog().log, attempts: 3, pause: 5, lookEvery: 60_000, ...options });
const database = async <Result>(work: (database: Database) => Promise<Result>): Promise<Result> => {
  const opened = openDatabase({ databaseUrl, log: testLog().log });
  try {
    return await work(opened);
  } finally {
    await opened.close();
  }
};
const change = (id: string): Change => ({
  source: "/subgraphs/mall",
  id,
  entity: "Sku",
  key: { id },
  kind: "UPDATED",
  subjects: [],
  time: "2026-11-22T10:00:00.000Z",
});

describe("the log of changes in PostgreSQL", () => {
  it("loses nothing when the consumer's connection is cut in the middle, again and again", async () => {
    const log = await open();
    const seen: string[] = [];
    let all = (): void => {};
    const done = new Promise<void>((resolve) => (all = resolve));
    log.subscribe("a", async (changes) => {
      seen.push(...changes.map(({ id }) => id));
      if (seen.includes("29")) all();
      else await cutConsumers();
    });
    for (let n = 0; n < 30; n++) await log.append([change(String(n))]);
    await done;
    await log.close();
    // Given again, perhaps; but all of it, and each for the first time in its order.
    expect([...new Set(seen)]).toEqual(Array.from({ length: 30 }, (_, n) => String(n)));
  });

  it("looks for what a notification was lost of", async () => {
    const log = await open({ lookEvery: 20 });
    const seen = new Promise<readonly Change[]>((resolve) => {
      log.subscribe("a", async (changes) => resolve(changes));
    });
    await database((db) =>
      db.transaction(async (tx) => {
        await tx.query("update change_head set position = position + 1");
        await tx.query(
          `insert into change (position, source, id, entity, key, kind, subjects, time)
           select position, 's', 'silent', 'Sku', '{"id":"1"}', 'UPDATED', '[]', now() from change_head`,
        );
      }),
    );
    expect((await seen).map(({ id }) => id)).toEqual(["silent"]);
    await log.close();
  });

  it("forgets, after a while, what every consumer has handled, and keeps what one has not", async () => {
    const log = await open({ keepFor: 100 });
    let handled = (): void => {};
    const handling = new Promise<void>((resolve) => (handled = resolve));
    await database((db) => db.query("insert into change_consumer values ('slow', 1)"));
    log.subscribe("quick", async (changes) => {
      if (changes.some(({ id }) => id === "2")) handled();
    });
    await log.append([change("1")]);
    await log.append([change("2")]);
    await handling;
    const ids = () => database((db) => db.query<{ id: string }>("select id from change order by position"));
    await expect.poll(ids).toEqual([{ id: "2" }]);
    await log.close();
  });

  it("does not wait for ever for a consumer that does not come back, and says so", async () => {
    const { log: lines, ...rest } = testLog();
    const log = await open({ keepFor: 50, log: lines });
    await database((db) => db.query("insert into change_consumer values ('gone', 0)"));
    await log.append([change("1")]);
    await expect.poll(() => database((db) => db.query("select id from change"))).toEqual([]);
    await expect
      .poll(() => rest.lines.join(""))
      .toContain("changes were dropped that a consumer did not come for");
    await log.close();
  });

  it("is opened by several gateways at once", async () => {
    const logs = await Promise.all(Array.from({ length: 4 }, () => open()));
    expect(await logs[0]!.append([change("1")])).toEqual({ accepted: 1, duplicates: 0 });
    await Promise.all(logs.map((log) => log.close()));
  });

  async function cutConsumers(): Promise<void> {
    await database((db) =>
      db.query(
        `select pg_terminate_backend(pid) from pg_locks
         where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`,
      ),
    );
  }
});

describe("a bell", () => {
  it("wakes who waits, and the next one when nobody did", async () => {
    const bell = createBell();
    const woken: string[] = [];
    const waiting = bell.wait(60_000).then(() => woken.push("first"));
    bell.ring();
    await waiting;
    bell.ring();
    bell.ring();
    await bell.wait(60_000).then(() => woken.push("second"));
    await bell.wait(1).then(() => woken.push("by itself"));
    expect(woken).toEqual(["first", "second", "by itself"]);
  });
});
