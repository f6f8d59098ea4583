import { describe, expect, it } from "vitest";
import { problemsOf, valuesOf } from "./form-state.ts";

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
