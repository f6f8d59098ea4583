import { pino } from "pino";
import { expect, it } from "vitest";
import { createRecovery } from "./recovery.ts";

const log = pino({ level: "silent" });

function recovery() {
  const state = { brand: false, mall: true, asked: [] as string[], touched: [] as string[][] };
  const made = createRecovery({
    healthy: async (subgraph) => (state.asked.push(subgraph), state[subgraph as "brand" | "mall"]),
    touch: async (cards) => void state.touched.push([...cards]),
    log,
    interval: 2 ** 30,
  });
  return { state, ...made };
}

it("asks nobody while every card is complete", async () => {
  const { state, note, look } = recovery();
  note("card", "audience", []);
  await look();
  expect(state.asked).toEqual([]);
});

it("I9: has an incomplete card looked at when who was silent is back, once for all its audiences", async () => {
  const { state, note, look } = recovery();
  note("card", "guides", ["brand"]);
  note("card", "managers", ["brand"]);
  await look();
  expect(state.touched).toEqual([]);
  state.brand = true;
  await look();
  expect(state.touched).toEqual([["card"]]);
  await look();
  expect(state.touched).toHaveLength(1);
});

it("keeps waiting for one audience when the card is complete for another", async () => {
  const { state, note, look } = recovery();
  note("card", "guides", ["brand"]);
  note("card", "suppliers", []);
  state.brand = true;
  await look();
  expect(state.touched).toEqual([["card"]]);
});

it("looks ever more rarely at a card that stays incomplete beside a subgraph that is well", async () => {
  const { state, note, look } = recovery();
  for (let turn = 0; turn < 100; turn++) {
    note("card", "guides", ["mall"]);
    await look();
  }
  expect(state.touched.length).toBeLessThan(10);
  note("card", "guides", []);
  note("card", "guides", ["mall"]);
  const before = state.touched.length;
  await look();
  expect(state.touched).toHaveLength(before + 1);
});
