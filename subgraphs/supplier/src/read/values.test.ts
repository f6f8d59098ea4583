import { describe, expect, it } from "vitest";
import type { Cell } from "./sheet.ts";
import { leadDaysOf, pairsOf, sizeOf, styleOf } from "./values.ts";

describe("a style number", () => {
  it.each<[Cell, string | undefined]>([
    ["BL2481", "BL2481"],
    ["bl2481 ", "BL2481"],
    ["ＢＬ２４８１", "BL2481"],
    ["BL-2481", "BL2481"],
    ["BL 2481", "BL2481"],
    ["　BL2481\u200b", "BL2481"],
    ["BL24811", undefined],
    ["合计", undefined],
    ["__proto__", undefined],
    ["", undefined],
    [2481, undefined],
    [null, undefined],
    [{ fault: "is an error of the spreadsheet" }, undefined],
  ])("%j is %s", (cell, style) => {
    expect(styleOf(cell)).toBe(style);
  });
});

describe("a size", () => {
  it.each<[Cell, string | undefined]>([
    [38, "38"],
    ["38", "38"],
    ["３８", "38"],
    ["38码", "38"],
    ["EU 38", "38"],
    ["eur38.5", "38.5"],
    [38.5, "38.5"],
    ["38.0", "38"],
    ["38.25", undefined],
    [120, undefined],
    [9, undefined],
    ["尺码", undefined],
    [null, undefined],
  ])("%j is %s", (cell, size) => {
    expect(sizeOf(cell)).toBe(size);
  });
});

describe("pairs in stock", () => {
  it.each<[Cell, number | null]>([
    [12, 12],
    [0, 0],
    ["12", 12],
    [" 12 ", 12],
    ["１２", 12],
    ["12双", 12],
    ["12 pairs", 12],
    ["1,200", 1200],
    ["12.0", 12],
    ["断码", 0],
    ["无", 0],
    [null, null],
    ["", null],
    ["　", null],
    ["-", null],
    ["—", null],
  ])("%j are %s", (cell, value) => {
    expect(pairsOf(cell)).toEqual({ value });
  });

  it.each<[Cell, string]>([
    [-1, "is negative"],
    ["-3", "is negative"],
    ["－３", "is negative"],
    [1.5, "is not a whole number"],
    ["1O", "is not a number"],
    ["约12", "is not a number"],
    ["12,34", "is not a number"],
    ["1e3", "is not a number"],
    ["0x10", "is not a number"],
    [true, "is not a number"],
    [1e9, "is too large"],
    ["99999999999999999999", "is not a number"],
    [Number.NaN, "is not a number"],
    [{ fault: "is an error of the spreadsheet" }, "is an error of the spreadsheet"],
  ])("%j cannot be used: it %s", (cell, reason) => {
    expect(pairsOf(cell)).toEqual({ reason });
  });
});

describe("lead days", () => {
  it.each<[Cell, number | null]>([
    [7, 7],
    ["7", 7],
    ["７天", 7],
    ["7 days", 7],
    ["7-10天", 10],
    ["7~10个工作日", 10],
    [0, 0],
    [null, null],
    ["-", null],
  ])("%j are %s", (cell, value) => {
    expect(leadDaysOf(cell)).toEqual({ value });
  });

  it.each<Cell>(["下周", -1, 2.5, 99_999, "2026-11-20"])("%j are none", (cell) => {
    expect(leadDaysOf(cell)).toEqual({ reason: "is not a number of days" });
  });
});
