// The text of a response against graphql-js: the same schema, the same operation, the same data, with nulls, wrong
// values and wrong types where they fall.
import {
  buildSchema,
  execute,
  isAbstractType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  parse,
  validate,
  type GraphQLOutputType,
  type OperationDefinitionNode,
} from "graphql";
import { serialize } from "node:v8";
import { describe, expect, it } from "vitest";
import { inline } from "../operation/fragments.ts";
import { withoutSkipped } from "../operation/conditions.ts";
import type { Operation } from "../operation/prepare.ts";
import { compileShape, type ShapedError, type Shaper } from "./shape.ts";

const schema = buildSchema(`
  scalar JSON
  enum Color { RED GREEN }
  interface Node { id: ID!  next: Node }
  type Query { a: A  b: B!  nodes: [Node!]  strict: [A!]!  loose: [[A]]  deep: [[A!]!]  any: JSON  need: JSON!  found: [Found]  color: Color }
  type A implements Node { id: ID!  next: Node  int: Int  float: Float!  text: String  flag: Boolean!  color: Color!  b: B  bs: [B!]  list: [Int!]!  texts: [String] }
  type B implements Node { id: ID!  next: Node  a: A!  maybe: A  colors: [Color!] }
  union Found = A | B
`);

function operationOf(text: string): OperationDefinitionNode {
  const document = parse(text);
  expect(validate(schema, document)).toEqual([]);
  const definition = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)!;
  const fragments = new Map(
    document.definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [],
    ),
  );
  return { ...definition, selectionSet: inline(definition.selectionSet, fragments) };
}

type Variables = Record<string, unknown>;

const operations = new Map<string, Operation>();
const shapers = new Map<string, Shaper>();

function shaped(text: string, data: object, variables: Variables = {}, errors: ShapedError[] = []) {
  let operation = operations.get(text);
  if (!operation)
    operations.set(text, (operation = { digest: text, definition: operationOf(text) } as Operation));
  const { digest, definition } = withoutSkipped(operation, variables);
  let shape = shapers.get(digest);
  if (!shape) shapers.set(digest, (shape = compileShape(schema, definition)));
  return { body: shape({ data: data as Variables }, errors), errors };
}

/** What graphql-js makes of the same data, by response keys: as if it had been fetched under them. */
async function oracle(text: string, data: object, variables: Variables = {}) {
  const result = await execute({
    schema,
    document: parse(text),
    rootValue: data,
    variableValues: variables,
    fieldResolver: (source, _arguments, _context, info) => (source as Variables)[String(info.path.key)],
  });
  return { body: JSON.stringify(result.data), errors: (result.errors ?? []).map(({ path }) => path) };
}

/** A generator that gives the same again for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A value of a type, with holes: nulls, absent fields, values and types that are none. */
function valueOf(type: GraphQLOutputType, random: () => number, depth: number, present = false): unknown {
  if (isNonNullType(type))
    return random() < 0.04 ? null : valueOf(type.ofType as GraphQLOutputType, random, depth, true);
  const dice = random();
  if (dice < 0.07 && !present) return null;
  if (dice < 0.09 && !present) return undefined;
  if (isListType(type))
    return Array.from({ length: Math.floor(random() * 4) }, () =>
      valueOf(type.ofType as GraphQLOutputType, random, depth),
    );
  if (isEnumType(type)) return pick(random, ["RED", "GREEN", "GREEN", "BLUE"]);
  if (isObjectType(type) || isAbstractType(type)) {
    if (depth > 4) return null;
    const concrete = isObjectType(type) ? type : pick(random, schema.getPossibleTypes(type));
    return {
      __typename:
        dice > 0.97 && isAbstractType(type) ? pick(random, ["Nope", "Query", "JSON", 7]) : concrete.name,
      ...Object.fromEntries(
        Object.values(concrete.getFields()).map((field) => [
          field.name,
          valueOf(field.type, random, depth + 1),
        ]),
      ),
    };
  }
  switch (String(type)) {
    case "Int":
      return pick(random, [0, -1, 7, 2_147_483_647, -2_147_483_648, 2_147_483_648, 1.5, {}]);
    case "Float":
      return pick(random, [0, 0.1, -2.5e-7, 1e21, 3, {}]);
    case "Boolean":
      return pick(random, [true, false]);
    case "JSON":
      return pick(random, [{ a: [1, null] }, "x", 0, false, []]);
    case "ID":
      return pick(random, ["1", 'a"b', 7, {}]);
    default:
      return pick(random, ["", 'quo"te', "\u2028 行\u0000", {}]);
  }
}

function pick<T>(random: () => number, values: readonly T[]): T {
  return values[Math.floor(random() * values.length)]!;
}

const OPERATIONS = [
  "{ a { id int float text flag color list texts b { id colors maybe { id } } bs { id a { flag } } } }",
  "{ b { id a { id float next { id } } maybe { list } } a { next { __typename id next { id } } } }",
  "{ nodes { id ... on A { flag color } ... on B { a { id } } } found { ... on Node { id } ... on B { colors } __typename } }",
  "{ strict { id list } }",
  "{ loose { id flag } deep { color } }",
  "{ any need color }",
  "{ nodes { ...N } strict { ...N ... on A { int b { ...N } } } } fragment N on Node { id next { id ... on A { b { id } } } }",
  "query ($yes: Boolean = true, $no: Boolean = false) { a @include(if: $yes) { id @skip(if: $no) text @include(if: $no) ... @skip(if: $yes) { flag } } b @skip(if: $yes) { id } }",
  "query ($yes: Boolean = true, $no: Boolean = false) { a @skip(if: $yes) { id } b { id } a @include(if: $no) { text id } a { flag @skip(if: true) } }",
  "query ($yes: Boolean = true, $no: Boolean = false) { nodes @skip(if: $no) { ...N @include(if: $yes) } any @include(if: $no) @skip(if: $yes) } fragment N on Node { id ... on A @skip(if: $no) { text b { id @skip(if: $yes) } } }",
];

const DATA = Array.from(
  { length: 300 },
  (_, seed) => valueOf(schema.getQueryType()!, randomOf(seed), 0, true) as object,
);

describe("random data with holes", () => {
  it.each(OPERATIONS)("comes out as graphql-js has it: %s", async (text) => {
    const bodies = new Set<string>();
    for (const [seed, data] of DATA.entries()) {
      const variables = { yes: seed % 2 === 0, no: seed % 3 === 0 };
      const ours = shaped(text, data, variables);
      const theirs = await oracle(text, data, variables);
      expect(ours.body, `seed ${seed}: ${JSON.stringify(data)}`).toBe(theirs.body);
      // Something is said wherever graphql-js says something: never a hole without a word.
      if (theirs.errors.length > 0) expect(ours.errors.length, `seed ${seed}`).toBeGreaterThan(0);
      else expect(ours.errors, `seed ${seed}`).toEqual([]);
      bodies.add(ours.body);
    }
    expect(bodies.size).toBeGreaterThan(10); // it was worth comparing
  });
});

const A = { __typename: "A", id: "1", float: 1, flag: true, color: "RED", list: [] };

describe("a null where there may be none", () => {
  it.each([
    ["of a field", "{ a { id flag } }", { a: { ...A, flag: null } }, '{"a":null}', ["a", "flag"]],
    ["of a field that nobody answered", "{ a { flag } }", { a: { id: "1" } }, '{"a":null}', ["a", "flag"]],
    ["of the root", "{ b { id } a { id } }", { b: null, a: A }, "null", ["b"]],
    [
      "behind the root",
      "{ a { id } b { a { flag } } }",
      { a: A, b: { a: { flag: null } } },
      "null",
      ["b", "a", "flag"],
    ],
    ["of an item", "{ strict { id } }", { strict: [A, null] }, "null", ["strict", 1]],
    ["in an item", "{ strict { id } }", { strict: [A, { ...A, id: null }] }, "null", ["strict", 1, "id"]],
    ["in a list that may be null", "{ nodes { id } }", { nodes: [A, null] }, '{"nodes":null}', ["nodes", 1]],
    ["in a list of lists", "{ deep { id } }", { deep: [[A], [A, null]] }, '{"deep":null}', ["deep", 1, 1]],
    [
      "in an item that may be null",
      "{ loose { id } }",
      { loose: [[A, { id: null }]] },
      '{"loose":[[{"id":"1"},null]]}',
      ["loose", 0, 1, "id"],
    ],
  ])("%s goes up to the nearest place where there may, with its path", (_what, text, data, body, path) => {
    const result = shaped(text, data);
    expect(result.body).toBe(body);
    expect(result.errors.map((error) => error.path)).toEqual([path]);
  });

  it("is not explained twice: what an error already says is not said again", () => {
    const errors: ShapedError[] = [{ message: "away", path: ["nodes", 0, "next"] }];
    const text = "{ nodes { id next { id } } }";
    const data = {
      nodes: [
        { ...A, next: { __typename: "A", id: null } },
        { ...A, id: null },
      ],
    };
    expect(shaped(text, data, {}, errors).errors).toEqual([
      { message: "away", path: ["nodes", 0, "next"] },
      {
        message: "Cannot return null for non-nullable field A.id.",
        path: ["nodes", 1, "id"],
        extensions: { code: "SUBGRAPH_ERROR" },
      },
    ]);
  });

  it("among thousands of errors is found by its path, not by looking at each", () => {
    const many = 20_000;
    const errors: ShapedError[] = Array.from({ length: many }, (_, n) => ({
      message: "x",
      path: ["found", n, "id"],
    }));
    const data = { loose: [Array.from({ length: many }, () => ({ ...A, flag: null }))] };
    // Each against each would be four hundred million comparisons.
    const { body, errors: all } = shaped("{ loose { id flag } }", data, {}, errors);
    expect(JSON.parse(body)).toEqual({ loose: [Array(many).fill(null)] });
    expect(all).toHaveLength(many + 1_000);
  }, 10_000);
});

describe("a value that is none of its type", () => {
  it.each([
    ["an Int beyond 32 bits", "{ a { int } }", { a: { int: 2 ** 31 } }, '{"a":{"int":null}}', ["a", "int"]],
    ["a fraction for an Int", "{ a { int } }", { a: { int: 1.5 } }, '{"a":{"int":null}}', ["a", "int"]],
    ["a text for an Int", "{ a { int } }", { a: { int: "7" } }, '{"a":{"int":null}}', ["a", "int"]],
    ["a value that is none of an enum", "{ color }", { color: "toString" }, '{"color":null}', ["color"]],
    ["an object for a text", "{ a { text } }", { a: { text: {} } }, '{"a":{"text":null}}', ["a", "text"]],
    ["an object for a list", "{ a { bs { id } } }", { a: { bs: {} } }, '{"a":{"bs":null}}', ["a", "bs"]],
    ["a list for an object", "{ a { id } }", { a: [A] }, '{"a":null}', ["a"]],
    [
      "an object of a type that cannot stand there",
      "{ found { __typename } }",
      { found: [{ __typename: "Query" }] },
      '{"found":[null]}',
      ["found", 0],
    ],
    [
      "an object that does not say its type",
      "{ found { __typename } }",
      { found: [{}] },
      '{"found":[null]}',
      ["found", 0],
    ],
    [
      "JSON nested more deeply than can be written",
      "{ any }",
      { any: JSON.parse("[".repeat(100_000) + "]".repeat(100_000)) as unknown },
      '{"any":null}',
      ["any"],
    ],
  ])("%s is null, with its path and without the value", (_what, text, data, body, path) => {
    const result = shaped(text, data);
    expect(result.body).toBe(body);
    expect(result.errors).toEqual([
      {
        message: expect.stringMatching(/^The value of \w+\.\w+ is not of its type\.$/) as string,
        path,
        extensions: { code: "SUBGRAPH_ERROR" },
      },
    ]);
  });

  it("an object of the interface itself has the fields of the interface", () => {
    expect(
      shaped("{ nodes { id ... on A { flag } } }", { nodes: [{ __typename: "Node", id: "1" }] }).body,
    ).toBe('{"nodes":[{"id":"1"}]}');
  });
});

describe("what stands at several places", () => {
  const a = { id: "1", text: "t", flag: true, float: 1, color: "RED", list: [] };
  it("is written at each of them", () => {
    const shape = compileShape(schema, operationOf("{ loose { id text } strict { flag } }"));
    const result = { data: { loose: [[a, a], [a]], strict: [a] }, shared: new Set<unknown>([a]) };
    expect(shape(result, [])).toBe(
      '{"loose":[[{"id":"1","text":"t"},{"id":"1","text":"t"}],[{"id":"1","text":"t"}]],"strict":[{"flag":true}]}',
    );
  });

  it("has an error at each of them", () => {
    const shape = compileShape(schema, operationOf("{ loose { id flag } }"));
    const broken = { ...a, flag: null };
    const errors: ShapedError[] = [];
    const result = { data: { loose: [[broken], [a, broken]] }, shared: new Set<unknown>([broken]) };
    expect(shape(result, errors)).toBe('{"loose":[[null],[{"id":"1","flag":true},null]]}');
    expect(errors.map(({ path }) => path)).toEqual([
      ["loose", 0, 0, "flag"],
      ["loose", 1, 1, "flag"],
    ]);
  });

  it("cannot make a response without end", () => {
    const shape = compileShape(schema, operationOf(`{ b { a { ${nested(12)} } } }`));
    const b: Record<string, unknown> = { id: "1" };
    const cyclic = { ...a, b, bs: Array.from({ length: 100 }, () => b) };
    b.a = cyclic;
    const result = { data: { b }, shared: new Set<unknown>([b, cyclic, cyclic.bs]) };
    expect(() => shape(result, [])).toThrow(/too large/);
  });

  function nested(levels: number): string {
    return levels === 0 ? "text" : `bs { a { ${nested(levels - 1)} } }`;
  }
});

describe("the text", () => {
  // V8 says how it holds a text when it writes it down for another process.
  const bytesOf = (text: string): number => serialize(text).length;

  it("takes one byte a character, though names in it were cut out of a text with Chinese", () => {
    // A name that V8 does not know yet from elsewhere, where it may have been of one byte a character.
    const name = ["label", 17].join("");
    const { body } = shaped(`# 顾客\n{ a { ${name}: text } }`, { a: {} });
    expect(body).toBe(`{"a":{"${name}":null}}`);
    expect(bytesOf(body)).toBeLessThan(body.length + 10);
    expect(bytesOf(`${body}客`)).toBeGreaterThan(2 * body.length);
  });
});

describe("the selection", () => {
  it.each([
    ["decides the order", "{ a { text id } }", { a: { id: "1", text: "t" } }, '{"a":{"text":"t","id":"1"}}'],
    [
      "decides what comes",
      "{ a { id } }",
      { a: { id: "1", text: "secret", __proto__: {} }, b: {} },
      '{"a":{"id":"1"}}',
    ],
    [
      "merges what it says twice",
      "{ a { id } a { text id } }",
      { a: { id: "1", text: "t" } },
      '{"a":{"id":"1","text":"t"}}',
    ],
    [
      "takes a name that every object has for a name",
      "{ toString: color a { constructor: text } }",
      { toString: "RED", a: {} },
      '{"toString":"RED","a":{"constructor":null}}',
    ],
  ])("%s", (_what, text, data, body) => {
    expect(shaped(text, data).body).toBe(body);
  });
});
