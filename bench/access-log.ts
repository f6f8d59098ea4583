// What the access log costs a query of the size of a card: somebody of the mall reads what is the brand's, with and
// without the line being written, in turn. README.md says how to read it.
//
//   npx tsx --conditions=@junto/source bench/access-log.ts
import { loadavg } from "node:os";
import { makeDemoGroup } from "@junto/cli";
import { now, startChild } from "./child.ts";
import type { GatewayCalls } from "./push/gateway.ts";
import { signIn } from "./push/order.ts";
import { startSystems } from "./push/systems.ts";

const WARM_UP = 100;
const ROUNDS = 20;
/** Requests of one round, each with the log and without. */
const REQUESTS = 40;
const QUERY = `query Shoe { product(id: "BL2481") { id name brand category image suggestedPrice { minor currency } skus { id size barcode } } }`;

const steps: (() => unknown)[] = [];
try {
  console.log(await run());
} finally {
  for (const step of steps.splice(0).reverse()) await Promise.resolve().then(step).catch(console.error);
}

async function run(): Promise<string> {
  const load = loadavg()[0]!;
  const { config, issuers } = await startSystems((step) => steps.push(step));
  const gateway = startChild<GatewayCalls>(new URL("push/gateway.ts", import.meta.url), (step) =>
    steps.push(step),
  );
  await gateway.ask("start", config);
  const { id: group } = await makeDemoGroup({
    gateway: config.publicUrl,
    issuers,
  });
  const token = await signIn(issuers, "mall:lin");
  const ask = async (): Promise<number> => {
    const sent = now();
    const answer = await fetch(`${config.publicUrl}/graphql`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${token}`,
        "junto-group": group,
      },
      body: JSON.stringify({ query: QUERY }),
    });
    const text = await answer.text();
    if (!text.includes('"suggestedPrice":{')) throw new Error(text);
    return now() - sent;
  };

  for (let number = 0; number < WARM_UP; number += 1) await ask();
  const lines: string[] = [];
  for (const atOnce of [1, 8]) {
    const times = new Map<boolean, number[]>([
      [true, []],
      [false, []],
    ]);
    for (let round = 0; round < ROUNDS; round += 1)
      for (const logged of round % 2 === 0 ? [true, false] : [false, true]) {
        await gateway.ask("accessLog", logged);
        let left = REQUESTS;
        const work = async (): Promise<void> => {
          while (left-- > 0) times.get(logged)!.push(await ask());
        };
        await Promise.all(Array.from({ length: atOnce }, work));
      }
    for (const share of [0.5, 0.99]) {
      const [on, off] = [true, false].map((logged) => percentile(times.get(logged)!, share));
      lines.push(
        `${atOnce} at once, p${share * 100}, ms`.padEnd(30) +
          [on!.toFixed(1), off!.toFixed(1), (on! / off!).toFixed(2)].map((text) => text.padStart(9)).join(""),
      );
    }
  }
  const title = `${ROUNDS * REQUESTS} requests each, Node ${process.version}, load before the run ${load.toFixed(1)}`;
  const head = "".padEnd(30) + ["logged", "not", "ratio"].map((text) => text.padStart(9)).join("");
  return [title, "", head, ...lines].join("\n");
}

function percentile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}
