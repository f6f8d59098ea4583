import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openDatabase } from "../database/database.ts";
import { startTestServer, testLog, type TestServer } from "../database/test-server.ts";
import { newId } from "./ids.ts";
import { openGroups, type Groups } from "./store.ts";
import { comeIn, itIsTheirTurn, makeCounterGroup } from "./test-group.ts";

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
  for (const person of ["mall:lin", "brand:guo", "brand:chen", "supplier:wang"])
    await groups.markRead(groupId, person, await groups.head(groupId));
});
afterEach(() => groups.close());

let keys = 0;
const say = (actor: string) =>
  groups.postMessage({ groupId, actor, text: "hello", key: `${++keys}` }).then(({ row }) => row.seq);
const post = async (id: string, to: readonly string[]) => {
  const entity = { type: "RestockOrder", key: { id } };
  const { card } = await groups.postCard({ groupId, type: "restock.order", entity, to });
  await itIsTheirTurn(groups, card.id);
  return card.id;
};
const reading = async (person: string, group = groupId) => (await groups.readings([group], person))[0];

describe("what is new for a member", () => {
  it("is what others said and did since, by kind, and where it begins", async () => {
    const head = await groups.head(groupId);
    await say("brand:guo");
    const first = await say("mall:lin");
    await say("mall:lin");
    const card = await post("R1", ["guide"]);
    await groups.touchCards([card]);
    await groups.touchCards([await post("R2", ["buyer"])]);
    await groups.addMember(groupId, { person: "mall:zhao", role: "manager" }, "mall:lin");
    expect(await reading("brand:guo")).toEqual({
      groupId,
      seq: head,
      messages: 2,
      mentions: 0,
      firstMention: null,
      answers: 0,
      cards: 2,
      changes: 1,
      first,
      more: false,
      waiting: 1,
    });
    expect(await reading("mall:lin")).toMatchObject({ messages: 1, cards: 2, changes: 0, first: head + 1 });
  });

  it("is what mentions them, and not what was only edited", async () => {
    const post = (actor: string, mentions: readonly string[]) =>
      groups.postMessage({ groupId, actor, text: "@", key: `${++keys}`, mentions });
    await post("mall:lin", ["brand:chen"]);
    const { message } = await post("mall:lin", ["brand:guo"]);
    await post("supplier:wang", ["brand:guo", "brand:chen"]);
    await post("brand:guo", ["brand:guo"]);
    const called = { messages: 3, mentions: 2, firstMention: message.seq };
    expect(await reading("brand:guo")).toMatchObject(called);
    await groups.editMessage({
      groupId,
      messageId: message.id,
      actor: "mall:lin",
      text: "again",
      mentions: ["brand:guo"],
    });
    expect(await reading("brand:guo")).toMatchObject({ ...called, changes: 0 });
    await groups.deleteMessage({ groupId, messageId: message.id, actor: "mall:lin" });
    expect(await reading("brand:guo")).toMatchObject({ mentions: 1 });
    await groups.markRead(groupId, "brand:guo", await groups.head(groupId));
    expect(await reading("brand:guo")).toMatchObject({ mentions: 0, firstMention: null });
  });

  it("is what answers them, and not what does so and mentions them", async () => {
    const post = (actor: string, replyTo: string | null, mentions: readonly string[] = []) =>
      groups
        .postMessage({ groupId, actor, text: "so?", key: `${++keys}`, replyTo, mentions })
        .then(({ message }) => message);
    const own = await post("brand:guo", null);
    const answer = await post("mall:lin", own.id);
    await post("mall:lin", answer.id);
    await post("brand:guo", own.id);
    const both = await post("supplier:wang", own.id, ["brand:guo"]);
    expect(await reading("brand:guo")).toMatchObject({ messages: 3, answers: 1, mentions: 1 });
    expect(await reading("mall:lin")).toMatchObject({ answers: 0 });
    const said = async () => (await groups.saidTo(groupId, "brand:guo", 5)).map(({ id }) => id);
    expect(await said()).toEqual([both.id, answer.id]);
    expect(await groups.saidTo(groupId, "mall:zhao", 5)).toEqual([]);
    await groups.deleteMessage({ groupId, messageId: answer.id, actor: "mall:lin" });
    expect(await said()).toEqual([both.id]);
    await groups.markRead(groupId, "brand:guo", await groups.head(groupId));
    expect(await reading("brand:guo")).toMatchObject({ answers: 0 });
    expect(await said()).toEqual([]);
  });

  it("is not what was deleted since", async () => {
    const first = await groups.postMessage({ groupId, actor: "mall:lin", text: "oh", key: "oh" });
    const second = await say("mall:lin");
    expect(await reading("brand:guo")).toMatchObject({ messages: 2, first: first.row.seq });
    await groups.deleteMessage({ groupId, messageId: first.message.id, actor: "mall:lin" });
    expect(await reading("brand:guo")).toMatchObject({ messages: 1, first: second, more: false });
  });

  it("is nothing of what there was before they came", async () => {
    await say("mall:lin");
    await groups.addMember(groupId, { person: "mall:zhao", role: "manager" }, "mall:lin");
    expect(await reading("mall:zhao")).toMatchObject({ messages: 0, changes: 1 });
  });

  it("is counted over a thousand events, and then said to be more", async () => {
    await post("R1", []);
    const database = openDatabase({ databaseUrl, ...testLog() });
    const fill = (from: number, to: number) =>
      database.query(
        `insert into feed (grp, seq, kind, at, actor, keys)
         select $1, head + n, 'MESSAGE', now(), 'mall:lin', '{}' from grp, generate_series($2::int, $3::int) as n where id = $1`,
        [groupId, from, to],
      );
    await fill(1, 999);
    expect(await reading("brand:guo")).toMatchObject({ messages: 999, cards: 1, more: false });
    await fill(1_000, 1_100);
    expect(await reading("brand:guo")).toMatchObject({ messages: 1_000, cards: 1, more: true });
    await database.close();
  });

  it("waits for them while it is open, and the turn of their role, in a group that is not closed", async () => {
    const card = await post("R1", ["guide", "buyer"]);
    await post("R2", []);
    const waiting = async (person: string) => (await reading(person))!.waiting;
    expect([await waiting("brand:guo"), await waiting("mall:lin")]).toEqual([1, 0]);
    await groups.addMember(groupId, { person: "brand:guo", role: "supplier" }, "brand:chen");
    expect([await waiting("brand:guo"), await waiting("brand:chen")]).toEqual([0, 1]);
    await groups.closeCard(card);
    expect(await waiting("brand:chen")).toBe(0);
    await post("R3", ["buyer"]);
    expect(await waiting("brand:chen")).toBe(1);
    await groups.closeGroup(groupId, "mall:lin");
    expect(await waiting("brand:chen")).toBe(0);
  });

  it("I2: is not for who is no member, and of one's own groups only", async () => {
    expect(await groups.readings([groupId, newId(), "no id"], "mall:zhao")).toEqual([null, null, null]);
    expect(await reading("\0")).toBeNull();
  });
});

describe("how far somebody has read", () => {
  it("never goes back, and never beyond the newest event", async () => {
    const seq = await say("mall:lin");
    await groups.markRead(groupId, "brand:guo", seq);
    await groups.markRead(groupId, "brand:guo", seq - 3);
    await groups.markRead(groupId, "brand:guo", -1);
    expect(await reading("brand:guo")).toMatchObject({ seq, messages: 0, first: null });
    await groups.markRead(groupId, "brand:guo", 2 ** 31 - 1);
    expect((await reading("brand:guo"))!.seq).toBe(seq);
  });

  it("is kept of members only, and is one's own", async () => {
    const seq = await say("mall:lin");
    for (const person of ["mall:zhao", "nobody:here", "\0"]) await groups.markRead(groupId, person, seq);
    await groups.markRead("no id", "brand:guo", seq);
    const read = (await groups.seen(groupId)).filter((each) => each.seq >= seq);
    expect(read).toEqual([]);
  });

  it("is seen by everyone in the group, who has read furthest first", async () => {
    const seq = await say("mall:lin");
    await groups.markRead(groupId, "supplier:wang", seq);
    expect((await groups.seen(groupId)).map(({ person }) => person)).toEqual([
      "supplier:wang",
      "brand:chen",
      "brand:guo",
      "mall:lin",
    ]);
    await groups.removeMember(groupId, "supplier:wang", "supplier:wang");
    expect((await groups.seen(groupId)).map(({ organization }) => organization)).not.toContain("supplier");
    expect(await groups.seen("no id")).toEqual([]);
  });

  it("is told at once, at every gateway, when it has changed, and only then", async () => {
    const heard: string[][] = [];
    groups.onPersonal((...each) => heard.push(each));
    await expect
      .poll(async () => {
        await groups.notices.tell("personal", "any group:it listens");
        return heard.length;
      })
      .toBeGreaterThan(0);
    const seq = await say("mall:lin");
    for (let times = 0; times < 3; times++) await groups.markRead(groupId, "brand:guo", seq);
    await groups.notices.tell("personal", "any group:the:end");
    await expect.poll(() => heard.at(-1)).toEqual(["any group", "the:end"]);
    expect(heard.filter(([, person]) => person === "brand:guo")).toEqual([[groupId, "brand:guo"]]);
  });
});

describe("an organization that comes in", () => {
  it("finds nothing new in what happened before, but that it came", async () => {
    await groups.savePerson({ id: "plaza:mo", organization: "plaza", name: "莫言清" });
    await comeIn(groups, groupId, [{ person: "plaza:mo", role: "supplier" }]);
    expect(await reading("plaza:mo")).toMatchObject({ messages: 0, cards: 0 });
  });
});
