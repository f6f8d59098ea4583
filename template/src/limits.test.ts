// What hostile or careless templates and data come to: an end, soon, and a clear word. Nothing here may take long, whatever
// the machine: without its limit each of these would take longer than anybody waits, or all the memory there is.
import { describe, expect, it } from "vitest";
import { CardTooLargeError } from "./budget.ts";
import { compileTemplate } from "./compile-template.ts";
import {
  compileExpression,
  compileText,
  evaluate,
  isTrue,
  printCompiled,
  rootScope,
  SILENT,
} from "./expression.ts";
import { compileMessages } from "./messages.ts";
import { readTemplate } from "./read.ts";
import { UNKNOWN } from "./shape.ts";
import { expand, expandText, verbsIn, type ExpandOptions, type Json } from "./template.ts";

const MILLION = Array.from({ length: 1_000_000 }, (_, n) => ({ n }));
const THOUSAND = MILLION.slice(0, 1_000);

function show(
  body: unknown,
  data: unknown,
  messages: object = {},
  more: Partial<ExpandOptions> = {},
): { readonly body: readonly Record<string, unknown>[] } {
  const template = readTemplate(
    "ref",
    { card: { type: "AdaptiveCard", version: "1.5", body }, messages },
    "en",
  );
  return expand(template!, { locale: "en", data, ...more }) as never;
}
const block = (text: string, more: object = {}): object => ({ type: "TextBlock", text, ...more });

/** What a template is refused for. */
function faults(source: unknown): string[] {
  const found: string[] = [];
  const scope = { root: UNKNOWN, data: UNKNOWN, repeated: true, names: {}, speaks: true, uses: [] };
  compileTemplate(source as Json, {
    scope,
    inForm: true,
    report: (path, message) => found.push(`${path.join(".")}: ${message}`),
  });
  return found;
}

describe("a card that its data makes too large", () => {
  const nested = block("${n}", { $data: "${$root.lines}" });
  it.each<[string, unknown, unknown]>([
    ["a million of one element", [block("${n}", { $data: "${lines}" })], { lines: MILLION }],
    ["a million of nothing", [{ type: "TextBlock", $data: "${lines}" }], { lines: MILLION }],
    ["a million that are left out", [block("x", { $data: "${lines}", $when: "${!n}" })], { lines: MILLION }],
    [
      "a thousand times a thousand",
      [{ type: "Container", $data: "${lines}", items: [nested] }],
      { lines: THOUSAND },
    ],
    [
      "a thousand times a thousand that are left out",
      [
        {
          type: "Container",
          $data: "${lines}",
          items: [block("x", { $data: "${$root.lines}", $when: "${!n}" })],
        },
      ],
      { lines: THOUSAND },
    ],
    [
      "a list of a thousand times a thousand",
      [block("x", { $data: "${flatten(lines, $root.lines)}" })],
      { lines: THOUSAND },
    ],
    [
      "a sum over a thousand times a thousand",
      [block("${sum(lines, sum($root.lines, n))}")],
      { lines: THOUSAND },
    ],
    [
      "a thousand, five times in each other",
      [block("${sum(lines, sum($root.lines, sum($root.lines, sum($root.lines, sum($root.lines, 1)))))}")],
      { lines: THOUSAND },
    ],
    [
      "a condition over all of them, for each of them",
      [block("x", { $data: "${lines}", $when: "${any($root.lines, n < 0)}" })],
      { lines: THOUSAND },
    ],
    ["a text of ten million letters", [block("${note}")], { note: "x".repeat(10_000_000) }],
    [
      "the same in a message",
      [{ type: "FactSet", facts: [{ title: "a", value: "${show(t('said', what: note))}" }] }],
      { note: "x".repeat(10_000_000) },
    ],
    [
      "a long text a thousand times",
      [block("${$root.note}", { $data: "${lines}" })],
      { lines: THOUSAND, note: "x".repeat(10_000) },
    ],
  ])("is %s", (_what, body, data) => {
    expect(() => show(body, data, { said: "He said {what}" })).toThrow(CardTooLargeError);
  });

  it("is one whose message holds itself twice, and again, and again", () => {
    let doubled = "n";
    for (let level = 0; level < 25; level++) doubled = `t('twice', x: ${doubled})`;
    const many = "{x}{x}{x}{x}";
    expect(() => show([block(`\${show(${doubled})}`)], { n: 1 }, { twice: many })).toThrow(CardTooLargeError);
    const summary = compileText(`\${show(${doubled})}`);
    const messages = compileMessages({ en: { twice: many }, "zh-CN": { twice: many } }, () => undefined);
    expect(() => expandText(summary, messages, { locale: "en", data: { n: 1 } })).toThrow(CardTooLargeError);
  });

  it("is not one of which its author takes a part", () => {
    expect(show([block("${n}", { $data: "${first(lines, 3)}" })], { lines: MILLION }).body).toHaveLength(3);
  });

  it("is not one that people read: hundreds of lines, with what is summed up of each", () => {
    const lines = MILLION.slice(0, 200).map(({ n }) => ({ n, sizes: THOUSAND.slice(0, 20) }));
    const row = { type: "TableRow", $data: "${lines}", cells: [{ items: [block("${sum(sizes, n)}")] }] };
    const { body } = show([{ type: "Table", columns: [], rows: [row] }], { lines });
    expect(body[0]!["rows"]).toHaveLength(200);
  });
});

describe("a condition or a binding", () => {
  it.each([
    "any(lines, any($root.lines, n < 0))",
    "!any(lines, any($root.lines, n < 0))",
    "count(flatten(lines, $root.lines)) > 0",
  ])("%s that has too much to look at does not hold, and gives nothing", (source) => {
    const condition = compileExpression(source);
    expect(isTrue(condition, { lines: THOUSAND })).toBe(false);
    expect(evaluate(condition, { lines: THOUSAND })).toBeNull();
  });
});

describe("an expression that is nested as deep as it may be", () => {
  const nested = (before: string, inner: string, after: string): string =>
    `${before.repeat(30)}${inner}${after.repeat(30)}`;

  it.each([
    ["lists of lists", nested("first(", "a", ",9)"), 3],
    ["lists that are looked through", nested("where(", "a", ",1)"), 3],
    ["lists that are made flat", nested("flatten(", "a", ",b)"), 0],
  ])("is compiled in no time: %s", (_, list, count) => {
    const data = { a: [{ n: 1 }, { n: 2 }, { n: 3 }] };
    expect(evaluate(compileExpression(`count(${list})`), data)).toBe(count);
    expect(compileExpression(list).locate!(rootScope(data, SILENT))).toHaveLength(count);
  });

  it.each([
    ["numbers without end", nested("(0.1 * ", "1e", ")").replace("1e", "n"), { n: 1e300 }],
    ["a huge and a tiny number", "a + b - a * b / a", { a: 1.5e308, b: 5e-324 }],
    ["a product that is too large", "a * a * a * a", { a: 1.1e308 }],
  ])("calculates with %s", (_, source, data) => {
    const value = evaluate(compileExpression(source), data);
    expect(value === null || Number.isFinite(value)).toBe(true);
  });

  it("is printed as often as it stands there, and no more often", () => {
    const source = `\${${nested("show(", "a", ")")}}`;
    expect(printCompiled(compileText(source), rootScope({ a: "*" }, SILENT), "markdown")).toBe("\\*");
  });
});

describe("a template", () => {
  const deep = (levels: number, inner: unknown): unknown => {
    let made = inner;
    for (let level = 0; level < levels; level++) made = { type: "Container", items: [made] };
    return made;
  };
  const card = (...body: unknown[]): unknown => ({ type: "AdaptiveCard", version: "1.5", body });

  it("is not nested without end", () => {
    expect(faults(card(deep(10_000, block("x")))).join()).toMatch(/nested too deeply/);
    expect(JSON.stringify(show([block("kept"), deep(10_000, block("x"))], {}))).toContain("kept");
  });

  it("may hold itself, as JSON never does", () => {
    const own: Record<string, unknown> = { type: "Container" };
    own["items"] = [own, own, own];
    const said = faults(card(own));
    expect(said.join()).toMatch(/a template has 10000 elements at most/);
    expect(said.filter((each) => each.includes("at most"))).toHaveLength(1);
    expect(() => show([own], {})).toThrow(CardTooLargeError);
  });

  it("is not of more elements than anybody writes", () => {
    const many = Array.from({ length: 20_000 }, () => block("x"));
    expect(faults(card(...many))).toEqual(["body.9999: a template has 10000 elements at most"]);
  });

  it("holds nothing else where a text belongs", () => {
    let list: unknown = [];
    for (let level = 0; level < 50_000; level++) list = [list];
    const body = [block("kept"), { type: "TextBlock", text: list }, { type: "Image", url: list, size: list }];
    expect(faults(card(...body))).toHaveLength(3);
    const shown = show(body, {});
    expect(shown.body).toEqual([{ type: "TextBlock", text: "kept" }]);
    expect(verbsIn(shown)).toEqual([]);
  });

  it.each(["__proto__", "constructor", "prototype", "toString", "hasOwnProperty"])(
    "knows no property, type, message or choice by the name %s",
    (name) => {
      const source = JSON.stringify(card({ ...block("x"), own: 1 }, { type: name }, { [name]: 1 }));
      const named = JSON.parse(source.replaceAll('"own"', JSON.stringify(name))) as unknown;
      expect(faults(named).length).toBeGreaterThanOrEqual(3);
      expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();

      const data = JSON.parse(`{ "is": "${name}", "${name}": { "n": 1 } }`) as unknown;
      const messages = { kind: "{is, select, good {yes} other {no}}" };
      const body = [
        block("${show(t('kind', is: is))}"),
        block("${word('kind', is)}"),
        block("${show(person(is))}"),
      ];
      const texts = show(body, data, messages).body.map((element) => element["text"]);
      expect(texts.map((each) => String(each).replaceAll("\\", ""))).toEqual(["no", name, name]);
    },
  );

  it("reads no pattern of anybody: there is no function that takes one", () => {
    for (const call of ["match(a, '(a+)+$')", "replace(a, '(a+)+$', '')", "test('(a+)+$', a)"])
      expect(() => compileExpression(call)).toThrow(/there is no function/);
    expect(faults(card({ type: "Input.Text", id: "a", label: "b", regex: "(a+)+$" })).join()).toMatch(
      /a pattern may take for ever/,
    );
  });
});

describe("a text of the data", () => {
  const LONG = 200_000;
  it.each([
    ["brackets", "[".repeat(LONG)],
    ["brackets of links", "](".repeat(LONG / 2)],
    ["stars", "*".repeat(LONG)],
    ["ampersands", "&a".repeat(LONG / 2)],
    ["an entity without end", `&${"a".repeat(LONG)}`],
    ["underlines of a heading", `${"=".repeat(LONG)}x`],
    ["blanks", `${" ".repeat(LONG)}x`],
    ["lines", "\n- a\u2028# b".repeat(LONG / 10)],
    ["digits", "1".repeat(LONG)],
  ])("of a hundred thousand characters is escaped in one go: %s", (_, note) => {
    const [element] = show([block("${note}")], { note: note.slice(-LONG / 2) }).body;
    expect(String(element!["text"]).length).toBeGreaterThan(0);
  });
});
