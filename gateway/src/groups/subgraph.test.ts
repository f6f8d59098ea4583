import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { GroupsViewer } from "./context.ts";
import { newId } from "./ids.ts";
import { startTestServer, testLog, type TestServer } from "../database/test-server.ts";
import { openGroups, type FeedRow, type Groups } from "./store.ts";
import { createHarness, type Harness } from "./subgraph-harness.ts";
import { itIsTheirTurn, makeCounterGroup } from "./test-group.ts";

let server: TestServer;
let groups: Groups;
let harness: Harness;
let groupId: string;
let cardId: string;

beforeAll(async () => void (server = await startTestServer()));
afterAll(() => server.close());
beforeEach(async () => {
  groups = await openGroups({ databaseUrl: await server.freshDatabase(), ...testLog() });
  harness = createHarness(groups);
  groupId = (await makeCounterGroup(groups)).id;
  const entity = { type: "RestockOrder", key: { id: "R00001234" } };
  cardId = (await groups.postCard({ groupId, type: "restock.order", entity, to: ["manager"] })).card.id;
});
afterEach(() => groups.close());

const EVERYTHING = `
  query Everything($id: ID!, $card: ID!) {
    group(id: $id) {
      id name scenario subject { type id } closed timeZone head
      members { person { id name organization { id name } } role }
      grants { policy role organization { id } grantedBy { id } grantedAt }
      actions(locale: zh_CN) { verb title form }
      cards { id }
      card(id: $card) {
        id type about { type key } revision open to postedAt
        template { ref body } data summary(locale: zh_CN) actions { verb title form }
        provenance { organization { name(locale: zh_CN) } system systemTitle(locale: zh_CN) status asOf paths missing }
        withheld { path organization { id } policy }
        adaptiveCard entity { __typename ... on RestockOrder { id } }
      }
      feed { __typename seq at actor { id } }
    }
  }`;
const ask = (as: string | GroupsViewer, operation: string, variables: Record<string, unknown> = {}) =>
  harness.ask(operation, { as, variables: { id: groupId, card: cardId, ...variables } });
/** As JSON, which is what clients get. */
const data = async (
  as: string | GroupsViewer,
  operation: string,
  variables: Record<string, unknown> = {},
) => {
  const result = await ask(as, operation, variables);
  expect(result.errors).toBeUndefined();
  return JSON.parse(JSON.stringify(result.data)) as Record<string, never> & { group: never };
};
const audience: () => GroupsViewer = () => ({
  organization: "mall",
  person: null,
  groupId,
  role: "manager",
  organizationRoles: [],
});

const PRICE = { policy: "mall.price", role: "buyer", organization: "mall" };

describe("a member", () => {
  it("sees the group, who is in it and what is shared", async () => {
    await groups.grant(groupId, [PRICE], "mall:lin");
    const { group } = await data("brand:guo", EVERYTHING);
    expect(group).toMatchObject({
      id: groupId,
      name: "Counter 017",
      scenario: "counter",
      subject: { type: "Counter", id: "017" },
      closed: false,
      timeZone: "Asia/Shanghai",
      head: 11,
      grants: [
        { policy: "mall.price", role: "buyer", organization: { id: "mall" }, grantedBy: { id: "mall:lin" } },
      ],
      actions: [{ verb: "restock.submit", title: `${groupId} in zh-CN`, form: null }],
      cards: [{ id: cardId }],
    });
    expect(group["members"]).toEqual([
      {
        person: { id: "brand:chen", name: "陈曦", organization: { id: "brand", name: "Aurora" } },
        role: "buyer",
      },
      {
        person: { id: "brand:guo", name: "郭敏", organization: { id: "brand", name: "Aurora" } },
        role: "guide",
      },
      {
        person: { id: "mall:lin", name: "林静", organization: { id: "mall", name: "Riverside" } },
        role: "manager",
      },
      {
        person: { id: "supplier:wang", name: "王强", organization: { id: "supplier", name: "Harbour" } },
        role: "supplier",
      },
    ]);
  });

  it("sees a card as it comes out for them", async () => {
    const { group } = await data("brand:guo", EVERYTHING);
    expect(group["card"]).toEqual({
      id: cardId,
      type: "restock.order",
      about: { type: "RestockOrder", key: { id: "R00001234" } },
      revision: 7,
      open: true,
      to: ["manager"],
      postedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      template: { ref: "restock.order@abc", body: { template: "en" } },
      data: { order: { id: "R00001234" } },
      summary: "summary in zh-CN",
      actions: [{ verb: "restock.approve", title: "approve in en", form: { body: [] } }],
      provenance: [
        {
          organization: { name: "江畔百货" },
          system: "mall",
          systemTitle: "零售 ERP",
          status: "PARTIAL",
          asOf: "2026-11-22T10:00:00.000Z",
          paths: ["order"],
          missing: ["order.note"],
        },
      ],
      withheld: [{ path: "product.price", organization: { id: "mall" }, policy: "mall.price" }],
      adaptiveCard: { type: "AdaptiveCard", lang: "en" },
      entity: { __typename: "RestockOrder", id: "R00001234" },
    });
  });

  it("sees who they are and which groups they are in", async () => {
    const mine = `{ me { id name organization { name(locale: zh_CN) } } groups { id } }`;
    expect(await data("mall:lin", mine)).toEqual({
      me: { id: "mall:lin", name: "林静", organization: { name: "江畔百货" } },
      groups: [{ id: groupId }],
    });
    expect(await data("mall:zhao", mine)).toMatchObject({ groups: [] });
  });

  it("reads the feed in pages, each kind as what it is", async () => {
    await groups.postMessage({ groupId, actor: "brand:guo", text: "12 pairs, please", key: "1" });
    const { run } = await groups.beginAction({
      groupId,
      personId: "brand:guo",
      key: "a",
      verb: "restock.submit",
      cardId,
      input: {},
    });
    await groups.finishAction(run.id, "REFUSED", [{ field: ["lines", "0"], code: "TOO_MANY_PAIRS" }]);
    await groups.grant(groupId, [PRICE], "mall:lin");
    await groups.withdraw(groupId, PRICE, "mall:lin");
    await groups.removeMember(groupId, "supplier:wang", "supplier:wang");
    await groups.touchCards([cardId]);
    await groups.closeGroup(groupId, "mall:lin");
    const { group } = await data(
      "brand:guo",
      `query ($id: ID!) { group(id: $id) { feed(after: 8, first: 100) {
        seq actor { id }
        ... on MessagePosted { id text }
        ... on CardPosted { card { id } }
        ... on CardChanged { card { id revision } }
        ... on ActionChanged { action { id verb status cardId userErrors { field code message } } }
        ... on MemberChanged { person { name } role added }
        ... on GrantChanged { policy role granted }
        __typename
      } } }`,
    );
    const [lin, guo] = [{ id: "mall:lin" }, { id: "brand:guo" }];
    const userErrors = [{ field: ["lines", "0"], code: "TOO_MANY_PAIRS", message: "Too many pairs." }];
    expect(group["feed"]).toEqual([
      { __typename: "CardPosted", seq: 9, actor: null, card: { id: cardId } },
      { __typename: "MessagePosted", seq: 10, actor: guo, id: expect.any(String), text: "12 pairs, please" },
      {
        __typename: "ActionChanged",
        seq: 12,
        actor: guo,
        action: { id: run.id, verb: "restock.submit", status: "REFUSED", cardId, userErrors },
      },
      { __typename: "GrantChanged", seq: 13, actor: lin, policy: "mall.price", role: "buyer", granted: true },
      {
        __typename: "GrantChanged",
        seq: 15,
        actor: lin,
        policy: "mall.price",
        role: "buyer",
        granted: false,
      },
      {
        __typename: "MemberChanged",
        seq: 17,
        actor: { id: "supplier:wang" },
        person: { name: "王强" },
        role: "supplier",
        added: false,
      },
      { __typename: "GroupClosed", seq: 19, actor: lin },
      { __typename: "CardChanged", seq: 20, actor: lin, card: { id: cardId, revision: 7 } },
    ]);
  });

  it("asks for pages of a sensible size", async () => {
    const page = `query ($id: ID!, $n: Int!) { group(id: $id) { feed(first: $n) { seq } cards(first: $n) { id } } }`;
    expect(await data("mall:lin", page, { n: 2 })).toMatchObject({
      group: { feed: [{ seq: 1 }, { seq: 2 }], cards: [{ id: cardId }] },
    });
    expect(await data("mall:lin", page, { n: 2_000_000_000 })).toMatchObject({
      group: { feed: { length: 9 } },
    });
    expect((await ask("mall:lin", page, { n: -1 })).errors?.[0]?.originalError).toMatchObject({
      code: "BAD_USER_INPUT",
    });
  });

  it("has no actions in a closed group", async () => {
    await groups.closeGroup(groupId, "mall:lin");
    expect(await data("mall:lin", EVERYTHING)).toMatchObject({ group: { closed: true, actions: [] } });
  });

  it("reads what they ask for in batches", async () => {
    const asked: number[] = [];
    const counting: Groups = { ...groups, persons: (ids) => (asked.push(ids.length), groups.persons(ids)) };
    harness = createHarness(counting);
    await data(
      "mall:lin",
      `query ($id: ID!) { group(id: $id) { members { person { name } } feed { actor { name } } } }`,
    );
    expect(asked.reduce((sum, count) => sum + count, 0)).toBe(4);
    expect(asked.length).toBeLessThanOrEqual(2);
  });
});

describe("I2: to everyone else a group is one that does not exist", () => {
  const strangers: [string, () => string | GroupsViewer][] = [
    ["a person of an organization of the group", () => "mall:zhao"],
    ["the admin of another organization", () => "plaza:mo"],
    ["a person who is not known", () => "mall:nobody"],
    ["an audience of another group", () => ({ ...audience(), groupId: newId() })],
    ["an audience of no group", () => ({ ...audience(), groupId: null })],
  ];

  it.each(strangers)("%s", async (_, viewer) => {
    const missing = { id: newId() };
    for (const operation of [
      EVERYTHING,
      `query ($id: ID!) { entity(type: "RestockOrder", key: {id: "R00001234"}, groupId: $id) { __typename } }`,
    ]) {
      expect(await ask(viewer(), operation)).toEqual(await ask(viewer(), operation, missing));
      expect(Object.values((await data(viewer(), operation)) ?? {})).toEqual([null]);
    }
    const references = `query ($id: ID!, $card: ID!) { _entities(representations: [{__typename: "Group", id: $id}, {__typename: "Card", id: $card}]) { __typename } }`;
    expect(await data(viewer(), references)).toEqual({ _entities: [null, null] });
    expect(harness.opened).toEqual([]);
  });

  it.each(strangers.slice(0, 3))("%s, when they do something", async (_, viewer) => {
    const notFound = { code: "NOT_FOUND", field: ["groupId"], message: "There is no such group." };
    const errors = `userErrors { code field message }`;
    for (const call of [
      `closeGroup(groupId: $id) { group { id } ${errors} }`,
      `addMember(groupId: $id, personId: "mall:zhao", role: "manager") { group { id } ${errors} }`,
      `removeMember(groupId: $id, personId: "mall:lin") { group { id } ${errors} }`,
      `grant(groupId: $id, policy: "mall.price", role: "buyer") { group { id } ${errors} }`,
      `withdraw(groupId: $id, policy: "mall.price", role: "buyer") { group { id } ${errors} }`,
      `postMessage(groupId: $id, text: "hello", key: "k") { message { id } ${errors} }`,
      `editMessage(groupId: $id, messageId: "m", text: "hello") { message { id } ${errors} }`,
      `deleteMessage(groupId: $id, messageId: "m") { message { id } ${errors} }`,
      `act(groupId: $id, verb: "restock.submit", input: {}, key: "k") { action { id } ${errors} }`,
    ]) {
      for (const id of [groupId, newId(), "17", "\0"]) {
        const [payload] = Object.values(await data(viewer(), `mutation ($id: ID!) { ${call} }`, { id }));
        expect(payload).toMatchObject({ userErrors: [notFound] });
      }
    }
    expect(await groups.head(groupId)).toBe(9);
    expect(harness.acted).toEqual([]);
  });

  it("a card of another group is none, for a member of this one", async () => {
    const other = await makeCounterGroup(groups, { key: "other", alone: true });
    const card = (
      await groups.postCard({
        groupId: other.id,
        type: "restock.order",
        entity: { type: "RestockOrder", key: { id: "R1" } },
        to: [],
      })
    ).card.id;
    expect(await data("brand:guo", EVERYTHING, { card })).toMatchObject({ group: { card: null } });
    const onIt = `mutation ($id: ID!, $card: ID!) { act(groupId: $id, verb: "restock.approve", input: {}, key: "k", cardId: $card, seen: 1) { userErrors { field code } } }`;
    expect(await data("mall:lin", onIt, { card })).toEqual({
      act: { userErrors: [{ field: ["cardId"], code: "NOT_FOUND" }] },
    });
    expect(harness.acted).toEqual([]);
  });
});

describe("an audience", () => {
  it("sees its group and nothing else", async () => {
    const other = await makeCounterGroup(groups, { key: "other" });
    expect(await data(audience(), EVERYTHING)).toMatchObject({
      group: { id: groupId, card: { id: cardId } },
    });
    expect(await data(audience(), EVERYTHING, { id: other.id })).toEqual({ group: null });
    expect(await data(audience(), `{ groups { id } }`)).toEqual({ groups: [{ id: groupId }] });
  });

  it("is nobody, and does nothing", async () => {
    const forbidden = { code: "FORBIDDEN" };
    expect((await ask(audience(), `{ me { id } }`)).errors?.[0]?.originalError).toMatchObject(forbidden);
    const say = `mutation ($id: ID!) { postMessage(groupId: $id, text: "hello", key: "k") { userErrors { code } } }`;
    expect(await data(audience(), say)).toEqual({ postMessage: { userErrors: [forbidden] } });
    const make = `mutation { createGroup(input: { scenario: "counter", name: "n", subjectId: "1", key: "k" }) { userErrors { code } } }`;
    expect(await data(audience(), make)).toEqual({ createGroup: { userErrors: [forbidden] } });
    expect(await groups.head(groupId)).toBe(9);
  });
});

describe("Subscription.groupFeed", () => {
  const FEED = `subscription ($id: ID!) { groupFeed(groupId: $id) { __typename seq ... on CardPosted { card { id data } } ... on MessagePosted { text } } }`;
  const push = (as: string | GroupsViewer, event: FeedRow) =>
    harness.ask(FEED, { as, event: { groupFeed: event }, variables: { id: groupId } });

  it("is executed once for each event", async () => {
    const events = await groups.readFeed(groupId, 8, 10);
    expect(await push(audience(), events[0]!)).toMatchObject({
      data: {
        groupFeed: {
          __typename: "CardPosted",
          seq: 9,
          card: { id: cardId, data: { order: { id: "R00001234" } } },
        },
      },
    });
    const { row } = await groups.postMessage({ groupId, actor: "mall:lin", text: "hello", key: "1" });
    expect(await push("brand:guo", row)).toMatchObject({
      data: { groupFeed: { __typename: "MessagePosted", text: "hello" } },
    });
  });

  it("I2: gives nothing of a group to who is not in it", async () => {
    const { row } = await groups.postMessage({ groupId, actor: "mall:lin", text: "hello", key: "1" });
    for (const viewer of ["mall:zhao", { ...audience(), groupId: newId() }]) {
      const result = await push(viewer, row);
      expect(result.data).toBeNull();
      expect(result.errors?.[0]?.originalError).toMatchObject({ code: "NOT_FOUND" });
    }
  });

  it("without an event is none", async () => {
    const result = await harness.ask(FEED, { as: audience(), variables: { id: groupId } });
    expect(result.errors?.[0]?.originalError).toMatchObject({ code: "NOT_FOUND" });
  });
});

describe("Group.reading", () => {
  const READING = "query ($id: ID!) { group(id: $id) { reading { messages cards waiting } } }";

  it("is what is new for who asks, and for an audience, which is nobody, nothing", async () => {
    await itIsTheirTurn(groups, cardId);
    expect(await data("mall:lin", READING)).toMatchObject({ group: { reading: { cards: 1, waiting: 1 } } });
    expect(await data("brand:guo", READING)).toMatchObject({ group: { reading: { waiting: 0 } } });
    expect(await data(audience(), READING)).toEqual({ group: { reading: null } });
  });
});

describe("Subscription.groupPresence", () => {
  const PRESENCE = `subscription ($id: ID!) { groupPresence(groupId: $id) { here { id } typing { id } seen { organization { id } } } }`;
  const show = (as: string | GroupsViewer, here: readonly string[], typing: readonly string[] = []) =>
    harness.ask(PRESENCE, {
      as,
      event: { groupPresence: { groupId, here, typing } },
      variables: { id: groupId },
    });

  it("I8: names members only, whoever else a gateway still takes to be here", async () => {
    expect(await show(audience(), ["mall:lin", "mall:zhao"], ["mall:zhao"])).toMatchObject({
      data: { groupPresence: { here: [{ id: "mall:lin" }], typing: [] } },
    });
  });

  it("I2: is not for who is not in the group", async () => {
    for (const viewer of ["mall:zhao", { ...audience(), groupId: newId() }]) {
      const { data: shown, errors } = await show(viewer, ["mall:lin"]);
      expect(shown).toBeNull();
      expect(errors?.[0]?.originalError).toMatchObject({ code: "NOT_FOUND" });
    }
  });
});

describe("Subscription.myGroups", () => {
  const MINE = `subscription { myGroups { all left groups { id } } }`;
  const show = (as: string | GroupsViewer, groupIds: readonly string[] | null) =>
    harness.ask(MINE, { as, event: { myGroups: { groupIds } } });

  it("I2: is of the groups that one is in, whatever there is news of", async () => {
    expect(await show("brand:guo", null)).toMatchObject({
      data: { myGroups: { all: true, groups: [{ id: groupId }] } },
    });
    expect(await show("mall:zhao", [groupId])).toMatchObject({
      data: { myGroups: { all: false, left: [groupId], groups: [] } },
    });
    const nobody = await show(audience(), [groupId]);
    expect(nobody.errors?.[0]?.originalError).toMatchObject({ code: "FORBIDDEN" });
  });
});

describe("somebody who is writing", () => {
  const TYPING = `mutation ($id: ID!, $typing: Boolean!) { setTyping(groupId: $id, typing: $typing) { userErrors { code } } }`;

  it("is told of when they are a member, until they have said it; nobody writes in a closed group", async () => {
    await ask("brand:guo", TYPING, { typing: true });
    expect(await data("mall:zhao", TYPING, { typing: true })).toEqual({
      setTyping: { userErrors: [{ code: "NOT_FOUND" }] },
    });
    await ask(
      "brand:guo",
      'mutation ($id: ID!) { postMessage(groupId: $id, text: "hello", key: "1") { userErrors { code } } }',
    );
    await groups.closeGroup(groupId, "mall:lin");
    await ask("brand:guo", TYPING, { typing: true });
    expect(harness.typing).toEqual([
      { groupId, person: "brand:guo", typing: true },
      { groupId, person: "brand:guo", typing: false },
    ]);
  });
});

describe("an entity", () => {
  const entity = (type: string, key: unknown) =>
    data(
      "brand:guo",
      `query ($type: String!, $key: JSON!) { entity(type: $type, key: $key) { __typename ... on Line { order size } } }`,
      { type, key },
    );

  it("is a reference by its type and key, nothing more", async () => {
    expect(await entity("RestockOrder", { id: "R1" })).toEqual({ entity: { __typename: "RestockOrder" } });
    expect(await entity("Line", { size: "38", order: "R1", extra: "x" })).toEqual({
      entity: { __typename: "Line", order: "R1", size: "38" },
    });
  });

  it.each([
    ["Nothing", { id: "R1" }],
    ["Unrelated", { id: "R1" }],
    ["Query", { id: "R1" }],
    ["__proto__", { id: "R1" }],
    ["constructor", { id: "R1" }],
    ["RestockOrder", {}],
    ["RestockOrder", { id: 1 }],
    ["RestockOrder", { id: { $ne: "" } }],
    ["RestockOrder", ["id"]],
    ["RestockOrder", "R1"],
    ["Line", { order: "R1" }],
  ])("is null for %s by %j", async (type, key) => {
    expect(await entity(type, key)).toEqual({ entity: null });
  });

  it("in a group is there for its members", async () => {
    const inGroup = `query ($id: ID!) { entity(type: "RestockOrder", key: { id: "R1" }, groupId: $id) { ... on RestockOrder { id } } }`;
    expect(await data("brand:guo", inGroup)).toEqual({ entity: { id: "R1" } });
    expect(await data("mall:zhao", inGroup)).toEqual({ entity: null });
  });
});

describe("JSON from outside", () => {
  const act = `mutation ($id: ID!, $input: JSON!) { act(groupId: $id, verb: "restock.submit", input: $input, key: "k") { userErrors { code field } } }`;

  it("never holds names of the prototype", async () => {
    for (const input of ['{"a":[{"__proto__":{"polluted":1}}]}', '{"constructor":{"prototype":{}}}']) {
      const result = await ask("mall:lin", act, { input: JSON.parse(input) as unknown });
      expect(result.errors?.[0]?.message).toContain("JSON must not hold the name");
    }
    const literal = act
      .replace(", $input: JSON!", "")
      .replace("$input", "{ a: { __proto__: { polluted: 1 } } }");
    expect((await ask("mall:lin", literal)).errors?.[0]?.message).toContain("JSON must not hold the name");
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(harness.acted).toEqual([]);
  });

  it("is not deeper than anybody needs", async () => {
    const deep = JSON.parse(`${'{"a":'.repeat(40)}1${"}".repeat(40)}`) as unknown;
    expect((await ask("mall:lin", act, { input: deep })).errors?.[0]?.message).toContain("too deep");
  });

  it("that is an action's input is an object", async () => {
    for (const input of ["text", 17, true, ["a"]]) {
      expect(await data("mall:lin", act, { input })).toEqual({
        act: { userErrors: [{ code: "INVALID", field: ["input"] }] },
      });
    }
  });
});
