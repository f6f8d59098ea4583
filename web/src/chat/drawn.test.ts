import { describe, expect, it } from "vitest";
import { cardEvent, message } from "../junto/testing.ts";
import type { Entry } from "../junto/index.ts";
import { A_FRAME, around, between, createHeights, nextDrawn, partsOf, type Looking } from "./drawn.ts";
import { rowsOf, type Row } from "./rows.ts";

/** A hundred messages, with a card as each tenth. */
const rows: readonly Row[] = rowsOf(
  Array.from({ length: 100 }, (_, at) =>
    at % 10 === 9 ? (cardEvent(at + 1, 1, "CardPosted") as Entry) : (message(at + 1) as Entry),
  ),
  () => "today",
);
const key = (seq: number): string => `seq ${seq}`;

/** Each row is 100 pixels high, and the screen 400. */
function look(part: Partial<Looking>): ReturnType<typeof nextDrawn> {
  const heights = createHeights();
  for (const row of rows) heights.measured(row, 100);
  const view = { top: 5_000, height: 400 };
  return nextDrawn({ rows, heights, view, drawn: new Set(), kept: new Set(), budget: A_FRAME, ...part });
}

/** Frame after frame, until nothing is missing. */
function lookLong(part: Partial<Looking>): ReadonlySet<string> {
  let next = look(part);
  while (next.isShort) next = look({ ...part, drawn: next.drawn });
  return next.drawn;
}

describe("rows are drawn", () => {
  it("near to the screen, and nowhere else", () => {
    const drawn = lookLong({});
    // A day stands before the first: the screen shows seq 50 to 53, and a screen and a half are drawn on each side.
    expect([...drawn].toSorted()).toEqual(Array.from({ length: 18 }, (_, at) => key(43 + at)).toSorted());
  });

  it("a few in each frame, what can be seen first", () => {
    const view = { top: 5_110, height: 380 };
    const first = look({ view });
    expect(first.isShort).toBe(true);
    expect([51, 52, 53, 54].every((seq) => first.drawn.has(key(seq)))).toBe(true);
    expect(first.drawn.size).toBeLessThanOrEqual(A_FRAME);
    const second = look({ view, drawn: first.drawn });
    expect(second.drawn.size).toBeGreaterThan(first.drawn.size);
    expect([...first.drawn].every((each) => second.drawn.has(each))).toBe(true);
  });

  it("all at once when one comes", () => {
    const { drawn, isShort } = look({ budget: Infinity });
    expect(isShort).toBe(false);
    expect(drawn).toEqual(lookLong({}));
  });

  it("one of them in any case, however much it is", () => {
    expect(look({ budget: 0 }).drawn.size).toBe(1);
  });

  it("until they are well away from the screen", () => {
    const drawn = lookLong({});
    const view = { top: 6_500, height: 400 };
    const later = lookLong({ drawn, view });
    expect(later.has(key(53))).toBe(true);
    expect(later.has(key(50))).toBe(false);
  });

  it("wherever they are when they are kept", () => {
    const { drawn } = look({ kept: new Set([key(2)]) });
    expect(drawn.has(key(2))).toBe(true);
    expect(look({ drawn, kept: new Set() }).drawn.has(key(2))).toBe(false);
  });

  it("by the same set when nothing changes", () => {
    const drawn = lookLong({});
    expect(look({ drawn }).drawn).toBe(drawn);
  });
});

it("rows that are not drawn keep their height, in one piece", () => {
  const heights = createHeights();
  for (const row of rows) heights.measured(row, 30);
  const parts = partsOf(rows, heights, (each) => each === key(1) || each === key(50));
  expect(parts.map((part) => (part.kind === "gap" ? part.height : part.row.key))).toEqual([
    30,
    key(1),
    48 * 30,
    key(50),
    50 * 30,
  ]);
});

it("a height that was not measured is that of others of its kind, and stays what it was said to be", () => {
  const heights = createHeights();
  const said = rows.filter(({ kind }) => kind === "message");
  heights.measured(said[0]!, 40);
  heights.measured(said[1]!, 60);
  expect(heights.of(said[2]!)).toBe(50);
  heights.measured(said[3]!, 200);
  expect(heights.of(said[2]!)).toBe(50);
  expect(heights.of(said[4]!)).toBe(100);
  heights.measured(said[2]!, 70);
  expect(heights.of(said[2]!)).toBe(70);
});

it("one steps from an entry to its neighbours, whatever stands between", () => {
  expect(around(rows, key(1))).toEqual([key(1), key(2)]);
  expect(around(rows, key(10))).toEqual([key(10), key(9), key(11)]);
  expect(around(rows, "seq 1000")).toEqual([]);
});

it("what is selected goes from one row to another, in either direction", () => {
  expect(between(rows, key(3), key(5))).toEqual([key(3), key(4), key(5)]);
  expect(between(rows, key(5), key(3))).toEqual([key(3), key(4), key(5)]);
  expect(between(rows, key(5), "gone")).toEqual([]);
});
