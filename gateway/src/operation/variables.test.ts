// Compiled coercion of variables, held against graphql-js: the same values, and the same errors.
import { buildSchema, getVariableValues, Kind, parse, type OperationDefinitionNode } from "graphql";
import { describe, expect, it } from "vitest";
import { JuntoError } from "../errors/index.ts";
import { compileVariables } from "./variables.ts";

const schema = buildSchema(`
  scalar Any
  enum Size { SMALL LARGE }
  input Line { pairs: Int! = 1  size: Size  notes: [String!] }
  input Tree { name: ID!  children: [Tree!]  one: One  lines: [[Line]]  any: Any }
  input One @oneOf { id: ID  size: Size }
  type Query { a(int: Int, float: Float, string: String, boolean: Boolean, id: ID, any: Any, size: Size, line: Line, tree: Tree, one: One, lists: [[Int!]]!): Int }
`);

const TYPES = [
  ...["Int", "Float", "String", "Boolean", "ID", "Any", "Size", "Line", "Tree", "One"],
  ...["Int!", "[Int]", "[Int!]!", "[[Size]]", "[Line!]", "Tree!", "[Tree]!", "[One!]", "[Any]", "[[[ID]]]"],
];
const DEFAULTS: Readonly<Record<string, string>> = {
  Int: "3",
  Size: "LARGE",
  Line: "{ size: SMALL }",
  "[Int]": "1",
  "[Line!]": "[{ pairs: 2 }]",
  "Int!": "4",
  One: '{ id: "x" }',
};

const definitionsOf = (query: string) =>
  parse(query).definitions.find(
    (node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION,
  )!.variableDefinitions!;

const asCompiled = (query: string, raw: Record<string, unknown>): unknown => {
  try {
    return { coerced: compileVariables(schema, definitionsOf(query))(raw) };
  } catch (error) {
    return { errors: (JuntoError.from(error).details as { errors: unknown }).errors };
  }
};
const asGraphqlJs = (query: string, raw: Record<string, unknown>): unknown => {
  const { errors, coerced } = getVariableValues(schema, definitionsOf(query), raw, { maxErrors: 10 });
  return errors ? { errors: errors.map(({ message }) => ({ message })) } : { coerced };
};

/** Mulberry32: small, and the same everywhere. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Values that are right more often than not, since what is wrong is refused at its first place. */
function valueFor(type: string, random: () => number, depth = 0): unknown {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  if (random() < 0.06)
    return pick<unknown>([
      null,
      undefined,
      "",
      0,
      -0,
      1.5,
      2 ** 31,
      -(2 ** 31),
      NaN,
      true,
      [],
      {},
      [null],
      "SMALL",
      { id: 1 },
    ]);
  if (type.endsWith("!")) return valueFor(type.slice(0, -1), random, depth) ?? 1;
  if (random() < 0.08) return null;
  if (type.startsWith("[")) {
    const item = type.slice(1, -1);
    if (random() < 0.2 || depth > 4) return valueFor(item, random, depth + 1);
    return Array.from({ length: Math.floor(random() * 4) }, () => valueFor(item, random, depth + 1));
  }
  const object = (fields: Readonly<Record<string, string>>): Record<string, unknown> => {
    const given: Record<string, unknown> = {};
    for (const [name, of] of Object.entries(fields))
      if (random() < 0.7 && depth < 5) given[name] = valueFor(of, random, depth + 1);
    if (random() < 0.04) given[pick(["nope", "__proto__", "constructor", "toString", "Pairs"])] = 1;
    return given;
  };
  switch (type) {
    case "Int":
      return pick([0, 1, -7, 2_147_483_647, -2_147_483_648]);
    case "Float":
      return pick([0, 1.5, -1e300, 7]);
    case "String":
      return pick(["", "text", "\ud800", "null"]);
    case "Boolean":
      return random() < 0.5;
    case "ID":
      return pick<unknown>(["x", 7, "", -1, 1e21]);
    case "Size":
      return pick(["SMALL", "LARGE"]);
    case "Line":
      return object({ pairs: "Int!", size: "Size", notes: "[String!]" });
    case "Tree":
      return { name: "t", ...object({ children: "[Tree!]", one: "One", lines: "[[Line]]", any: "Any" }) };
    case "One":
      return random() < 0.8
        ? pick<unknown>([{ id: "x" }, { size: "SMALL" }])
        : object({ id: "ID", size: "Size" });
    default:
      return pick<unknown>([1, "x", { a: [1, { b: null }] }, [1], true]);
  }
}

describe("variables", () => {
  it.each(TYPES)("of %s are as graphql-js has them, whatever is sent", (type) => {
    let [taken, refused] = [0, 0];
    for (let seed = 1; seed <= 1_500; seed++) {
      const random = randomOf(seed);
      const byDefault = DEFAULTS[type] !== undefined && random() < 0.5 ? ` = ${DEFAULTS[type]}` : "";
      const query = `query ($v: ${type}${byDefault}, $other: Int) { a(lists: []) }`;
      const raw = random() < 0.05 ? {} : { v: valueFor(type, random), more: 1 };
      const expected = asGraphqlJs(query, raw);
      expect(asCompiled(query, raw), `seed ${seed}: ${JSON.stringify(raw)}`).toEqual(expected);
      if ("errors" in (expected as object)) refused++;
      else taken++;
    }
    expect(taken).toBeGreaterThan(100);
    if (type !== "Any" && type !== "[Any]") expect(refused).toBeGreaterThan(10);
  });

  it("do not take what every object inherits", () => {
    const query = "query ($constructor: Int = 3, $toString: Any) { a(lists: []) }";
    expect(asCompiled(query, {})).toEqual({ coerced: { constructor: 3 } });
    expect(asGraphqlJs(query, {})).toEqual({ coerced: { constructor: 3 } });
  });

  it("of one request are not those of another", () => {
    const coerce = compileVariables(schema, definitionsOf("query ($l: [Int]) { a(lists: []) }"));
    const first = coerce({ l: [1] });
    expect(coerce({ l: [1] })).not.toBe(first);
    expect(coerce({ l: [2] })).toEqual({ l: [2] });
    expect(first).toEqual({ l: [1] });
  });
});
