import { expect, it } from "vitest";
import { fit } from "./fuzzy.ts";

it.each([
  ["", "Counter 017"],
  ["co", "Counter 017"],
  ["ctr17", "Counter 017"],
  ["COUNTER", "counter"],
  ["０１７", "Counter 017"],
  ["郭", "郭敏"],
  ["补货", "申请补货"],
  ["gm", "郭敏"],
  ["lj", "林静"],
  ["sqbh", "申请补货"],
  ["jpbh", "江畔百货"],
])("%s finds %s", (typed, text) => expect(fit(typed, text)).not.toBeNull());

it.each([
  ["x", "Counter 017"],
  ["71", "Counter 017"],
  ["counterr", "Counter"],
  ["敏郭", "郭敏"],
  ["a", ""],
])("%s does not find %s", (typed, text) => expect(fit(typed, text)).toBeNull());

it.each([
  ["sh", "Sharing", "Riverside finish"],
  ["017", "Counter 017", "0 1 7"],
  ["cf", "Comet Floor", "Scarf"],
])("%s finds %s before %s", (typed, better, worse) =>
  expect(fit(typed, better)!).toBeGreaterThan(fit(typed, worse)!),
);
