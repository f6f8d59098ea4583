import { expect, it } from "vitest";
import { changesBetween } from "./changes.ts";

const card = (stock: string, price: string): unknown => ({
  body: [
    { type: "TextBlock", text: "**Restock** R1\\_2" },
    { type: "Container", items: [{ type: "FactSet", facts: [{ title: "Stock", value: stock }] }] },
    { type: "FactSet", facts: [{ title: "Price", value: price }] },
  ],
});

it("says what is different, with the fact's title and without marks of Markdown", () => {
  expect(changesBetween(card("6", "1\\_2"), card("30", "1\\_3"), new Set())).toEqual([
    "Stock: 6 → 30",
    "Price: 1_2 → 1_3",
  ]);
  expect(changesBetween(card("6", "x"), card("6", "x"), new Set())).toEqual([]);
});

it("I8: does not tell again what is no longer shared", () => {
  const absences = new Set(["not shared by Mall"]);
  expect(changesBetween(card("6", "CN¥809"), card("6", "not shared by Mall"), absences)).toEqual([
    "Price: not shared by Mall",
  ]);
});
