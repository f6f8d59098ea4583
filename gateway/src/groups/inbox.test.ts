import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startTestServer, testLog, type TestServer } from "../database/test-server.ts";
import { openGroups, type Groups, type InboxState } from "./store.ts";
import { createHarness, type Harness } from "./subgraph-harness.ts";
import { itIsTheirTurn, makeCounterGroup } from "./test-group.ts";

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
  return () => groups.close();
});

const post = async (id: string, to: readonly string[] = ["manager"], group = groupId): Promise<string> => {
  const entity = { type: "RestockOrder", key: { id } };
  const { card } = await groups.postCard({ groupId: group, type: "restock.order", entity, to });
  await itIsTheirTurn(groups, card.id);
  return card.id;
};

async function ask(as: string, operation: string): Promise<any> {
  const { data, errors } = await harness.ask(operation, { as });
  expect(errors).toBeUndefined();
  return JSON.parse(JSON.stringify(data));
}
const inbox = async (as: string, state: InboxState = "WAITING", first = 50): Promise<string[]> => {
  const query = `{ inbox(state: ${state}, first: ${first}) { cards { card { id } } } }`;
  return (await ask(as, query)).inbox.cards.map(({ card }: any) => card.id);
};
const mark = async (as: string, call: string): Promise<any> =>
  (await ask(as, `mutation { it: ${call} { card { id } userErrors { field code } } }`)).it;
const LATER = "2100-01-01T00:00:00Z";

describe("what waits for a person", () => {
  it("is open, and it is the turn of their role, in groups that are not closed", async () => {
    const [mine, closed] = [await post("1"), await post("2")];
    await post("3", ["buyer"]);
    await groups.closeCard(closed);
    expect(await inbox("mall:lin")).toEqual([mine]);
    await groups.closeGroup(groupId, "mall:lin");
    expect(await inbox("mall:lin")).toEqual([]);
  });

  it("comes from all of their groups, and from no other", async () => {
    const other = (await makeCounterGroup(groups, { key: "other", alone: true })).id;
    const [here, there] = [await post("1"), await post("1", ["manager"], other)];
    expect(await inbox("mall:lin")).toEqual([here, there]);
    expect(await inbox("plaza:mo")).toEqual([]);
    const [reading] = await groups.readings([other], "mall:lin");
    expect(reading?.waiting).toBe(1);
    expect(await groups.waiting("mall:lin")).toBe(2);
  });

  it("comes by due time, what is not due after that", async () => {
    const due: Readonly<Record<string, Date | null>> = {
      none: null,
      late: new Date("2026-12-02T00:00:00Z"),
      soon: new Date("2026-12-01T00:00:00Z"),
    };
    harness.due = ({ entity }) => due[String(entity.key["id"])] ?? null;
    const [none, late, soon] = [await post("none"), await post("late"), await post("soon")];
    expect(await inbox("mall:lin")).toEqual([soon, late, none]);
    expect(await inbox("mall:lin", "WAITING", 1)).toEqual([soon]);
  });

  it("is gone at once for who was removed", async () => {
    const card = await post("1", ["guide"]);
    expect(await inbox("brand:guo")).toEqual([card]);
    await groups.removeMember(groupId, "brand:guo", "brand:chen");
    expect(await inbox("brand:guo")).toEqual([]);
    expect(await mark("brand:guo", `finishCard(cardId: "${card}")`)).toMatchObject({
      card: null,
      userErrors: [{ field: ["cardId"], code: "NOT_FOUND" }],
    });
  });
});

describe("a card that somebody finished", () => {
  it("waits for the others", async () => {
    const card = await post("1", ["guide", "buyer"]);
    await mark("brand:guo", `finishCard(cardId: "${card}")`);
    expect(await inbox("brand:guo")).toEqual([]);
    expect(await inbox("brand:guo", "DONE")).toEqual([card]);
    expect(await inbox("brand:chen")).toEqual([card]);
    await mark("brand:guo", `returnCard(cardId: "${card}")`);
    expect(await inbox("brand:guo")).toEqual([card]);
  });

  it("comes back when it offers something new, and not when it only looks different", async () => {
    const card = await post("1");
    await mark("mall:lin", `finishCard(cardId: "${card}")`);
    await groups.touchCards([card]);
    expect(await inbox("mall:lin")).toEqual([]);
    await itIsTheirTurn(groups, card, ["restock.approve"]);
    expect(await inbox("mall:lin")).toEqual([]);
    expect(await inbox("mall:lin", "DONE")).toEqual([card]);
    await itIsTheirTurn(groups, card, ["restock.place"]);
    expect(await inbox("mall:lin")).toEqual([card]);
    expect(await inbox("mall:lin", "DONE")).toEqual([]);
    expect((await groups.readings([groupId], "mall:lin"))[0]?.waiting).toBe(1);
  });

  it("is not joined to find out whether it waits", async () => {
    await mark("mall:lin", `finishCard(cardId: "${await post("1")}")`);
    harness.opened.length = 0;
    await inbox("mall:lin");
    expect(harness.opened).toEqual([]);
  });

  it("stays so when what it offered then is found out only later", async () => {
    const entity = { type: "RestockOrder", key: { id: "1" } };
    const to = ["manager"];
    const { card } = await groups.postCard({ groupId, type: "restock.order", entity, to });
    await mark("mall:lin", `finishCard(cardId: "${card.id}")`);
    await itIsTheirTurn(groups, card.id);
    expect(await inbox("mall:lin")).toEqual([]);
  });
});

describe("a card that somebody snoozed", () => {
  it("is put off until then, for them alone", async () => {
    const card = await post("1", ["guide", "buyer"]);
    await mark("brand:guo", `snoozeCard(cardId: "${card}", until: "${LATER}")`);
    expect(await inbox("brand:guo")).toEqual([]);
    expect(await inbox("brand:guo", "SNOOZED")).toEqual([card]);
    expect(await inbox("brand:chen")).toEqual([card]);
    expect((await ask("brand:guo", "{ inbox { waiting wakesAt } }")).inbox).toEqual({
      waiting: 0,
      wakesAt: "2100-01-01T00:00:00.000Z",
    });
  });

  it("waits again when its time has come", async () => {
    const card = await post("1");
    await groups.markCard("mall:lin", card, new Date(Date.now() - 1), []);
    expect(await inbox("mall:lin")).toEqual([card]);
  });

  it("needs a time that is still to come", async () => {
    const { userErrors } = await mark(
      "mall:lin",
      `snoozeCard(cardId: "${await post("1")}", until: "2020-01-01T00:00:00Z")`,
    );
    expect(userErrors).toEqual([{ field: ["until"], code: "PAST" }]);
  });
});

describe("quiet", () => {
  const PREFERENCES = "mutes { group { id } until } quietHours { from to days timeZone }";
  const prefer = async (as: string, call: string): Promise<any> =>
    (await ask(as, `mutation { it: ${call} { preferences { ${PREFERENCES} } userErrors { field code } } }`))
      .it;
  const hours = (from: string, days = "[MON]", zone = "Asia/Shanghai"): string =>
    `setQuietHours(hours: { from: "${from}", to: "07:00", days: ${days}, timeZone: "${zone}" })`;

  it("is for who asked for it, until they undo it or its time has come", async () => {
    const { preferences } = await prefer("mall:lin", `muteGroup(groupId: "${groupId}")`);
    expect(preferences.mutes).toEqual([{ group: { id: groupId }, until: null }]);
    expect((await ask("brand:guo", "{ preferences { mutes { until } } }")).preferences.mutes).toEqual([]);
    expect((await prefer("mall:lin", `unmuteGroup(groupId: "${groupId}")`)).preferences.mutes).toEqual([]);
    await groups.muteGroup("mall:lin", groupId, new Date(Date.now() - 1));
    expect(await groups.mutes("mall:lin")).toEqual([]);
  });

  it("is not asked for in a group of others", async () => {
    expect(await prefer("plaza:mo", `muteGroup(groupId: "${groupId}")`)).toEqual({
      preferences: null,
      userErrors: [{ field: ["groupId"], code: "NOT_FOUND" }],
    });
  });

  it("has hours, the same on every device, that can be changed and taken away", async () => {
    const set = await prefer("mall:lin", hours("22:00", "[MON, SUN, MON]"));
    expect(set.preferences.quietHours).toEqual({
      from: "22:00",
      to: "07:00",
      days: ["MON", "SUN"],
      timeZone: "Asia/Shanghai",
    });
    expect((await prefer("mall:lin", hours("21:30"))).preferences.quietHours).toMatchObject({
      from: "21:30",
    });
    expect((await prefer("mall:lin", "setQuietHours(hours: null)")).preferences.quietHours).toBeNull();
  });

  it.each([
    [hours("25:00"), "from", "NOT_A_TIME"],
    [hours("9"), "from", "NOT_A_TIME"],
    [hours("22:00", "[]"), "days", "REQUIRED"],
    [hours("22:00", "[MON]", "Mars/Olympus"), "timeZone", "NOT_A_TIME_ZONE"],
  ])("%s is refused", async (call, field, code) => {
    expect((await prefer("mall:lin", call)).userErrors).toEqual([{ field: ["hours", field], code }]);
  });
});
