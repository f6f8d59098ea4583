// Mutations that need joins are planned field by field.
import { describe, expect, it } from "vitest";
import type { FetchNode, Plan, PlanNode } from "./plan.ts";
import { inSeries } from "./serial.ts";

function fetch(operation: string, operationKind: "query" | "mutation"): FetchNode {
  return {
    kind: "Fetch",
    subgraph: "a",
    operationKind,
    operation,
    variables: [],
    inputs: [],
    outputRewrites: [],
  };
}

/** Every operation is one mutation; with `join` in it, a join goes along in parallel. */
function setup() {
  const planned: string[] = [];
  const planner = inSeries({
    plan(operation): Promise<Plan> {
      const text = operation.replace(/\s+/g, " ");
      planned.push(text);
      const mutation = fetch(text, "mutation");
      const node: PlanNode = text.includes("join")
        ? { kind: "Sequence", nodes: [mutation, fetch(`of ${text}`, "query")] }
        : mutation;
      return Promise.resolve({ subscription: null, node });
    },
  });
  return { planned, plan: (operation: string) => planner.plan(operation, AbortSignal.timeout(1000)) };
}

describe("a mutation", () => {
  it("without joins is planned as a whole", async () => {
    const { planned, plan } = setup();
    await plan("mutation { a b }");
    expect(planned).toEqual(["mutation { a b }"]);
  });

  it("of one field is planned as a whole, whatever is joined", async () => {
    const { planned, plan } = setup();
    await plan("mutation { a { join } ... on Mutation { a { more } } }");
    expect(planned).toHaveLength(1);
  });

  it("with joins is planned field by field, each in its fragments and with its variables", async () => {
    const { planned, plan } = setup();
    const { node } = await plan(
      "mutation ($x: Int, $y: Int) { a(x: $x) { join } ... on Mutation { b(x: $y) c: a } a(x: $x) { more } }",
    );
    expect(planned.slice(1)).toEqual([
      "mutation ($x: Int) { a(x: $x) { join } a(x: $x) { more } }",
      "mutation ($y: Int) { ... on Mutation { b(x: $y) } }",
      "mutation { ... on Mutation { c: a } }",
    ]);
    expect(node).toMatchObject({
      kind: "Sequence",
      nodes: [
        { operation: planned[1] },
        { operation: `of ${planned[1]}` },
        { operation: planned[2] },
        { operation: planned[3] },
      ],
    });
  });

  it("is told from a query, which may do all at once", async () => {
    const { planned, plan } = setup();
    await plan("{ a { join } b }");
    expect(planned).toHaveLength(1);
  });
});
