import { describe, expect, it } from "vitest";
import { calculate, divide, printNumber, round, tidy } from "./decimal.ts";

describe("arithmetic", () => {
  it.each([
    [0.1, "+", 0.2, 0.3],
    [0.3, "-", 0.1, 0.2],
    [0.07, "*", 100, 7],
    [1.1, "*", 1.1, 1.21],
    [4, "+", -4, 0],
    [9_007_199_254_740_991, "+", 1, 9_007_199_254_740_992],
    [1e308, "+", 1e308, null],
    [1e-300, "*", 1e-300, 0],
  ] as const)("%f %s %f is %s", (left, operator, right, result) => {
    expect(calculate(operator, left, right)).toBe(result);
  });

  it.each([
    [3, 10, 0.3],
    [0.3, 0.1, 3],
    [1, 0, null],
    [0, 0, null],
    [1e-300, 1e300, 0],
  ])("%f / %f is %s", (left, right, result) => {
    expect(divide(left, right)).toBe(result);
  });

  it("forgets what division left behind", () => {
    expect(tidy(calculate("*", divide(1, 3)!, 3)!)).toBe(1);
  });

  it.each([
    [1.005, 2, 1.01],
    [2.5, 0, 3],
    [-2.5, 0, -3],
    [0.29 * 100, 0, 29],
    [5.882352941, 1, 5.9],
  ])("rounds %f to %i places as %f", (value, places, result) => {
    expect(round(value, places)).toBe(result);
  });

  it.each([
    [1e-7, "0.0000001"],
    [1e21, "1000000000000000000000"],
    [-0.05, "-0.05"],
    [0.1 + 0.2, "0.3"],
    [-0, "0"],
  ])("prints %f in digits", (value, text) => {
    expect(printNumber(value)).toBe(text);
  });
});
