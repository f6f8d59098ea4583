// What operations cost: the cost directives of the federation specification, with the client's variables.
import { composeServices } from "@apollo/composition";
import { Kind, parse, type OperationDefinitionNode } from "graphql";
import { describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../config/index.ts";
import { JuntoError } from "../errors/index.ts";
import { loadSupergraph, type Supergraph } from "../supergraph/load.ts";
import { compileCost, costWith } from "./cost.ts";
import { createOperations } from "./prepare.ts";

const SDL = `
  type Query {
    one: Item
    many: [Item]
    assumed: [Item] @listSize(assumedSize: 50)
    sliced(first: Int, last: Int): [Item] @listSize(slicingArguments: ["first", "last"])
    lenient(first: Int, last: Int): [Item]
      @listSize(assumedSize: 7, slicingArguments: ["first", "last"], requireOneSlicingArgument: false)
    byDefault(first: Int = 3): [Item] @listSize(slicingArguments: ["first"])
    page(first: Int): Page @listSize(slicingArguments: ["first"], sizedFields: ["items", "names"])
    dear: Item @cost(weight: 100)
    dearName: String @cost(weight: 5)
    costly: Costly
    color: Color
    stamp: Stamp
    filtered(text: String @cost(weight: 4), filter: Filter, filters: [Filter], colors: [Color]): Item
    thing: Thing
    found: [Found]
    free: [Item] @cost(weight: 0)
    refund: Item @cost(weight: -50)
    bribe(input: Int @cost(weight: -1000)): [Item]
  }
  type Mutation { write: Item }
  type Item { id: ID  name: String  own: Item  items: [Item]  lists: [[Item]] }
  type Page { items: [Item]  names: [String]  others: [Item] }
  type Costly @cost(weight: 20) { id: ID }
  enum Color @cost(weight: 3) { RED }
  scalar Stamp @cost(weight: 2)
  input Filter { first: Int  deep: Filter  price: Int @cost(weight: 10)  color: Color }
  interface Thing { label: String  items: [Item] }
  type Shoe implements Thing { label: String @cost(weight: 9)  items: [Item] @listSize(assumedSize: 30) }
  type Bag implements Thing @cost(weight: 6) { label: String  items: [Item] }
  union Found = Shoe | Bag`;

function composed(sdl: string, imports: string): Supergraph {
  const head = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [${imports}])`;
  const { supergraphSdl, errors } = composeServices([
    { name: "shop", url: "http://shop", typeDefs: parse(head + sdl) },
  ]);
  if (errors) throw new Error(errors.join("\n"));
  return loadSupergraph(supergraphSdl);
}

const supergraph = composed(SDL, '"@cost", "@listSize"');

function costOf(query: string, variables: Record<string, unknown> = {}, from = supergraph): number {
  const definition = parse(query).definitions.find(
    (node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION,
  )!;
  const model = { schema: from.schema, costs: from.costs, listSize: 10 };
  return costWith(compileCost(model, definition), variables);
}

describe("the cost of an operation", () => {
  it.each<[string, string, number]>([
    ["an object is one, what it holds is free", "{ one { id name } }", 1],
    ["an object in an object", "{ one { own { own { id } } } }", 3],
    ["a list without a size", "{ many { id } }", 10],
    ["a list in a list", "{ many { items { id } } }", 10 * (1 + 10)],
    ["lists in one list, together", "{ one { lists { id } } }", 1 + 10],
    ["a list of a size that is assumed", "{ assumed { own { id } } }", 50 * 2],
    ["a list that says how many", "{ sliced(first: 4) { id } }", 4],
    ["a list of nothing", "{ sliced(first: 0) { own { id } } }", 0],
    ["a list of less than nothing", "{ sliced(last: -5) { own { id } } }", 0],
    ["several sizes, the largest", "{ lenient(first: 4, last: 9) { id } }", 9],
    ["no size where one may be missing", "{ lenient { id } }", 7],
    ["no size and null", "{ lenient(first: null) { id } }", 7],
    ["the size of the schema", "{ byDefault { id } }", 3],
    [
      "sizes of the fields of a page",
      "{ page(first: 20) { items { id } names others { id } } }",
      1 + 20 + 10,
    ],
    ["a field's weight in place of its type's", "{ dear { own { id } } }", 101],
    ["a leaf with a weight", "{ dearName a: dearName }", 10],
    ["a type's weight", "{ costly { id } }", 20],
    ["an enum's", "{ color }", 3],
    ["a scalar's", "{ stamp }", 2],
    ["an argument's", '{ filtered(text: "x") { id } }', 1 + 4],
    ["an input object", "{ filtered(filter: { first: 1 }) { id } }", 1 + 1],
    [
      "an input object in another, with a field's weight",
      "{ filtered(filter: { deep: { price: 1 } }) { id } }",
      1 + 2 + 10,
    ],
    ["input objects in a list", "{ filtered(filters: [{ price: 1 }, {}]) { id } }", 1 + 11 + 1],
    ["enums in a list", "{ filtered(colors: [RED, RED]) { id } }", 1 + 6],
    ["null", "{ filtered(text: null, filter: null) { id } }", 1],
    ["an interface is its dearest type", "{ thing { label } }", 6 + 9],
    ["a list of an interface is its longest", "{ thing { items { id } } }", 6 + 30],
    [
      "what stands in fragments",
      "{ found { ... on Shoe { label } ... on Bag { items { id } } } }",
      10 * (6 + 9 + 10),
    ],
    ["what is free", "{ free { id } }", 0],
    ["what is never included", "{ many @include(if: false) { id } one { own @skip(if: true) { id } } }", 1],
    ["what is always included", "{ one @include(if: true) @skip(if: false) { id } }", 1],
    ["a mutation", "mutation { write { id } }", 10 + 1],
    ["introspection", "{ __typename __schema { types { fields { args { name } } } } }", 0],
  ])("%s", (_what, query, cost) => {
    expect(costOf(query)).toBe(cost);
  });

  it.each<[string, string, Record<string, unknown>, number]>([
    ["a size", "query ($n: Int) { sliced(first: $n) { id } }", { n: 12 }, 12],
    ["a size of the schema that is not given", "query ($n: Int) { byDefault(first: $n) { id } }", {}, 3],
    ["a condition that holds", "query ($c: Boolean!) { many @include(if: $c) { id } }", { c: true }, 10],
    ["a condition that does not", "query ($c: Boolean!) { many @skip(if: $c) { id } }", { c: true }, 0],
    [
      "a condition on a fragment",
      "query ($c: Boolean!) { ... @include(if: $c) { many { id } } one { id } }",
      { c: false },
      1,
    ],
    [
      "a list of inputs",
      "query ($f: [Filter]) { filtered(filters: $f) { id } }",
      { f: [{ price: 1 }, { deep: {} }] },
      1 + 11 + 2,
    ],
  ])("depends on %s in variables", (_what, query, variables, cost) => {
    expect(costOf(query, variables)).toBe(cost);
  });

  it("is asked with one size where there must be one", () => {
    for (const query of [
      "{ sliced { id } }",
      "{ sliced(first: 1, last: 1) { id } }",
      "{ sliced(first: null) { id } }",
    ])
      expect(() => costOf(query)).toThrow(/"sliced" must be asked with one of first, last/);
    const query = "query ($a: Int, $b: Int) { sliced(first: $a, last: $b) { id } }";
    expect(costOf(query, { a: 2, b: null })).toBe(2);
    // Null is given, and takes the place of the schema's default.
    const nothing = "query ($n: Int) { byDefault(first: $n) { id } }";
    expect(() => costOf(nothing, { n: null })).toThrow(/"byDefault" must be asked with first/);
    expect(() => costOf(query, { a: 2, b: 3 })).toThrow(expect.objectContaining({ code: "BAD_REQUEST" }));
    expect(() => costOf(query, {})).toThrow(/0 are given/);
  });

  it("is a number, however long the lists", () => {
    const nested = (levels: number, inner: string): string =>
      levels === 0 ? inner : `{ items ${nested(levels - 1, inner)} }`;
    const huge = "sliced(first: 2147483647)";
    expect(costOf(`{ ${huge} ${nested(400, "{ id }")} }`)).toBe(1e15);
    expect(costOf(`{ ${huge} ${nested(400, "{ id }")} one { id } }`)).toBe(1e15);
    const query = `query ($n: Int, $c: Boolean!) { lenient(first: $n) { own @include(if: $c) ${nested(400, "{ id }")} } }`;
    expect(costOf(query, { n: 0, c: true })).toBe(0);
    expect(costOf(query, { n: 2_147_483_647, c: true })).toBe(1e15);
    expect(costOf(query, { n: 2_147_483_647, c: false })).toBe(2_147_483_647);
  });

  it("counts input that holds itself, as deep as it is sent", () => {
    const query = "query ($f: Filter) { filtered(filter: $f) { id } }";
    const price = { price: 1, first: 2 };
    expect(costOf(query, { f: { deep: { deep: { ...price, deep: price } } } })).toBe(1 + 4 + 2 * 10);
    expect(costOf(query, {})).toBe(1);
  });

  it("is not paid back by what has a weight below zero", () => {
    expect(costOf("{ refund { id } many { id } }")).toBe(10);
    expect(costOf("{ bribe(input: 1) { id } }")).toBe(10);
    expect(costOf("{ a: bribe(input: 1) { id } many { id } b: bribe(input: 1) { id } }")).toBe(30);
  });

  it("is read under the names that the directives have", () => {
    const renamed = composed(
      "type Query { a: [Item] @sized(assumedSize: 4) } type Item { id: ID @price(weight: 2) }",
      '{ name: "@cost", as: "@price" }, { name: "@listSize", as: "@sized" }',
    );
    expect(costOf("{ a { id } }", {}, renamed)).toBe(4 * 3);
    const prefixed = composed(
      "type Query { a: [Item] @federation__listSize(assumedSize: 4) } type Item { id: ID }",
      "",
    );
    expect(costOf("{ a { id } }", {}, prefixed)).toBe(4);
  });
});

describe("the limit of cost", () => {
  const limited = (cost: number) =>
    createOperations(supergraph.schema, { costs: supergraph.costs, limits: { ...DEFAULT_LIMITS, cost } });
  const errorOf = (run: () => unknown): JuntoError => {
    try {
      run();
    } catch (error) {
      return JuntoError.from(error);
    }
    throw new Error("nothing was thrown");
  };

  it("is that of the operator, and says what was counted and what to do", () => {
    const operation = limited(100).prepare("query ($n: Int) { sliced(first: $n) { id } }");
    expect(operation.variables({ n: 100 })).toEqual({ n: 100 });
    const error = errorOf(() => operation.variables({ n: 101 }));
    expect(error.code).toBe("TOO_LARGE");
    expect(error.message).toBe(
      "The operation costs 101 with these variables; at most 100 are allowed. Ask for shorter lists, or for fewer fields.",
    );
    expect(error.details).toEqual({ limit: { name: "cost", most: 100, counted: 101 } });
  });

  it("holds for the default of a variable", () => {
    const operation = limited(100).prepare("query ($n: Int = 101) { sliced(first: $n) { id } }");
    expect(errorOf(() => operation.variables({})).code).toBe("TOO_LARGE");
    expect(operation.variables({ n: 1 })).toEqual({ n: 1 });
  });
});
