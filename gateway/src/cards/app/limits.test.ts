import { buildSchema, type GraphQLInputObjectType } from "graphql";
import { describe, expect, it } from "vitest";
import { coerceInput } from "./form.ts";
import { asksByData, limitErrors } from "./limits.ts";

const Input = buildSchema(`
  scalar DateTime
  input Line { skuId: ID! pairs: Int }
  input Input { note: String, count: Float, day: DateTime, tags: [String!], lines: [Line!] }
  type Query { a: Int }
`).getType("Input") as GraphQLInputObjectType;

const LISTS = { lines: "skuId" };
const input = (type: string, id: string, more: object = {}) => ({ type: `Input.${type}`, id, ...more });

function errors(body: readonly unknown[], sent: unknown, lists: Record<string, string> = LISTS): string[] {
  const coerced = coerceInput(Input, sent, {}, lists);
  if ("userErrors" in coerced) throw new Error(JSON.stringify(coerced));
  return limitErrors({ type: "AdaptiveCard", body }, coerced, lists).map(
    ({ field, code }) => `${field.join(".")} ${code}`,
  );
}

describe("what is filled in against the form", () => {
  const choices = ["1", "2.50"].map((value) => ({ title: value, value }));
  it.each<[string, object, unknown, string[]]>([
    ["a small number", input("Number", "count", { min: 1, max: 9 }), { count: "0" }, ["count OUT_OF_RANGE"]],
    ["a large number", input("Number", "count", { min: 1, max: 9 }), { count: 10 }, ["count OUT_OF_RANGE"]],
    ["a number within", input("Number", "count", { min: 1, max: 9 }), { count: "9" }, []],
    ["nothing", input("Number", "count", { min: 1 }), {}, []],
    ["a long text", input("Text", "note", { maxLength: 3 }), { note: "long" }, ["note TOO_LONG"]],
    [
      "an early day",
      input("Date", "day", { min: "2026-11-20" }),
      { day: "2026-11-19" },
      ["day OUT_OF_RANGE"],
    ],
    ["the last day", input("Date", "day", { max: "2026-11-20" }), { day: "2026-11-20" }, []],
    ["a late time", input("Time", "note", { max: "18:00" }), { note: "18:01" }, ["note OUT_OF_RANGE"]],
    ["nothing needed", input("Text", "note", { isRequired: true }), { note: " " }, ["note REQUIRED"]],
    ["no choice", input("ChoiceSet", "count", { choices }), { count: "2" }, ["count NOT_A_CHOICE"]],
    ["a choice", input("ChoiceSet", "count", { choices }), { count: "2.50" }, []],
    ["one choice too many", input("ChoiceSet", "tags", { choices }), { tags: "1,3" }, ["tags NOT_A_CHOICE"]],
    ["choices", input("ChoiceSet", "tags", { choices }), { tags: "1,2.50" }, []],
  ])("%s", (_, element, sent, found) => {
    expect(errors([{ type: "Container", items: [element] }], sent)).toEqual(found);
  });

  it("is found in rows, sent flat or nested, and said where it was sent", () => {
    const form = [input("Number", "lines.a.pairs", { min: 1 })];
    expect(errors(form, { "lines.a.pairs": "0" })).toEqual(["lines.a.pairs OUT_OF_RANGE"]);
    expect(errors(form, { lines: [{ skuId: "a", pairs: 0 }] })).toEqual(["lines.0.pairs OUT_OF_RANGE"]);
    const placed = [input("Number", "lines.2.pairs", { min: 1 })];
    const sent = { "lines.2.skuId": "a", "lines.2.pairs": "0" };
    expect(errors(placed, sent, {})).toEqual(["lines.2.pairs OUT_OF_RANGE"]);
  });

  it("is found in a grid: in its cells, and in that none is filled in", () => {
    const rows = [{ cells: [{ id: "lines.a.pairs" }] }];
    const grid = input("SizeGrid", "lines", { min: 1, max: 9, isRequired: true, rows });
    expect(errors([grid], { "lines.a.pairs": "10" })).toEqual(["lines.a.pairs OUT_OF_RANGE"]);
    expect(errors([grid], {})).toEqual(["lines REQUIRED"]);
    expect(errors([grid], { "lines.a.pairs": "9" })).toEqual([]);
  });
});

describe("a form as its author wrote it", () => {
  it("holds for what is repeated, whatever it will be made of", () => {
    const form = [
      { ...input("Number", "lines.${id}.pairs", { max: 9 }), $data: "${skus}", isRequired: true },
    ];
    expect(errors(form, { "lines.a.pairs": "10" })).toEqual(["lines.a.pairs OUT_OF_RANGE"]);
    expect(errors(form, {})).toEqual([]);
  });

  it("says nothing of what only the data can tell", () => {
    const choices = [{ $data: "${shops}", title: "${name}", value: "${id}" }];
    const shown = { $when: "${a}", type: "Container", items: [input("Text", "note", { isRequired: true })] };
    const form = [
      input("ChoiceSet", "tags", { choices }),
      input("Number", "count", { max: "${most}" }),
      shown,
    ];
    expect(errors(form, { tags: "x", count: "5" })).toEqual([]);
  });

  it("is known to ask by its data, or not to", () => {
    const choices = [{ $data: "${shops}", title: "${name}", value: "${id}" }];
    const cells = [{ $data: "${skus}", id: "lines.${id}.pairs", warnAbove: "${onHand}" }];
    const grid = (more: object): object =>
      input("SizeGrid", "lines", { rows: [{ cells }], isRequired: true, min: 1, ...more });
    const within = (element: object): object => ({ type: "Container", $when: "${a}", items: [element] });
    for (const element of [
      input("Number", "count", { max: "${most}" }),
      input("Date", "day", { min: "${first}" }),
      input("Text", "note", { maxLength: "${room}" }),
      input("ChoiceSet", "tags", { choices }),
      grid({ max: "${most}" }),
    ])
      expect(asksByData({ body: [within(element)] })).toBe(true);
    for (const element of [input("Number", "count", { max: 9, label: "${name}" }), grid({ max: 9 })])
      expect(asksByData({ body: [within(element)] })).toBe(false);
  });

  it("of two inputs that stand for each other asks what either does", () => {
    const form = [3, 5].map((maxLength) => ({ ...input("Text", "note", { maxLength }), $when: "${a}" }));
    expect(errors(form, { note: "four" })).toEqual([]);
    expect(errors(form, { note: "longer" })).toEqual(["note TOO_LONG"]);
  });
});
