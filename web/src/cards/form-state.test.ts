import { describe, expect, it } from "vitest";
import { numberOf, problemsOf, totalOf, valuesOf } from "./form-state.ts";

const FORM = {
  body: [
    { type: "Input.ChoiceSet", id: "lines.0.skuId", isRequired: true, errorMessage: "Choose a shoe." },
    {
      type: "ColumnSet",
      columns: [{ items: [{ type: "Input.Number", id: "lines.0.pairs", min: 1, max: 999 }] }],
    },
    { type: "Input.Text", id: "note", maxLength: 5, value: "kept" },
    { type: "Input.Toggle", id: "urgent", valueOn: "yes", valueOff: "no" },
  ],
};

describe("a form", () => {
  it("sends what was typed by the ids of its inputs, and what it began with where nobody typed", () => {
    expect(valuesOf(FORM, { "lines.0.pairs": "12", other: "x" })).toEqual({
      "lines.0.pairs": "12",
      note: "kept",
      urgent: "no",
    });
    expect(valuesOf(FORM, { note: "" })).not.toHaveProperty("note");
  });

  it.each([
    [{}, "lines.0.skuId", { own: "Choose a shoe." }],
    [{ "lines.0.pairs": "six" }, "lines.0.pairs", "input.NOT_A_NUMBER"],
    [{ "lines.0.pairs": "0" }, "lines.0.pairs", "input.OUT_OF_RANGE"],
    [{ "lines.0.pairs": "１２" }, "lines.0.pairs", undefined],
    [{ note: "too long" }, "note", "input.TOO_LONG"],
    [{ "lines.0.skuId": "BL2481-38" }, "lines.0.skuId", undefined],
  ])("with %j has at %s: %j", (draft, id, problem) => {
    expect(problemsOf(FORM, draft as Record<string, string>).get(id)).toEqual(problem);
  });

  it.each([null, 3, [], { body: 3 }, { body: [{ type: "Input.Text" }, { type: "Input.Text", id: 3 }] }])(
    "that is %j has no inputs",
    (form) => {
      expect(valuesOf(form, { a: "b" })).toEqual({});
      expect(problemsOf(form, {}).size).toBe(0);
    },
  );
});

describe("a day or a time of day in a form", () => {
  const day = (more: object = {}): object => ({ type: "Input.Date", id: "at", ...more });
  const time = (more: object = {}): object => ({ type: "Input.Time", id: "at", ...more });
  const LIMITS = { min: "2026-12-01", max: "2026-12-24" };
  it.each<[string, object, string, string | undefined]>([
    ["nothing", day(LIMITS), "", undefined],
    ["nothing where it is needed", day({ isRequired: true }), "", "input.REQUIRED"],
    ["the first day", day(LIMITS), "2026-12-01", undefined],
    ["the last day", day(LIMITS), "2026-12-24", undefined],
    ["a day too early", day(LIMITS), "2026-11-30", "input.OUT_OF_RANGE"],
    ["a day too late", day(LIMITS), "2026-12-25", "input.OUT_OF_RANGE"],
    ["a year of five digits", day(LIMITS), "12026-12-05", "input.OUT_OF_RANGE"],
    ["a year long ago", day({ max: "12026-12-05" }), "2026-12-05", undefined],
    ["a day with one limit", day({ min: "2026-12-01" }), "2099-01-01", undefined],
    ["a day without limits", day(), "1999-12-31", undefined],
    ["limits that are none", day({ min: {}, max: null }), "1999-12-31", undefined],
    ["the opening hour", time({ min: "09:00", max: "18:30" }), "09:00", undefined],
    ["a minute too early", time({ min: "09:00", max: "18:30" }), "08:59", "input.OUT_OF_RANGE"],
    ["a minute too late", time({ min: "09:00", max: "18:30" }), "18:31", "input.OUT_OF_RANGE"],
  ])("with %s in it", (_, input, typed, problem) => {
    const form = { body: [input] };
    expect(problemsOf(form, { at: typed }).get("at")).toBe(problem);
    expect(valuesOf(form, { at: typed })).toEqual(typed === "" ? {} : { at: typed });
  });
});

describe("a size grid in a form", () => {
  const grid = {
    type: "Input.SizeGrid",
    id: "lines",
    min: 1,
    max: 999,
    isRequired: true,
    errorMessage: "Fill in at least one size.",
    rows: [
      { title: "Riva pump", cells: [{ id: "lines.a.pairs", title: "38" }, { id: "lines.b.pairs" }] },
      { title: "Otto", cells: [{ id: "lines.c.pairs", value: 4 }, { id: 3 }, null] },
    ],
  };
  const form = { body: [{ type: "Container", items: [grid] }] };
  const empty = { "lines.c.pairs": "" };

  it("sends the cells that are filled in, by their own ids", () => {
    expect(valuesOf(form, { "lines.a.pairs": "12", "lines.b.pairs": "  " })).toEqual({
      "lines.a.pairs": "12",
      "lines.c.pairs": "4",
    });
    expect(valuesOf(form, empty)).toEqual({});
  });

  it("wants one cell at least, if it wants anything", () => {
    expect([...problemsOf(form, empty)]).toEqual([["lines", { own: "Fill in at least one size." }]]);
    expect(problemsOf({ body: [{ ...grid, isRequired: false }] }, empty).size).toBe(0);
  });

  it.each([
    ["1.5", "input.NOT_AN_INTEGER"],
    ["1,5", "input.NOT_A_NUMBER"],
    ["0", "input.OUT_OF_RANGE"],
    ["1000", "input.OUT_OF_RANGE"],
    ["１２", undefined],
  ])("with %s in a cell says there: %s", (typed, problem) => {
    expect(problemsOf(form, { "lines.b.pairs": typed }).get("lines.b.pairs")).toBe(problem);
  });

  it("comes to what is filled in and is a number", () => {
    expect(totalOf(grid, { "lines.a.pairs": "１２", "lines.b.pairs": "many" })).toEqual({
      sizes: 2,
      total: 16,
    });
  });
});

describe("a number that somebody types", () => {
  it.each([
    ["12", 12],
    [" 12 ", 12],
    ["１２", 12],
    ["－３", -3],
    ["0", 0],
    ["007", 7],
    ["1.50", 1.5],
    ["1,000", null],
    ["1，000", null],
    ["1.000,5", null],
    ["١٢", null],
    ["十二", null],
    ["0x10", null],
    ["1e3", null],
    ["Infinity", null],
    ["1 2", null],
    ["1".repeat(400), null],
    ["", null],
  ])("%j is %j", (typed, number) => {
    expect(numberOf(typed)).toBe(number);
  });
});
