import { describe, expect, it } from "vitest";
import { checkExpression, type ShapeScope } from "./check.ts";
import { compileExpression, compileText, evaluate, ExpressionError, isTrue } from "./expression.ts";
import { objectShape, NUMBER, STRING, type Shape } from "./shape.ts";

const DATA = {
  status: "SUBMITTED",
  pairs: 12,
  zero: 0,
  rate: 0.1,
  note: null,
  open: true,
  product: { name: "Riva pump", shelfPrice: { minor: 89_900, currency: "CNY" } },
  lines: [
    { pairs: 8, sku: { onHand: 24 }, sizes: [{ eu: 38 }, { eu: 39 }] },
    { pairs: 4, sku: { onHand: 1 }, sizes: [{ eu: 40 }] },
  ],
  gaps: [{ onHand: 1 }, { onHand: null }],
  none: [],
};

describe("an expression comes out as", () => {
  it.each<[string, unknown]>([
    // literals and paths
    ["12", 12],
    ["'it\\'s'", "it's"],
    ['"a\\n\\\\"', "a\n\\"],
    ["null", null],
    ["pairs", 12],
    ["product.name", "Riva pump"],
    ["lines[1].sku.onHand", 1],
    ["$root.pairs", 12],
    ["$data.pairs", 12],
    ["$index", null],
    ["$key.id", "R1"],
    // arithmetic
    ["0.1 + 0.2", 0.3],
    ["3 / 10 * 100", 30],
    ["0.3 - 0.1 - 0.2", 0],
    ["2 + 3 * 4", 14],
    ["(2 + 3) * 4", 20],
    ["10 - 4 - 3", 3],
    ["-pairs + 2", -10],
    ["- -3", 3],
    ["1 / 0", null],
    ["status + 1", null],
    // comparison
    ["0.1 + 0.2 == 0.3", true],
    ["1 / 3 * 3 == 1", true],
    ["status == 'SUBMITTED'", true],
    ["status != 'SUBMITTED'", false],
    ["'2026-11-20' < '2026-11-21'", true],
    ["pairs >= 12", true],
    ["pairs == '12'", false],
    ["lines == lines", false],
    // logic
    ["!note", true],
    ["open && pairs > 3", true],
    ["zero || note", false],
    ["none || 'x'", true],
    ["pairs > 10 ? 'many' : 'few'", "many"],
    ["zero ? 1 : note ? 2 : 3", 3],
    // functions
    ["count(lines)", 2],
    ["count(none)", 0],
    ["sum(lines, pairs)", 12],
    ["sum(lines, sku.onHand * 2)", 50],
    ["sum(none, pairs)", 0],
    ["any(lines, sku.onHand < 5)", true],
    ["all(lines, sku.onHand < 5)", false],
    ["any(lines, $root.pairs == 12)", true],
    ["count(where(lines, pairs > 5))", 1],
    ["count(flatten(lines, sizes))", 3],
    ["sum(flatten(lines, sizes), eu)", 117],
    ["count(first(lines, 1))", 1],
    ["min(3, pairs, 5)", 3],
    ["max(3, pairs)", 12],
    ["round(2.345, 2)", 2.35],
    ['addHours("2026-11-22T10:00:00+08:00", 1.5)', "2026-11-22T03:30:00.000Z"],
    ['addDays("2026-11-22T02:00:00Z", 0 - 1)', "2026-11-21T02:00:00.000Z"],
    ["addHours(note, 1)", null],
    ['addHours("soon", 1)', null],
    ['addDays("2026-11-22T02:00:00Z", 1000000000000)', null],
    ["coalesce(note, product.name)", "Riva pump"],
    ["exists(note)", false],
    ["exists(zero)", true],
  ])("%s ▸ %j", (source, value) => {
    expect(evaluate(compileExpression(source), DATA, { $key: { id: "R1" } })).toEqual(value);
  });
});

describe("what is missing", () => {
  it.each([
    "note",
    "nowhere",
    "nowhere.deeper[3].still",
    "lines[9].pairs",
    "lines.pairs",
    "status.length",
    "pairs.toFixed",
  ])("%s is null", (source) => {
    expect(evaluate(compileExpression(source), DATA)).toBeNull();
  });

  it.each([
    "note + 1",
    "1 - note",
    "-note",
    "sum(gaps, onHand)",
    "sum(nowhere, x)",
    "count(note)",
    "min(1, note)",
    "round(note)",
  ])("makes %s null: a part of it would be a lie", (source) => {
    expect(evaluate(compileExpression(source), DATA)).toBeNull();
  });

  it.each([
    "note < 5",
    "note > 5",
    "note == 'x'",
    "note != 'x'",
    "note == note",
    "pairs < nowhere * 2",
    "any(nowhere, x)",
    "all(nowhere, x)",
  ])("does not hold in %s", (source) => {
    expect(isTrue(compileExpression(source), DATA)).toBe(false);
  });

  it("is null however little there is", () => {
    for (const data of [null, undefined, 3, "text", []])
      expect(evaluate(compileExpression("a.b"), data)).toBeNull();
  });
});

describe("only own properties count", () => {
  it.each(["__proto__", "a.constructor", "$root.prototype", "t('x', constructor: 1)"])(
    "%s is refused",
    (source) => {
      expect(() => compileExpression(source)).toThrow(ExpressionError);
    },
  );

  it.each(["toString", "hasOwnProperty", "lines.map", "lines.length", "$root.valueOf"])(
    "%s is null",
    (source) => {
      expect(evaluate(compileExpression(source), DATA)).toBeNull();
    },
  );

  it("does not reach what was hung on all objects", () => {
    const polluted = Object.create({ secret: "x" }) as object;
    expect(evaluate(compileExpression("secret"), polluted)).toBeNull();
  });
});

describe("a fault is said with its position", () => {
  it.each<[string, number, RegExp]>([
    ["", 0, /value is expected/],
    ["pairs +", 7, /value is expected/],
    ["pairs pairs", 6, /"pairs" is not expected/],
    ["(1", 2, /"\)" is expected/],
    ["a.", 2, /a name is expected/],
    ["a[b]", 2, /whole number/],
    ["a[1.5]", 2, /whole number/],
    ["'open", 0, /no end/],
    ["1.2.3", 0, /not a number/],
    ["3x", 0, /not a number/],
    ["a = 1", 2, /not expected/],
    ["a; b", 1, /not expected/],
    ["a ? b", 5, /":" is expected/],
    ["'\\x'", 0, /means nothing/],
    ["nonsense(1)", 0, /no function nonsense/],
    ["1 + sum(lines)", 4, /sum takes \(list, each\), not 1/],
    ["exists(a, b)", 0, /not 2/],
    ["count(3)", 6, /needs a list/],
    ["first(lines, n)", 13, /whole number/],
    ["t(key)", 2, /in quotes/],
    ["count(lines, a: 1)", 0, /no named/],
    ["t('k', a: 1, 2)", 13, /no name/],
    ["[].constructor", 0, /not expected/],
    ["a => a", 2, /not expected/],
    ["`x`", 0, /not expected/],
  ])("%s at %i", (source, at, message) => {
    const fault = faultOf(() => compileExpression(source));
    expect(fault.message).toMatch(message);
    expect(fault.at).toBe(at);
  });

  it("counts from the start of the text around it", () => {
    expect(faultOf(() => compileText("Restock ${id}: ${pairs +}")).at).toBe(24);
    expect(faultOf(() => compileText("Restock ${id")).message).toMatch(/not closed/);
  });

  it.each([
    ["too long", `'${"x".repeat(1_000)}'`],
    ["too deep in parentheses", `${"(".repeat(40)}1${")".repeat(40)}`],
    ["too deep in signs", `${"!".repeat(40)}a`],
    ["too deep in choices", "a ? ".repeat(40)],
    ["too long a chain", Array(40).fill("1").join("+")],
    ["too deep in calls", `${"exists(".repeat(40)}a${")".repeat(40)}`],
  ])("what is %s is refused", (_, source) => {
    expect(() => compileExpression(source)).toThrow(ExpressionError);
  });
});

describe("texts", () => {
  it("are split at expressions, and only there", () => {
    expect(compileText("a ${b} c").parts).toHaveLength(3);
    expect(compileText("\\${b} $b {b} $").parts).toEqual(["${b} $b {b} $"]);
    expect(compileText("${'}'}").only).toBeDefined();
    expect(compileText("${a}${b}").only).toBeUndefined();
  });
});

describe("checking against the fragment", () => {
  const line = objectShape("Line", { pairs: NUMBER, size: STRING });
  const order = objectShape("Order", {
    status: { kind: "leaf", type: "Status", values: ["OPEN", "DONE"] },
    pairs: NUMBER,
    name: STRING,
    line,
    at: { kind: "leaf", type: "DateTime" },
    price: objectShape("Money", { minor: NUMBER, currency: STRING }),
    lines: { kind: "list", of: line },
  });

  it.each([
    "status == 'OPEN'",
    "sum(lines, pairs)",
    "any(lines, $root.pairs > pairs)",
    "lines[0].size",
    "formatMoney(price)",
    "formatDate(at)",
    "coalesce(at, name)",
    "count(where(lines, size == '38'))",
  ])("%s is in order", (source) => {
    expect(faultsIn(source, order)).toEqual([]);
  });

  it.each<[string, RegExp]>([
    ["nmae", /"nmae" of Order is not in the fragment, only status, pairs/],
    ["line.name", /of Line is not in the fragment/],
    ["lines.pairs", /taken of a list/],
    ["pairs.x", /single value/],
    ["name[0]", /no list/],
    ["status == 'OPNE'", /none of Status's values: OPEN, DONE/],
    ["'OPNE' != status", /none of Status/],
    ["pairs == name", /never holds/],
    ["pairs == '12'", /never holds/],
    ["name * 2", /number is needed/],
    ["sum(lines, size)", /number is needed/],
    ["sum(lines, nowhere)", /of Line is not in/],
    ["count(line)", /needs a list/],
    ["formatMoney(pairs)", /minor currency/],
    ["formatMoney(line)", /minor currency/],
    ["formatDate(pairs)", /needs a text/],
    ["name == null", /use exists/],
    ["$index", /no \$index here/],
    ["$key.id", /no \$key here/],
  ])("%s is not", (source, message) => {
    expect(faultsIn(source, order).join()).toMatch(message);
  });

  it("refuses words in conditions", () => {
    expect(faultsIn("show(name) == 'x'", order, false).join()).toMatch(/for texts, not for conditions/);
  });
});

function faultsIn(source: string, shape: Shape, speaks = true): string[] {
  const faults: string[] = [];
  const scope: ShapeScope = { root: shape, data: shape, repeated: false, names: {}, speaks, uses: [] };
  checkExpression(compileExpression(source).tree, scope, (message) => faults.push(message));
  return faults;
}

function faultOf(run: () => unknown): ExpressionError {
  try {
    run();
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
  throw new Error("nothing was wrong");
}
