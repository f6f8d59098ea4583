import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newId } from "./ids.ts";
import { startTestServer, testLog, type TestServer } from "../database/test-server.ts";
import { openGroups, type FeedRow, type Groups } from "./store.ts";
import { makeCounterGroup } from "./test-group.ts";

let server: TestServer;
let databaseUrl: string;
let groups: Groups;
let other: Groups;
let groupId: string;
let head: number;

beforeAll(async () => void (server = await startTestServer()));
afterAll(() => server.close());
beforeEach(async () => {
  databaseUrl = await server.freshDatabase();
  // Two gateways over one database, started at once.
  [groups, other] = await Promise.all([
    openGroups({ databaseUrl, ...testLog() }),
    openGroups({ databaseUrl, ...testLog() }),
  ]);
  groupId = (await makeCounterGroup(groups)).id;
  head = await groups.head(groupId);
});
afterEach(() => Promise.all([groups.close(), other.close()]));

const say = (text: string, key: string = text, from: Groups = groups) =>
  from.postMessage({ groupId, actor: "mall:lin", text, key });

async function readAll(after = 0, page = 100): Promise<FeedRow[]> {
  const rows: FeedRow[] = [];
  for (;;) {
    const next = await groups.readFeed(groupId, rows.at(-1)?.seq ?? after, page);
    if (next.length === 0) return rows;
    rows.push(...next);
  }
}

const order = async (n: number, from: Groups = groups) =>
  (
    await from.postCard({
      groupId,
      type: "restock.order",
      entity: { type: "RestockOrder", key: { id: `R${n}` } },
      to: [],
    })
  ).card.id;

describe("the feed", () => {
  it("I5: has no gaps and no late arrivals, with fifty writers at once in two gateways", async () => {
    const seen: number[] = [];
    const reading = (async () => {
      // A reader that goes on from the last it saw: what came late would be lost to it.
      while (seen.length < 50) {
        for (const { seq } of await other.readFeed(groupId, seen.at(-1) ?? head, 7)) seen.push(seq);
      }
    })();
    const written = await Promise.all(
      Array.from({ length: 50 }, (_, n) => say(`message ${n}`, `${n}`, n % 2 === 0 ? groups : other)),
    );
    await reading;
    const numbers = Array.from({ length: 50 }, (_, n) => head + 1 + n);
    expect(written.map(({ row }) => row.seq).sort((a, b) => a - b)).toEqual(numbers);
    expect(seen).toEqual(numbers);
    expect(await groups.head(groupId)).toBe(head + 50);
  });

  it("I5: gives 500 messages in pages, in order, each once", async () => {
    for (let batch = 0; batch < 10; batch++) {
      await Promise.all(Array.from({ length: 50 }, (_, n) => say(`message ${batch * 50 + n}`)));
    }
    const rows = await readAll(head, 64);
    expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 500 }, (_, n) => head + 1 + n));
    const messages = await groups.messages(
      rows.map((row) => (row.kind === "MESSAGE" ? row.keys.message : "")),
    );
    expect(new Set(messages.map((message) => message?.text)).size).toBe(500);
    expect(messages.map((message) => message?.seq)).toEqual(rows.map(({ seq }) => seq));
  });

  it("begins with who makes the group, and who is asked and comes in", async () => {
    const begin = (await readAll()).map(({ kind, actor, keys }) => ({ kind, actor, ...keys }));
    const brand = { kind: "ORGANIZATION", organization: "brand" };
    const supplier = { kind: "ORGANIZATION", organization: "supplier" };
    const added = { kind: "MEMBER", change: "ADDED" };
    expect(begin).toEqual([
      { ...added, actor: "mall:lin", person: "mall:lin", role: "manager" },
      { ...brand, actor: "mall:lin", change: "INVITED" },
      { ...brand, actor: "brand:chen", change: "JOINED" },
      { ...added, actor: "brand:chen", person: "brand:guo", role: "guide" },
      { ...added, actor: "brand:chen", person: "brand:chen", role: "buyer" },
      { ...supplier, actor: "mall:lin", change: "INVITED" },
      { ...supplier, actor: "supplier:wang", change: "JOINED" },
      { ...added, actor: "supplier:wang", person: "supplier:wang", role: "supplier" },
    ]);
  });

  it("I6: keeps one change of a card, the newest, at its new place", async () => {
    const [first, second] = [await order(1), await order(2)];
    for (let n = 0; n < 5; n++) await groups.touchCards([first, second], "mall:lin");
    await groups.touchCards([first]);
    const rows = (await readAll(head)).map(({ seq, kind, keys, actor }) => ({
      seq: seq - head,
      kind,
      keys,
      actor,
    }));
    expect(rows).toEqual([
      { seq: 1, kind: "CARD_POSTED", keys: { card: first }, actor: null },
      { seq: 2, kind: "CARD_POSTED", keys: { card: second }, actor: null },
      { seq: 12, kind: "CARD_CHANGED", keys: { card: second }, actor: "mall:lin" },
      { seq: 13, kind: "CARD_CHANGED", keys: { card: first }, actor: null },
    ]);
  });

  it("I6: keeps one change of a card also when two gateways touch it at once", async () => {
    const card = await order(1);
    await Promise.all(
      Array.from({ length: 30 }, (_, n) => (n % 2 === 0 ? groups : other).touchCards([card])),
    );
    const changed = (await readAll(head)).filter(({ kind }) => kind === "CARD_CHANGED");
    expect(changed.map(({ seq }) => seq)).toEqual([head + 31]);
  });

  it("numbers each group by itself", async () => {
    const another = await makeCounterGroup(groups, { key: "another" });
    await say("here");
    expect(await groups.head(another.id)).toBe(8);
    expect(another.head).toBe(8);
    expect(await groups.head(groupId)).toBe(head + 1);
  });

  it.each(["", "17", "'; drop table feed; --", "\0", newId()])("is empty for the id %j", async (id) => {
    expect(await groups.readFeed(id, 0, 10)).toEqual([]);
    expect(await groups.head(id)).toBe(0);
  });

  it("takes cursors that no feed can have", async () => {
    expect(await groups.readFeed(groupId, 2 ** 40, 10)).toEqual([]);
    expect(await groups.readFeed(groupId, -5, 1)).toMatchObject([{ seq: 1 }]);
    expect(await groups.readFeed(groupId, 0, -1)).toEqual([]);
  });
});

describe("a message", () => {
  it("is said once, however often it is sent", async () => {
    const said = await Promise.all(
      Array.from({ length: 10 }, (_, n) => say("hello", "k", n % 2 === 0 ? groups : other)),
    );
    expect(new Set(said.map(({ message }) => message.id)).size).toBe(1);
    expect(said.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(said.map(({ row }) => row.seq))).toEqual(new Set([head + 1]));
    expect(await groups.head(groupId)).toBe(head + 1);
  });

  it("is another person's with the same key", async () => {
    const mine = await say("hello", "k");
    const theirs = await groups.postMessage({ groupId, actor: "brand:guo", text: "hi", key: "k" });
    expect(theirs.message).toMatchObject({ text: "hi", author: "brand:guo" });
    expect(theirs.message.id).not.toBe(mine.message.id);
  });

  it("is refused in a closed group, and repeated when it was said before", async () => {
    await say("before");
    await groups.closeGroup(groupId, "mall:lin");
    expect(await say("before")).toMatchObject({ created: false, message: { text: "before" } });
    await expect(say("after")).rejects.toMatchObject({
      code: "FORBIDDEN",
      details: { reason: "GROUP_CLOSED" },
    });
    expect(await groups.head(groupId)).toBe(head + 2);
  });

  it("is refused where there is no such group", async () => {
    for (const id of ["17", newId()]) {
      await expect(
        groups.postMessage({ groupId: id, actor: "mall:lin", text: "x", key: "x" }),
      ).rejects.toMatchObject({ code: "NOT_FOUND" });
    }
  });

  it("that cannot be stored leaves nothing behind", async () => {
    await expect(say("a\0b", "k")).rejects.toMatchObject({ code: "BAD_USER_INPUT" });
    expect(await groups.head(groupId)).toBe(head);
    expect(await say("ab", "k")).toMatchObject({ created: true, row: { seq: head + 1 } });
  });

  it("comes in the order of the ids asked for", async () => {
    const [a, b] = [(await say("a")).message, (await say("b")).message];
    expect(await groups.messages([b.id, "17", newId(), a.id])).toEqual([b, null, null, a]);
  });
});

describe("who listens to feeds", () => {
  it("hears of rows that another gateway writes, until they have heard enough", async () => {
    const heard: [string, number][] = [];
    let stop = (): void => {};
    const first = new Promise<void>((resolve) => {
      stop = groups.onFeed((group, seq) => {
        heard.push([group, seq]);
        if (seq === head + 1) resolve();
      });
    });
    await say("one", "one", other);
    await first;
    stop();
    const second = new Promise<void>(
      (resolve) => void groups.onFeed((_, seq) => seq === head + 2 && resolve()),
    );
    await say("two", "two", other);
    await second;
    expect(heard).toContainEqual([groupId, head + 1]);
    expect(heard).not.toContainEqual([groupId, head + 2]);
  });

  it("goes on hearing when another listener fails or leaves", async () => {
    const { log, lines } = testLog();
    const third = await openGroups({ databaseUrl, log });
    const listener = (): void => {};
    third.onFeed(() => {
      throw new Error("broken");
    });
    const stop = third.onFeed(listener);
    third.onFeed(listener);
    stop();
    const heard = new Promise<number>(
      (resolve) => void third.onFeed((_, seq) => seq === head + 1 && resolve(seq)),
    );
    await say("one");
    expect(await heard).toBe(head + 1);
    expect(lines.join("")).toContain("a listener to feeds failed");
    await third.close();
  });
});
