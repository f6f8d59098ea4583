import { describe, expect, it } from "vitest";
import { localInput, snoozeTimes } from "./times.ts";

describe("what is offered to put a card off", () => {
  it.each([
    [
      "on a Tuesday morning",
      "2026-11-24T10:00",
      ["2026-11-24T18:00", "2026-11-25T09:00", "2026-11-30T09:00"],
    ],
    ["in the evening, when that has begun", "2026-11-24T18:00", ["2026-11-25T09:00", "2026-11-30T09:00"]],
    ["on a Monday, the Monday after", "2026-11-23T19:00", ["2026-11-24T09:00", "2026-11-30T09:00"]],
    ["on a Sunday, tomorrow once", "2026-11-29T20:00", ["2026-11-30T09:00"]],
    ["at the end of a year", "2026-12-31T20:00", ["2027-01-01T09:00", "2027-01-04T09:00"]],
  ])("%s", (_when, now, expected) => {
    expect(snoozeTimes(new Date(now)).map(({ at }) => localInput(at))).toEqual(expected);
  });
});
