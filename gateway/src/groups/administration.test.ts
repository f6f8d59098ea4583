import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newId } from "./ids.ts";
import { startTestServer, testLog, type TestServer } from "../database/test-server.ts";
import { openGroups, type Groups, type GroupRow } from "./store.ts";
import { comeIn, makeCounterGroup } from "./test-group.ts";

let server: TestServer;
let groups: Groups;
let group: GroupRow;

beforeAll(async () => void (server = await startTestServer()));
afterAll(() => server.close());
beforeEach(async () => {
  groups = await openGroups({ databaseUrl: await server.freshDatabase(), ...testLog() });
  group = await makeCounterGroup(groups, { alone: true });
  before = 1;
});
afterEach(() => groups.close());

/** What was written to the feed after that row; the first says who made the group. */
let before: number;
const feed = async () =>
  (await groups.readFeed(group.id, before, 100)).map(({ kind, actor, keys }) => ({ kind, actor, ...keys }));
const price = { policy: "mall.price", organization: "mall", role: "buyer" };

describe("a group", () => {
  it("is made once, however often it is asked for", async () => {
    const again = await Promise.all(
      Array.from({ length: 5 }, () => makeCounterGroup(groups, { alone: true })),
    );
    expect(new Set(again.map(({ id }) => id))).toEqual(new Set([group.id]));
    expect(group).toEqual({
      id: group.id,
      name: "Counter 017",
      scenario: "counter",
      subject: { type: "Counter", id: "017" },
      closed: false,
      head: 1,
      changedAt: expect.any(Date),
    });
    expect(await feed()).toEqual([]);
  });

  it("is not somebody else's who happened to choose the same key", async () => {
    const { group: theirs, created } = await groups.createGroup({
      scenario: "counter",
      name: "Counter 018",
      subject: { type: "Counter", id: "018" },
      createdBy: "plaza:mo",
      organization: "plaza",
      role: "manager",
      key: "counter-017",
    });
    expect(created).toBe(true);
    expect(theirs.id).not.toBe(group.id);
  });

  it("brings its grants with it", async () => {
    const { group: made } = await groups.createGroup({
      scenario: "counter",
      name: "Counter 018",
      subject: { type: "Counter", id: "018" },
      createdBy: "mall:lin",
      organization: "mall",
      role: "manager",
      key: "018",
      grants: [price, price],
    });
    expect(await groups.grants(made.id)).toMatchObject([{ ...price, grantedBy: "mall:lin", until: null }]);
    expect(await groups.organizations(made.id)).toEqual(["mall"]);
    expect((await groups.readFeed(made.id, 0, 10)).map(({ kind }) => kind)).toEqual(["MEMBER", "GRANT"]);
    expect(made.head).toBe(2);
  });

  it("is found by its members, its subject and its scenario until it is closed, then by its members", async () => {
    const found = async () => [
      await groups.groupsOf("mall:lin"),
      await groups.groupsAbout({ type: "Counter", id: "017" }),
      await groups.groupsByScenario("counter"),
    ];
    expect(await found()).toEqual([[group], [group], [group]]);
    expect(await groups.groupsOf("mall:zhao")).toEqual([]);
    expect(await groups.groupsAbout({ type: "Counter", id: "018" })).toEqual([]);
    await groups.closeGroup(group.id, "mall:lin");
    await groups.closeGroup(group.id, "mall:lin");
    const closed = { ...group, closed: true, head: 2, changedAt: expect.any(Date) };
    expect(await found()).toEqual([[closed], [], []]);
    expect(await groups.group(group.id)).toEqual(closed);
    expect(await feed()).toEqual([{ kind: "CLOSED", actor: "mall:lin" }]);
  });

  it("comes before those in which nothing has happened since", async () => {
    const another = await makeCounterGroup(groups, { key: "another", alone: true });
    expect((await groups.groupsOf("mall:lin")).map(({ id }) => id)).toEqual([another.id, group.id]);
    await groups.postMessage({ groupId: group.id, actor: "mall:lin", text: "news", key: "1" });
    expect((await groups.groupsOf("mall:lin")).map(({ id }) => id)).toEqual([group.id, another.id]);
  });

  it.each(["", "17", "\0", newId()])("does not exist by the id %j", async (id) => {
    expect(await groups.group(id)).toBeNull();
    expect(await groups.members(id)).toEqual([]);
    expect(await groups.grants(id)).toEqual([]);
    expect(await groups.membership(id, "mall:lin")).toBeNull();
    const notFound = { code: "NOT_FOUND" };
    await expect(groups.closeGroup(id, "mall:lin")).rejects.toMatchObject(notFound);
    await expect(
      groups.addMember(id, { person: "mall:zhao", role: "manager" }, "mall:lin"),
    ).rejects.toMatchObject(notFound);
    await expect(groups.removeMember(id, "mall:lin", "mall:lin")).rejects.toMatchObject(notFound);
    await expect(groups.grant(id, [price], "mall:lin")).rejects.toMatchObject(notFound);
    await expect(groups.withdraw(id, price, "mall:lin")).rejects.toMatchObject(notFound);
    const brand = { organization: "brand", actor: "mall:lin", from: "mall" };
    await expect(groups.invite(id, brand)).rejects.toMatchObject(notFound);
    await expect(
      groups.acceptInvitation(id, { members: [], grants: [] }, "brand:chen"),
    ).rejects.toMatchObject(notFound);
    await expect(groups.leaveGroup(id, "mall", "mall:lin")).rejects.toMatchObject(notFound);
    expect(await groups.organizations(id)).toEqual([]);
    expect(await groups.invitations(id)).toEqual([]);
  });
});

describe("a member", () => {
  const guo = { person: "brand:guo", role: "guide" };
  beforeEach(async () => {
    await comeIn(groups, group.id, [{ person: "brand:chen", role: "buyer" }]);
    await groups.removeMember(group.id, "brand:chen", "brand:chen");
    before = await groups.head(group.id);
  });

  it("is added and removed, each once in the feed", async () => {
    await Promise.all([1, 2, 3].map(() => groups.addMember(group.id, guo, "brand:chen")));
    expect(await groups.membership(group.id, "brand:guo")).toEqual({ role: "guide" });
    expect(await groups.members(group.id)).toEqual([guo, { person: "mall:lin", role: "manager" }]);
    await Promise.all([1, 2, 3].map(() => groups.removeMember(group.id, "brand:guo", "brand:chen")));
    expect(await groups.membership(group.id, "brand:guo")).toBeNull();
    expect(await feed()).toEqual([
      { kind: "MEMBER", actor: "brand:chen", ...guo, change: "ADDED" },
      { kind: "MEMBER", actor: "brand:chen", ...guo, change: "REMOVED" },
    ]);
  });

  it("can be given another role", async () => {
    await groups.addMember(group.id, guo, "brand:chen");
    await groups.addMember(group.id, { ...guo, role: "buyer" }, "brand:chen");
    expect(await groups.membership(group.id, "brand:guo")).toEqual({ role: "buyer" });
    expect((await feed()).at(-1)).toMatchObject({ role: "buyer", change: "ADDED" });
  });

  it("is a person that is known", async () => {
    await expect(
      groups.addMember(group.id, { person: "brand:nobody", role: "guide" }, "brand:chen"),
    ).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    expect(await feed()).toEqual([]);
  });

  it("is not added to a closed group, and can leave it", async () => {
    await groups.addMember(group.id, guo, "brand:chen");
    await groups.closeGroup(group.id, "mall:lin");
    await expect(
      groups.addMember(group.id, { person: "brand:chen", role: "buyer" }, "brand:chen"),
    ).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
    await groups.removeMember(group.id, "brand:guo", "brand:chen");
    expect(await groups.membership(group.id, "brand:guo")).toBeNull();
  });
});

describe("I8: the group's cards are pushed again", () => {
  let cardId: string;
  beforeEach(async () => {
    const entity = { type: "RestockOrder", key: { id: "R1" } };
    cardId = (await groups.postCard({ groupId: group.id, type: "restock.order", entity, to: [] })).card.id;
    await groups.grant(group.id, [price], "mall:lin");
    await comeIn(groups, group.id, [{ person: "brand:guo", role: "guide" }]);
  });

  it.each([
    ["something is shared", () => groups.grant(group.id, [{ ...price, role: "guide" }], "mall:lin"), "GRANT"],
    ["something is taken back", () => groups.withdraw(group.id, price, "mall:lin"), "GRANT"],
    [
      "a member has another role",
      () => groups.addMember(group.id, { person: "brand:guo", role: "buyer" }, "mall:lin"),
      "MEMBER",
    ],
    ["the group is closed", () => groups.closeGroup(group.id, "mall:lin"), "CLOSED"],
  ])("when %s", async (_, change, kind) => {
    const head = await groups.head(group.id);
    await change();
    await change();
    expect(await groups.readFeed(group.id, head, 10)).toMatchObject([
      { seq: head + 1, kind },
      { seq: head + 2, kind: "CARD_CHANGED", keys: { card: cardId }, actor: "mall:lin" },
    ]);
  });

  it("but not when somebody comes or goes who had seen nothing, or sees nothing any more", async () => {
    const head = await groups.head(group.id);
    await groups.addMember(group.id, { person: "brand:chen", role: "buyer" }, "brand:chen");
    await groups.removeMember(group.id, "brand:guo", "brand:chen");
    expect((await groups.readFeed(group.id, head, 10)).map(({ kind }) => kind)).toEqual(["MEMBER", "MEMBER"]);
  });
});

describe("people", () => {
  it("are known by their id, with the name they have now", async () => {
    await groups.savePerson({ id: "mall:lin", organization: "mall", name: "林静 (Lin Jing)" });
    const lin = { id: "mall:lin", organization: "mall", name: "林静 (Lin Jing)" };
    expect(await groups.person("mall:lin")).toEqual(lin);
    expect(await groups.persons(["brand:nobody", "mall:lin", "\0", "mall:lin"])).toEqual([
      null,
      lin,
      null,
      lin,
    ]);
    expect(await groups.person("brand:nobody")).toBeNull();
    expect(await groups.groupsOf("a\0b")).toEqual([]);
  });

  it("come from organizations that are made known once", async () => {
    await groups.saveOrganizations(["mall", "brand"]);
    await groups.saveOrganizations(["mall", "brand", "new"]);
    await Promise.all(
      [1, 2, 3].map(() => groups.savePerson({ id: "newer:a", organization: "newer", name: "A" })),
    );
    expect(await groups.person("newer:a")).toMatchObject({ organization: "newer" });
  });
});
