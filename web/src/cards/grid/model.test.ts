import { describe, expect, it } from "vitest";
import { absencesOf, readGrid, sift, type Cell } from "./model.ts";

const cell = (id: string, title: string, onHand: number | undefined, more: object = {}): object => ({
  id: `lines.${id}.pairs`,
  title,
  warnAbove: onHand,
  figures: [{ value: onHand, text: onHand === undefined ? "no answer from Harbour Supply" : String(onHand) }],
  ...more,
});

const GRID = {
  type: "Input.SizeGrid",
  id: "lines",
  label: "What should come?",
  unit: "pairs",
  figures: ["At the supplier"],
  rows: [
    { title: "Riva pump", note: "BL2481", cells: [cell("a38", "38", 24), cell("a4", "4", 0)] },
    { title: "Otto loafer", note: "BL3100", cells: [cell("b38", "38", undefined)] },
    { title: "Riva pump", note: "BL2481", cells: [cell("a36", "36", 3)] },
  ],
};

const sizesOf = (products: ReturnType<typeof sift>): string[] =>
  products.map(({ title, cells }) => `${title}: ${cells.map(({ size }) => size).join(" ")}`);

describe("a size grid", () => {
  it("has each product once, and its sizes in the order of their numbers", () => {
    const grid = readGrid(GRID);
    expect(sizesOf([...grid.products])).toEqual(["Riva pump: 38 4 36", "Otto loafer: 38"]);
    expect(grid.sizes).toEqual(["4", "36", "38"]);
    expect(grid.unitOne).toBe("pairs");
  });

  it("keeps sizes that are words in the form's order", () => {
    const rows = [{ title: "Shirt", cells: ["S", "M", "L"].map((size) => cell(size, size, 1)) }];
    expect(readGrid({ ...GRID, rows }).sizes).toEqual(["S", "M", "L"]);
  });

  it("says once why a figure is not there, and nothing where there is simply none", () => {
    const none = { title: "Plain", cells: [cell("c", "1", undefined, { figures: [{ text: "—" }] })] };
    expect(absencesOf(readGrid({ ...GRID, rows: [...GRID.rows, ...GRID.rows, none] }))).toEqual([
      "At the supplier: no answer from Harbour Supply",
    ]);
  });

  it.each([null, 3, {}, [3, null, { cells: 3 }], [{ title: {}, cells: [{ id: "" }, { id: {} }, null] }]])(
    "with %j for rows has no cells",
    (rows) => {
      expect(readGrid({ ...GRID, rows, figures: 3 }).sizes).toEqual([]);
    },
  );
});

describe("looking for a cell", () => {
  const { products } = readGrid(GRID);
  const nothing = { search: "", only: "all", kept: () => false, isFilled: () => false } as const;
  const is = (id: string) => (each: Cell) => each.id === `lines.${id}.pairs`;

  it.each([
    ["otto", ["Otto loafer: 38"]],
    ["ＢＬ２４８１", ["Riva pump: 38 4 36"]],
    ["pump riva", ["Riva pump: 38 4 36"]],
    ["boot", []],
  ])("by %j finds %j", (search, found) => {
    expect(sizesOf(sift(products, { ...nothing, search }))).toEqual(found);
  });

  it("leaves what has no stock, or is not filled in", () => {
    expect(sizesOf(sift(products, { ...nothing, only: "available" }))).toEqual(["Riva pump: 38 36"]);
    expect(sizesOf(sift(products, { ...nothing, only: "filled", isFilled: is("b38") }))).toEqual([
      "Otto loafer: 38",
    ]);
  });

  it("never leaves what is wrong, nor what is filled in though there is none", () => {
    expect(sizesOf(sift(products, { ...nothing, search: "otto", kept: is("a4") }))).toEqual([
      "Riva pump: 4",
      "Otto loafer: 38",
    ]);
    expect(sizesOf(sift(products, { ...nothing, only: "available", isFilled: is("a4") }))).toEqual([
      "Riva pump: 38 4 36",
    ]);
  });
});
