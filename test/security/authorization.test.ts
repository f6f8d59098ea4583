// Authorization by directive bypassed (CVE-2025-64173, -64347, -64530, -64172): I2, I3 against everything that can
// stand between a field and its policy, at every door.
import { beforeEach, describe, expect, it } from "vitest";
import { DOORS } from "./doors.ts";
import { openShop } from "./open-shop.ts";
import { EVERYTHING, GUEST, type Grants } from "./shop.ts";

const without = (...names: string[]): string[] => EVERYTHING.filter((name) => !names.includes(name));

const grants: Grants = {
  everything: EVERYTHING,
  "no secret": without("shop.secret", "shop.write"),
  "no ids": without("shop.ids"),
  "no cost": without("maker.cost"),
  "write only": ["shop.write"],
  nothing: [],
};

const { graph, doors } = await openShop(grants);
beforeEach(() => {
  for (const { requests } of Object.values(graph.subgraphs)) requests.length = 0;
});

const asked = (): string =>
  Object.values(graph.subgraphs)
    .flatMap(({ requests }) => requests)
    .map(({ query, variables }) => query + JSON.stringify(variables))
    .join("\n");

/** Group, what is asked, what comes, and what must not be asked of any subgraph. */
const WITHHELD: readonly [what: string, group: string, query: string, data: unknown, never?: string][] = [
  ["a field", "no secret", "{ order { id note } }", { order: { id: "o1", note: null } }, "note"],
  ["an alias", "no secret", "{ order { id: note } }", { order: { id: null } }, "note"],
  [
    "an alias of an open field's name",
    "no secret",
    "{ order { size: note } }",
    { order: { size: null } },
    "note",
  ],
  [
    "a fragment in a fragment",
    "no secret",
    "{ ...Q } fragment Q on Query { order { ...O } } fragment O on Order { ... { note } }",
    { order: { note: null } },
    "note",
  ],
  [
    "an interface",
    "no secret",
    "{ things { label ... on Thing { ... on Shoe { secret } } } }",
    { things: [{ label: "left", secret: null }, { label: "tote" }] },
    "secret",
  ],
  [
    "a union, one key for several fields",
    "no secret",
    "{ found { ... on Shoe { it: secret } ... on Bag { it: label } ... on Order { it: note } } }",
    { found: [{ it: null }, { it: "tote" }, { it: null }] },
    "secret",
  ],
  [
    "a directive that leaves it in",
    "no secret",
    "query ($yes: Boolean = true) { order { note @include(if: $yes) n: note @skip(if: false) } }",
    { order: { note: null, n: null } },
    "note",
  ],
  [
    "a key that the gateway itself needs",
    "no ids",
    "{ order { product { id name } } }",
    { order: { product: null } },
  ],
  [
    "a key behind a list",
    "no ids",
    "{ orders { lines { pairs product { name } } product { ... { id } } } }",
    {
      orders: [
        { lines: [{ pairs: 2, product: { name: "Oxford" } }], product: null },
        { lines: [{ pairs: 2, product: { name: "Derby" } }], product: null },
      ],
    },
  ],
  [
    "a key under the name of another field",
    "no ids",
    "{ order { product { name: id code: name } } }",
    { order: { product: null } },
  ],
  [
    "what another field is computed from",
    "no cost",
    "{ order { product { cost worth } } }",
    { order: { product: { cost: null, worth: null } } },
    "cost",
  ],
  [
    "the payload of a mutation that is allowed",
    "write only",
    'mutation { write(text: "x") { text order { id note product { name } } } }',
    { write: { text: "x", order: null } },
    "note",
  ],
  [
    "everything, without a grant",
    "nothing",
    "{ order { id } things { label } own }",
    { order: null, things: null, own: null },
    "{",
  ],
  ["a plain scalar of the root", "everything", "{ own any }", { own: null, any: null }, "{"],
];

describe.each(DOORS)("%s", (over) => {
  it.each(WITHHELD)("does not give away %s", async (_what, group, query, data, never) => {
    const answer = await doors[over]({ query, group, as: GUEST });
    expect(answer.data).toEqual(data);
    expect(answer.errors!.some(({ extensions }) => extensions.code === "NOT_SHARED")).toBe(true);
    expect(JSON.stringify(answer)).not.toMatch(/secret note|secret sole|4242|"p1"/);
    if (never !== undefined) expect(asked()).not.toContain(never);
  });

  it.each([
    ["a field", 'mutation { write(text: "x") { text } }'],
    ["one of several", 'mutation { open { text } write(text: "x") { text } }'],
    [
      "one in a fragment",
      'mutation { open { text } ... on Mutation { ...W } } fragment W on Mutation { w: write(text: "x") { text } }',
    ],
  ])("runs nothing of a mutation of which %s is not allowed", async (_what, query) => {
    const answer = await doors[over]({ query, group: "no secret", as: GUEST });
    expect(answer.data).toBeUndefined();
    expect(answer.errors![0].extensions).toMatchObject({
      code: "FORBIDDEN",
      organization: "shop",
      policy: "shop.write",
    });
    expect(asked()).toBe("");
  });

  it("runs what is allowed beside one that is skipped, and asks nobody for that", async () => {
    const query =
      'mutation ($no: Boolean = false) { open { text } write(text: "x") @include(if: $no) { text } }';
    const answer = await doors[over]({ query, group: "no secret", as: GUEST });
    expect(answer.errors).toBeUndefined();
    expect(answer.data).toEqual({ open: { text: "opened" } });
    expect(asked()).not.toContain("write");
  });

  it.each([
    ["of a group that is not theirs", "no such group"],
    ["of a group with an odd name", "everything\n"],
    ["of a group with a name that every object has", "__proto__"],
  ])("knows nothing %s", async (_what, group) => {
    const { errors, data } = await doors[over]({
      query: "{ order { id } }",
      extensions: { group },
      as: GUEST,
    });
    expect(data).toBeUndefined();
    expect(errors![0].extensions.code).toBe("NOT_FOUND");
    expect(asked()).toBe("");
  });

  it("tells the type of an object, and nothing else of it, where nothing else is shared", async () => {
    const query = "{ found { __typename ... on Shoe { secret } } }";
    const { data } = await doors[over]({ query, group: "no secret", as: GUEST });
    expect(data.found[0]).toEqual({ __typename: "Shoe", secret: null });
    const closed = await doors[over]({ query, group: "nothing", as: GUEST });
    expect(closed.data).toEqual({ found: null });
  });

  it("shows of the schema neither policies nor what joins the graphs", async () => {
    const query = `{ __schema { types { name fields { name args { name } } } directives { name } } __type(name: "Product") { fields { name } } }`;
    const { data, errors } = await doors[over]({ query, as: GUEST });
    expect(errors).toBeUndefined();
    expect(JSON.stringify(data)).not.toMatch(/policy|join__|_entities|_service|shop\.secret/);
  });
});

describe("a grant", () => {
  const query = "{ order { id note product { name } } }";
  const seen = async (group: string): Promise<unknown> =>
    (await doors.overHttp({ query, group, as: GUEST })).data.order?.note ?? null;

  it("that is given is seen at the next request, and one that is withdrawn is not, whatever is cached", async () => {
    grants.changing = without("shop.secret");
    expect(await seen("changing")).toBeNull();
    grants.changing = EVERYTHING;
    expect(await seen("changing")).toBe("secret note");
    grants.changing = without("shop.secret");
    expect(await seen("changing")).toBeNull();
    delete grants.changing;
    expect((await doors.overHttp({ query, group: "changing", as: GUEST })).errors![0].extensions.code).toBe(
      "NOT_FOUND",
    );
  });

  it("names the policy that would help in this group, also when another group lacks another", async () => {
    const missing = async (group: string): Promise<unknown> =>
      (await doors.overHttp({ query: "{ order { product { worth } } }", group, as: GUEST })).errors!.map(
        ({ extensions }) => extensions.policy,
      );
    grants.a = without("maker.cost");
    grants.b = without("store.stock");
    expect([await missing("a"), await missing("b"), await missing("a")]).toEqual([
      ["maker.cost"],
      ["store.stock"],
      ["maker.cost"],
    ]);
  });
});
