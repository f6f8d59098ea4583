// Plans as the planner makes them, turned into ours and printed: schemas, operation, plan.
import { describe, expect, it } from "vitest";
import { compose } from "../supergraph/compose.ts";
import { createHivePlanner } from "./hive.ts";
import { printPlan } from "./print.ts";

const FEDERATION = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@requires", "@external"])\n`;
const SCHEMAS = {
  mall: `type Query { order: Order } type Mutation { approve: Order }
    type Order @key(fields: "id") { id: ID! lines: [Line!] } type Line { pairs: Int product: Product } type Product @key(fields: "id") { id: ID! }`,
  brand: `type Query { product: Product } type Product @key(fields: "id") { id: ID! name: String price: Int } type Order @key(fields: "id") { id: ID! ordered: Boolean }`,
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
const planner = createHivePlanner(sdl);
const plan = async (operation: string): Promise<string> =>
  printPlan(await planner.plan(operation, AbortSignal.timeout(5_000)));

describe("a plan", () => {
  it("asks each subgraph once for what its entities share", async () => {
    expect(await plan("{ order { id ordered lines { pairs product { name stock } } } }"))
      .toMatchInlineSnapshot(`
      "Sequence
        Fetch mall: {order{__typename id lines{pairs product{__typename id}}}}
        Parallel
          Fetch supplier: query($representations:[_Any!]!){_entities(representations: $representations){...on Product{stock}}}
            _entities of order.lines.@.product by Product { __typename id }
          Fetch brand: query($__batch_reps_0:[_Any!]!, $__batch_reps_1:[_Any!]!){_e0: _entities(representations: $__batch_reps_0){...on Product{name}} _e1: _entities(representations: $__batch_reps_1){...on Order{ordered}}}
            _e0 of order.lines.@.product by Product { __typename id }
            _e1 of order by Order { __typename id }"
    `);
  });

  it("fetches what a field requires before the field", async () => {
    expect(await plan("{ product { worth } }")).toMatchInlineSnapshot(`
      "Sequence
        Fetch brand: {product{__typename id price}}
        Fetch supplier: query($representations:[_Any!]!){_entities(representations: $representations){...on Product{worth}}}
          _entities of product by Product { __typename price id }"
    `);
  });

  it("has a spare for what requires nothing, should what is required not come", async () => {
    expect(await plan("{ product { worth stock } }")).toMatchInlineSnapshot(`
      "Sequence
        Fetch brand: {product{__typename id price}}
        Fetch supplier: query($representations:[_Any!]!){_entities(representations: $representations){...on Product{worth stock}}}
          _entities of product by Product { __typename price id }
          Else supplier: query($representations:[_Any!]!){_entities(representations:$representations){...on Product{stock}}}
            _entities of product by Product { __typename id }"
    `);
  });

  it("of a mutation runs it first, then joins", async () => {
    expect(await plan("mutation { approve { id ordered } }")).toMatchInlineSnapshot(`
      "Sequence
        Fetch mall: mutation{approve{__typename id}}
        Fetch brand: query($representations:[_Any!]!){_entities(representations: $representations){...on Order{ordered}}}
          _entities of approve by Order { __typename id }"
    `);
  });

  it("of a subscription begins with what gives the events", async () => {
    expect(await plan("subscription { feed }")).toMatchInlineSnapshot(
      `"Subscribe groups: subscription{feed}"`,
    );
  });
});

describe("a planner", () => {
  it("says that it cannot plan what the graph does not have, without its own words", async () => {
    await expect(plan("{ nothing }")).rejects.toMatchObject({
      code: "PLAN_FAILED",
      message: "This operation cannot be planned over this graph.",
    });
  });

  it("stops when its time is over", async () => {
    const over = AbortSignal.abort();
    await expect(planner.plan("{ product { worth } }", over)).rejects.toMatchObject({ code: "PLAN_TIMEOUT" });
  });

  it("refuses a supergraph that it cannot read", () => {
    expect(() => createHivePlanner("type Query { a: Int")).toThrow(/cannot read the supergraph/);
  });
});
