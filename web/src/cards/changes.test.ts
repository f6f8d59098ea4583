import { describe, expect, it } from "vitest";
import { changesBetween } from "./changes.ts";

const asItIs = (at: string): string => at;

const card = (stock: string, price: string): unknown => ({
  body: [
    { type: "TextBlock", text: "**Restock** R1\\_2" },
    { type: "Container", items: [{ type: "FactSet", facts: [{ title: "Stock", value: stock }] }] },
    { type: "FactSet", facts: [{ title: "Price", value: price }] },
  ],
});

it("says what is different, with the fact's title and without marks of Markdown", () => {
  expect(changesBetween(card("6", "1\\_2"), card("30", "1\\_3"), new Set(), asItIs)).toEqual([
    "Stock: 6 → 30",
    "Price: 1_2 → 1_3",
  ]);
  expect(changesBetween(card("6", "x"), card("6", "x"), new Set(), asItIs)).toEqual([]);
});

it("I8: does not tell again what is no longer shared", () => {
  const absences = new Set(["not shared by Mall"]);
  expect(changesBetween(card("6", "CN¥809"), card("6", "not shared by Mall"), absences, asItIs)).toEqual([
    "Price: not shared by Mall",
  ]);
});

describe("a chart that changed", () => {
  const chart = (text: string, ...pairs: number[]): unknown => ({
    body: [
      {
        type: "Chart.Bars",
        title: "Sales",
        text,
        bars: pairs.map((value, day) => ({ at: `Nov ${day + 1}`, value, text: `${value} pairs` })),
      },
      { type: "Chart.Bullet", measures: [{ title: "Stock", value: pairs[0], text: `${pairs[0]} in stock` }] },
    ],
  });

  it("is told by its sentence, its bars and its measures", () => {
    expect(changesBetween(chart("5 in all", 2, 3), chart("6 in all", 3, 3), new Set(), asItIs)).toEqual([
      "Sales: 5 in all → 6 in all",
      "Sales, Nov 1: 2 pairs → 3 pairs",
      "Stock: 2 in stock → 3 in stock",
    ]);
  });

  it("is not told of a day that was not there before", () => {
    expect(changesBetween(chart("a", 2), chart("a", 2, 7), new Set(), asItIs)).toEqual([]);
  });
});
