// The operation without what a viewer may not see: what is left, what is said to be withheld, what is kept in memory.
import { buildSchema, print } from "graphql";
import { describe, expect, it } from "vitest";
import { createOperations } from "../operation/prepare.ts";
import type { Fields } from "../supergraph/fields.ts";
import { createVisibility } from "./prune.ts";
import { createRequirements } from "./requirements.ts";
import { personViewer, type Viewer } from "./viewer.ts";

const schema = buildSchema(`
  type Query { order: Order  things: [Thing!]  found: [Found]  open: Plain }
  type Mutation { write: Order  read: Order }
  type Order { id: ID!  note: String  product: Product }
  type Product { id: ID!  name: String }
  type Plain { text: String }
  interface Thing { label: String }
  type Shoe implements Thing { label: String  sole: String }
  type Bag implements Thing { label: String  strap: String }
  union Found = Shoe | Bag
`);

/** Field ▸ its policy; what is not here is open. */
const POLICY: Record<string, string> = {
  "Query.order": "orders",
  "Order.note": "notes",
  "Product.name": "names",
  "Shoe.sole": "soles",
  "Bag.label": "bags",
  "Mutation.write": "writes",
};
const fields: Fields = {
  of(type, field) {
    const policy = POLICY[`${type}.${field}`];
    if (policy === undefined) return undefined;
    const asks = { authenticated: false, scopes: [], policies: [[policy]] };
    return { subgraphs: ["shop"], guarded: true, asks, authenticatedBy: [], besides: [], requires: [] };
  },
  policiesAt: () => new Set(),
  scopes: new Set(),
};
const ALL = Object.values(POLICY);
const policies = new Map(ALL.map((name) => [name, { organization: "shop", held: "people" as const }]));
const requirements = createRequirements({ supergraph: { fields }, policies, ownerOf: () => "shop" });
const operations = createOperations(schema);

function viewer(...granted: string[]): Viewer {
  const person = { id: "guest:eve", organization: "guest", name: "Eve", roles: [], scopes: [], expiresAt: 0 };
  return personViewer(person, { id: "g", role: "r", subjects: [], granted: new Set(granted) });
}
const without = (...names: string[]): Viewer => viewer(...ALL.filter((name) => !names.includes(name)));

const seen = (query: string, who: Viewer) =>
  createVisibility(schema, requirements)(operations.prepare(query), who);
const text = (query: string, who: Viewer): string | null => {
  const { definition } = seen(query, who);
  return definition && print(definition).replace(/\s+/g, " ");
};

describe("what is left", () => {
  it.each([
    [
      "everything of what is open",
      "{ order { id note } open { text } }",
      viewer(...ALL),
      "{ order { id note } open { text } }",
    ],
    ["a field less", "{ order { id note } }", without("notes"), "{ order { id } }"],
    [
      "whether an object is there",
      "{ order { note product { name } } }",
      without("notes", "names"),
      "{ order { product { __typename } } }",
    ],
    ["the rest of the root", "{ order { id } open { text } }", without("orders"), "{ open { text } }"],
    ["nothing", "{ order { id } }", without("orders"), null],
    [
      "no fragment that is empty",
      "{ found { ... on Shoe { sole } ... on Bag { strap } } }",
      without("soles"),
      "{ found { ... on Bag { strap } } }",
    ],
    [
      "of an interface what all of its types show",
      "{ things { label ... on Shoe { label } } }",
      without("bags"),
      "{ things { ... on Shoe { label } } }",
    ],
    [
      "an alias less, whatever it is called",
      "{ order { id note: id id2: note } }",
      without("notes"),
      "{ order { id note: id } }",
    ],
    [
      "a fragment in a fragment less",
      "{ ...Q } fragment Q on Query { order { ...O } } fragment O on Order { id ... { note } }",
      without("notes"),
      "{ ... on Query { order { ... on Order { id } } } }",
    ],
    ["what is skipped, too", "{ order { id note @skip(if: true) } }", without("notes"), "{ order { id } }"],
    [
      "the schema",
      "{ __schema { types { name } } order { id } }",
      without("orders"),
      "{ __schema { types { name } } }",
    ],
  ])("%s", (_what, query, who, left) => {
    expect(text(query, who)).toBe(left);
  });
});

describe("what is withheld", () => {
  it("is said by its response keys, its owner and the policy that would open it, each place once", () => {
    const query = "{ order { n: note ... { n: note } product { name } } things { label } }";
    expect(seen(query, without("notes", "bags")).withheld).toEqual([
      { path: ["order", "n"], owner: "shop", policy: "notes" },
      { path: ["things", "label"], owner: "shop", policy: "bags" },
    ]);
  });

  it("is hidden in the types that withhold it, and in no other", () => {
    const { hidden } = seen(
      "{ found { ... on Thing { x: label } ... on Shoe { x: label } } }",
      without("bags"),
    );
    expect(hidden.map((steps) => steps.map(({ key, types }) => [key, [...types]]))).toEqual([
      [
        ["found", ["Query"]],
        ["x", ["Bag"]],
      ],
    ]);
  });
});

describe("what is kept", () => {
  const visibility = createVisibility(schema, requirements);
  const operation = operations.prepare("{ order { id note product { name } } }");

  it("is the operation itself where nothing is withheld, for everyone alike", () => {
    const one = visibility(operation, viewer(...ALL));
    expect(one.definition).toBe(operation.definition);
    expect(visibility(operation, viewer("orders", "notes", "names", "something else"))).toBe(one);
  });

  it("goes by the requirements that the operation mentions", () => {
    expect(visibility(operation, viewer("orders", "names")).visibleSet).toBe(
      visibility(operation, viewer("names", "orders", "soles")).visibleSet,
    );
    const sets = [
      viewer(),
      viewer("orders"),
      viewer("notes"),
      viewer("names"),
      viewer("orders", "notes"),
    ].map((who) => visibility(operation, who).visibleSet);
    expect(new Set(sets).size).toBe(sets.length);
  });

  it("follows a grant that is given and taken, and stays right however many audiences there are", () => {
    for (let n = 0; n < 500; n++) {
      const others = Array.from({ length: 3 }, (_, index) => `other ${n} ${index}`);
      expect(
        visibility(operation, viewer("orders", "notes", ...others)).withheld.map(({ path }) => path),
      ).toEqual([["order", "product", "name"]]);
      expect(
        visibility(operation, viewer("orders", "names", ...others)).withheld.map(({ path }) => path),
      ).toEqual([["order", "note"]]);
    }
  });
});
