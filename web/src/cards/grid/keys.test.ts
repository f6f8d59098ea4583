import { expect, it } from "vitest";
import { neighbour, type Direction } from "./keys.ts";

/** Two products on a phone: four in a row, then two; then three. Letters are places, `.` is none. */
const ROWS = ["abcd", "ef..", "ghi."];
const PLACES = ROWS.flatMap((row, y) =>
  row
    .split("")
    .flatMap((name, x) =>
      name === "." ? [] : [{ name, left: x * 80, top: y * 90 + (x % 2), width: 70, height: 40 }],
    ),
);

const from = (name: string, direction: Direction): string | undefined =>
  neighbour(
    PLACES,
    PLACES.find((place) => place.name === name)!,
    direction,
  )?.name;

it.each<[string, Direction, string | undefined]>([
  ["a", "ArrowRight", "b"],
  ["d", "ArrowRight", undefined],
  ["d", "ArrowLeft", "c"],
  ["a", "ArrowLeft", undefined],
  ["a", "ArrowDown", "e"],
  ["d", "ArrowDown", "f"],
  ["e", "ArrowDown", "g"],
  ["g", "ArrowUp", "e"],
  ["i", "ArrowUp", "f"],
  ["i", "ArrowDown", undefined],
])("from %s %s leads to %s", (name, direction, to) => {
  expect(from(name, direction)).toBe(to);
});
