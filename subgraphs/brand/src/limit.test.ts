import { expect, it } from "vitest";
import { createLimit } from "./limit.ts";

it("runs so many at once and no more, and all of them in the end", async () => {
  const limit = createLimit(3);
  let now = 0;
  let most = 0;
  const work = async (number: number): Promise<number> => {
    now += 1;
    most = Math.max(most, now);
    await Promise.resolve();
    now -= 1;
    return number;
  };
  const numbers = Array.from({ length: 20 }, (_, index) => index);
  expect(await Promise.all(numbers.map((number) => limit(() => work(number))))).toEqual(numbers);
  expect(most).toBe(3);
});

it("gives the place on when work fails", async () => {
  const limit = createLimit(1);
  const fails = limit(() => Promise.reject(new Error("no")));
  const works = limit(() => Promise.resolve("yes"));
  await expect(fails).rejects.toThrow("no");
  await expect(works).resolves.toBe("yes");
});

it("never begins what was given up while it waited", async () => {
  const limit = createLimit(1);
  let free!: () => void;
  const first = limit(() => new Promise<void>((resolve) => (free = resolve)));
  const givenUp = new AbortController();
  let begun = false;
  const second = limit(async () => {
    begun = true;
  }, givenUp.signal);
  givenUp.abort(new Error("given up"));
  free();
  await first;
  await expect(second).rejects.toThrow("given up");
  expect(begun).toBe(false);
  await expect(limit(() => Promise.resolve("room"))).resolves.toBe("room");
});
