import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openDatabase } from "../database/database.ts";
import { migrate } from "../database/migrate.ts";
import { startTestServer, testLog, type TestServer } from "../database/test-server.ts";
import { newId } from "./ids.ts";
import { MIGRATIONS } from "./migrations.ts";
import { openGroups, type Groups } from "./store.ts";
import { comeIn, makeCounterGroup } from "./test-group.ts";

let server: TestServer;
let databaseUrl: string;
let groups: Groups;
let groupId: string;

beforeAll(async () => void (server = await startTestServer()));
afterAll(() => server.close());
beforeEach(async () => {
  databaseUrl = await server.freshDatabase();
  groups = await openGroups({ databaseUrl, ...testLog() });
  groupId = (await makeCounterGroup(groups, { alone: true })).id;
});
afterEach(() => groups.close());

const brand = { organization: "brand", actor: "mall:lin", from: "mall" };
const guo = { person: "brand:guo", role: "guide" };
const orders = { policy: "brand.orders", organization: "brand", role: "manager" };
const feed = async () =>
  (await groups.readFeed(groupId, 1, 100)).map(({ kind, actor, keys }) => ({ kind, actor, ...keys }));
const organization = (change: string, actor: string, id = "brand") => ({
  kind: "ORGANIZATION",
  actor,
  organization: id,
  change,
});
const NOT_WAITING = { code: "BAD_USER_INPUT", details: { code: "NOT_WAITING" } };

describe("an invitation", () => {
  it("waits once, however often somebody asks", async () => {
    const asked = await Promise.all([1, 2, 3].map(() => groups.invite(groupId, brand)));
    expect(new Set(asked.map(({ id }) => id)).size).toBe(1);
    expect(asked[0]).toEqual({
      id: expect.any(String),
      groupId,
      organization: "brand",
      invitedBy: "mall:lin",
      invitedFrom: "mall",
      invitedAt: expect.any(Date),
      state: "WAITING",
      answeredBy: null,
      answeredAt: null,
    });
    expect(await groups.invitationsFor("brand", 10)).toEqual([asked[0]]);
    expect(await groups.invitationsFor("plaza", 10)).toEqual([]);
    expect(await feed()).toEqual([organization("INVITED", "mall:lin")]);
    expect(await groups.organizations(groupId)).toEqual(["mall"]);
  });

  it("that is accepted brings the organization, its people and what it shares, all or nothing", async () => {
    const { id } = await groups.invite(groupId, brand);
    const nobody = { person: "brand:nobody", role: "guide" };
    await expect(
      groups.acceptInvitation(id, { members: [guo, nobody], grants: [orders] }, "brand:chen"),
    ).rejects.toMatchObject({ code: "NOT_FOUND" });
    const others = { person: "supplier:wang", role: "supplier" };
    await expect(
      groups.acceptInvitation(id, { members: [guo, others], grants: [] }, "brand:chen"),
    ).rejects.toMatchObject({ details: { reason: "NOT_IN_GROUP" } });
    expect(await groups.members(groupId)).toHaveLength(1);
    const accepted = await groups.acceptInvitation(id, { members: [guo], grants: [orders] }, "brand:chen");
    expect(accepted).toMatchObject({
      state: "ACCEPTED",
      answeredBy: "brand:chen",
      answeredAt: expect.any(Date),
    });
    expect(await groups.organizations(groupId)).toEqual(["mall", "brand"]);
    expect(await groups.grants(groupId)).toMatchObject([orders]);
    expect(await feed()).toEqual([
      organization("INVITED", "mall:lin"),
      organization("JOINED", "brand:chen"),
      { kind: "MEMBER", actor: "brand:chen", ...guo, change: "ADDED" },
      { kind: "GRANT", actor: "brand:chen", policy: "brand.orders", role: "manager", change: "GRANTED" },
    ]);
    expect(await groups.invitationsFor("brand", 10)).toEqual([]);
    await expect(groups.invite(groupId, brand)).rejects.toMatchObject({ details: { code: "ALREADY_IN" } });
  });

  it.each(["DECLINED", "TAKEN_BACK"] as const)(
    "is answered once: %s, and may be made anew",
    async (state) => {
      const { id } = await groups.invite(groupId, brand);
      await groups.refuseInvitation(id, state, "brand:chen");
      await expect(groups.refuseInvitation(id, state, "brand:chen")).rejects.toMatchObject(NOT_WAITING);
      await expect(
        groups.acceptInvitation(id, { members: [], grants: [] }, "brand:chen"),
      ).rejects.toMatchObject(NOT_WAITING);
      expect(await groups.organizations(groupId)).toEqual(["mall"]);
      const again = await groups.invite(groupId, brand);
      expect(again.id).not.toBe(id);
      expect((await groups.invitations(groupId)).map((each) => each.state)).toEqual(["WAITING", state]);
      expect(await groups.invitations(groupId, true)).toEqual([again]);
      expect((await groups.invitations(groupId, false)).map((each) => each.id)).toEqual([id]);
      expect((await feed()).map((each) => "change" in each && each.change)).toEqual([
        "INVITED",
        state,
        "INVITED",
      ]);
    },
  );

  it("that is accepted and taken back at once is one of the two", async () => {
    for (let run = 0; run < 8; run++) {
      const { id } = await groups.invite(groupId, brand);
      const answers = await Promise.allSettled([
        groups.acceptInvitation(id, { members: [guo], grants: [orders] }, "brand:chen"),
        groups.refuseInvitation(id, "TAKEN_BACK", "mall:lin"),
      ]);
      expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      const isIn = answers[0].status === "fulfilled";
      expect((await groups.invitation(id))!.state).toBe(isIn ? "ACCEPTED" : "TAKEN_BACK");
      expect(await groups.organizations(groupId)).toEqual(isIn ? ["mall", "brand"] : ["mall"]);
      expect(await groups.members(groupId)).toHaveLength(isIn ? 2 : 1);
      expect(await groups.grants(groupId)).toHaveLength(isIn ? 1 : 0);
      if (isIn) await groups.leaveGroup(groupId, "brand", "brand:chen");
    }
  });

  it("is taken back when the group is closed, and cannot be made or accepted there", async () => {
    const { id } = await groups.invite(groupId, brand);
    await groups.closeGroup(groupId, "mall:lin");
    expect((await groups.invitation(id))!.state).toBe("TAKEN_BACK");
    expect(await groups.invitationsFor("brand", 10)).toEqual([]);
    await expect(groups.invite(groupId, brand)).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(
      groups.acceptInvitation(id, { members: [], grants: [] }, "brand:chen"),
    ).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
  });

  it.each(["", "17", "\0", newId()])("does not exist by the id %j", async (id) => {
    expect(await groups.invitation(id)).toBeNull();
    await expect(groups.refuseInvitation(id, "DECLINED", "brand:chen")).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });
});

describe("an organization that leaves", () => {
  it("takes its people, its grants and its invitations with it", async () => {
    await comeIn(groups, groupId, [guo, { person: "brand:chen", role: "buyer" }]);
    await groups.grant(groupId, [orders], "brand:chen");
    await groups.grant(groupId, [{ policy: "mall.price", organization: "mall", role: "buyer" }], "mall:lin");
    await groups.invite(groupId, { organization: "supplier", actor: "brand:chen", from: "brand" });
    const head = await groups.head(groupId);
    await Promise.all([1, 2].map(() => groups.leaveGroup(groupId, "brand", "brand:chen")));
    const said = (await groups.readFeed(groupId, head, 100)).map(({ kind, keys }) => ({ kind, ...keys }));
    expect(said).toEqual([
      { kind: "ORGANIZATION", organization: "brand", change: "LEFT" },
      { kind: "MEMBER", ...guo, change: "REMOVED" },
      { kind: "MEMBER", person: "brand:chen", role: "buyer", change: "REMOVED" },
      { kind: "GRANT", policy: "brand.orders", role: "manager", change: "LEFT" },
      { kind: "ORGANIZATION", organization: "supplier", change: "TAKEN_BACK" },
    ]);
    expect(await groups.members(groupId)).toEqual([{ person: "mall:lin", role: "manager" }]);
    expect(await groups.grants(groupId)).toMatchObject([{ policy: "mall.price" }]);
    await expect(groups.addMember(groupId, guo, "brand:chen")).rejects.toMatchObject({ code: "FORBIDDEN" });
    expect((await groups.group(groupId))!.closed).toBe(false);
  });

  it("as the last one closes the group, and another can come in again only if somebody asks", async () => {
    await comeIn(groups, groupId, [guo]);
    await groups.leaveGroup(groupId, "mall", "mall:lin");
    expect((await groups.group(groupId))!.closed).toBe(false);
    await expect(
      groups.invite(groupId, { organization: "supplier", actor: "mall:lin", from: "mall" }),
    ).rejects.toMatchObject({ code: "NOT_FOUND" });
    await groups.leaveGroup(groupId, "brand", "brand:guo");
    expect((await groups.group(groupId))!.closed).toBe(true);
    expect((await feed()).at(-1)).toMatchObject({ kind: "CLOSED", actor: "brand:guo" });
  });
});

it("groups from before anyone was asked go on: who was there is in", async () => {
  const url = await server.freshDatabase();
  const before = openDatabase({ databaseUrl: url, ...testLog() });
  await migrate(before, "groups", MIGRATIONS.slice(0, 4));
  const [old, left] = [newId(), newId()];
  await before.query("insert into organization select unnest($1::text[])", [
    ["mall", "brand", "supplier", "plaza"],
  ]);
  await before.query(
    "insert into person select id, split_part(id, ':', 1), id from unnest($1::text[]) as id",
    [["mall:lin", "brand:guo", "brand:chen", "supplier:wang", "plaza:mo"]],
  );
  for (const [id, key] of [
    [old, "old"],
    [left, "left"],
  ])
    await before.query(
      `insert into grp (id, name, scenario, subject_type, subject_id, created_by, created_key)
       values ($1, $2, 'counter', 'Counter', '017', 'mall:lin', $2)`,
      [id, key],
    );
  await before.query("insert into member values ($1, 'mall:lin', 'manager'), ($1, 'brand:guo', 'guide')", [
    old,
  ]);
  await before.query(
    `insert into grant_ (grp, policy, role, organization, granted_by, granted_at)
     values ($1, 'mall.price', 'guide', 'mall', 'mall:lin', '2026-01-01Z'),
       ($1, 'mall.sales', 'guide', 'mall', 'mall:lin', '2026-01-02Z'),
       ($1, 'supplier.stock', 'guide', 'supplier', 'supplier:wang', '2026-01-03Z')`,
    [old],
  );
  await before.close();
  const after = await openGroups({ databaseUrl: url, ...testLog() });
  expect((await after.organizations(old)).toSorted()).toEqual(["brand", "mall", "supplier"]);
  expect(await after.organizations(left)).toEqual(["mall"]);
  expect(await after.grants(old)).toMatchObject([
    { policy: "mall.price", until: null, inForce: true },
    { policy: "mall.sales" },
    { policy: "supplier.stock" },
  ]);
  expect((await after.grantsOf("mall", { first: 5 })).map(({ policy }) => policy)).toEqual([
    "mall.sales",
    "mall.price",
  ]);
  await after.addMember(old, { person: "brand:chen", role: "buyer" }, "brand:chen");
  await after.withdraw(old, { policy: "mall.price", role: "guide", organization: "mall" }, "mall:lin");
  expect(await after.grants(old)).toHaveLength(2);
  await after.close();
});
