import { Client } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startTestServer, testLog, type TestServer } from "../database/test-server.ts";
import { newId } from "./ids.ts";
import type { FeedRow } from "./rows.ts";
import { openGroups, type Groups } from "./store.ts";
import { comeIn, makeCounterGroup } from "./test-group.ts";

let server: TestServer;
let databaseUrl: string;
let groups: Groups;
let groupId: string;
/** Of the feed, before anything was granted. */
let head: number;
/** A connection beside the store's, with the database's clock. */
let sql: Client;

beforeAll(async () => void (server = await startTestServer()));
afterAll(() => server.close());
beforeEach(async () => {
  databaseUrl = await server.freshDatabase();
  groups = await openGroups({ databaseUrl, ...testLog() });
  groupId = (await makeCounterGroup(groups)).id;
  head = await groups.head(groupId);
  sql = new Client({ connectionString: databaseUrl });
  await sql.connect();
});
afterEach(async () => {
  await sql.end();
  await groups.close();
});

const price = { policy: "mall.price", organization: "mall", role: "buyer" };
const orders = { policy: "brand.orders", organization: "brand", role: "manager" };
const rows = () => groups.readFeed(groupId, head, 100);
const feed = async () => (await rows()).map(({ kind, actor, keys }) => ({ kind, actor, ...keys }));
const entry = (change: string, actor: string | null, more: object = {}) => ({
  kind: "GRANT",
  actor,
  policy: "mall.price",
  role: "buyer",
  change,
  ...more,
});

/** The database's clock, and some milliseconds. */
async function soon(milliseconds: number): Promise<Date> {
  const { rows: clock } = await sql.query<{ at: Date }>(
    "select date_trunc('milliseconds', clock_timestamp()) + make_interval(secs => $1) as at",
    [milliseconds / 1_000],
  );
  return clock[0]!.at;
}

/** The row that says that a grant has ended by its date, when it is there. */
function ended(at: Groups = groups): Promise<FeedRow> {
  return new Promise((resolve, reject) => {
    const look = (): void =>
      void rows().then((all) => {
        const found = all.find(
          ({ kind, keys }) => kind === "GRANT" && "change" in keys && keys.change === "EXPIRED",
        );
        if (found) resolve(found);
      }, reject);
    at.onFeed(look);
    look();
  });
}

describe("a grant", () => {
  it("is given and withdrawn, each once in the feed", async () => {
    await Promise.all([1, 2, 3].map(() => groups.grant(groupId, [price], "mall:lin")));
    expect(await groups.grants(groupId)).toEqual([
      {
        ...price,
        id: expect.any(String),
        groupId,
        grantedBy: "mall:lin",
        grantedAt: expect.any(Date),
        until: null,
        inForce: true,
        end: null,
        endedAt: null,
        endedBy: null,
      },
    ]);
    await Promise.all([1, 2, 3].map(() => groups.withdraw(groupId, price, "mall:lin")));
    expect(await groups.grants(groupId)).toEqual([]);
    expect(await feed()).toEqual([entry("GRANTED", "mall:lin"), entry("WITHDRAWN", "mall:lin")]);
  });

  it("is not given in a closed group, and can be withdrawn there", async () => {
    await groups.grant(groupId, [price], "mall:lin");
    await groups.closeGroup(groupId, "mall:lin");
    await expect(groups.grant(groupId, [{ ...price, role: "guide" }], "mall:lin")).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
    expect((await groups.grants(groupId))[0]).toMatchObject({ inForce: false });
    await groups.withdraw(groupId, price, "mall:lin");
    expect(await groups.grants(groupId)).toEqual([]);
  });

  it("is only its owner's to withdraw, whoever says which", async () => {
    await groups.grant(groupId, [price], "mall:lin");
    await groups.withdraw(groupId, { ...price, organization: "brand" }, "brand:chen");
    expect(await groups.grants(groupId)).toHaveLength(1);
  });

  it("is not given by an organization that is not in the group", async () => {
    const plaza = { policy: "plaza.price", organization: "plaza", role: "buyer" };
    await expect(groups.grant(groupId, [price, plaza], "plaza:mo")).rejects.toMatchObject({
      details: { reason: "NOT_IN_GROUP" },
    });
    expect(await groups.grants(groupId)).toEqual([]);
  });

  it("given again with another date is another one, and the cards are not pushed for it", async () => {
    await groups.postCard({
      groupId,
      type: "restock.order",
      entity: { type: "RestockOrder", key: { id: "R1" } },
      to: [],
    });
    await groups.grant(groupId, [price], "mall:lin");
    head = await groups.head(groupId);
    const until = await soon(60_000);
    await groups.grant(groupId, [{ ...price, until }], "mall:lin");
    await groups.grant(groupId, [{ ...price, until }], "mall:lin");
    await groups.grant(groupId, [price], "mall:lin");
    expect(await feed()).toEqual([
      entry("GRANTED", "mall:lin", { until: until.toISOString() }),
      entry("GRANTED", "mall:lin"),
    ]);
    expect(await groups.grantsOf("mall", { first: 10 })).toMatchObject([
      { inForce: true, until: null, end: null },
      { inForce: false, until, end: "REPLACED", endedBy: "mall:lin", endedAt: expect.any(Date) },
      { inForce: false, until: null, end: "REPLACED" },
    ]);
  });

  it("with two dates at once has one of them, and both are in the feed in that order", async () => {
    const dates = [await soon(50_000), await soon(60_000), await soon(70_000)];
    await Promise.all(dates.map((until) => groups.grant(groupId, [{ ...price, until }], "mall:lin")));
    const standing = await groups.grants(groupId);
    expect(standing).toHaveLength(1);
    expect(await feed()).toHaveLength(3);
    expect((await feed()).at(-1)).toMatchObject({ until: standing[0]!.until!.toISOString() });
  });

  it.each([
    ["has passed", -1],
    ["is now", 0],
    ["passed long ago", -1e12],
  ])("is not given until a date that %s", async (_, milliseconds) => {
    const until = await soon(milliseconds);
    await expect(groups.grant(groupId, [orders, { ...price, until }], "mall:lin")).rejects.toMatchObject({
      details: { code: "PAST", field: ["until"] },
    });
    expect(await groups.grants(groupId)).toEqual([]);
  });
});

describe("a grant whose date has come", () => {
  it("is gone at that moment, with a word in the feed and the cards again", async () => {
    const entity = { type: "RestockOrder", key: { id: "R1" } };
    const { card } = await groups.postCard({ groupId, type: "restock.order", entity, to: [] });
    const until = await soon(300);
    await groups.grant(groupId, [{ ...price, until }], "mall:lin");
    head = await groups.head(groupId);
    expect(await groups.grants(groupId)).toHaveLength(1);
    const row = await ended();
    expect(await groups.grants(groupId)).toEqual([]);
    expect(await feed()).toEqual([
      entry("EXPIRED", null, { until: until.toISOString() }),
      { kind: "CARD_CHANGED", actor: null, card: card.id },
    ]);
    expect(row.at.getTime() - until.getTime()).toBeGreaterThanOrEqual(0);
    expect(row.at.getTime() - until.getTime()).toBeLessThan(2_000);
    expect(await groups.grantsOf("mall", { first: 1 })).toMatchObject([
      { inForce: false, end: "EXPIRED", endedAt: until, endedBy: null },
    ]);
  });

  it("is gone also while nobody can write it down", async () => {
    await groups.grant(groupId, [{ ...price, until: await soon(60_000) }], "mall:lin");
    await sql.query("begin");
    await sql.query("select from grp where id = $1 for update", [groupId]);
    const other = new Client({ connectionString: databaseUrl });
    await other.connect();
    await other.query("update grant_ set until = clock_timestamp()");
    await other.end();
    expect(await groups.grants(groupId)).toEqual([]);
    expect(await groups.grantsOf("mall", { first: 1 })).toMatchObject([{ inForce: false, end: null }]);
    await sql.query("commit");
    expect(await ended()).toMatchObject({ actor: null });
  });

  it("is in the feed once, however many gateways look", async () => {
    const others = await Promise.all([1, 2, 3].map(() => openGroups({ databaseUrl, ...testLog() })));
    await groups.grant(groupId, [{ ...price, until: await soon(200) }], "mall:lin");
    await ended();
    await Promise.all([groups, ...others, ...others].map(({ endGrants }) => endGrants()));
    expect(await feed()).toEqual(
      [
        entry("GRANTED", "mall:lin", expect.anything()),
        entry("EXPIRED", null, { until: expect.any(String) }),
      ].map((each) => expect.objectContaining({ change: each.change })),
    );
    await Promise.all(others.map((other) => other.close()));
  });

  it("while no gateway was up, is caught up with at the start", async () => {
    await groups.grant(groupId, [{ ...price, until: await soon(60_000) }, orders], "mall:lin");
    await groups.close();
    await sql.query("update grant_ set until = clock_timestamp() - interval '1 day' where until is not null");
    groups = await openGroups({ databaseUrl, ...testLog() });
    expect(await ended()).toMatchObject({ actor: null });
    expect(await groups.grants(groupId)).toMatchObject([orders]);
  });

  it("has ended also for who grants it again before anybody has looked", async () => {
    await groups.grant(groupId, [{ ...price, until: await soon(60_000) }], "mall:lin");
    head = await groups.head(groupId);
    // Both the look and the new grant wait for the group's lock: whichever comes first says that the old one has ended.
    await sql.query("begin");
    await sql.query("select from grp where id = $1 for update", [groupId]);
    const other = new Client({ connectionString: databaseUrl });
    await other.connect();
    await other.query("update grant_ set until = clock_timestamp()");
    await other.end();
    const again = groups.grant(groupId, [price], "mall:lin");
    await sql.query("commit");
    await again;
    const said = (await feed()).map((each) => "change" in each && each.change);
    expect(said).toEqual(["EXPIRED", "GRANTED"]);
  });

  it("says how long it is until the next", async () => {
    expect(await groups.endGrants()).toBeNull();
    await groups.grant(groupId, [{ ...price, until: await soon(60_000) }, orders], "mall:lin");
    expect(await groups.endGrants()).toBeGreaterThan(50_000);
  });
});

describe("an organization's grants", () => {
  const seen = async (page: object) =>
    (await groups.grantsOf("mall", { first: 100, ...page })).map(({ policy, role }) => `${policy} ${role}`);

  it("are its own, of all groups, the newest first", async () => {
    const another = await makeCounterGroup(groups, { key: "another", alone: true });
    await groups.grant(groupId, [price], "mall:lin");
    await groups.grant(groupId, [orders], "brand:chen");
    await groups.grant(another.id, [{ ...price, role: "guide" }], "mall:lin");
    expect(await seen({})).toEqual(["mall.price guide", "mall.price buyer"]);
    expect(await seen({ groupId })).toEqual(["mall.price buyer"]);
    expect(await seen({ role: "guide" })).toEqual(["mall.price guide"]);
    expect(await seen({ policy: "brand.orders" })).toEqual([]);
    await groups.withdraw(groupId, price, "mall:lin");
    await groups.closeGroup(another.id, "mall:lin");
    expect(await seen({ inForce: true })).toEqual([]);
    expect(await seen({ inForce: false })).toEqual(["mall.price guide", "mall.price buyer"]);
    expect(await groups.grantsOf("plaza", { first: 100 })).toEqual([]);
  });

  it("come in pages, each once", async () => {
    for (let n = 0; n < 7; n++) {
      await groups.grant(groupId, [price], "mall:lin");
      await groups.withdraw(groupId, price, "mall:lin");
    }
    const ids: string[] = [];
    for (let after: string | null = null; ;) {
      const page: readonly { id: string }[] = await groups.grantsOf("mall", { first: 3, after });
      if (page.length === 0) break;
      ids.push(...page.map(({ id }) => id));
      after = ids.at(-1)!;
    }
    expect(new Set(ids).size).toBe(7);
    expect(ids).toEqual([...ids].sort().reverse());
  });

  it.each([
    { groupId: "17" },
    { groupId: "' or true --" },
    { groupId: newId() },
    { after: "\0" },
    { policy: "mall.price\0" },
    { role: "%" },
  ])("are none for %j", async (page) => {
    await groups.grant(groupId, [price], "mall:lin");
    expect(await groups.grantsOf("mall", { first: 10, ...page })).toEqual([]);
  });
});

it("brings nobody in by a grant: who left has none", async () => {
  const other = await makeCounterGroup(groups, { key: "other", alone: true });
  await comeIn(groups, other.id, [{ person: "brand:chen", role: "buyer" }]);
  await groups.grant(other.id, [orders], "brand:chen");
  await groups.leaveGroup(other.id, "brand", "brand:chen");
  expect(await groups.grantsOf("brand", { first: 5 })).toMatchObject([
    { end: "LEFT", endedBy: "brand:chen" },
  ]);
  await expect(groups.grant(other.id, [orders], "brand:chen")).rejects.toMatchObject({ code: "FORBIDDEN" });
});
