import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { JuntoError } from "../errors/index.ts";
import { startTestServer, testLog, type TestServer } from "../database/test-server.ts";
import { openGroups, type Groups } from "./store.ts";
import { createHarness, SCENARIO, type Harness } from "./subgraph-harness.ts";
import { makeCounterGroup } from "./test-group.ts";

let server: TestServer;
let groups: Groups;
let harness: Harness;
let groupId: string;

beforeAll(async () => void (server = await startTestServer()));
afterAll(() => server.close());
beforeEach(async () => {
  groups = await openGroups({ databaseUrl: await server.freshDatabase(), ...testLog() });
  harness = createHarness(groups);
  groupId = (await makeCounterGroup(groups)).id;
});
afterEach(() => groups.close());

/** The payload of one mutation, with its user errors. */
async function call(
  as: string,
  field: string,
  payload: string,
  variables: Record<string, unknown> = {},
): Promise<Payload> {
  const all: Record<string, unknown> = { ...variables, ...(field.includes("$groupId") ? { groupId } : {}) };
  const names = Object.keys(all).map((name) => `$${name}: ${TYPES[name] ?? "String!"}`);
  const operation = `mutation (${names.join(", ")}) { it: ${field} { ${payload} userErrors { field code message } } }`;
  const result = await harness.ask(operation, { as, variables: all });
  expect(result.errors).toBeUndefined();
  return (JSON.parse(JSON.stringify(result.data)) as { it: Payload }).it;
}
interface Payload {
  readonly userErrors: readonly { field: string[]; code: string; message: string }[];
  readonly group?: {
    id: string;
    members: { person: { id: string }; role: string }[];
    grants: object[];
  } | null;
  readonly [name: string]: unknown;
}
const TYPES: Record<string, string> = {
  groupId: "ID!",
  personId: "ID!",
  input: "JSON!",
  seen: "Int",
  cardId: "ID",
  make: "CreateGroupInput!",
};
const codes = ({ userErrors }: Payload) => userErrors.map(({ field, code }) => [...field, code].join(" "));
const GROUP = "group { id closed members { person { id } role } grants { policy role organization { id } } }";

const createGroup = (as: string, overrides: object = {}) =>
  call(as, "createGroup(input: $make)", GROUP, {
    make: { scenario: "counter", name: "Counter 018", subjectId: "018", key: "k", ...overrides },
  });
const addMember = (as: string, personId: string, role: string) =>
  call(as, "addMember(groupId: $groupId, personId: $personId, role: $role)", GROUP, { personId, role });
const removeMember = (as: string, personId: string) =>
  call(as, "removeMember(groupId: $groupId, personId: $personId)", GROUP, { personId });
const grant = (as: string, policy: string, role: string) =>
  call(as, "grant(groupId: $groupId, policy: $policy, role: $role)", GROUP, { policy, role });
const withdraw = (as: string, policy: string, role: string) =>
  call(as, "withdraw(groupId: $groupId, policy: $policy, role: $role)", GROUP, { policy, role });
const say = (as: string, text: string, key = "k") =>
  call(as, "postMessage(groupId: $groupId, text: $text, key: $key)", "message { id seq text actor { id } }", {
    text,
    key,
  });

describe("createGroup", () => {
  it("makes a group with who makes it, in which nothing is shared yet", async () => {
    expect((await createGroup("mall:lin")).group).toMatchObject({
      members: [{ person: { id: "mall:lin" }, role: "manager" }],
      grants: [],
    });
  });

  it("shares what they accept of that which the scenario asks of their organization, and no more", async () => {
    const { group } = await createGroup("mall:lin", { accept: { all: true } });
    expect(group).toEqual({
      id: expect.any(String),
      closed: false,
      members: [{ person: { id: "mall:lin" }, role: "manager" }],
      grants: [
        { policy: "mall.price", role: "buyer", organization: { id: "mall" } },
        { policy: "mall.sales", role: "guide", organization: { id: "mall" } },
      ],
    });
    expect(await groups.group(group!.id)).toMatchObject({
      scenario: "counter",
      subject: { type: "Counter", id: "018" },
    });
  });

  it("makes one group for one key", async () => {
    const [first, again, another] = [
      await createGroup("mall:lin"),
      await createGroup("mall:lin"),
      await createGroup("mall:lin", { key: "l" }),
    ];
    expect(again.group?.id).toBe(first.group?.id);
    expect(another.group?.id).not.toBe(first.group?.id);
  });

  it("is for admins, of the organization that the scenario names", async () => {
    expect(codes(await createGroup("mall:zhao"))).toEqual(["FORBIDDEN"]);
    expect(codes(await createGroup("brand:chen"))).toEqual(["FORBIDDEN"]);
    expect(codes(await createGroup("plaza:mo"))).toEqual(["FORBIDDEN"]);
    harness.scenarios = new Map([
      [
        "counter",
        {
          ...SCENARIO,
          roles: [{ name: "manager", title: { en: "Manager" }, creates: true }],
          asked: [{ ...SCENARIO.asked[0]!, role: "manager" }],
        },
      ],
    ]);
    expect((await createGroup("plaza:mo")).group).toMatchObject({
      members: [{ person: { id: "plaza:mo" } }],
      grants: [],
    });
  });

  it.each([
    [{ scenario: "other" }, "scenario UNKNOWN_SCENARIO"],
    [{ scenario: "__proto__" }, "scenario UNKNOWN_SCENARIO"],
    [{ name: " " }, "name REQUIRED"],
    [{ name: "x".repeat(201) }, "name TOO_LONG"],
    [{ name: "two\nlines" }, "name INVALID"],
    [{ subjectId: "" }, "subjectId REQUIRED"],
    [{ subjectId: "0\u000017" }, "subjectId INVALID"],
    [{ key: "" }, "key REQUIRED"],
    [{ accept: {} }, "accept REQUIRED"],
    [{ accept: { grants: [{ policy: "brand.orders", role: "manager" }] } }, "accept grants NOT_ASKED"],
    [{ accept: { grants: [{ policy: "mall.price", role: "guide" }] } }, "accept grants NOT_ASKED"],
    [
      { accept: { grants: ["buyer", "buyer"].map((role) => ({ policy: "mall.price", role })) } },
      "accept grants TWICE",
    ],
    [{ accept: { all: true, until: "2020-01-01T00:00:00Z" } }, "until PAST"],
  ])("refuses %j", async (overrides, code) => {
    expect(codes(await createGroup("mall:lin", overrides))).toEqual([code]);
    expect(await groups.groupsOf("mall:lin")).toHaveLength(1);
  });
});

describe("addMember and removeMember", () => {
  it("are done by one's own organization: its admin, or who manages the group", async () => {
    expect((await addMember("mall:lin", "mall:zhao", "manager")).group?.members).toContainEqual({
      person: { id: "mall:zhao" },
      role: "manager",
    });
    // Not an admin, but a manager of the group now.
    expect((await removeMember("mall:zhao", "mall:lin")).group?.members).not.toContainEqual({
      person: { id: "mall:lin" },
      role: "manager",
    });
    expect((await removeMember("brand:chen", "brand:guo")).userErrors).toEqual([]);
    expect((await addMember("brand:chen", "brand:guo", "buyer")).group?.members).toContainEqual({
      person: { id: "brand:guo" },
      role: "buyer",
    });
  });

  it("are not done by others, or for others", async () => {
    expect(codes(await addMember("brand:guo", "brand:chen", "guide"))).toEqual(["FORBIDDEN"]);
    expect(codes(await removeMember("brand:guo", "brand:guo"))).toEqual(["FORBIDDEN"]);
    expect(codes(await addMember("mall:lin", "plaza:mo", "supplier"))).toEqual([
      "personId NOT_OWN_ORGANIZATION",
    ]);
    expect(codes(await addMember("mall:lin", "plaza:nobody", "supplier"))).toEqual([
      "personId NOT_OWN_ORGANIZATION",
    ]);
    expect(codes(await removeMember("mall:lin", "brand:guo"))).toEqual(["personId NOT_OWN_ORGANIZATION"]);
    expect(codes(await removeMember("brand:chen", "mall:lin"))).toEqual(["personId NOT_OWN_ORGANIZATION"]);
    expect(await groups.members(groupId)).toHaveLength(4);
    expect(await groups.head(groupId)).toBe(8);
  });

  it.each([
    ["mall:nobody", "manager", "personId NOT_FOUND"],
    ["", "manager", "personId NOT_OWN_ORGANIZATION"],
    ["mall:zhao\0", "manager", "personId NOT_FOUND"],
    ["mall:zhao", "boss", "role UNKNOWN_ROLE"],
    ["mall:zhao", "constructor", "role UNKNOWN_ROLE"],
    ["mall:zhao", "buyer", "role NOT_OWN_ROLE"],
  ])("refuse %j as %j", async (personId, role, code) => {
    expect(codes(await addMember("mall:lin", personId, role))).toEqual([code]);
    expect(await groups.members(groupId)).toHaveLength(4);
  });

  it("let the admin of an organization that is in add its first person, without seeing the group", async () => {
    await groups.removeMember(groupId, "brand:chen", "brand:chen");
    await groups.removeMember(groupId, "brand:guo", "brand:chen");
    expect(await addMember("brand:chen", "brand:guo", "guide")).toEqual({ group: null, userErrors: [] });
    expect(await groups.membership(groupId, "brand:guo")).toEqual({ role: "guide" });
  });

  it("are nobody's whose organization is not in, whatever the scenario names", async () => {
    groupId = (await makeCounterGroup(groups, { key: "new", alone: true })).id;
    for (const [admin, role] of [
      ["brand:chen", "buyer"],
      ["supplier:wang", "supplier"],
      ["plaza:mo", "supplier"],
    ] as const) {
      expect(codes(await addMember(admin, admin, role))).toEqual(["groupId NOT_FOUND"]);
      expect(codes(await removeMember(admin, admin))).toEqual(["groupId NOT_FOUND"]);
      await expect(groups.addMember(groupId, { person: admin, role }, admin)).rejects.toMatchObject({
        details: { reason: "NOT_IN_GROUP" },
      });
    }
    expect(await groups.members(groupId)).toEqual([{ person: "mall:lin", role: "manager" }]);
  });

  it("done again change nothing", async () => {
    await addMember("mall:lin", "mall:zhao", "manager");
    await addMember("mall:lin", "mall:zhao", "manager");
    await removeMember("mall:lin", "mall:zhao");
    expect((await removeMember("mall:lin", "mall:zhao")).userErrors).toEqual([]);
    expect(await groups.head(groupId)).toBe(10);
  });

  it("say so when the group is closed, or its scenario is gone", async () => {
    harness.scenarios = new Map();
    expect(codes(await addMember("mall:lin", "mall:zhao", "manager"))).toEqual(["groupId UNKNOWN_SCENARIO"]);
    harness.scenarios = new Map([["counter", SCENARIO]]);
    await call("mall:lin", "closeGroup(groupId: $groupId)", GROUP);
    expect(codes(await addMember("mall:lin", "mall:zhao", "manager"))).toEqual(["GROUP_CLOSED"]);
  });

  it("of oneself leave nothing to be seen", async () => {
    expect(await removeMember("mall:lin", "mall:lin")).toEqual({ group: null, userErrors: [] });
  });
});

describe("grant and withdraw", () => {
  it("are the admin's of the organization that owns the policy", async () => {
    expect((await grant("mall:lin", "mall.price", "buyer")).group?.grants).toEqual([
      { policy: "mall.price", role: "buyer", organization: { id: "mall" } },
    ]);
    expect((await grant("brand:chen", "brand.orders", "manager")).group?.grants).toHaveLength(2);
    expect((await withdraw("mall:lin", "mall.price", "buyer")).group?.grants).toHaveLength(1);
    expect((await withdraw("mall:lin", "mall.price", "buyer")).userErrors).toEqual([]);
    expect(await groups.head(groupId)).toBe(11);
  });

  it("are possible for the admin who is not a member, where the organization belongs", async () => {
    await groups.removeMember(groupId, "brand:chen", "brand:chen");
    expect(await grant("brand:chen", "brand.orders", "manager")).toEqual({ group: null, userErrors: [] });
    expect(await groups.grants(groupId)).toMatchObject([
      { policy: "brand.orders", grantedBy: "brand:chen", organization: "brand" },
    ]);
    expect(codes(await withdraw("brand:chen", "brand.orders", "manager"))).toEqual([]);
    expect(await groups.grants(groupId)).toEqual([]);
  });

  it("are nobody else's", async () => {
    await addMember("mall:lin", "mall:zhao", "manager");
    expect(codes(await grant("mall:zhao", "mall.price", "buyer"))).toEqual(["FORBIDDEN"]);
    expect(codes(await grant("brand:guo", "brand.orders", "manager"))).toEqual(["FORBIDDEN"]);
    expect(codes(await grant("brand:chen", "mall.price", "buyer"))).toEqual(["policy UNKNOWN_POLICY"]);
    await grant("mall:lin", "mall.price", "buyer");
    expect(codes(await withdraw("brand:chen", "mall.price", "buyer"))).toEqual(["policy UNKNOWN_POLICY"]);
    expect(codes(await withdraw("mall:zhao", "mall.price", "buyer"))).toEqual(["FORBIDDEN"]);
    expect(await groups.grants(groupId)).toHaveLength(1);
  });

  it.each([
    ["mall.nothing", "buyer", "policy UNKNOWN_POLICY"],
    ["constructor", "buyer", "policy UNKNOWN_POLICY"],
    ["mall.price", "boss", "role UNKNOWN_ROLE"],
  ])("refuse %s to %s", async (policy, role, code) => {
    expect(codes(await grant("mall:lin", policy, role))).toEqual([code]);
  });

  it("take back what is not in the configuration any more", async () => {
    await groups.grant(groupId, [{ policy: "mall.old", role: "old", organization: "mall" }], "mall:lin");
    expect((await withdraw("mall:lin", "mall.old", "old")).group?.grants).toEqual([]);
  });
});

describe("closeGroup", () => {
  it("is done by who manages the group", async () => {
    const close = (as: string) => call(as, "closeGroup(groupId: $groupId)", GROUP);
    expect(codes(await close("brand:chen"))).toEqual(["FORBIDDEN"]);
    expect(await close("mall:lin")).toMatchObject({ group: { id: groupId, closed: true } });
    expect(await close("mall:lin")).toMatchObject({ group: { closed: true }, userErrors: [] });
    expect(await groups.head(groupId)).toBe(9);
  });
});

describe("postMessage", () => {
  it("says something once for one key", async () => {
    const first = await say("brand:guo", "12 双，可以吗？\n👟\tplease");
    expect(first).toMatchObject({
      message: { seq: 9, text: "12 双，可以吗？\n👟\tplease", actor: { id: "brand:guo" } },
      userErrors: [],
    });
    expect(await say("brand:guo", "12 双，可以吗？\n👟\tplease")).toEqual(first);
    expect(await groups.head(groupId)).toBe(9);
  });

  it.each([
    ["", "text REQUIRED"],
    [" \n ", "text REQUIRED"],
    ["x".repeat(4_001), "text TOO_LONG"],
    ["a\0b", "text INVALID"],
    ["\u001b[31mred", "text INVALID"],
    ["half \ud83d a character", "text INVALID"],
  ])("refuses %j", async (text, code) => {
    expect(codes(await say("brand:guo", text))).toEqual([code]);
    expect(await groups.head(groupId)).toBe(8);
  });

  it("takes as many characters as it says, also of those that are two for a computer", async () => {
    expect(codes(await say("brand:guo", "👟".repeat(4_000)))).toEqual([]);
    expect(codes(await say("brand:guo", "👟".repeat(4_001), "l"))).toEqual(["text TOO_LONG"]);
  });

  it("refuses what is no key, and what is said in a closed group", async () => {
    expect(codes(await say("brand:guo", "hello", ""))).toEqual(["key REQUIRED"]);
    expect(codes(await say("brand:guo", "hello", "x".repeat(201)))).toEqual(["key TOO_LONG"]);
    await groups.closeGroup(groupId, "mall:lin");
    expect(codes(await say("brand:guo", "hello"))).toEqual(["GROUP_CLOSED"]);
  });
});

describe("act", () => {
  const act = (as: string, variables: Record<string, unknown> = {}) =>
    call(
      as,
      "act(groupId: $groupId, verb: $verb, input: $input, key: $key, cardId: $cardId, seen: $seen)",
      "action { id verb status cardId userErrors { code } } card { id revision }",
      { verb: "restock.approve", input: { note: "ok" }, key: "k", cardId: null, seen: null, ...variables },
    );

  it("hands over what a member wants, with the card as it is kept", async () => {
    const entity = { type: "RestockOrder", key: { id: "R1" } };
    const { card } = await groups.postCard({ groupId, type: "restock.order", entity, to: [] });
    harness.answer = async ({ person, key, verb, input }) => {
      const { run } = await groups.beginAction({
        groupId,
        personId: person,
        key,
        verb,
        cardId: card.id,
        input,
      });
      return { action: run, card: null, userErrors: [] };
    };
    expect(await act("mall:lin", { cardId: card.id, seen: 3 })).toEqual({
      action: {
        id: expect.any(String),
        verb: "restock.approve",
        status: "PENDING",
        cardId: card.id,
        userErrors: [],
      },
      card: null,
      userErrors: [],
    });
    expect(harness.acted).toEqual([
      {
        groupId,
        person: "mall:lin",
        verb: "restock.approve",
        input: { note: "ok" },
        key: "k",
        card,
        seen: 3,
      },
    ]);
  });

  it("I7: gives the card as it is now when it is not what was seen", async () => {
    const { card } = await groups.postCard({
      groupId,
      type: "restock.order",
      entity: { type: "RestockOrder", key: { id: "R1" } },
      to: [],
    });
    harness.answer = async () => ({
      action: null,
      card,
      userErrors: [{ field: [], code: "STALE", message: "The card has changed." }],
    });
    expect(await act("mall:lin", { cardId: card.id, seen: 1 })).toEqual({
      action: null,
      card: { id: card.id, revision: 7 },
      userErrors: [{ field: [], code: "STALE", message: "The card has changed." }],
    });
  });

  it("says what the user did wrong, and hides what went wrong inside", async () => {
    harness.answer = () =>
      Promise.reject(
        new JuntoError("FORBIDDEN", "The group is closed.", { details: { reason: "GROUP_CLOSED" } }),
      );
    expect(codes(await act("mall:lin"))).toEqual(["GROUP_CLOSED"]);
    harness.answer = () => Promise.reject(new JuntoError("UNAVAILABLE", "away"));
    const result = await harness.ask(
      `mutation ($id: ID!) { act(groupId: $id, verb: "a.b", input: {}, key: "k") { userErrors { code } } }`,
      {
        as: "mall:lin",
        variables: { id: groupId },
      },
    );
    expect(result.errors?.[0]?.originalError).toMatchObject({ code: "UNAVAILABLE" });
  });

  it.each([
    [{ verb: "" }, "verb REQUIRED"],
    [{ verb: "a\nb" }, "verb INVALID"],
    [{ key: " " }, "key REQUIRED"],
    [{ cardId: "17" }, "cardId NOT_FOUND"],
    [{ cardId: "" }, "cardId NOT_FOUND"],
  ])("refuses %j", async (variables, code) => {
    expect(codes(await act("mall:lin", variables))).toEqual([code]);
    expect(harness.acted).toEqual([]);
  });
});
