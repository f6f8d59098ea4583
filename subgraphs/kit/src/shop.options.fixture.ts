// A small shop as a subgraph, with everything that the kit guards.
import type { Context, Resolvers, SubgraphOptions } from "./types.ts";

export const typeDefs = `
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@policy", "@authenticated", { name: "@requiresScopes", as: "@scoped" }, "@external", "@requires", "@composeDirective"])
    @link(url: "https://junto.dev/spec/v1.0", import: ["@scope", "@subject"])
    @composeDirective(name: "@scope")
    @composeDirective(name: "@subject")
  directive @scope(subject: String!, by: String!) on OBJECT
  directive @subject on OBJECT

  type Query {
    counter(id: ID!): Counter @policy(policies: [["shop.counter"]])
    counters: [Counter!]
    order(id: ID!): Order @policy(policies: [["shop.orders"]])
    orders: [Order!]! @policy(policies: [["shop.orders"]])
    mustHave(id: ID!): Order! @policy(policies: [["shop.orders"]])
    found: [Found] @policy(policies: [["shop.counter"]])
    named: [Named] @policy(policies: [["shop.counter"]])
    grid: [[Order]] @policy(policies: [["shop.orders"]])
    either: Int @policy(policies: [["a", "b"], ["c"]])
    fails(how: String!): Int @policy(policies: [["shop.counter"]])
    whoAmI: String @policy(policies: [["shop.counter"]])
    forAnyone: Int @authenticated
    scoped: Int @scoped(scopes: [["read", "write"], ["audit"]])
    both: Int @scoped(scopes: [["read"]]) @policy(policies: [["shop.price"]])
    code: Code @authenticated
    byLevel(levels: [Level!]): Int @authenticated
    byInput(input: Outer): Int @authenticated
    member: Member @authenticated
  }
  type Mutation {
    sell(counterId: ID!): Sold @policy(policies: [["shop.sell"]])
    reset: Boolean
    rename(id: ID!, name: String!): Renamed @policy(policies: [["shop.sell"]])
  }
  scalar Code @policy(policies: [["shop.price"]])
  enum Level @scoped(scopes: [["read"]]) { HIGH }
  input Outer { again: Outer inner: [Inner!] }
  input Inner { code: Code }
  type Member @authenticated { name: String points: Int @policy(policies: [["shop.price"]]) }
  type Renamed { before: String after: String product: Product }
  interface Named { name: String }
  union Found = Order | Product
  type Sold { order: Order }
  type Counter implements Named @key(fields: "id") @subject @scope(subject: "Counter", by: "id")
    @policy(policies: [["shop.counter"]]) {
    id: ID!
    name: String
    orders: [Order!] @policy(policies: [["shop.orders"]])
    products: [Product!]
  }
  type Order @key(fields: "id") @scope(subject: "Counter", by: "counterId") @policy(policies: [["shop.orders"]]) {
    id: ID!
    pairs: Int
    counter: Counter
  }
  type Product implements Named @key(fields: "id") {
    id: ID!
    name: String @policy(policies: [["shop.counter"]])
    price: Price @policy(policies: [["shop.price"]])
    cost: Int
    weight: Int @external
    postage: Int @requires(fields: "weight") @policy(policies: [["shop.price"]])
    order: Order @policy(policies: [["shop.orders"]])
  }
  type Price { minor: Int! }
`;

/** The old system: three tables, and a record of how it was asked. */
export interface Shop {
  readonly counters: Record<string, { id: string; name: string }>;
  readonly orders: Record<string, { id: string; counterId: string | null; pairs: number }>;
  readonly products: Record<string, { id: string; name: string; fen: number }>;
  readonly asked: { type: string; keys: readonly string[] }[];
  readonly sold: string[];
  /** What `Query.fails` does. */
  failure: (context: Context<Shop>) => unknown;
}

export function createShop(): Shop {
  return {
    counters: { "017": { id: "017", name: "Belle" }, "018": { id: "018", name: "Daphne" } },
    orders: {
      R1: { id: "R1", counterId: "017", pairs: 12 },
      R2: { id: "R2", counterId: "018", pairs: 30 },
      R3: { id: "R3", counterId: null, pairs: 1 },
    },
    products: Object.fromEntries(
      Array.from({ length: 50 }, (_, n) => [`BL${n}`, { id: `BL${n}`, name: `Shoe ${n}`, fen: 100 * n }]),
    ),
    asked: [],
    sold: [],
    failure: () => 1,
  };
}

const resolvers: Resolvers<Shop> = {
  Query: {
    counter: (_, { id }, context) => context.load("Counter", id),
    counters: (_, _args, { legacy }) => Object.values(legacy.counters),
    order: (_, { id }, { legacy }) => legacy.orders[id],
    orders: async (_, _args, { legacy }) => Object.values(legacy.orders),
    mustHave: (_, { id }, { legacy }) => legacy.orders[id],
    found: (_, _args, { legacy }) => [...Object.values(legacy.orders), legacy.products.BL1, null],
    named: (_, _args, { legacy }) => [
      ...Object.values(legacy.counters).map((row) => ({ ...row, __typename: "Counter" })),
      { ...legacy.products.BL1, __typename: "Product" },
    ],
    grid: (_, _args, { legacy }) => [Object.values(legacy.orders), [Promise.resolve(legacy.orders.R2)], null],
    either: () => 1,
    forAnyone: () => 1,
    scoped: () => 1,
    both: () => 1,
    code: () => "c",
    byLevel: () => 1,
    byInput: () => 1,
    member: () => ({ name: "Lin", points: 7 }),
    fails: (_, _args, context) => context.legacy.failure(context),
    whoAmI: (_, _args, context) => {
      const { viewer } = context;
      return JSON.stringify({
        ...viewer,
        policies: [...viewer.policies],
        scopes: [...viewer.scopes],
        counters: context.subjectIds("Counter"),
      });
    },
  },
  Mutation: {
    sell: (_, { counterId }, context) => {
      context.requireSubject("Counter", counterId);
      context.legacy.sold.push(`${counterId} ${context.idempotencyKey}`);
      return { order: context.legacy.orders.R2 };
    },
    reset: () => true,
    rename: async (_, { id, name }, context) => {
      const load = async () => ({ ...(await context.load<{ name: string }>("Product", id)) });
      const before = await load();
      context.legacy.products[id].name = name;
      context.forget("Product", id);
      const after = await load();
      context.legacy.products[id].name = `${name}!`;
      return { before: before.name, after: after.name, id };
    },
  },
  Renamed: { product: ({ id }, _args, context) => context.load("Product", id) },
  Found: { __resolveType: async (row: { fen?: number }) => (row.fen === undefined ? "Order" : "Product") },
  Counter: {
    orders: (_, _args, { legacy }) => Object.values(legacy.orders),
    products: (_, _args, context) => ["BL1", "BL2", "BL1"].map((id) => context.load("Product", id)),
  },
  Order: { counter: ({ counterId }, _args, context) => context.load("Counter", counterId) },
  Product: {
    price: ({ fen }) => ({ minor: fen }),
    cost: ({ fen }) => fen / 2,
    postage: ({ weight }) => weight * 10,
    order: (_, _args, context) => context.load("Order", "R2"),
  },
};

/** The options of the shop's subgraph, without a place to live. */
export function shopOptions(shop: Shop): Omit<SubgraphOptions<Shop>, "gateway" | "stateDir"> {
  const table = <Row>(type: string, rows: Record<string, Row>) => ({
    async load(keys: readonly string[]): Promise<(Row | undefined)[]> {
      shop.asked.push({ type, keys });
      return keys.map((key) => rows[key]);
    },
  });
  return {
    name: "shop",
    organization: "shop",
    typeDefs,
    resolvers,
    legacy: shop,
    entities: {
      Counter: table("Counter", shop.counters),
      Order: table("Order", shop.orders),
      Product: { ...table("Product", shop.products), maxBatch: 20 },
    },
  };
}
