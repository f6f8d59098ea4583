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

/** The looks, counted from 1, at which a card is tried that comes out incomplete each time. */
async function tries({ state, note, look }: ReturnType<typeof recovery>, looks: number): Promise<number[]> {
  const tried: number[] = [];
  for (let turn = 1; turn <= looks; turn++) {
    note("card", "guides", ["mall"]);
    const before = state.touched.length;
    await look();
    if (state.touched.length > before) tried.push(turn);
  }
  return tried;
}

it("tries a card that stays incomplete beside a subgraph that is well: soon at first, then ever more rarely", async () => {
  const waiting = recovery();
  expect(await tries(waiting, 200)).toEqual([1, 2, 3, 4, 5, 7, 11, 19, 35, 67, 131, 195]);
  waiting.note("card", "guides", []);
  expect(await tries(waiting, 8)).toEqual([1, 2, 3, 4, 5, 7]);
});

it("begins anew when the subgraph is seen to be away: what failed before the silence says nothing about after it", async () => {
  const waiting = recovery();
  const { state, look } = waiting;
  await tries(waiting, 100);
  state.mall = false;
  await look();
  state.mall = true;
  expect(await tries(waiting, 8)).toEqual([1, 2, 3, 4, 5, 7]);
});

it("waits no more for a subgraph that has given its part, while another has not", async () => {
  const { state, note, look } = recovery();
  note("card", "guides", ["brand", "mall"]);
  note("card", "guides", ["brand"]);
  await look();
  expect(state.asked).toEqual(["brand"]);
});

it("is not held up by a subgraph that does not even say how it is", async () => {
  const touched: string[] = [];
  const { note, look } = createRecovery({
    healthy: (subgraph) => (subgraph === "brand" ? new Promise(() => undefined) : Promise.resolve(true)),
    touch: async (cards) => void touched.push(...cards),
    log,
    interval: 2 ** 30,
  });
  note("silent", "guides", ["brand"]);
  void look();
  note("card", "guides", ["mall"]);
  void look();
  await new Promise(setImmediate);
  expect(touched).toEqual(["card"]);
});

it("forgets no card when it cannot have it looked at", async () => {
  const touched: string[] = [];
  let isAway = true;
  const { note, look } = createRecovery({
    healthy: async () => true,
    async touch(cards) {
      if (isAway) throw new Error("no database");
      touched.push(...cards);
    },
    log,
    interval: 2 ** 30,
  });
  note("card", "guides", ["mall"]);
  await look();
  isAway = false;
  await look();
  expect(touched).toEqual(["card"]);
});
