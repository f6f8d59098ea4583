// Authorization by directive bypassed (CVE-2025-64173, -64347, -64530, -64172), of directives by other names: I2 for
// @authenticated, @requiresScopes and @policy of two organizations that share types, over everything that can stand
// between a field and its directive.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { person, startGraph, type TestGraph } from "../support/graph.ts";

const HEAD = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires", "@interfaceObject",
  { name: "@policy", as: "@rule" }, { name: "@requiresScopes", as: "@may" }, { name: "@authenticated", as: "@policy" }])\n`;

const SHOP = `${HEAD}
  scalar Secret @rule(policies: [["shop.secret"]])
  enum Level @may(scopes: [["levels"]]) { HIGH LOW }
  input Deep { again: Deep level: [Level!] }
  type Query {
    item: Item @policy
    things: [Thing] @policy
    found: [Found] @policy
    secret: Secret @policy
    byLevel(deep: Deep): Int @policy
    audit: Int @may(scopes: [["audit"]])
  }
  interface Thing @key(fields: "id") { id: ID! label: String }
  union Found = Item | Bag
  type Item implements Thing @key(fields: "id") {
    id: ID! @policy
    label: String @policy
    cost: Int @may(scopes: [["costs"]])
    stock: Int @rule(policies: [["shop.stock"]])
    plain: Int
  }
  type Bag implements Thing @key(fields: "id") @rule(policies: [["shop.bags"]]) { id: ID! label: String }`;

const MAKER = `${HEAD}
  type Query { makers: Int }
  type Item @key(fields: "id") @policy @rule(policies: [["maker.items"]]) {
    id: ID!
    stock: Int @external
    due: Int @requires(fields: "stock") @rule(policies: [["shop.stock"]])
    own: Int
  }`;

const MARKS = `${HEAD}
  type Query { marks: Int }
  type Thing @interfaceObject @key(fields: "id") { id: ID! mark: Int @policy hidden: Int }`;

const ITEM = { __typename: "Item", id: "i1", label: "an item", cost: 4242, stock: 1717, plain: 3131 };
const BAG = { __typename: "Bag", id: "b1", label: "a bag" };

let graph: TestGraph;
beforeAll(async () => {
  const policies = ["shop.secret", "shop.stock", "shop.bags", "maker.items"];
  graph = await startGraph({
    subgraphs: {
      shop: {
        sdl: SHOP,
        resolvers: {
          Query: {
            item: () => ITEM,
            things: () => [ITEM, BAG],
            found: () => [ITEM, BAG],
            secret: () => "5151",
            byLevel: () => 6161,
            audit: () => 7171,
          },
          Item: { __resolveReference: () => ITEM },
          Bag: { __resolveReference: () => BAG },
          Thing: {
            __resolveReference: ({ id }: { id: string }) => (id === "i1" ? ITEM : BAG),
          },
        },
      },
      maker: {
        sdl: MAKER,
        resolvers: {
          Item: {
            __resolveReference: (key: object) => key,
            due: ({ stock }: { stock: number }) => stock * 2,
            own: () => 8181,
          },
        },
      },
      marks: {
        sdl: MARKS,
        resolvers: {
          Thing: { __resolveReference: (key: object) => ({ ...key, mark: 9191, hidden: 9292 }) },
        },
      },
    },
    policies: Object.fromEntries(
      policies.map((name) => [name, { organization: name.split(".")[0]!, held: "people" as const }]),
    ),
    places: (_person, group) => ({ id: group, role: "r", subjects: [], granted: new Set(group.split(" ")) }),
  });
});
afterAll(() => graph?.close());
beforeEach(() => {
  for (const { requests } of Object.values(graph.subgraphs)) requests.length = 0;
});

const asked = (): string =>
  Object.values(graph.subgraphs)
    .flatMap(({ requests }) => requests)
    .map(({ query }) => query)
    .join("\n");

const EVERY_SCOPE = ["costs", "levels", "audit"];
const EVERYTHING = "shop.secret shop.stock shop.bags maker.items";

interface Who {
  readonly of: string;
  /** What is granted in the group; without it, in no group. */
  readonly granted?: string;
  readonly scopes?: readonly string[];
}

const ask = async (query: string, { of, granted, scopes = [] }: Who) =>
  graph.query(query, { person: { ...person(`${of}:eve`), scopes }, ...(granted && { group: granted }) });

describe("a stranger", () => {
  it.each<[what: string, query: string, data: unknown, who: Omit<Who, "of">, never: RegExp]>([
    [
      "sees what is for anyone, of what is shared with them",
      "{ item { id label } }",
      { item: { id: "i1", label: "an item" } },
      { granted: "maker.items" },
      /plain/,
    ],
    [
      "gets no field of scopes by the scopes of their own issuer, whatever is granted",
      "{ audit item { it: cost ... { cost } } byLevel(deep: { again: { level: [HIGH] } }) }",
      { audit: null, item: { it: null, cost: null }, byLevel: null },
      { granted: EVERYTHING, scopes: EVERY_SCOPE },
      /audit|cost|byLevel/,
    ],
    [
      "gets no value of a scalar with a policy",
      "{ secret }",
      { secret: null },
      { granted: "shop.stock" },
      /secret/,
    ],
    [
      "gets a value of a scalar with a policy that is granted",
      "{ secret }",
      { secret: "5151" },
      { granted: "shop.secret" },
      /cost/,
    ],
    [
      "gets nothing of one owner by what another grants on the type that they share",
      "{ item { plain stock } }",
      { item: { plain: null, stock: null } },
      { granted: "maker.items" },
      /plain|stock/,
    ],
    [
      "gets nothing that is computed of what they may not see",
      "{ item { due } }",
      { item: { due: null } },
      { granted: "maker.items" },
      /due|stock/,
    ],
    [
      "gets what is computed of what they may see",
      "{ item { due } }",
      { item: { due: 3434 } },
      { granted: "maker.items shop.stock" },
      /plain/,
    ],
    [
      "gets of an interface what each of its types shows",
      "{ things { ... on Thing { label } ... on Item { l: label } } found { ... on Bag { label } ... on Item { id } } }",
      {
        things: [{ label: null, l: "an item" }, { label: null }],
        found: [{ id: "i1" }, { label: null }],
      },
      { granted: "maker.items" },
      /\.\.\.\s*on Bag/,
    ],
    [
      "gets nothing that an @interfaceObject adds and keeps for itself, nor what it adds for anyone to what is closed",
      "{ things { ... on Item { mark hidden } } }",
      { things: [{ mark: null, hidden: null }, {}] },
      { granted: "maker.items" },
      /mark|hidden/,
    ],
  ])("%s", async (_what, query, data, who, never) => {
    const answer = await ask(query, { of: "guest", granted: "nothing", ...who });
    expect(answer.data).toEqual(data);
    expect(asked()).not.toMatch(never);
    if (JSON.stringify(data).includes("null"))
      expect(answer.errors!.every(({ extensions }) => extensions.code === "NOT_SHARED")).toBe(true);
  });
});

describe("an owner's person", () => {
  it("gets by the scopes of their own issuer what their organization resolves, and no other's", async () => {
    const query = "{ audit item { cost plain own } }";
    expect((await ask(query, { of: "shop", scopes: EVERY_SCOPE })).data).toEqual({
      audit: 7171,
      item: { cost: 4242, plain: 3131, own: null },
    });
    expect((await ask(query, { of: "shop" })).data).toEqual({
      audit: null,
      item: { cost: null, plain: 3131, own: null },
    });
    expect((await ask(query, { of: "maker", scopes: EVERY_SCOPE })).data).toEqual({
      audit: null,
      item: { cost: null, plain: null, own: 8181 },
    });
  });

  it("does not see what an @interfaceObject of another adds to what they own", async () => {
    expect((await ask("{ things { hidden } }", { of: "shop" })).data).toEqual({
      things: [{ hidden: null }, { hidden: null }],
    });
    expect(asked()).not.toContain("hidden");
  });
});

it("who has other scopes gets their own, however often and in whichever order they ask", async () => {
  const query = "{ audit item { cost } }";
  const all: readonly [scopes: string[], data: unknown][] = [
    [["audit"], { audit: 7171, item: { cost: null } }],
    [["costs"], { audit: null, item: { cost: 4242 } }],
    [EVERY_SCOPE, { audit: 7171, item: { cost: 4242 } }],
    [["other"], { audit: null, item: { cost: null } }],
  ];
  await Promise.all(
    Array.from({ length: 200 }, async (_, n) => {
      const [scopes, data] = all[n % all.length]!;
      expect((await ask(query, { of: "shop", scopes })).data).toEqual(data);
    }),
  );
});

it("shows of the schema neither the directives nor the names of policies and scopes", async () => {
  const { data } = await ask("{ __schema { types { name } directives { name args { name } } } }", {
    of: "guest",
  });
  expect(JSON.stringify(data)).not.toMatch(/rule|"may"|policy|requiresScopes|authenticated|join__|levels"/);
});
