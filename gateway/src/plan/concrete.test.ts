// Conditions on abstract types, as the planner writes them, hold for the objects that are of them.
import { describe, expect, it } from "vitest";
import { possibleTypes, withConcreteTypes } from "./concrete.ts";
import type { FetchNode, Plan } from "./plan.ts";

const possible = possibleTypes(`
  interface Asset { id: ID } interface Node { id: ID }
  type Order implements Asset & Node { id: ID } type Parcel implements Asset { id: ID }
  union Found = Order | Parcel  type Alone { id: ID }`);

const fetch: FetchNode = {
  kind: "Fetch",
  subgraph: "a",
  operationKind: "query",
  operation: "{ a }",
  variables: [],
  inputs: [
    {
      alias: "_entities",
      variable: "representations",
      paths: [[{ field: "a" }, "@", { types: ["Node", "Alone"] }]],
      requires: [
        { kind: "type", type: "Asset", selections: [{ kind: "field", name: "id" }] },
        { kind: "type", type: "Alone", selections: [{ kind: "field", name: "id" }] },
      ],
      inputRewrites: [{ kind: "set", path: [{ types: ["Asset"] }, { key: "__typename" }], value: "Asset" }],
      outputRewrites: [],
    },
  ],
  outputRewrites: [{ kind: "rename", path: [{ types: ["Found"] }, { key: "b" }], key: "a" }],
};

const widened = (plan: Plan): FetchNode => {
  const { node } = withConcreteTypes(plan, possible);
  if (node?.kind !== "Sequence" || node.nodes[0]?.kind !== "Fetch") throw new Error("not the same plan");
  return node.nodes[0];
};

describe("an abstract type in a plan", () => {
  const { inputs, outputRewrites } = widened({
    subscription: null,
    node: { kind: "Sequence", nodes: [fetch] },
  });

  it("stands for its object types on paths and in rewrites", () => {
    expect(inputs[0]!.paths).toEqual([[{ field: "a" }, "@", { types: ["Node", "Order", "Alone"] }]]);
    expect(inputs[0]!.inputRewrites[0]!.path[0]).toEqual({ types: ["Asset", "Order", "Parcel"] });
    expect(outputRewrites[0]!.path[0]).toEqual({ types: ["Found", "Order", "Parcel"] });
  });

  it("stands for each of them in a key", () => {
    const id = [{ kind: "field", name: "id" }];
    expect(inputs[0]!.requires).toEqual(
      ["Asset", "Order", "Parcel", "Alone"].map((type) => ({ kind: "type", type, selections: id })),
    );
  });
});

describe("what is asked by the name of an interface", () => {
  it("is asked of all its objects, though the planner names only some", () => {
    const id = [{ kind: "field", name: "id" }] as const;
    const [input] = widened({
      subscription: null,
      node: {
        kind: "Sequence",
        nodes: [
          {
            ...fetch,
            operation: "query($r: [_Any!]!) { _entities(representations: $r) { ... on Asset { mark } } }",
            inputs: [
              {
                ...fetch.inputs[0]!,
                requires: [{ kind: "type", type: "Parcel", selections: id }],
                inputRewrites: [
                  { kind: "set", path: [{ types: ["Parcel"] }, { key: "__typename" }], value: "Asset" },
                ],
              },
            ],
          },
        ],
      },
    }).inputs;
    expect(input!.requires).toEqual(
      ["Parcel", "Order"].map((type) => ({ kind: "type", type, selections: id })),
    );
    expect(input!.inputRewrites[0]!.path[0]).toEqual({ types: ["Parcel", "Order"] });
  });
});
