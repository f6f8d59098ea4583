// A graph for attacks: three organizations, fields with policies of every kind, and answers that can be anything.
import { startGraph, type TestGraph, type TestGraphOptions } from "../support/graph.ts";
import { FEDERATION } from "../support/graphql-server.ts";
import type { ViewerGroup } from "../../gateway/src/access/viewer.ts";

/** Group ▸ what is granted there. Tests change it while the graph runs. */
export type Grants = Record<string, readonly string[]>;

export const EVERYTHING: readonly string[] = [
  "shop.orders",
  "shop.ids",
  "shop.secret",
  "shop.write",
  "maker.catalog",
  "maker.cost",
  "store.stock",
];

const SHOP = `${FEDERATION}
  scalar Any
  type Query {
    order: Order @policy(policies: [["shop.orders"]])
    orders(first: Int = 2): [Order] @policy(policies: [["shop.orders"]])
    things: [Thing] @policy(policies: [["shop.orders"]])
    found: [Found] @policy(policies: [["shop.orders"]])
    echo(text: String, any: Any, number: Int): String @policy(policies: [["shop.orders"]])
    any: Any
    free: Any @policy(policies: [["shop.orders"]])
    own: String
  }
  type Mutation {
    write(text: String): Written @policy(policies: [["shop.write"]])
    open: Written @policy(policies: [["shop.orders"]])
  }
  type Written { order: Order  text: String }
  interface Thing { label: String }
  union Found = Shoe | Bag | Order
  type Shoe implements Thing @key(fields: "id") @policy(policies: [["shop.orders"]]) {
    id: ID!
    label: String
    secret: String @policy(policies: [["shop.secret"]])
  }
  type Bag implements Thing @key(fields: "id") @policy(policies: [["shop.orders"]]) { id: ID!  label: String }
  type Order @key(fields: "id") @policy(policies: [["shop.orders"]]) {
    id: ID!
    size: Int
    note: String @policy(policies: [["shop.secret"]])
    hiddenNote: String @inaccessible
    product: Product
    lines: [Line!]
  }
  type Line { pairs: Int  product: Product }
  type Product @key(fields: "id") { id: ID! @policy(policies: [["shop.ids"]])  code: String @policy(policies: [["shop.orders"]]) }`;

const MAKER = `${FEDERATION}
  type Query { makers: String }
  type Product @key(fields: "id") {
    id: ID! @policy(policies: [["shop.ids"]])
    name: String @policy(policies: [["maker.catalog"]])
    cost: Int @policy(policies: [["maker.cost"]])
  }`;

const STORE = `${FEDERATION}
  type Query { stores: String }
  type Product @key(fields: "id") {
    id: ID! @policy(policies: [["shop.ids"]])
    cost: Int @external
    stock: Int @policy(policies: [["store.stock"]])
    worth: Int @requires(fields: "cost") @policy(policies: [["store.stock", "maker.cost"]])
  }`;

const PRODUCTS: Record<string, { name: string; cost: number; stock: number }> = {
  p1: { name: "Oxford", cost: 4242, stock: 7 },
  p2: { name: "Derby", cost: 1717, stock: 3 },
};

const ORDERS = [
  { id: "o1", size: 38, note: "secret note", product: { id: "p1", code: "p2" } },
  { id: "o2", size: 41, note: "secret note", product: { id: "p2", code: "p1" } },
].map((order) => ({ ...order, lines: [{ pairs: 2, product: order.product }] }));

const FOUND = [
  { __typename: "Shoe", id: "s1", label: "left", secret: "secret sole" },
  { __typename: "Bag", id: "b1", label: "tote" },
];

const RESOLVERS: TestGraphOptions["subgraphs"] = {
  shop: {
    sdl: SHOP,
    resolvers: {
      Query: {
        order: () => ORDERS[0],
        orders: (_: unknown, { first }: { first: number }) => ORDERS.slice(0, first),
        things: () => FOUND,
        found: () => [...FOUND, { __typename: "Order", ...ORDERS[0] }],
        echo: (_: unknown, { text, any, number }: { text?: string; any?: unknown; number?: number }) =>
          text ?? JSON.stringify(any ?? number),
        own: () => "of the shop",
      },
      Mutation: {
        write: (_: unknown, { text }: { text: string }) => ({ order: ORDERS[0], text }),
        open: () => ({ order: ORDERS[0], text: "opened" }),
      },
    },
  },
  maker: {
    sdl: MAKER,
    resolvers: {
      Product: { __resolveReference: (key: { id: string }) => ({ ...key, ...PRODUCTS[key.id] }) },
    },
  },
  store: {
    sdl: STORE,
    resolvers: {
      Product: {
        __resolveReference: (key: { id: string }) => ({ ...key, stock: PRODUCTS[key.id]?.stock }),
        worth: ({ cost, stock }: { cost: number; stock: number }) => cost * stock,
      },
    },
  },
};

/** A member of another organization: whatever they see, they see by grants. */
export const GUEST = "guest:eve";

export async function startShop(
  grants: Grants,
  operations: TestGraphOptions["operations"] = {},
): Promise<TestGraph> {
  const policies = Object.fromEntries(
    EVERYTHING.map((name) => [
      name,
      {
        organization: name.split(".")[0]!,
        held: name === "shop.write" ? ("grant" as const) : ("people" as const),
      },
    ]),
  );
  const place = (group: string): ViewerGroup | null =>
    Object.hasOwn(grants, group)
      ? { id: group, role: "buyer", subjects: [], granted: new Set(grants[group]!) }
      : null;
  return startGraph({ subgraphs: RESOLVERS, policies, places: (_person, group) => place(group), operations });
}
