import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { JuntoError } from "../errors/index.ts";
import { createLatest } from "./latest.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setup() {
  const got: string[] = [];
  const errors: string[] = [];
  let state = 0;
  let isCongested = false;
  let drain = (): void => undefined;
  const latest = createLatest({
    render: async () => {
      if (state < 0) throw new JuntoError("UNAVAILABLE", "The database is away.");
      return `state ${state}`;
    },
    sink: {
      next: (text) => void got.push(text),
      error: ({ code }) => void errors.push(code),
      complete: () => undefined,
      congested: () => isCongested,
      drained: () => new Promise((resolve) => (drain = resolve)),
    },
    pace: 250,
    onEnd: () => void errors.push("ended"),
  });
  return {
    latest,
    got,
    errors,
    change: (to: number) => {
      state = to;
      latest.touch();
    },
    fill: () => (isCongested = true),
    empty: () => {
      isCongested = false;
      drain();
    },
  };
}

it("gives a change at once, and what changes in one turn once", async () => {
  const { change, got } = setup();
  for (let n = 1; n <= 9; n++) change(n);
  await vi.advanceTimersByTimeAsync(0);
  expect(got).toEqual(["state 9"]);
});

it("leaves out what is between when much changes, and never the newest", async () => {
  const { change, got } = setup();
  for (let n = 1; n <= 100; n++) {
    change(n);
    await vi.advanceTimersByTimeAsync(10);
  }
  await vi.advanceTimersByTimeAsync(250);
  expect(got).toHaveLength(5);
  expect(got.at(-1)).toBe("state 100");
});

it("I6: lets nothing wait for a slow client but the newest", async () => {
  const { change, got, fill, empty } = setup();
  fill();
  for (let n = 1; n <= 50; n++) {
    change(n);
    await vi.advanceTimersByTimeAsync(300);
  }
  expect(got).toEqual([]);
  empty();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(got).toEqual(["state 50"]);
});

it("ends with a reason when it cannot be read, and gives nothing after its end", async () => {
  const { change, got, errors, latest } = setup();
  change(-1);
  await vi.advanceTimersByTimeAsync(0);
  expect(errors).toEqual(["ended", "UNAVAILABLE"]);
  change(1);
  latest.end(null);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(got).toEqual([]);
  expect(errors).toEqual(["ended", "UNAVAILABLE"]);
});
