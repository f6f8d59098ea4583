// The engine's answers against those of graphql-js over the merged schema: see README.md.
import { expect, it } from "vitest";
import { explore } from "./explore.ts";

const OPERATIONS = Number(process.env.JUNTO_DIFFERENTIAL_OPERATIONS ?? 10_400);
const SEED = Number(process.env.JUNTO_DIFFERENTIAL_SEED ?? 0);

it("gives the answers that graphql-js gives over the merged schema", { timeout: 3_600_000 }, async () => {
  const found = await explore({ seed: SEED, operations: OPERATIONS, operationsPerGraph: 200 });
  expect(found.differences.map(({ report }) => report).join("\n\n"), "differences").toBe("");
  const { compared, refused, uncomposed, graphs } = found;
  expect(compared + refused).toBeGreaterThanOrEqual(OPERATIONS);
  expect(refused / OPERATIONS, `refused: ${found.refusals.join(", ")}`).toBeLessThan(0.06);
  expect(uncomposed.length, uncomposed.join("\n")).toBeLessThan(Math.max(2, graphs.length / 10));
  process.stdout.write(
    `${compared} operations over ${graphs.length} graphs, ${refused} refused; ${uncomposed.length} graphs do not compose\n`,
  );
});
