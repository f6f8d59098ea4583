import { buildSchema, type GraphQLInputObjectType } from "graphql";
import { describe, expect, it } from "vitest";
import { coerceInput, type CoercedInput, type Lists } from "./form.ts";

const schema = buildSchema(`
  scalar DateTime
  scalar JSON
  enum Size { SMALL LARGE }
  input Line { skuId: ID! pairs: Int! gift: Boolean }
  input Address { street: String! more: Address }
  input Input {
    id: ID
    text: String
    count: Int
    share: Float
    yes: Boolean
    size: Size
    sizes: [Size!]
    day: DateTime
    any: JSON
    lines: [Line!]
    matrix: [[Int]]
    address: Address
    many: Int = 3
  }
  input Strict { counterId: ID! lines: [Line!]! note: String key: String! reason: String! = "none" }
  type Query { a: Int }
`);
const Input = schema.getType("Input") as GraphQLInputObjectType;
const Strict = schema.getType("Strict") as GraphQLInputObjectType;

describe("values of a form", () => {
  it.each<[string, unknown, unknown]>([
    ["count", "12", 12],
    ["count", " 12 ", 12],
    ["count", "１２", 12],
    ["count", "-3", -3],
    ["count", "12.0", 12],
    ["count", "2147483647", 2_147_483_647],
    ["count", 12, 12],
    ["count", "-0", 0],
    ["count", "", null],
    ["count", null, null],
    ["share", "0.5", 0.5],
    ["share", "1e3", 1_000],
    ["share", 2, 2],
    ["yes", "true", true],
    ["yes", "false", false],
    ["yes", true, true],
    ["text", "  two words ", "  two words "],
    ["text", "   ", null],
    ["text", "12", "12"],
    ["id", 17, "17"],
    ["id", " 017 ", "017"],
    ["size", "LARGE", "LARGE"],
    ["sizes", "SMALL,LARGE", ["SMALL", "LARGE"]],
    ["sizes", ["SMALL"], ["SMALL"]],
    ["sizes", [], []],
    ["sizes", "", null],
    ["day", "2026-11-20", "2026-11-20T00:00:00Z"],
    ["day", "2026-11-20T08:30:00+08:00", "2026-11-20T08:30:00+08:00"],
    ["any", { a: [1] }, { a: [1] }],
    ["matrix", [[1, "2"], null], [[1, 2], null]],
    [
      "address",
      { street: "Quay 1", more: { street: "Quay 2" } },
      { street: "Quay 1", more: { street: "Quay 2" } },
    ],
  ])("%s: %j becomes %j", (field, raw, value) => {
    expect(coerceInput(Input, { [field]: raw })).toMatchObject({ value: { [field]: value } });
  });

  it("that are not sent are left to the owner", () => {
    expect(coerceInput(Input, {})).toMatchObject({ value: {} });
    expect(Object.keys(valueOf(coerceInput(Input, {})))).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ["count", "twelve", "NOT_AN_INTEGER"],
    ["count", "1,200", "NOT_AN_INTEGER"],
    ["count", "1.5", "NOT_AN_INTEGER"],
    ["count", 1.5, "NOT_AN_INTEGER"],
    ["count", "0x10", "NOT_AN_INTEGER"],
    ["count", "9".repeat(30), "NOT_AN_INTEGER"],
    ["count", true, "NOT_AN_INTEGER"],
    ["count", [1], "NOT_AN_INTEGER"],
    ["count", Number.NaN, "NOT_AN_INTEGER"],
    ["count", "2147483648", "OUT_OF_RANGE"],
    ["share", "Infinity", "NOT_A_NUMBER"],
    ["share", "1e999", "OUT_OF_RANGE"],
    ["share", {}, "NOT_A_NUMBER"],
    ["yes", "on", "NOT_A_BOOLEAN"],
    ["yes", 1, "NOT_A_BOOLEAN"],
    ["text", 12, "NOT_A_TEXT"],
    ["text", ["a"], "NOT_A_TEXT"],
    ["text", "x".repeat(4_001), "TOO_LONG"],
    ["id", 1.5, "NOT_A_TEXT"],
    ["size", "Large", "NOT_A_CHOICE"],
    ["size", "toString", "NOT_A_CHOICE"],
    ["size", 1, "NOT_A_CHOICE"],
    ["sizes", { 0: "SMALL" }, "NOT_A_LIST"],
    ["sizes", Array(501).fill("SMALL"), "TOO_MANY"],
    ["day", "20 Nov", "NOT_A_DATE"],
    ["day", "2026-02-31", "NOT_A_DATE"],
    ["day", "2026-11-20T25:00:00Z", "NOT_A_DATE"],
    ["address", "Quay 1", "NOT_AN_OBJECT"],
    ["address", ["Quay 1"], "NOT_AN_OBJECT"],
  ])("%s: %j is refused as %s", (field, raw, code) => {
    expect(errorsOf(coerceInput(Input, { [field]: raw }))).toEqual([[[field], code]]);
  });
});

describe("what must be there", () => {
  const bound = { counterId: "017", key: "k1" };

  it("is asked for, each field by its own name", () => {
    expect(errorsOf(coerceInput(Strict, { note: "x" }, bound))).toEqual([[["lines"], "REQUIRED"]]);
    expect(
      errorsOf(coerceInput(Strict, { "lines.0.skuId": "BL2481-38", "lines.0.pairs": " " }, bound)),
    ).toEqual([[["lines", "0", "pairs"], "REQUIRED"]]);
  });

  it("is said of what the card could not fill in", () => {
    const raw = { lines: [{ skuId: "a", pairs: 1 }] };
    expect(errorsOf(coerceInput(Strict, raw, { ...bound, counterId: null }))).toEqual([
      [["counterId"], "REQUIRED"],
    ]);
  });
});

describe("bound fields", () => {
  const lines = [{ skuId: "BL2481-38", pairs: 12 }];
  const bound = { counterId: "017", key: "k1" };

  it("are filled in", () => {
    expect(coerceInput(Strict, { lines }, bound)).toMatchObject({
      value: { counterId: "017", key: "k1", lines },
    });
  });

  it("can be sent as they are, and not otherwise", () => {
    expect(coerceInput(Strict, { lines, counterId: "017" }, bound)).toHaveProperty("value");
    for (const counterId of ["018", 17, null, ""]) {
      expect(errorsOf(coerceInput(Strict, { lines, counterId }, bound))).toEqual([
        [["counterId"], "BOUND_FIELD"],
      ]);
    }
    const all = { counterId: "017", key: "k1", lines };
    expect(errorsOf(coerceInput(Strict, { "lines.0.pairs": "13" }, all))).toEqual([
      [["lines"], "BOUND_FIELD"],
    ]);
  });
});

describe("lists in a flat form", () => {
  it("are built by position, without the rows in which there is nothing", () => {
    const raw = {
      "lines.10.skuId": "c",
      "lines.10.pairs": "3",
      "lines.2.skuId": "b",
      "lines.2.pairs": "2",
      "lines.0.skuId": "",
      "lines.0.pairs": "",
    };
    expect(coerceInput(Input, raw)).toMatchObject({
      value: {
        lines: [
          { skuId: "b", pairs: 2 },
          { skuId: "c", pairs: 3 },
        ],
      },
    });
  });

  it("are built by a field when the form says so", () => {
    const raw = { "lines.BL2481-38.pairs": "12", "lines.BL2481-39.pairs": "", "lines.017.pairs": 1 };
    const result = coerceInput(Input, raw, {}, { lines: "skuId" });
    expect(result).toMatchObject({
      value: {
        lines: [
          { skuId: "BL2481-38", pairs: 12 },
          { skuId: "017", pairs: 1 },
        ],
      },
    });
    expect(valueOf(result)["lines"]).toHaveLength(2);
  });

  it("can be sent nested by a program", () => {
    const lines = [{ skuId: "a", pairs: 1, gift: "true" }];
    expect(coerceInput(Input, { lines }, {}, { lines: "skuId" })).toMatchObject({
      value: { lines: [{ gift: true }] },
    });
  });

  it("lead errors back to the input that was filled in", () => {
    const byPosition = coerceInput(Input, {
      "lines.0.pairs": "",
      "lines.3.skuId": "a",
      "lines.3.pairs": "x",
    });
    expect(errorsOf(byPosition)).toEqual([[["lines", "3", "pairs"], "NOT_AN_INTEGER"]]);
    const byField = coerceInput(Input, { "lines.BL2481-38.pairs": "x" }, {}, { lines: "skuId" });
    expect(errorsOf(byField)).toEqual([[["lines", "BL2481-38", "pairs"], "NOT_AN_INTEGER"]]);
  });

  it("lead the owner's errors back, too", () => {
    const result = coerceInput(Input, { "lines.1.pairs": "", "lines.4.skuId": "a", "lines.4.pairs": "1" });
    const sentPath = "sentPath" in result ? result.sentPath : () => [];
    expect(sentPath(["lines", "0", "pairs"])).toEqual(["lines", "4", "pairs"]);
    expect(sentPath(["lines"])).toEqual(["lines"]);
    expect(sentPath([])).toEqual([]);
  });

  it.each<[string, Record<string, unknown>, Lists, string]>([
    ["a row without number", { "lines.x.pairs": 1 }, {}, "UNKNOWN_FIELD"],
    ["a path too long", { "lines.0.pairs.more": 1 }, {}, "UNKNOWN_FIELD"],
    ["a path too short", { "lines.0": 1 }, {}, "UNKNOWN_FIELD"],
    ["both ways at once", { "lines.0.pairs": 1, lines: [] }, {}, "UNKNOWN_FIELD"],
    [
      "the field that the id gives",
      { "lines.a.skuId": "b", "lines.a.pairs": 1 },
      { lines: "skuId" },
      "UNKNOWN_FIELD",
    ],
    ["a row of what is no list", { "text.0.a": "x" }, {}, "NOT_A_TEXT"],
  ])("refuse %s", (_, raw, lists, code) => {
    expect(errorsOf(coerceInput(Input, raw, {}, lists)).map(([, each]) => each)).toContain(code);
  });
});

describe("what nobody asked for", () => {
  it("is refused by name", () => {
    expect(errorsOf(coerceInput(Input, { colour: "red", address: { street: "a", zip: 1 } }))).toEqual([
      [["colour"], "UNKNOWN_FIELD"],
      [["address", "zip"], "UNKNOWN_FIELD"],
    ]);
  });

  it.each([
    '{"__proto__":{"text":"x"}}',
    '{"constructor":"x"}',
    '{"any":{"a":[{"__proto__":{"admin":true}}]}}',
    '{"lines.__proto__.pairs":1}',
    '{"__proto__.polluted.x":1}',
    '{"lines":[{"prototype":1}]}',
  ])("is refused when it is a name that objects inherit: %s", (text) => {
    expect(errorsOf(coerceInput(Input, JSON.parse(text) as unknown))).toEqual([[[], "UNKNOWN_FIELD"]]);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it.each([null, undefined, "text", 12, [], [{ text: "x" }]])("%j is no input", (raw) => {
    expect(errorsOf(coerceInput(Input, raw))).toEqual([[[], "NOT_AN_OBJECT"]]);
  });

  it("is refused when there is too much of it, or it is too deep", () => {
    const deep = JSON.parse(`${'{"any":'.repeat(50)}1${"}".repeat(50)}`) as unknown;
    const wide = { any: Array(3_000).fill(1) as number[] };
    for (const raw of [deep, wide]) expect(errorsOf(coerceInput(Input, raw))).toEqual([[[], "TOO_DEEP"]]);
  });

  it("is not echoed without end", () => {
    const raw = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [`${index}${"x".repeat(500)}`, 1]),
    );
    const result = coerceInput(Input, raw);
    expect(errorsOf(result)).toHaveLength(20);
    expect(JSON.stringify(result).length).toBeLessThan(5_000);
  });
});

function errorsOf(result: CoercedInput): [readonly string[], string][] {
  return "userErrors" in result ? result.userErrors.map(({ field, code }) => [field, code]) : [];
}

function valueOf(result: CoercedInput): Readonly<Record<string, unknown>> {
  if ("value" in result) return result.value;
  throw new Error(JSON.stringify(result.userErrors));
}
