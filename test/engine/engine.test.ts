// The engine over real HTTP subgraphs: joins, errors and nulls, and what a viewer may not see is never asked for.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { person, startGraph, type TestGraph } from "../support/graph.ts";
import { FEDERATION } from "../support/graphql-server.ts";

const PRODUCTS: Record<string, { id: string; name: string; price: number }> = {
  a: { id: "a", name: "Oxford", price: 300 },
  b: { id: "b", name: "Derby", price: 200 },
};
let stockIsBroken = false;
let graph: TestGraph;

const place = (granted: string[]) => ({ id: "g", role: "buyer", subjects: [], granted: new Set(granted) });

beforeAll(async () => {
  graph = await startGraph({
    subgraphs: {
      shop: {
        sdl: `${FEDERATION}
          type Query {
            order: Order @policy(policies: [["shop.orders"]])
            things: [Thing!] @policy(policies: [["shop.orders"]])
            nothing: String!
          }
          type Mutation { first: Int @policy(policies: [["shop.orders"]])  second: Int @policy(policies: [["shop.write"]]) }
          interface Thing { label: String }
          type Shoe implements Thing @key(fields: "id") { id: ID! @policy(policies: [["shop.orders"]]) label: String @policy(policies: [["shop.orders"]]) secret: String @policy(policies: [["shop.secret"]]) }
          type Bag implements Thing @key(fields: "id") { id: ID! @policy(policies: [["shop.orders"]]) label: String @policy(policies: [["shop.orders"]]) }
          type Order @key(fields: "id") @policy(policies: [["shop.orders"]]) { id: ID!  lines: [Line!]!  note: String  open(really: Boolean = true): Boolean }
          type Line { pairs: Int!  product: Product }
          type Product @key(fields: "id") { id: ID! @policy(policies: [["shop.orders"]]) }`,
        resolvers: {
          Query: {
            order: () => ({
              id: "o1",
              note: null,
              open: ({ really }: { really: boolean }) => really,
              lines: ["a", "b", "a"].map((id, index) => ({ pairs: index + 1, product: { id } })),
            }),
            things: () => [
              { __typename: "Shoe", id: "1", label: "left", secret: "sole" },
              { __typename: "Bag", id: "2", label: "tote" },
            ],
            nothing: () => null,
          },
          Mutation: { first: () => 1, second: () => 2 },
        },
      },
      maker: {
        sdl: `${FEDERATION}
          type Query { product(id: ID!): Product @policy(policies: [["maker.catalog"]]) }
          type Product @key(fields: "id") {
            id: ID!
            name: String @policy(policies: [["maker.catalog"]])
            price: Int @policy(policies: [["maker.price"]])
          }`,
        resolvers: {
          Query: { product: (_: unknown, { id }: { id: string }) => PRODUCTS[id] },
          Product: { __resolveReference: ({ id }: { id: string }) => PRODUCTS[id] },
        },
      },
      store: {
        sdl: `${FEDERATION}
          type Product @key(fields: "id") {
            id: ID!
            price: Int @external
            stock: Int! @policy(policies: [["store.stock"]])
            worth: Int @requires(fields: "price") @policy(policies: [["store.stock", "maker.price"]])
          }`,
        resolvers: {
          Product: {
            __resolveReference: (reference: { id: string }) => {
              if (stockIsBroken) throw new Error("canary-4711: the cellar is flooded");
              return { ...reference, stock: reference.id === "a" ? 7 : null };
            },
            worth: ({ price, stock }: { price: number; stock: number | null }) => price * (stock ?? 0),
          },
        },
      },
    },
    policies: Object.fromEntries(
      ["shop.orders", "shop.secret", "shop.write", "maker.catalog", "maker.price", "store.stock"].map(
        (name) => [
          name,
          {
            organization: name.split(".")[0]!,
            held: name === "shop.write" ? ("grant" as const) : ("people" as const),
          },
        ],
      ),
    ),
    places: (_person, group) =>
      group === "all"
        ? place(["shop.orders", "maker.catalog", "maker.price", "store.stock"])
        : group === "some"
          ? place(["shop.orders", "maker.catalog"])
          : null,
  });
});
afterAll(() => graph.close());
beforeEach(() => {
  stockIsBroken = false;
  for (const { requests } of Object.values(graph.subgraphs)) requests.length = 0;
});

const ORDER = "{ order { id lines { pairs product { id name price } } } }";

describe("an operation over several subgraphs", () => {
  it("is joined, in the order of the selection", async () => {
    const answer = await graph.query("{ order { lines { product { name pairs: id } pairs } id } }", {
      group: "all",
    });
    expect(JSON.stringify(answer.data)).toBe(
      `{"order":{"lines":[{"product":{"name":"Oxford","pairs":"a"},"pairs":1},{"product":{"name":"Derby","pairs":"b"},"pairs":2},{"product":{"name":"Oxford","pairs":"a"},"pairs":3}],"id":"o1"}}`,
    );
  });

  it("asks for each distinct entity once, in one request", async () => {
    await graph.query(ORDER, { group: "all" });
    expect(graph.subgraphs.maker!.requests).toHaveLength(1);
    expect(graph.subgraphs.maker!.requests[0]!.variables.representations).toEqual([
      { __typename: "Product", id: "a" },
      { __typename: "Product", id: "b" },
    ]);
  });

  it("takes what one subgraph requires from another", async () => {
    const { data } = await graph.query(`{ product(id: "a") { worth } }`, { group: "all" });
    expect(data).toEqual({ product: { worth: 2100 } });
  });

  it("shapes fragments on interfaces, aliases, __typename and conditions", async () => {
    const query = `query ($yes: Boolean!, $no: Boolean!) {
      things { kind: __typename ...on Thing { name: label @include(if: $yes) label @skip(if: $yes) } ...Shoe @include(if: $yes) ...on Bag @include(if: $no) { id } }
    } fragment Shoe on Shoe { id }`;
    const { data } = await graph.query(query, { variables: { yes: true, no: false }, group: "all" });
    expect(data).toEqual({
      things: [
        { kind: "Shoe", name: "left", id: "1" },
        { kind: "Bag", name: "tote" },
      ],
    });
  });

  it("fills in defaults of variables and arguments", async () => {
    const { data } = await graph.query(
      "query ($r: Boolean = false) { order { a: open b: open(really: $r) } }",
      { group: "all" },
    );
    expect(data).toEqual({ order: { a: true, b: false } });
  });

  it("answers introspection from the API schema, without policies and machinery", async () => {
    const { data } = await graph.query(
      "{ __schema { queryType { name } types { name } directives { name } } order { id } }",
      { group: "all" },
    );
    expect(data.__schema.queryType.name).toBe("Query");
    expect(
      data.__schema.types
        .map((type: { name: string }) => type.name)
        .filter((name: string) => name.includes("join")),
    ).toEqual([]);
    expect(data.__schema.directives.map((directive: { name: string }) => directive.name)).not.toContain(
      "policy",
    );
    expect(data.order).toEqual({ id: "o1" });
  });
});

describe("errors", () => {
  it("keep what the others answered, name path and subgraph, and hide its words", async () => {
    stockIsBroken = true;
    const { data, errors } = await graph.query("{ order { id lines { product { name worth } } } }", {
      group: "all",
    });
    expect(data.order.lines[0].product).toEqual({ name: "Oxford", worth: null });
    expect(errors![0]).toMatchObject({
      path: ["order", "lines", 0, "product"],
      extensions: { code: "SUBGRAPH_ERROR", subgraph: "store" },
    });
    expect(JSON.stringify(errors)).not.toContain("canary-4711");
  });

  it("null what may not be null, up to the nearest place that may", async () => {
    const { data, errors } = await graph.query("{ order { lines { product { id stock } } } }", {
      group: "all",
    });
    expect(data.order.lines.map((line: { product: unknown }) => line.product)).toEqual([
      { id: "a", stock: 7 },
      null,
      { id: "a", stock: 7 },
    ]);
    expect(errors).toHaveLength(1);
    const all = await graph.query("{ nothing }");
    expect(all.data).toBeNull();
    expect(all.errors![0].path).toEqual(["nothing"]);
  });

  it.each([
    ["an unknown field", "{ nope }", {}, "BAD_REQUEST", /Cannot query field "nope"/],
    ["a syntax error", "{ order", {}, "BAD_REQUEST", /Syntax Error/],
    [
      "several operations",
      "query A { nothing } query B { nothing }",
      {},
      "BAD_REQUEST",
      /Name the operation/,
    ],
    [
      "a wrong operation name",
      "query A { nothing }",
      { operationName: "B" },
      "BAD_REQUEST",
      /no operation "B"/,
    ],
    [
      "a missing variable",
      "query ($id: ID!) { product(id: $id) { id } }",
      {},
      "BAD_USER_INPUT",
      /Variable "\$id" of required type/,
    ],
    [
      "circular fragments",
      "{ ...F } fragment F on Query { ...G } fragment G on Query { ...F }",
      {},
      "BAD_REQUEST",
      /Cannot spread fragment/,
    ],
    ["too many fields", `{ ${"a:nothing ".repeat(2500)} }`, {}, "TOO_LARGE", /2500 fields/],
    ["endless nesting", `{ ${"a { ".repeat(500)} a ${"} ".repeat(500)} }`, {}, "TOO_LARGE", /levels deep/],
    [
      "nesting that no parser survives",
      `{ a(b: ${"[".repeat(9000)}`,
      {},
      "BAD_REQUEST",
      /nested too deeply|Syntax/,
    ],
    ["too many tokens", `{ ${"a ".repeat(20000)} }`, {}, "TOO_LARGE", /10001 tokens or more; at most 10000/],
    ["nobody", "{ nothing }", { person: null }, "UNAUTHENTICATED", /Nobody is signed in/],
    ["a group that is not theirs", "{ nothing }", { group: "unknown" }, "NOT_FOUND", /no such group/],
  ])("say what is wrong with %s", async (_what, query, request, code, message) => {
    const { data, errors } = await graph.query(query, request);
    expect(data).toBeUndefined();
    expect(errors![0].extensions.code).toBe(code);
    expect(errors![0].message).toMatch(message);
  });

  it("refuse a fragment bomb by its size, at once", async () => {
    const levels = Array.from(
      { length: 30 },
      (_, n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`,
    );
    const { errors } = await graph.query(`{ ...F0 } ${levels.join(" ")} fragment F30 on Query { nothing }`);
    expect(errors![0].extensions.code).toBe("TOO_LARGE");
  });
});

describe("I2, I3: what is not shared", () => {
  it("comes as null with the reason, and is asked of nobody", async () => {
    const { data, errors } = await graph.query("{ order { lines { product { name price stock } } } }", {
      person: person("maker:eve"),
      group: "some",
    });
    expect(data.order.lines[0].product).toBeNull(); // stock may not be null
    expect(errors!.filter(({ extensions }) => extensions.code === "NOT_SHARED")).toEqual([
      {
        message: expect.any(String),
        path: ["order", "lines", "product", "stock"],
        extensions: { code: "NOT_SHARED", organization: "store", policy: "store.stock" },
      },
    ]);
    expect(graph.subgraphs.store!.requests).toEqual([]);
  });

  it("is nothing at all without a group", async () => {
    const { data, errors } = await graph.query(ORDER, { person: person("maker:eve") });
    expect(data).toEqual({ order: null });
    expect(errors![0].extensions).toEqual({
      code: "NOT_SHARED",
      organization: "shop",
      policy: "shop.orders",
    });
    expect(Object.values(graph.subgraphs).flatMap(({ requests }) => requests)).toEqual([]);
  });

  it("stays hidden behind aliases, fragments and interfaces", async () => {
    const { data } = await graph.query(
      "{ things { ...on Shoe { label: secret } ...on Thing { ...on Shoe { x: secret } } } }",
      { person: person("maker:eve"), group: "all" },
    );
    expect(data.things).toEqual([{ label: null, x: null }, {}]);
    expect(graph.subgraphs.shop!.requests[0]!.query).not.toContain("secret");
  });

  it("is seen by the owner's own people without a grant, each of their own part", async () => {
    const { data } = await graph.query(ORDER, { person: person("shop:ann") });
    expect(data.order.lines[0].product).toEqual({ id: "a", name: null, price: null });
    expect(graph.subgraphs.maker!.requests).toEqual([]);
  });

  it("of a mutation runs nothing at all", async () => {
    const { data, errors } = await graph.query("mutation { first second }", { person: person("shop:ann") });
    expect(data).toBeUndefined();
    expect(errors![0].extensions).toMatchObject({
      code: "FORBIDDEN",
      organization: "shop",
      policy: "shop.write",
    });
    expect(graph.subgraphs.shop!.requests).toEqual([]);
  });
});
