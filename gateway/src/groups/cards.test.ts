import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newId } from "./ids.ts";
import { startTestServer, testLog, type TestServer } from "../database/test-server.ts";
import { openGroups, type CardRow, type Groups } from "./store.ts";
import { makeCounterGroup } from "./test-group.ts";

let server: TestServer;
let groups: Groups;
let groupId: string;

beforeAll(async () => void (server = await startTestServer()));
afterAll(() => server.close());
beforeEach(async () => {
  groups = await openGroups({ databaseUrl: await server.freshDatabase(), ...testLog() });
  groupId = (await makeCounterGroup(groups)).id;
});
afterEach(() => groups.close());

const entity = { type: "RestockOrder", key: { id: "R00001234" } };
const post = (overrides: Partial<Parameters<Groups["postCard"]>[0]> = {}) =>
  groups.postCard({ groupId, type: "restock.order", entity, to: ["manager"], ...overrides });
const digest = (text: string): Buffer => Buffer.from(text);
const feed = async () => (await groups.readFeed(groupId, 8, 100)).map(({ kind, keys }) => ({ kind, keys }));

describe("a card", () => {
  it("is posted once while it is open, whoever posts it", async () => {
    const posted = await Promise.all(Array.from({ length: 10 }, () => post()));
    expect(new Set(posted.map(({ card }) => card.id)).size).toBe(1);
    expect(posted.filter(({ created }) => created)).toHaveLength(1);
    const { card } = posted[0]!;
    expect(card).toEqual({
      id: card.id,
      groupId,
      type: "restock.order",
      entity,
      open: true,
      to: ["manager"],
      postedAt: expect.any(Date),
      revision: 0,
      touched: 1,
    });
    expect(await feed()).toEqual([{ kind: "CARD_POSTED", keys: { card: card.id } }]);
    expect(await groups.card(card.id)).toEqual(card);
  });

  it("is another one of another type, about another entity, or in another group", async () => {
    const another = await makeCounterGroup(groups, { key: "another" });
    const cards = [
      await post(),
      await post({ type: "restock.other" }),
      await post({ entity: { type: "PurchaseOrder", key: entity.key } }),
      await post({ entity: { type: "RestockOrder", key: { id: "R00001235" } } }),
      await post({ groupId: another.id }),
    ];
    expect(new Set(cards.map(({ card }) => card.id)).size).toBe(5);
  });

  it("knows its entity whatever the order of the key's fields", async () => {
    const { card } = await post({ entity: { type: "Line", key: { order: "R1", size: "38" } } });
    const again = await post({ entity: { type: "Line", key: { size: "38", order: "R1" } } });
    expect(again).toEqual({ card, created: false });
  });

  it("can be posted again after it was closed", async () => {
    const first = await post();
    await groups.closeCard(first.card.id, "mall:lin");
    await groups.closeCard(first.card.id, "mall:lin");
    const second = await post();
    expect(second.created).toBe(true);
    expect(await groups.cards(groupId, { first: 10, open: true })).toEqual([second.card]);
    expect(await groups.cards(groupId, { first: 10, open: false })).toMatchObject([
      { id: first.card.id, open: false },
    ]);
    expect((await groups.cards(groupId, { first: 10 })).map(({ id }) => id)).toEqual([
      second.card.id,
      first.card.id,
    ]);
    expect(await groups.cards(groupId, { first: 1 })).toEqual([second.card]);
    expect(await feed()).toEqual([
      { kind: "CARD_POSTED", keys: { card: first.card.id } },
      { kind: "CARD_CHANGED", keys: { card: first.card.id } },
      { kind: "CARD_POSTED", keys: { card: second.card.id } },
    ]);
  });

  it("is not posted where there is no group, in a closed one, or about what is no key", async () => {
    await expect(post({ groupId: newId() })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(post({ entity: { type: "RestockOrder", key: {} } })).rejects.toMatchObject({
      code: "BAD_USER_INPUT",
    });
    await groups.closeGroup(groupId, "mall:lin");
    await expect(post()).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  it.each(["", "17", "\0", newId()])("does not exist by the id %j", async (id) => {
    expect(await groups.card(id)).toBeNull();
    expect(await groups.view(id, "a")).toBeNull();
    expect(await groups.cards(id, { first: 10 })).toEqual([]);
    await groups.touchCards([id]);
    const notFound = { code: "NOT_FOUND" };
    await expect(groups.closeCard(id)).rejects.toMatchObject(notFound);
    await expect(groups.setShown(id, "a", [])).rejects.toMatchObject(notFound);
    await expect(groups.recordView(id, "a", digest("x"))).rejects.toMatchObject(notFound);
    expect(await feed()).toEqual([]);
  });

  it("is touched in each group that has one", async () => {
    const another = await makeCounterGroup(groups, { key: "another" });
    const here = await post();
    const there = await post({ groupId: another.id });
    await groups.touchCards([here.card.id, there.card.id, here.card.id]);
    expect((await feed()).map(({ kind }) => kind)).toEqual(["CARD_POSTED", "CARD_CHANGED"]);
    expect((await groups.readFeed(another.id, 8, 10)).map(({ kind, seq }) => [kind, seq])).toEqual([
      ["CARD_POSTED", 9],
      ["CARD_CHANGED", 10],
    ]);
  });
});

describe("how a card comes out", () => {
  let card: CardRow;
  beforeEach(async () => void ({ card } = await post()));

  it("has one revision as long as it is the same for the audience", async () => {
    expect(await groups.view(card.id, "mall")).toBeNull();
    expect(await groups.recordView(card.id, "mall", digest("a"))).toEqual({ revision: 1, changed: true });
    expect(await groups.recordView(card.id, "mall", digest("a"))).toEqual({ revision: 1, changed: false });
    expect(await groups.view(card.id, "mall")).toEqual({ revision: 1, digest: digest("a") });
    expect(await groups.recordView(card.id, "mall", digest("b"))).toEqual({ revision: 2, changed: true });
    expect(await groups.view(card.id, "mall")).toEqual({ revision: 2, digest: digest("b") });
  });

  it("I7: never has a revision twice, whichever audience sees it", async () => {
    expect((await groups.recordView(card.id, "mall", digest("a"))).revision).toBe(1);
    expect((await groups.recordView(card.id, "brand", digest("a"))).revision).toBe(2);
    expect((await groups.recordView(card.id, "mall", digest("b"))).revision).toBe(3);
    // It looks again as it did before, but what was seen then is an older state.
    expect((await groups.recordView(card.id, "mall", digest("a"))).revision).toBe(4);
    expect((await groups.recordView(card.id, "brand", digest("a"))).revision).toBe(2);
    expect((await groups.card(card.id))?.revision).toBe(4);
  });

  it("gets one revision when several gateways see the same at once, and each its own when they do not", async () => {
    const same = await Promise.all(
      Array.from({ length: 10 }, () => groups.recordView(card.id, "mall", digest("a"))),
    );
    expect(new Set(same.map(({ revision }) => revision))).toEqual(new Set([1]));
    expect(same.filter(({ changed }) => changed)).toHaveLength(1);
    const different = await Promise.all(
      Array.from({ length: 10 }, (_, n) => groups.recordView(card.id, `audience ${n}`, digest("a"))),
    );
    expect(different.map(({ revision }) => revision).sort((a, b) => a - b)).toEqual([
      2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
    ]);
  });
});

describe("what a card shows", () => {
  const stock = (id: string) => ({ type: "Stock", key: { id } });
  const showing = async (type: string, id: string) =>
    (await groups.cardsShowing(type, { id })).map(({ cardId }) => cardId);

  it("finds the card: its own entity from the start, what it showed last from then on", async () => {
    const { card } = await post();
    expect(await groups.cardsShowing("RestockOrder", { id: "R00001234" })).toEqual([
      { cardId: card.id, groupId },
    ]);
    await groups.setShown(card.id, "a", [stock("1"), stock("2"), stock("1")]);
    expect(await showing("Stock", "1")).toEqual([card.id]);
    await groups.setShown(card.id, "a", [stock("2"), stock("3")]);
    expect(await Promise.all(["1", "2", "3"].map((id) => showing("Stock", id)))).toEqual([
      [],
      [card.id],
      [card.id],
    ]);
    expect(await showing("RestockOrder", "R00001234")).toEqual([card.id]);
    await groups.setShown(card.id, "a", []);
    expect(await showing("Stock", "2")).toEqual([]);
    expect(await showing("RestockOrder", "R00001234")).toEqual([card.id]);
  });

  it("is found by what any audience sees of it", async () => {
    const { card } = await post();
    await groups.setShown(card.id, "a", [stock("1"), stock("2")]);
    await groups.setShown(card.id, "b", [stock("2")]);
    expect(await showing("Stock", "1")).toEqual([card.id]);
    expect(await showing("Stock", "2")).toEqual([card.id]);
    await groups.setShown(card.id, "a", []);
    expect(await showing("Stock", "1")).toEqual([]);
    expect(await showing("Stock", "2")).toEqual([card.id]);
  });

  it("is not looked for in closed groups", async () => {
    await post();
    await groups.closeGroup(groupId, "mall:lin");
    expect(await showing("RestockOrder", "R00001234")).toEqual([]);
  });

  it("may be a thousand entities", async () => {
    const { card } = await post();
    const many = Array.from({ length: 1_000 }, (_, n) => stock(String(n)));
    await Promise.all([groups.setShown(card.id, "a", many), groups.setShown(card.id, "a", many)]);
    expect(await showing("Stock", "999")).toEqual([card.id]);
  });

  it("is looked for by what is a key only", async () => {
    await expect(groups.cardsShowing("Stock", {})).rejects.toMatchObject({ code: "BAD_USER_INPUT" });
  });
});

describe("what a rule watches", () => {
  const sku = (id: string) => ({ type: "Sku", key: { id } });

  it("finds the rule and its group", async () => {
    await groups.setWatch(groupId, "stock-alert.low", [sku("1"), sku("2")]);
    await groups.setWatch(groupId, "other.rule", [sku("2")]);
    expect(await groups.watchers("Sku", { id: "1" })).toEqual([{ groupId, rule: "stock-alert.low" }]);
    expect((await groups.watchers("Sku", { id: "2" })).map(({ rule }) => rule)).toEqual([
      "other.rule",
      "stock-alert.low",
    ]);
    await groups.setWatch(groupId, "stock-alert.low", [sku("2")]);
    await groups.setWatch(groupId, "stock-alert.low", [sku("2")]);
    expect(await groups.watchers("Sku", { id: "1" })).toEqual([]);
    await groups.closeGroup(groupId, "mall:lin");
    expect(await groups.watchers("Sku", { id: "2" })).toEqual([]);
  });

  it("is in a group that exists", async () => {
    for (const id of ["17", newId()]) {
      await expect(groups.setWatch(id, "rule", [sku("1")])).rejects.toMatchObject({ code: "NOT_FOUND" });
    }
  });
});
