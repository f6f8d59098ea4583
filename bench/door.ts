// What the HTTP door costs around an answer that is ready: node:http (the floor), Fastify, Express, and Junto's own
// door, around Apollo Server's pipeline and through it. Each is one process; they take turns, several rounds in one
// run.
//
//   npx tsx --conditions=@junto/source bench/door.ts
import autocannon from "autocannon";
import type { DoorCalls, DoorName } from "./door/doors.ts";
import { startChild } from "./child.ts";

const DOORS: readonly DoorName[] = [
  "node:http",
  "fastify",
  "express",
  "junto",
  "junto through Apollo Server",
];
/** Bytes of the answers: a card, and a heavy query. */
const ANSWERS = { "2 KB": 2_000, "90 KB": 90_000 };
const ROUNDS = 5;
const SECONDS = 2;
const BODY = JSON.stringify({
  query: "query Card($id: ID!) { card(id: $id) { id } }",
  variables: { id: "1" },
});

interface Figures {
  readonly rate: number[];
  /** Microseconds of the door's process for one request. */
  readonly cpu: number[];
}

for (const [size, bytes] of Object.entries(ANSWERS)) {
  const answer = JSON.stringify({ data: { text: "x".repeat(bytes) } });
  const figures = new Map<DoorName, Figures>(DOORS.map((name) => [name, { rate: [], cpu: [] }]));
  for (let round = 0; round < ROUNDS; round++)
    for (const name of DOORS) await measure(name, answer, figures.get(name)!);
  const floor = medians(figures.get("node:http")!);
  console.log(`an answer of ${size}`);
  for (const name of DOORS) {
    const { rate, cpu } = medians(figures.get(name)!);
    console.log(
      `  ${name.padEnd(28)} ${Math.round(rate)} requests/s, ${(rate / floor.rate).toFixed(2)} of node:http; ` +
        `CPU ${cpu.toFixed(0)} µs a request, ${(cpu - floor.cpu).toFixed(0)} more`,
    );
  }
}

async function measure(name: DoorName, answer: string, { rate, cpu }: Figures): Promise<void> {
  const steps: (() => unknown)[] = [];
  const child = startChild<DoorCalls>(new URL("door/doors.ts", import.meta.url), (step) => steps.push(step));
  const { url, token } = await child.ask("start", { name, answer });
  const load = (seconds: number): Promise<autocannon.Result> =>
    autocannon({
      url,
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: BODY,
      connections: 32,
      duration: seconds,
    });
  await load(2);
  const before = await child.cpu();
  const { requests, non2xx } = await load(SECONDS);
  if (non2xx > 0) throw new Error(`${name} refused ${non2xx} requests`);
  cpu.push((((await child.cpu()) - before) * 1000) / requests.total);
  rate.push(requests.average);
  for (const step of steps) await step();
}

function medians({ rate, cpu }: Figures): { readonly rate: number; readonly cpu: number } {
  const median = (values: readonly number[]): number =>
    [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
  return { rate: median(rate), cpu: median(cpu) };
}
