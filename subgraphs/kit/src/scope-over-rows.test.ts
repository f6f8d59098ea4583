// I3, over rows: parcel ▸ line ▸ order ▸ counter. Random tables, held against a plain search, at every place where rows
// come out of a subgraph and before a mutation runs.
import { describe, expect, it } from "vitest";
import { afterThis, temporaryDir } from "./shop.fixture.ts";
import { startSubgraph } from "./subgraph.ts";
import { createTestLog, startTestGateway, type TestGateway, type TestViewer } from "./testing/index.ts";
import type { Context, Resolvers, Subgraph } from "./types.ts";

const typeDefs = `
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@authenticated", "@composeDirective"])
    @link(url: "https://junto.dev/spec/v1.0", import: ["@scope"])
    @composeDirective(name: "@scope")
  directive @scope(subject: String!, by: String!) on OBJECT
  type Query {
    parcels: [Parcel!] @authenticated
    nested: [[Row]] @authenticated
    parcel(id: ID!): Parcel @authenticated
    must(id: ID!): Parcel! @authenticated
  }
  type Mutation { drop(id: ID!): Dropped @authenticated }
  type Dropped { parcel: Parcel }
  interface Row { id: ID! }
  type Order implements Row @key(fields: "id") @authenticated { id: ID! lines: [Line!] }
  type Line implements Row @key(fields: "id") @scope(subject: "Counter", by: "orderId:Order.counterId") @authenticated {
    id: ID!
    parcels: [Parcel!]
  }
  type Parcel implements Row @key(fields: "id")
    @scope(subject: "Counter", by: "lineId:Line.orderId:Order.counterId") @authenticated {
    id: ID!
    line: Line
  }`;

interface Tables {
  readonly orders: readonly { readonly id: string; readonly counterId: string | number | null }[];
  readonly lines: readonly { readonly id: string; readonly orderId: string | null }[];
  readonly parcels: readonly { readonly id: string; readonly lineId: string | null }[];
  readonly asked: string[];
  readonly dropped: string[];
}

type Kind = "Order" | "Line" | "Parcel";

const rowsOf = (tables: Tables, type: Kind): readonly { readonly id: string }[] =>
  ({ Order: tables.orders, Line: tables.lines, Parcel: tables.parcels })[type];

const resolvers: Resolvers<Tables> = {
  Query: {
    parcels: (_, _args, { legacy }) => legacy.parcels,
    nested: (_, _args, { legacy }) => [
      [...legacy.lines.map((row) => ({ ...row, __typename: "Line" })), null],
      legacy.parcels.map(async (row) => ({ ...row, __typename: "Parcel" })),
    ],
    parcel: (_, { id }, { legacy }) => legacy.parcels.find((row) => row.id === id),
    must: (_, { id }, context) => context.requireRow("Parcel", id),
  },
  Mutation: {
    async drop(_, { id }, context: Context<Tables>) {
      const parcel = await context.requireRow<{ id: string }>("Parcel", id);
      context.legacy.dropped.push(parcel.id);
      return { parcel };
    },
  },
  Order: { lines: ({ id }, _args, { legacy }) => legacy.lines.filter(({ orderId }) => orderId === id) },
  Line: { parcels: ({ id }, _args, { legacy }) => legacy.parcels.filter(({ lineId }) => lineId === id) },
  Parcel: { line: ({ lineId }, _args, context) => lineId && context.load("Line", lineId) },
};

async function start(tables: Tables, over: { readonly typeDefs?: string } = {}) {
  const table = (type: Kind) => ({
    async load(keys: readonly string[]) {
      tables.asked.push(type);
      return keys.map((key) => rowsOf(tables, type).find(({ id }) => id === key));
    },
  });
  const gateway = await startTestGateway();
  afterThis(() => gateway.close());
  const subgraph = await startSubgraph<Tables>({
    name: "depot",
    organization: "depot",
    typeDefs,
    resolvers,
    entities: { Order: table("Order"), Line: table("Line"), Parcel: table("Parcel") },
    legacy: tables,
    gateway: { url: gateway.url },
    stateDir: temporaryDir(),
    log: createTestLog(),
    ...over,
  });
  afterThis(() => subgraph.close());
  return { gateway, subgraph };
}

/** mulberry32: the same again for the same seed. */
function randomOf(seed: number): (n: number) => number {
  let state = Math.imul(seed + 1, 0x9e3779b1);
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * n);
  };
}

function randomTables(below: (n: number) => number): Tables {
  const some = <T>(make: (id: number) => T): T[] => Array.from({ length: below(7) }, (_, id) => make(id));
  return {
    // Of a counter, of none, of one as a number; and references to nothing, and to rows that there are not.
    orders: some((id) => ({ id: `O${id}`, counterId: [null, "017", "018", 17, ""][below(5)]! })),
    lines: some((id) => ({ id: `L${id}`, orderId: below(8) === 0 ? null : `O${below(7)}` })),
    parcels: some((id) => ({ id: `P${id}`, lineId: below(8) === 0 ? null : `L${below(7)}` })),
    asked: [],
    dropped: [],
  };
}

/** The plain search: which rows there are for who asks about these counters. null: about all. */
function shown(tables: Tables, counters: readonly string[] | null) {
  const isOpen = (orderId: string | null): boolean => {
    const order = tables.orders.find(({ id }) => id === orderId);
    return counters === null || (order?.counterId != null && counters.includes(String(order.counterId)));
  };
  const lines = tables.lines.filter(({ orderId }) => isOpen(orderId));
  const parcels = tables.parcels.filter(
    ({ lineId }) =>
      counters === null || isOpen(tables.lines.find(({ id }) => id === lineId)?.orderId ?? null),
  );
  return { lines, parcels };
}

const SUBJECTS: readonly (readonly string[] | null)[] = [
  ["017"],
  ["018", "17"],
  ["null", "undefined"],
  [],
  null,
];

function viewerOf(counters: readonly string[] | null): TestViewer {
  if (counters === null) return { organization: "depot" };
  return {
    organization: "brand",
    group: "g",
    role: "guide",
    subjects: counters.map((id) => `Counter:${id}`),
  };
}

const ids = (rows: readonly { readonly id: string }[]): { id: string }[] => rows.map(({ id }) => ({ id }));

async function check(
  gateway: TestGateway,
  subgraph: Subgraph,
  tables: Tables,
  counters: readonly string[] | null,
) {
  const viewer = viewerOf(counters);
  const { lines, parcels } = shown(tables, counters);
  const isShown = (id: string): boolean => parcels.some((row) => row.id === id);
  tables.asked.length = 0;
  const lists = await gateway.query(subgraph, `{ parcels { id line { id } } nested { id } }`, {}, viewer);
  expect(lists.errors).toBeUndefined();
  expect(lists.data).toEqual({
    parcels: parcels.map(({ id, lineId }) => ({
      id,
      line: tables.lines.some((line) => line.id === lineId) ? { id: lineId } : null,
    })),
    nested: [[...ids(lines), null], ids(parcels)],
  });
  // However many rows there are: each step is one batch.
  expect(new Set(tables.asked).size).toBe(tables.asked.length);

  const all = Array.from({ length: 7 }, (_, n) => `P${n}`);
  const representations = all.map((id) => ({ __typename: "Parcel", id }));
  tables.asked.length = 0;
  const references = await gateway.query(
    subgraph,
    `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Parcel { id } } }`,
    { r: representations },
    viewer,
  );
  expect(references.data._entities).toEqual(all.map((id) => (isShown(id) ? { id } : null)));
  expect(new Set(tables.asked).size).toBe(tables.asked.length);

  const single = all.map((id) => `${id}: parcel(id: "${id}") { id }`).join(" ");
  const { data } = await gateway.query(subgraph, `{ ${single} }`, {}, viewer);
  expect(data).toEqual(Object.fromEntries(all.map((id) => [id, isShown(id) ? { id } : null])));

  tables.dropped.length = 0;
  const drops = all.map((id) => `${id}: drop(id: "${id}") { parcel { id } }`).join(" ");
  const dropped = await gateway.query(subgraph, `mutation { ${drops} }`, {}, viewer);
  expect(tables.dropped).toEqual(all.filter(isShown));
  expect(dropped.errors ?? []).toEqual(
    all
      .filter((id) => !isShown(id))
      .map((id) =>
        expect.objectContaining({
          path: [id],
          message: "This request is not about that Parcel",
          extensions: { code: "FORBIDDEN" },
        }),
      ),
  );
}

it(
  "I3: only rows exist whose subject, found over other rows, is the request's",
  { timeout: 60_000 },
  async () => {
    const tables: Tables = { orders: [], lines: [], parcels: [], asked: [], dropped: [] };
    const { gateway, subgraph } = await start(tables);
    for (let seed = 0; seed < 60; seed++) {
      const next = randomTables(randomOf(seed));
      for (const name of ["orders", "lines", "parcels"] as const)
        (tables[name] as unknown[]).splice(0, Infinity, ...next[name]);
      for (const counters of SUBJECTS)
        await check(gateway, subgraph, tables, counters).catch((error: unknown) => {
          throw new Error(`tables ${seed}, asked about ${JSON.stringify(counters)}`, { cause: error });
        });
    }
  },
);

describe("a row on the way that does not say where it leads", () => {
  it("fails, and shows nothing", async () => {
    const tables: Tables = {
      orders: [{ id: "O1" } as Tables["orders"][number]],
      lines: [{ id: "L1", orderId: "O1" }],
      parcels: [{ id: "P1", lineId: "L1" }],
      asked: [],
      dropped: [],
    };
    const { gateway, subgraph } = await start(tables);
    const viewer = viewerOf(["017"]);
    for (const query of [
      `{ parcel(id: "P1") { id } }`,
      `mutation { parcel: drop(id: "P1") { parcel { id } } }`,
    ]) {
      const { data, errors } = await gateway.query(subgraph, query, {}, viewer);
      expect(data).toEqual({ parcel: null });
      expect(errors).toMatchObject([{ message: "Internal error", extensions: { code: "INTERNAL" } }]);
    }
    expect(tables.dropped).toEqual([]);
  });
});

describe("a way that cannot be gone", () => {
  it.each([
    ["orderId:", /orderId:" is no property of a row/],
    [":Order.counterId", /is no property of a row/],
    ["orderId:Order", /nor a way like "orderId:Order\.counterId"/],
    ["orderId:Order.counterId.more", /is no property of a row/],
    ["orderId:Crate.counterId", /leads over "Crate", but there is no entity to load it/],
  ])("is refused at start: %s", async (by, message) => {
    const tables: Tables = { orders: [], lines: [], parcels: [], asked: [], dropped: [] };
    const wrong = typeDefs.replace("orderId:Order.counterId", by);
    await expect(start(tables, { typeDefs: wrong })).rejects.toThrow(message);
  });
});
