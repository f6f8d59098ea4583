import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startTestServer, testLog, type TestServer } from "../database/test-server.ts";
import { openGroups, type Groups } from "./store.ts";
import { createHarness, type Harness } from "./subgraph-harness.ts";
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

const ask = async (as: string, operation: string): Promise<any> => {
  const { data, errors } = await harness.ask(operation.replaceAll("$g", `"${groupId}"`), { as });
  expect(errors).toBeUndefined();
  return JSON.parse(JSON.stringify(data));
};
const codes = async (as: string, operation: string): Promise<unknown[]> => {
  const { errors = [] } = await harness.ask(operation.replaceAll("$g", `"${groupId}"`), { as });
  return errors.map(({ originalError }) => (originalError as { code?: string } | undefined)?.code);
};

describe("what an administrator looks after", () => {
  it("is one organization, or none", async () => {
    expect(await ask("mall:lin", "{ administers { id } }")).toEqual({ administers: { id: "mall" } });
    expect(await ask("brand:guo", "{ administers { id } }")).toEqual({ administers: null });
  });

  it("is its policies, by name and by title, and nobody else's", async () => {
    expect(await ask("mall:lin", "{ policies { name title(locale: zh_CN) } }")).toEqual({
      policies: [
        { name: "mall.price", title: "Title of mall.price (zh)" },
        { name: "mall.sales", title: "Title of mall.sales (zh)" },
      ],
    });
  });

  it("is its part in each group, whether they are a member or not: its own people, and what is asked of it", async () => {
    await groups.removeMember(groupId, "brand:chen", "brand:chen");
    await groups.grant(groupId, [{ policy: "mall.price", organization: "mall", role: "buyer" }], "mall:lin");
    const { participations: found } = await ask(
      "brand:chen",
      `{ group(id: $g) { id } participations { next participations { since group { id name scenario { roles { name } } }
         members { person { id } role } asked(open: true) { policy policyTitle role grant { id } } } } }`,
    );
    expect(found).toEqual({
      next: null,
      participations: [
        {
          since: expect.any(String),
          group: { id: groupId, name: "Counter 017", scenario: { roles: expect.any(Array) } },
          members: [{ person: { id: "brand:guo" }, role: "guide" }],
          asked: [
            { policy: "brand.orders", policyTitle: "Title of brand.orders", role: "manager", grant: null },
          ],
        },
      ],
    });
  });

  it("comes in pages, open and closed groups apart", async () => {
    const more = await makeCounterGroup(groups, { key: "another", alone: true });
    await groups.closeGroup(groupId, "mall:lin");
    const page = (args: string) =>
      ask("mall:lin", `{ it: participations(${args}) { next participations { group { id } } } }`);
    expect(await page("first: 1")).toEqual({
      it: { next: more.id, participations: [{ group: { id: more.id } }] },
    });
    expect(await page(`first: 1, after: "${more.id}"`)).toEqual({
      it: { next: null, participations: [{ group: { id: groupId } }] },
    });
    expect((await page("closed: true")).it.participations).toEqual([{ group: { id: groupId } }]);
    expect((await page("closed: false")).it.participations).toEqual([{ group: { id: more.id } }]);
    expect((await page(`after: "nothing"`)).it.participations).toEqual([]);
  });
});

describe("people who can be added", () => {
  it("are those of one's own organization, by a part of the name or the id", async () => {
    expect(await ask("mall:lin", "{ people { id name } }")).toEqual({
      people: [
        { id: "mall:lin", name: "林静" },
        { id: "mall:zhao", name: "赵磊" },
      ],
    });
    for (const search of ["磊", "ZHAO"])
      expect(await ask("mall:lin", `{ people(search: "${search}") { id } }`)).toEqual({
        people: [{ id: "mall:zhao" }],
      });
    expect(await ask("mall:lin", String.raw`{ people(search: "%\u0000") { id } }`)).toEqual({ people: [] });
    expect(await ask("mall:lin", `{ people(search: "%") { id } }`)).toEqual({ people: [] });
  });

  it("are told to who manages the group, in it", async () => {
    await groups.addMember(groupId, { person: "mall:zhao", role: "manager" }, "mall:lin");
    const { people } = await ask("mall:zhao", "{ people(groupId: $g) { id } }");
    expect(people).toEqual([{ id: "mall:lin" }, { id: "mall:zhao" }]);
    expect(await codes("mall:zhao", "{ people { id } }")).toEqual(["FORBIDDEN"]);
  });
});

describe("I2: whoever is no administrator", () => {
  it.each(["{ policies { name } }", "{ participations { next } }", "{ people { id } }"])(
    "is told nothing, and why: %s",
    async (query) => {
      expect(await codes("brand:guo", query)).toEqual(["FORBIDDEN"]);
      expect(await codes("mall:zhao", query)).toEqual(["FORBIDDEN"]);
    },
  );

  it("does not learn by their people whether there is a group", async () => {
    expect(await codes("brand:guo", "{ people(groupId: $g) { id } }")).toEqual(["FORBIDDEN"]);
    expect(await codes("plaza:mo", "{ people(groupId: $g) { id } }")).toEqual(["NOT_FOUND"]);
    expect(await codes("mall:zhao", "{ people(groupId: $g) { id } }")).toEqual(["NOT_FOUND"]);
  });
});

describe("names in words", () => {
  it("has every policy that is shared, was shared, or is missing, and every action", async () => {
    const order = { type: "RestockOrder", key: { id: "R1" } };
    const { card } = await groups.postCard({
      groupId,
      type: "restock.order",
      entity: order,
      to: ["manager"],
    });
    const price = { policy: "mall.price", organization: "mall", role: "buyer" };
    await groups.grant(groupId, [price, { ...price, policy: "mall.gone" }], "mall:lin");
    const { group } = await ask(
      "mall:lin",
      `{ group(id: $g) { roles { name title(locale: zh_CN) } grants { policyTitle(locale: zh_CN) }
         closedActions { verb title organization { id } policy policyTitle }
         card(id: "${card.id}") { withheld { policyTitle } closedActions(locale: zh_CN) { verb title organization { id } policy policyTitle } }
         feed { ... on GrantChanged { policyTitle } } } }`,
    );
    expect(group.roles).toContainEqual({ name: "guide", title: "Guide (zh)" });
    // A policy that the configuration does not know any more goes by its name.
    expect(group.grants).toEqual([{ policyTitle: "mall.gone" }, { policyTitle: "Title of mall.price (zh)" }]);
    expect(group.closedActions).toEqual([
      {
        verb: "restock.open",
        title: "open in en",
        organization: { id: "mall" },
        policy: "mall.sales",
        policyTitle: "Title of mall.sales",
      },
    ]);
    expect(group.card).toEqual({
      withheld: [{ policyTitle: "Title of mall.price" }],
      closedActions: [
        {
          verb: "restock.place",
          title: "place in zh-CN",
          organization: { id: "brand" },
          policy: null,
          policyTitle: null,
        },
      ],
    });
    expect(group.feed.filter((event: any) => event.policyTitle)).toEqual([
      { policyTitle: "Title of mall.price" },
      { policyTitle: "mall.gone" },
    ]);
  });

  it("has none that can be begun in a closed group", async () => {
    await groups.closeGroup(groupId, "mall:lin");
    expect(
      (await ask("mall:lin", "{ group(id: $g) { closedActions { verb } } }")).group.closedActions,
    ).toEqual([]);
  });
});
