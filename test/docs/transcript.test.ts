// That the comparison of documents with what programs print lets nothing pass but what it should.
import { expect, it } from "vitest";
import { compact, match, namesIn, type Names } from "./transcript.ts";

const A = "01a20529-a434-7e29-9640-026824f0652f";
const B = "01a20533-4360-7a62-96cc-3ab97c14edbd";

it.each([
  ["the same", "a\nb", "a\nb\n", true],
  ["another line", "a\nb", "a\nc\n", false],
  ["a line too many", "a", "a\nb\n", false],
  ["a line too few", "a\nb", "a\n", false],
  ["nothing, where nothing is shown", "", "", true],
  ["something, where nothing is shown", "", "a\n", false],
  ["lines that are left out", "a\n…\nd", "a\nb\nc\nd\n", true],
  ["none that are left out", "a\n…\nd", "a\nd\n", true],
  ["a part of a line that is left out", "in … now", "in /tmp/x now\n", true],
  ["another clock", "#28 21:29:04 said", "#31 05:00:59 said\n", true],
  ["another price", "CN¥809", "CN¥810\n", false],
  ["what only looks like an expression", "a.c (d)", "abc (d)\n", false],
  ["other widths", "│ stock  6    │", "│ stock  30   │\n", false],
  ["blanks, more or fewer", "│ stock  6    │", "│ stock   6 │\n", true],
])("takes or refuses %s", (_, shown, actual, taken) => {
  expect(match(shown, actual, new Map(), { whole: true }) !== undefined).toBe(taken);
});

it("learns a name where it is shown first, and insists on it from then on", () => {
  const names: Names = new Map();
  expect(match(`card ${A}, again ${A}`, `card ${B}, again ${A}\n`, names, { whole: true })).toBeUndefined();
  expect(match(`card ${A}`, `card ${B}\nmore\n`, names, { whole: false })).toEqual({ rest: "more\n" });
  expect(match(`card ${A}`, `card ${A}\n`, names, { whole: true })).toBeUndefined();
  expect(namesIn(`--card ${A}`, names)).toBe(`--card ${B}`);
});

it("reads JSON whatever its layout", () => {
  expect(compact('{ "a": [1, …],\n  "b c": "d \\" e" }')).toBe('{"a":[1,…],"b c":"d \\" e"}');
});
