// Whose turn it is: kept in names, found anew for what could have become another, by one gateway at a time.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openDatabase } from "../database/database.ts";
import { startTestServer, testLog, type TestServer } from "../database/test-server.ts";
import { openGroups, type Groups } from "./store.ts";
import { makeCounterGroup } from "./test-group.ts";

let server: TestServer;
let databaseUrl: string;
let groups: Groups;
let groupId: string;

beforeAll(async () => void (server = await startTestServer()));
afterAll(() => server.close());
beforeEach(async () => {
  databaseUrl = await server.freshDatabase();
  groups = await openGroups({ databaseUrl, ...testLog() });
  groupId = (await makeCounterGroup(groups)).id;
});
afterEach(() => groups.close());

const post = async (id: string) => {
  const entity = { type: "RestockOrder", key: { id } };
  return (await groups.postCard({ groupId, type: "restock.order", entity, to: ["manager"] })).card;
};
const taken = async () => (await groups.takeUnweighed(10)).map(({ id }) => id);
const weighAll = async () => {
  for (const card of await groups.takeUnweighed(10)) await groups.setTurns(card, []);
};
const TURN = { organization: "mall", role: "manager", verbs: ["restock.approve"] };

describe("it has to be found", () => {
  it("of a card that was posted, once, by whoever comes first", async () => {
    const card = await post("1");
    expect(await taken()).toEqual([card.id]);
    expect(await taken()).toEqual([]);
    await groups.setTurns(card, [TURN]);
    expect(await groups.turns(card.id)).toEqual([TURN]);
    expect(await taken()).toEqual([]);
  });

  const again: readonly (readonly [string, (card: string) => Promise<unknown>])[] = [
    ["could have become another", (card) => groups.touchCards([card])],
    ["may be acted on by others", () => grant()],
    ["may be acted on by fewer", async () => (await grant(), await weighAll(), await withdraw())],
    [
      "is in a group where somebody came",
      () => groups.addMember(groupId, { person: "mall:zhao", role: "manager" }, "mall:lin"),
    ],
    ["is looked at in another version of the agreement", () => groups.weighIn("another")],
  ];
  it.each(again)("of a card that %s", async (_, happens) => {
    await groups.weighIn("one");
    const card = await post("1");
    await weighAll();
    await happens(card.id);
    expect(await taken()).toEqual([card.id]);
  });

  it("again, when the card was touched while it was looked at", async () => {
    const card = await post("1");
    await taken();
    await groups.touchCards([card.id]);
    expect(await taken()).toEqual([]);
    await groups.setTurns(card, [TURN]);
    expect(await taken()).toEqual([card.id]);
  });

  it("not of what is closed, nor in the same version of the agreement", async () => {
    await groups.weighIn("one");
    await groups.closeCard((await post("1")).id);
    expect(await taken()).toEqual([]);
    await post("2");
    await weighAll();
    await groups.weighIn("one");
    expect(await taken()).toEqual([]);
    await groups.closeGroup(groupId, "mall:lin");
    await groups.weighIn("two");
    expect(await taken()).toEqual([]);
  });

  it("by another gateway, when one has failed", async () => {
    const card = await post("1");
    await taken();
    const database = openDatabase({ databaseUrl, ...testLog() });
    await database.query("update card set weighing_until = clock_timestamp() - interval '1 second'");
    await database.close();
    expect(await taken()).toEqual([card.id]);
  });

  const grant = () =>
    groups.grant(
      groupId,
      [{ policy: "mall.restock", role: "buyer", organization: "mall", until: null }],
      "mall:lin",
    );
  const withdraw = () =>
    groups.withdraw(groupId, { policy: "mall.restock", role: "buyer", organization: "mall" }, "mall:lin");
});

it("is told to whom it concerns, when it is another, and to nobody else", async () => {
  const heard: string[] = [];
  groups.onPersonal((_, person) => heard.push(person));
  await expect
    .poll(async () => {
      await groups.notices.tell("personal", "any group:it listens");
      return heard.length;
    })
    .toBeGreaterThan(0);
  const card = await post("1");
  await groups.setTurns(card, [TURN]);
  await groups.setTurns(card, [TURN]);
  await groups.setTurns(card, []);
  await groups.notices.tell("personal", "any group:the end");
  await expect.poll(() => heard.at(-1)).toBe("the end");
  expect(heard.filter((person) => person.includes(":"))).toEqual(["mall:lin", "mall:lin"]);
});
