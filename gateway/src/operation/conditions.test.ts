// What is left of an operation with the values of its variables: as graphql-js would execute it.
import { buildSchema, execute, Kind, print, type OperationDefinitionNode } from "graphql";
import { describe, expect, it } from "vitest";
import { deciding, withoutSkipped } from "./conditions.ts";
import { createOperations } from "./prepare.ts";

const schema = buildSchema("type Query { a: A b: Int c: Int } type A { a: A b: Int c: Int }");
const operations = createOperations(schema);
const data = { b: 1, c: 2, a: { b: 3, c: 4, a: { b: 5, c: 6, a: null } } };

const answer = (definition: OperationDefinitionNode, variableValues: Record<string, unknown>): string =>
  JSON.stringify(
    execute({
      schema,
      document: { kind: Kind.DOCUMENT, definitions: [definition] },
      rootValue: data,
      variableValues,
    }),
  );

const choices = [
  { x: true, y: true },
  { x: true, y: false },
  { x: false, y: true },
  { x: false, y: false },
];
const TEXTS = [
  "query ($x: Boolean!, $y: Boolean!) { b @skip(if: $x) c @include(if: $y) a { b } }",
  "query ($x: Boolean!, $y: Boolean!) { a @skip(if: $x) { b @include(if: $y) a { c } } a { a { b } } }",
  "query ($x: Boolean!, $y: Boolean!) { ...F @skip(if: $x) a { ... @include(if: $y) { b c } b } } fragment F on Query { c b a { ... on A @skip(if: $y) { c } b } }",
  "query ($x: Boolean!, $y: Boolean!) { a @skip(if: $x) @include(if: $y) { b } c @skip(if: true) b @include(if: true) }",
];

describe("an operation without what is skipped", () => {
  it.each(TEXTS)("answers as the whole one does: %s", (text) => {
    const operation = operations.prepare(text);
    for (const variables of choices) {
      const { definition } = withoutSkipped(operation, variables);
      expect(print(definition)).not.toMatch(/@(skip|include)/);
      expect(answer(definition, variables)).toBe(answer(operation.definition, variables));
    }
  });

  it("is one for each choice, and another for another", () => {
    const operation = operations.prepare(TEXTS[0]!);
    const made = choices.map((variables) => withoutSkipped(operation, variables));
    expect(new Set(made).size).toBe(4);
    expect(new Set(made.map(({ digest }) => digest)).size).toBe(4);
    expect(withoutSkipped(operation, { ...choices[2], z: 1 })).toBe(made[2]);
    expect(withoutSkipped(made[2]!, choices[0]!)).toBe(made[2]);
    expect(deciding(operation, { x: true, y: false, z: 1 })).toEqual({ x: true, y: false });
  });

  it("is the operation itself where there are no conditions", () => {
    const operation = operations.prepare("{ a { b } }");
    expect(withoutSkipped(operation, {})).toBe(operation);
  });

  it("may have nothing left", () => {
    const operation = operations.prepare(
      "query ($x: Boolean!) { ... @skip(if: $x) { a { b } } a @skip(if: $x) { c } }",
    );
    expect(withoutSkipped(operation, { x: true }).definition.selectionSet.selections).toEqual([]);
  });
});
