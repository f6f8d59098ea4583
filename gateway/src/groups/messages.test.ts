import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startTestServer, testLog, type TestServer } from "../database/test-server.ts";
import { openDatabase, type Database } from "../database/database.ts";
import { newId } from "./ids.ts";
import { openGroups, type Groups } from "./store.ts";
import { createHarness, type Harness } from "./subgraph-harness.ts";
import { makeCounterGroup } from "./test-group.ts";

let server: TestServer;
let databaseUrl: string;
let groups: Groups;
let database: Database;
let harness: Harness;
let groupId: string;
let cardId: string;

beforeAll(async () => void (server = await startTestServer()));
afterAll(() => server.close());
beforeEach(async () => {
  databaseUrl = await server.freshDatabase();
  groups = await openGroups({ databaseUrl, ...testLog() });
  database = openDatabase({ databaseUrl, ...testLog() });
  harness = createHarness(groups);
  groupId = (await makeCounterGroup(groups)).id;
  cardId = await postCard(groupId, "R1");
});
afterEach(() => Promise.all([groups.close(), database.close()]));

async function postCard(group: string, id: string): Promise<string> {
  const entity = { type: "RestockOrder", key: { id } };
  return (await groups.postCard({ groupId: group, type: "restock.order", entity, to: [] })).card.id;
}

const MESSAGE = `id seq text revision editedAt deleted actor { id } replyTo { id text } cardId mentions { id }`;

/** A query or a mutation in the group. As JSON, which is what clients get. */
async function ask(as: string, operation: string, variables: Record<string, unknown> = {}): Promise<any> {
  const viewer = { organization: as.split(":")[0]!, person: as, groupId, role: null, organizationRoles: [] };
  const result = await harness.ask(operation, { as: viewer, variables: { group: groupId, ...variables } });
  expect(result.errors).toBeUndefined();
  return JSON.parse(JSON.stringify(result.data));
}
const inGroup = async (as: string, selection: string): Promise<any> =>
  (await ask(as, `query ($group: ID!) { group(id: $group) { ${selection} } }`)).group;

let keys = 0;
interface Said {
  readonly text?: string;
  readonly replyTo?: string;
  readonly cardId?: string;
  readonly mentions?: readonly string[];
  readonly key?: string;
}
async function post(as: string, said: Said): Promise<any> {
  const variables = { text: "hello", key: `key ${++keys}`, ...said };
  const operation = `mutation ($group: ID!, $text: String!, $key: String!, $replyTo: ID, $cardId: ID, $mentions: [ID!]) {
    it: postMessage(groupId: $group, text: $text, key: $key, replyTo: $replyTo, cardId: $cardId, mentions: $mentions)
      { message { seq message { ${MESSAGE} } } userErrors { field code } } }`;
  const { it } = await ask(as, operation, variables);
  return { ...it, message: it.message?.message ?? null };
}
async function edit(as: string, messageId: string, said: Said & { readonly seen?: number }): Promise<any> {
  const operation = `mutation ($group: ID!, $messageId: ID!, $text: String!, $mentions: [ID!], $seen: Int) {
    it: editMessage(groupId: $group, messageId: $messageId, text: $text, mentions: $mentions, seen: $seen)
      { message { ${MESSAGE} } userErrors { field code } } }`;
  return (await ask(as, operation, { messageId, text: "hello", ...said })).it;
}
async function remove(as: string, messageId: string): Promise<any> {
  const operation = `mutation ($group: ID!, $messageId: ID!) {
    it: deleteMessage(groupId: $group, messageId: $messageId) { message { ${MESSAGE} } userErrors { field code } } }`;
  return (await ask(as, operation, { messageId })).it;
}
const codes = ({ userErrors }: any): string[] =>
  userErrors.map(({ field, code }: any) => [...field, code].join(" "));

describe("a message", () => {
  it("answers another, mentions members, and is said in the thread on a card", async () => {
    const { message } = await post("brand:guo", { cardId, mentions: ["mall:lin", "mall:lin"] });
    expect(message).toMatchObject({ cardId, mentions: [{ id: "mall:lin" }], revision: 1, deleted: false });
    const answer = await post("mall:lin", { text: "yes", replyTo: message.id });
    expect(answer.message).toMatchObject({ replyTo: { id: message.id, text: "hello" }, cardId });
  });

  it.each<[string, Said, string]>([
    ["a message that is not there", { replyTo: newId() }, "replyTo NOT_FOUND"],
    ["what is no id", { replyTo: "\0" }, "replyTo NOT_FOUND"],
    ["a card that is not there", { cardId: newId() }, "cardId NOT_FOUND"],
    ["somebody who is no member", { mentions: ["mall:lin", "plaza:mo"] }, "mentions 1 NOT_A_MEMBER"],
    ["nobody", { mentions: ["mall:nobody"] }, "mentions 0 NOT_A_MEMBER"],
    ["everybody", { mentions: Array.from({ length: 51 }, () => "mall:lin") }, "mentions TOO_MANY"],
  ])("does not name %s, and nothing is said then", async (_, said, code) => {
    const head = await groups.head(groupId);
    expect(await post("mall:lin", said)).toMatchObject({ message: null });
    expect(codes(await post("mall:lin", said))).toEqual([code]);
    expect(await groups.head(groupId)).toBe(head);
  });

  it("I2: does not name messages and cards of another group, though one is in both", async () => {
    const other = await makeCounterGroup(groups, { key: "other" });
    const card = await postCard(other.id, "R2");
    const { message } = await groups.postMessage({
      groupId: other.id,
      actor: "mall:lin",
      text: "there",
      key: "k",
    });
    expect(codes(await post("mall:lin", { replyTo: message.id }))).toEqual(["replyTo NOT_FOUND"]);
    expect(codes(await post("mall:lin", { cardId: card }))).toEqual(["cardId NOT_FOUND"]);
    expect(codes(await edit("mall:lin", message.id, {}))).toEqual(["messageId NOT_FOUND"]);
    expect(codes(await remove("mall:lin", message.id))).toEqual(["messageId NOT_FOUND"]);
    expect(await inGroup("mall:lin", `message(id: "${message.id}") { text }`)).toEqual({ message: null });
    expect(await inGroup("mall:lin", `thread(cardId: "${card}") { text }`)).toEqual({ thread: [] });
  });

  it("answers in the thread in which it stands, not in another", async () => {
    const { message } = await post("brand:guo", {});
    expect(codes(await post("mall:lin", { replyTo: message.id, cardId }))).toEqual(["replyTo OTHER_THREAD"]);
  });
});

describe("an edit", () => {
  it("changes what was said and whom it mentions, and comes in the feed", async () => {
    const { message } = await post("brand:guo", { mentions: ["mall:lin"] });
    const edited = await edit("brand:guo", message.id, { text: "hi", mentions: ["supplier:wang"], seen: 1 });
    expect(edited.message).toMatchObject({
      seq: message.seq,
      text: "hi",
      revision: 2,
      editedAt: expect.any(String),
      mentions: [{ id: "supplier:wang" }],
    });
    const { feed } = await inGroup(
      "mall:lin",
      `feed(after: ${message.seq - 1}) { __typename seq actor { id } ...on MessagePosted { text } ...on MessageChanged { message { text } } }`,
    );
    expect(feed).toEqual([
      { __typename: "MessagePosted", seq: message.seq, actor: { id: "brand:guo" }, text: "hi" },
      {
        __typename: "MessageChanged",
        seq: message.seq + 1,
        actor: { id: "brand:guo" },
        message: { text: "hi" },
      },
    ]);
  });

  it("I6: keeps one change of a message in the feed, the newest", async () => {
    const { message } = await post("brand:guo", {});
    for (const text of ["a", "b", "c"]) await edit("brand:guo", message.id, { text });
    const rows = await groups.readFeed(groupId, message.seq, 10);
    expect(rows.map(({ seq, kind }) => [seq - message.seq, kind])).toEqual([[3, "MESSAGE_CHANGED"]]);
  });

  it("that is sent again changes nothing more", async () => {
    const { message } = await post("brand:guo", {});
    const first = await edit("brand:guo", message.id, { text: "hi", seen: 1 });
    expect(await edit("brand:guo", message.id, { text: "hi", seen: 1 })).toEqual(first);
  });

  it("of what was edited since is stale, and nothing is done", async () => {
    const { message } = await post("brand:guo", {});
    await edit("brand:guo", message.id, { text: "from the phone", seen: 1 });
    expect(codes(await edit("brand:guo", message.id, { text: "from the desk", seen: 1 }))).toEqual([
      "messageId STALE",
    ]);
    expect((await inGroup("brand:guo", `message(id: "${message.id}") { text }`)).message.text).toBe(
      "from the phone",
    );
  });

  it("may go on mentioning who has left, and nobody else who is no member", async () => {
    const { message } = await post("brand:guo", { mentions: ["supplier:wang"] });
    await groups.removeMember(groupId, "supplier:wang", "supplier:wang");
    expect(codes(await edit("brand:guo", message.id, { text: "x", mentions: ["supplier:wang"] }))).toEqual(
      [],
    );
    expect(codes(await edit("brand:guo", message.id, { text: "y", mentions: ["plaza:mo"] }))).toEqual([
      "mentions 0 NOT_A_MEMBER",
    ]);
  });
});

describe("a deletion", () => {
  it("takes the words out of the database, and leaves that something was said", async () => {
    const { message } = await post("brand:guo", { text: "canary words", mentions: ["mall:lin"] });
    await post("mall:lin", { text: "what?", replyTo: message.id });
    const { message: left } = await remove("brand:guo", message.id);
    expect(left).toMatchObject({ seq: message.seq, text: null, deleted: true, mentions: [] });
    const tables = await database.query<{ all: string }>(
      `select (select json_agg(message) from message)::text || (select json_agg(mention) from mention)::text
         || (select json_agg(feed) from feed)::text as all`,
    );
    expect(tables.map(({ all }) => all).join("")).not.toContain("canary");
    const { feed } = await inGroup(
      "mall:lin",
      `feed(after: ${message.seq - 1}, first: 2) { ...on MessagePosted { text message { deleted replyTo { text } } } }`,
    );
    expect(feed).toEqual([
      { text: "", message: { deleted: true, replyTo: null } },
      { text: "what?", message: { deleted: false, replyTo: { text: null } } },
    ]);
  });

  it("is done once, is not taken back by an edit, and the key of the message says nothing anew", async () => {
    const { message } = await post("brand:guo", { key: "k" });
    const first = await remove("brand:guo", message.id);
    expect(await remove("brand:guo", message.id)).toEqual(first);
    expect(codes(await edit("brand:guo", message.id, { text: "hi" }))).toEqual(["messageId DELETED"]);
    expect((await post("brand:guo", { key: "k" })).message).toEqual(first.message);
  });
});

describe("what another said", () => {
  it.each(["mall:lin", "brand:chen"])(
    "is not for %s to edit or delete, who manages the group",
    async (as) => {
      const { message } = await post("brand:guo", {});
      const head = await groups.head(groupId);
      expect(codes(await edit(as, message.id, { text: "no" }))).toEqual(["messageId NOT_OWN"]);
      expect(codes(await remove(as, message.id))).toEqual(["messageId NOT_OWN"]);
      expect(await groups.head(groupId)).toBe(head);
    },
  );

  it("stays as it is in a closed group, one's own too", async () => {
    const { message } = await post("brand:guo", {});
    await groups.closeGroup(groupId, "mall:lin");
    expect(codes(await edit("brand:guo", message.id, { text: "no" }))).toEqual(["GROUP_CLOSED"]);
    expect(codes(await remove("brand:guo", message.id))).toEqual(["GROUP_CLOSED"]);
  });
});

describe("pages", () => {
  it("of a thread begin with its end", async () => {
    for (const text of ["one", "two", "three"]) await post("brand:guo", { text, cardId });
    await post("brand:guo", { text: "elsewhere" });
    const { thread } = await inGroup("mall:lin", `thread(cardId: "${cardId}", first: 2) { seq text }`);
    expect(thread.map(({ text }: any) => text)).toEqual(["two", "three"]);
    const before = `thread(cardId: "${cardId}", before: ${thread[0].seq}) { text }`;
    expect(await inGroup("mall:lin", before)).toEqual({ thread: [{ text: "one" }] });
  });

  it("of answers are those to one message", async () => {
    const { message } = await post("brand:guo", { text: "when?" });
    await post("mall:lin", { text: "today", replyTo: message.id });
    await post("mall:lin", { text: "no answer" });
    expect(await inGroup("brand:guo", `thread(messageId: "${message.id}") { text }`)).toEqual({
      thread: [{ text: "today" }],
    });
  });

  it("of mentions are those of who asks", async () => {
    await post("brand:guo", { text: "for lin", mentions: ["mall:lin"] });
    await post("brand:guo", { text: "for wang", mentions: ["supplier:wang"] });
    await post("brand:guo", { text: "for both", mentions: ["mall:lin", "supplier:wang"] });
    expect(await inGroup("mall:lin", "mentions { text }")).toEqual({
      mentions: [{ text: "for both" }, { text: "for lin" }],
    });
  });

  it("of the feed before a place are full as long as there is something", async () => {
    for (let n = 0; n < 5; n++) await groups.touchCards([cardId]);
    const { message } = await post("brand:guo", {});
    const before = (seq: number, first: number): Promise<any> =>
      inGroup("mall:lin", `feed(before: ${seq}, first: ${first}) { __typename seq }`);
    expect((await before(2 ** 31 - 1, 3)).feed.map(({ __typename }: any) => __typename)).toEqual([
      "CardPosted",
      "CardChanged",
      "MessagePosted",
    ]);
    expect((await before(message.seq, 1)).feed).toEqual([
      { __typename: "CardChanged", seq: message.seq - 1 },
    ]);
    expect((await before(-5, 3)).feed).toEqual([]);
  });
});

describe("search", () => {
  const search = async (as: string, text: string, more = ""): Promise<any[]> => {
    const selection = `kind seq message { text } card { id } snippet { text marked }`;
    const query = `query ($group: ID!, $text: String!) { group(id: $group) { search(text: $text ${more}) { ${selection} } } }`;
    return (await ask(as, query, { text })).group.search;
  };
  const texts = (hits: any[]): string[] => hits.flatMap(({ message }) => message?.text ?? []);

  it("finds Chinese without spaces, English in any case, and all words of several", async () => {
    for (const text of ["周末客流大，38码快断了", "The Loafer runs low", "Loafer and boots"])
      await post("brand:guo", { text });
    expect(texts(await search("mall:lin", "断了"))).toEqual(["周末客流大，38码快断了"]);
    expect(texts(await search("mall:lin", "loafer LOW"))).toEqual(["The Loafer runs low"]);
    expect(texts(await search("mall:lin", "loafer"))).toEqual(["Loafer and boots", "The Loafer runs low"]);
  });

  it.each([
    ["%", ["100 %"]],
    ["_", ["a_b"]],
    ["\\", ["c:\\d"]],
    ["'; drop table message; --", []],
    [".*", []],
  ])("takes %j for what it is", async (text, found) => {
    for (const each of ["100 %", "a_b", "c:\\d", "axb"]) await post("brand:guo", { text: each });
    expect(texts(await search("mall:lin", text))).toEqual(found);
  });

  it("gives the words around what was found, in parts", async () => {
    await post("brand:guo", { text: `${"很久以前的一句话。".repeat(5)}38 码快断了${"，然后呢".repeat(40)}` });
    const [{ snippet }] = await search("mall:lin", "断了");
    expect(snippet.map(({ marked }: any) => marked)).toEqual([false, true, false]);
    expect(snippet[1].text).toBe("断了");
    expect(snippet[0].text).toMatch(/^…/);
    expect(snippet[2].text).toMatch(/…$/);
  });

  it("finds cards by what they show, at the place where they were posted", async () => {
    const [hit] = await search("mall:lin", "summary EN");
    expect(hit).toMatchObject({ kind: "CARD", card: { id: cardId }, message: null });
    expect((await groups.readFeed(groupId, hit.seq - 1, 1))[0]).toMatchObject({ kind: "CARD_POSTED" });
    expect(await search("mall:lin", "summary", ", kind: MESSAGE")).toEqual([]);
    expect(await search("mall:lin", "summary", `, before: ${hit.seq}`)).toEqual([]);
  });

  it("finds nothing that was deleted, or is no more said so", async () => {
    const [a, b] = [
      await post("brand:guo", { text: "canary" }),
      await post("brand:guo", { text: "canary too" }),
    ];
    await remove("brand:guo", a.message.id);
    await edit("brand:guo", b.message.id, { text: "robin" });
    expect(await search("brand:guo", "canary")).toEqual([]);
  });

  it("goes over all groups in which one is, and no others", async () => {
    const other = await makeCounterGroup(groups, { key: "other", alone: true });
    await groups.postMessage({ groupId: other.id, actor: "mall:lin", text: "canary there", key: "k" });
    await post("brand:guo", { text: "canary here" });
    const everywhere = async (as: string): Promise<string[]> =>
      (await ask(as, `{ search(text: "canary") { group { name } message { text } } }`)).search.map(
        ({ message }: any) => message.text,
      );
    expect(await everywhere("mall:lin")).toEqual(["canary here", "canary there"]);
    expect(await everywhere("brand:guo")).toEqual(["canary here"]);
    expect(await everywhere("plaza:mo")).toEqual([]);
  });

  it.each(["", " ", "x".repeat(101), "a b c d e f g h i", "a\0b"])("refuses to look for %j", async (text) => {
    const query = `query ($group: ID!, $text: String!) { group(id: $group) { search(text: $text) { seq } } }`;
    const { errors } = await harness.ask(query, { as: "mall:lin", variables: { group: groupId, text } });
    expect(errors?.[0]?.originalError).toMatchObject({ code: "BAD_USER_INPUT" });
  });
});
