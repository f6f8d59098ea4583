// Widths, breaks, and what must not reach a terminal.
import { describe, expect, it } from "vitest";
import { clean, createPaint, cut, pad, width, wrap } from "./text.ts";

describe("a line", () => {
  it.each([
    ["abc", 3],
    ["补货单", 6],
    ["BL2481 短靴", 11],
    ["é", 1],
    ["👟", 2],
    ["，", 2],
    [createPaint(true).bold("abc"), 3],
    ["", 0],
  ])("%s is %i columns wide", (line, columns) => expect(width(line)).toBe(columns));

  it("is padded by columns", () => {
    expect(pad("补货", 6)).toBe("补货  ");
    expect(pad("7", 3, "right")).toBe("  7");
  });

  it("is cut by columns", () => {
    expect(cut("补货单", 5)).toBe("补货…");
    expect(cut("补货单", 6)).toBe("补货单");
    expect(cut("补货单", 4)).toBe("补…");
  });
});

describe("a text", () => {
  it.each([
    ["twelve pairs of boots", 12, ["twelve pairs", "of boots"]],
    ["exactly", 7, ["exactly"]],
    ["a superlongword b", 6, ["a", "superl", "ongwor", "d b"]],
    ["请尽快补货到专柜", 6, ["请尽快", "补货到", "专柜"]],
    ["two\nlines", 20, ["two", "lines"]],
    ["", 10, [""]],
  ])("(%s) breaks at %i columns", (text, columns, lines) => expect(wrap(text, columns)).toEqual(lines));

  it.each([
    ["a sequence that sets the title", "a\u001b]0;evil\u0007b"],
    ["a sequence that clears the screen", "a\u001b[2Jb"],
    ["an 8-bit sequence", "a\u009b31mb"],
    ["a backspace", "a\bb"],
    ["a line that overwrites", "safe\rb"],
    ["a change of direction", "a\u202eb"],
  ])("of others keeps %s out of the terminal", (_, text) => {
    expect(clean(text)).toMatch(/^[\x20-\x7e\n]*$/);
  });
});

describe("paint", () => {
  it("is nothing where it is not wanted", () => {
    expect(createPaint(false).red("away")).toBe("away");
  });
});
