// Plans as the planner makes them ▸ which system gives what.
import { parse, print, type OperationDefinitionNode } from "graphql";
import { describe, expect, it } from "vitest";
import { JuntoError } from "../errors/index.ts";
import type { ExecutionError } from "../execute/execute.ts";
import { plannable } from "../execute/plannable.ts";
import { createHivePlanner } from "../plan/hive.ts";
import { compose } from "../supergraph/compose.ts";
import { loadSupergraph } from "../supergraph/load.ts";
import { fieldPaths, missingIn, namedPaths, originsOf, type Origins } from "./origins.ts";

const FEDERATION = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@requires", "@external"])\n`;
const SCHEMAS = {
  mall: `type Query { order: Order } type Order @key(fields: "id") { id: ID! note: String lines: [Line!] counter: Counter }
    type Counter { name: String floor: String } type Line { pairs: Int product: Product thing: Thing }
    interface Thing { id: ID! } type Shoe implements Thing @key(fields: "id") { id: ID! size: Int } type Bag implements Thing @key(fields: "id") { id: ID! size: String }
    type Product @key(fields: "id") { id: ID! sold(days: Int): Int }`,
  brand: `type Product @key(fields: "id") { id: ID! name: String price: Int } type Order @key(fields: "id") { id: ID! placed: Placed } type Placed { status: String by: String }`,
  supplier: `type Product @key(fields: "id") { id: ID! price: Int @external worth: Int @requires(fields: "price") stock: Int }`,
};
const { sdl } = compose(
  Object.entries(SCHEMAS).map(([name, text]) => ({
    name,
    url: `http://${name}.example`,
    sdl: FEDERATION + text,
  })),
  `${FEDERATION} scalar JSON type Query { me: String } type Card @key(fields: "id") { id: ID! }
   directive @group on ARGUMENT_DEFINITION type Subscription { feed: String }`,
);
const { schema } = loadSupergraph(sdl);
const planner = createHivePlanner(sdl);

async function origins(selection: string): Promise<Origins> {
  const operation = parse(
    `{ entity(type: "Order", key: { id: "1" }) { __typename ... on Order { ${selection} } } }`,
  ).definitions[0] as OperationDefinitionNode;
  const plan = await planner.plan(print(plannable(schema, operation)), AbortSignal.timeout(5_000));
  return originsOf(plan, fieldPaths(schema, operation));
}

async function named(selection: string): Promise<Record<string, string[]>> {
  const found = await origins(selection);
  return Object.fromEntries([...found.keys()].map((system) => [system, namedPaths(system, found)]));
}

describe("what a system gives", () => {
  it("is named by its longest common paths, and another's within it by longer ones", async () => {
    expect(
      await named("id counter { name floor } lines { pairs product { id name stock } } placed { status by }"),
    ).toEqual({
      groups: ["id"], // the card's own key: it is known before anybody is asked
      mall: ["counter", "lines"],
      brand: ["lines.product.name", "placed"],
      supplier: ["lines.product.stock"],
    });
  });

  it("is named as the card names it, also where it is fetched under another name", async () => {
    expect(
      await named(
        "note: id id: note lines { product { name: id title: name week: sold(days: 7) } thing { ... on Shoe { size } ... on Bag { text: size } } }",
      ),
    ).toEqual({ groups: ["note"], mall: ["id", "lines"], brand: ["lines.product.title"] });
  });

  it("is of who computes it, not of who is asked for what it is computed from", async () => {
    expect(await named("lines { product { worth } }")).toEqual({
      mall: ["lines"],
      supplier: ["lines.product.worth"],
    });
  });
});

describe("I9: what did not come", () => {
  const CARD = "id lines { product { id name stock worth } } placed { status }";
  const error = (
    subgraph: string,
    path: ExecutionError["path"],
    cause: ExecutionError["cause"] = new JuntoError("SUBGRAPH_AWAY", "away"),
  ): ExecutionError => ({ subgraph, path, everywhere: false, cause });
  const missing = async (...errors: ExecutionError[]): Promise<Record<string, string[]>> => {
    const found = missingIn({ errors }, await origins(CARD));
    return Object.fromEntries([...found.keys()].map((system) => [system, namedPaths(system, found)]));
  };

  it("is what the silent system gives at the place, and nothing of what others give there", async () => {
    expect(await missing(error("supplier", ["entity", "lines", 3, "product"]))).toEqual({
      supplier: ["lines.product.stock", "lines.product.worth"],
    });
    expect(await missing(error("mall", ["entity"]))).toEqual({ mall: ["lines"] });
  });

  it("of a system that answered in part is that part", async () => {
    expect(await missing(error("supplier", ["entity", "lines", 0, "product", "stock"]))).toEqual({
      supplier: ["lines.product.stock"],
    });
    expect(await missing(error("brand", []))).toEqual({ brand: ["lines.product.name", "placed"] });
  });

  it("is not what an owner refuses: it has answered", async () => {
    const refused = { message: "no", extensions: { code: "NOT_SHARED" } };
    expect(await missing(error("brand", ["entity", "placed"], refused))).toEqual({});
  });
});
