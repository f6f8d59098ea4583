// One chain for each owner, whoever adds to it and however many at once; and nothing that takes a line back.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Client } from "pg";
import { startTestServer, testLog, type TestServer } from "../database/test-server.ts";
import type { LineDraft } from "./line.ts";
import { openAccessLog, type AccessLog } from "./store.ts";
import { verifyChain } from "./verify.ts";
import { createWriter } from "./writer.ts";

let server: TestServer;
let databaseUrl: string;
let gateways: AccessLog[];
let database: Client;
const { log, lines: said } = testLog();
beforeAll(async () => {
  server = await startTestServer();
  databaseUrl = await server.freshDatabase();
  // Both make the tables, at once.
  gateways = await Promise.all([openAccessLog({ databaseUrl, log }), openAccessLog({ databaseUrl, log })]);
  database = new Client({ connectionString: databaseUrl });
  await database.connect();
}, 60_000);
afterAll(async () => {
  await database?.end();
  await Promise.all((gateways ?? []).map((each) => each.close()));
  await server?.close();
});

function draft(owner: string, id: string): LineDraft {
  return {
    v: 1,
    owner,
    at: new Date().toISOString(),
    kind: "READ",
    organization: "other",
    person: "other:ann",
    group: null,
    role: null,
    policies: [],
    operation: { name: null, digest: "" },
    card: null,
    action: null,
    fields: [],
    moreFields: 0,
    entities: [{ type: "T", key: { id } }],
    moreEntities: 0,
  };
}

async function all(owner: string) {
  return gateways[0]!.lines(owner, { first: 10_000, order: "OLDEST_FIRST" });
}

it("keeps one unbroken chain for each owner, of many writers at several gateways", async () => {
  const owners = ["mall", "brand", "supplier"];
  const writes = Array.from({ length: 600 }, (_, number) =>
    gateways[number % 2]!.write(
      // In any order of the owners: gateways must not wait for each other in a circle.
      (number % 3 === 0 ? owners.toReversed() : owners).map((owner) => draft(owner, String(number))),
    ),
  );
  await Promise.all(writes);
  for (const owner of owners) {
    const found = await all(owner);
    expect(found).toHaveLength(600);
    expect(new Set(found.map(({ entities }) => entities[0]!.key["id"])).size).toBe(600);
    const verifying = verifyChain();
    for (const line of found) verifying.take(line);
    const { head, broken } = verifying.end();
    expect([broken, head]).toEqual([null, await gateways[1]!.head(owner)]);
  }
  expect(await gateways[0]!.head("nobody")).toBeNull();
});

describe("the database itself", () => {
  const refused = async (sql: string): Promise<void> =>
    expect(database.query(sql)).rejects.toThrow("The access log is only added to");

  it.each([
    "update access_line set line = line || '{\"person\": null}'",
    "update access_line set seq = seq + 1000",
    "delete from access_line where seq = 1",
    "truncate access_line",
    "truncate access_line cascade",
    "delete from access_chain",
    "truncate access_chain",
    "update access_chain set seq = seq - 1",
    "update access_chain set owner = owner || 'x'",
  ])("refuses: %s", async (sql) => {
    const before = await all("mall");
    await refused(sql);
    expect(await all("mall")).toEqual(before);
  });

  it.each([
    [
      "a line at a place of another",
      `select owner, seq, line from access_line where owner = 'mall' and seq = 1`,
    ],
    [
      "a line of another owner",
      `select 'brand', 9000, line from access_line where owner = 'mall' and seq = 1`,
    ],
    [
      "a line under another number",
      `select owner, 9000, line from access_line where owner = 'mall' and seq = 1`,
    ],
  ])("refuses %s", async (_, select) => {
    await expect(database.query(`insert into access_line (owner, seq, line) ${select}`)).rejects.toThrow(
      /constraint/,
    );
  });

  it("cannot keep its superuser from it, whom the chain finds", async () => {
    await database.query("begin");
    await database.query("set local session_replication_role = replica"); // no triggers
    await database.query(
      `update access_line set line = jsonb_set(line, '{person}', '"other:eve"') where owner = 'mall' and seq = 7`,
    );
    const { rows } = await database.query("select line from access_line where owner = 'mall' order by seq");
    await database.query("rollback");
    const verifying = verifyChain();
    for (const { line } of rows) if (!verifying.take(line)) break;
    expect(verifying.end().broken).toMatchObject({ line: 7 });
  });
});

it("says UNAVAILABLE when a line cannot be written, and writes those that can", async () => {
  const before = (await all("mall")).length;
  const unstorable = { ...draft("mall", "bad"), role: "\0" };
  const results = await Promise.allSettled([
    gateways[0]!.write([draft("mall", "first")]),
    gateways[0]!.write([draft("mall", "good")]),
    gateways[0]!.write([unstorable]),
    gateways[0]!.write([draft("mall", "good too")]),
  ]);
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled"]);
  expect(results[2]).toMatchObject({ reason: { code: "UNAVAILABLE" } });
  expect((await all("mall")).length).toBe(before + 3);
  expect(said.join("")).toContain("the access log could not be written");
});

it("says UNAVAILABLE when the database is not there", async () => {
  const url = await server.freshDatabase();
  const alone = await openAccessLog({ databaseUrl: url, log });
  const name = new URL(url).pathname.slice(1);
  await database.query(`alter database "${name}" allow_connections false`);
  await database.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", [name]);
  await expect(alone.write([draft("mall", "x")])).rejects.toMatchObject({ code: "UNAVAILABLE" });
  await alone.close();
});

describe("group commit", () => {
  it("writes together what comes while others are written", async () => {
    const batches: number[] = [];
    const open: (() => void)[] = [];
    const writer = createWriter((drafts) => {
      batches.push(drafts.length);
      return new Promise((resolve) => open.push(resolve));
    }, log);
    const writes = Array.from({ length: 10 }, (_, number) => writer.write([draft("mall", String(number))]));
    const finishOne = async (): Promise<void> => {
      while (open.length === 0) await Promise.resolve();
      open.shift()!();
    };
    await finishOne();
    await writes[0];
    await finishOne();
    await Promise.all(writes);
    expect(batches).toEqual([1, 9]);
    await writer.settled();
  });

  it("refuses at once when more wait than can be written", async () => {
    const writer = createWriter(() => new Promise(() => undefined), log);
    for (let number = 0; number < 10_001; number += 1)
      void writer.write([draft("mall", "x")]).catch(() => undefined);
    await expect(writer.write([draft("mall", "x")])).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });
});
