// I2, I3: whatever the gateway answers is a part of what the owners allow, and no subgraph is asked for more. See
// README.md.
import { expect, it } from "vitest";
import { explore } from "./explore.ts";

const CASES = Number(process.env.JUNTO_ACCESS_CASES ?? 5_100);
const SEED = Number(process.env.JUNTO_ACCESS_SEED ?? 0);

it(
  "I2: nobody gets what its owners do not allow, and no subgraph is asked for it",
  { timeout: 3_600_000 },
  async () => {
    const found = await explore({ seed: SEED, cases: CASES, operations: 40, viewers: 5 });
    expect(found.breaches.join("\n\n"), "breaches").toBe("");
    const { cases, refused, shown, allowed, whole, graphs, uncomposed } = found;
    expect(cases).toBeGreaterThanOrEqual(CASES);
    // It says something only if much is shown and much is not.
    expect(shown / allowed).toBeGreaterThan(0.5);
    expect(allowed / whole).toBeGreaterThan(0.15);
    expect(allowed / whole).toBeLessThan(0.85);
    expect(refused / cases).toBeLessThan(0.06);
    expect(uncomposed.length, uncomposed.join("\n")).toBeLessThan(Math.max(3, graphs.length / 4));
    process.stdout.write(
      `${cases} cases over ${graphs.length} graphs from seed ${SEED}, ${refused} refused, ${uncomposed.length} graphs do not compose; ` +
        `${whole} values, of which ${allowed} are allowed and ${shown} shown\n`,
    );
  },
);

it("finds out who is shown, and which subgraph is asked for, what the owners do not allow", async () => {
  const cases = { seed: 0, cases: 400, operations: 40, viewers: 2, most: 1 };
  const { breaches } = await explore({
    ...cases,
    tamper: (sees) => (type, field) => field !== "name" && sees(type, field),
  });
  expect(breaches[0]).toMatch(/^graph \d+ operation \d+ viewer \d+: Asked: \w+ for \w+\.name\n/);
  for (const part of ["# viewer", "# operation", "# allowed", "# gateway", "# plan", "# owners", "# merged"])
    expect(breaches[0]).toContain(part);
  const shown = await explore({
    ...cases,
    tamper: (sees) => (type, field) => field !== "id" && sees(type, field),
  });
  expect(shown.breaches[0]).toMatch(/: Shown: /);
});
