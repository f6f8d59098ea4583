// Whatever the data is, a chart has lengths to draw.
import { describe, expect, it } from "vitest";
import { barsOf, highestOf, MOST_BARS, scaleOf } from "./scale.ts";

const bars = (...values: unknown[]): ReturnType<typeof barsOf> =>
  barsOf({ bars: values.map((value, at) => ({ at: `d${at}`, value, text: String(value) })) });

describe("a scale", () => {
  it.each([
    [[0, 5, 10], [0, 0.5, 1], 0],
    [[-5, 0, 5], [0, 0.5, 1], 0.5],
    [[-4, -2], [0, 0.5], 1],
    [[0, 0], [0, 0], 0],
    [[], [], 0],
    [[null, 3, null], [0, 1, 0], 0],
    [[1e308, -1e308], [1, 0], 0.5],
    [[5e-324, 0], [1, 0], 0],
  ])("of %j stands at %j, its zero at %d", (values, places, zero) => {
    const scale = scaleOf(values);
    expect(values.map((value) => scale.at(value ?? 0))).toEqual(places);
    expect(scale.zero).toBe(zero);
  });
});

describe("bars", () => {
  it("are of numbers; what is none is a gap", () => {
    const values = [NaN, Infinity, null, undefined, "7", {}, [3], true, -2];
    expect(bars(...values).map(({ value }) => value)).toEqual([...Array.from({ length: 8 }, () => null), -2]);
    expect(barsOf({ bars: [null, 3, "x", [], {}] })).toHaveLength(1);
    expect([barsOf({}), barsOf({ bars: "x" })]).toEqual([[], []]);
  });

  it("are as many as one can see: the last", () => {
    const many = bars(...Array.from({ length: 50_000 }, (_, at) => at));
    expect([many.length, many.at(-1)!.value]).toEqual([MOST_BARS, 49_999]);
  });

  it("have a highest, of several the last, and none where nothing rises", () => {
    expect(highestOf(bars(3, 9, null, 9, 1))?.at).toBe("d3");
    expect(highestOf(bars(0, -1, null))).toBeUndefined();
  });
});
