// What the engine subscribes to for an operation, and how each event of it is joined.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { personViewer } from "../../gateway/src/access/viewer.ts";
import { person, startGraph, type TestGraph } from "../support/graph.ts";
import { FEDERATION } from "../support/graphql-server.ts";

let graph: TestGraph;

beforeAll(async () => {
  graph = await startGraph({
    subgraphs: {
      shop: {
        sdl: `${FEDERATION}
          type Query { open: Boolean }
          type Subscription { sold(shelf: ID!, most: Int = 3): Product @policy(policies: [["shop.sales"]]) }
          type Product @key(fields: "id") { id: ID! @policy(policies: [["shop.sales"]]) }`,
        resolvers: {},
      },
      maker: {
        sdl: `${FEDERATION}type Product @key(fields: "id") { id: ID! name: String @policy(policies: [["maker.catalog"]]) }`,
        resolvers: {
          Product: { __resolveReference: ({ id }: { id: string }) => ({ id, name: `shoe ${id}` }) },
        },
      },
    },
    policies: {
      "shop.sales": { organization: "shop", held: "people" },
      "maker.catalog": { organization: "maker", held: "people" },
    },
  });
});
afterAll(() => graph.close());

const SOLD = `subscription ($shelf: ID!) { it: sold(shelf: $shelf) { name } }`;
const group = { id: "g", role: "buyer", subjects: [], granted: new Set(["maker.catalog"]) };
const viewer = personViewer(person("shop:ann"), group);

describe("a subscription's source", () => {
  it("is the one request that gives its events, with the variables that it uses", async () => {
    const operation = graph.operations.prepare(SOLD);
    const source = await graph.engine.source(operation, { shelf: "7" }, { viewer });
    expect(source).toMatchObject({ subgraph: "shop", operationKind: "subscription" });
    expect(source.operation).toBe("subscription($shelf:ID!){it: sold(shelf: $shelf){__typename id}}");
    expect(JSON.stringify(source.variables)).toContain("7");
    expect(graph.subgraphs.shop!.requests).toEqual([]);
  });

  it("is refused to whom the root field is not shared with", async () => {
    const stranger = personViewer(person("maker:bob"), group);
    const operation = graph.operations.prepare(SOLD);
    await expect(graph.engine.source(operation, { shelf: "7" }, { viewer: stranger })).rejects.toMatchObject({
      code: "NOT_SHARED",
      details: { organization: "shop", policy: "shop.sales" },
    });
  });

  it("gives events that are joined like any answer", async () => {
    const operation = graph.operations.prepare(SOLD);
    const event = { data: { it: { __typename: "Product", id: "b7" } } };
    const { execution } = await graph.engine.join(operation, { shelf: "7" }, { viewer, event });
    expect(execution.data).toMatchObject({ it: { name: "shoe b7" } });
    expect(execution.errors).toEqual([]);
  });
});
