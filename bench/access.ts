// What it costs to ask who may see what: of an operation that was seen before, for a viewer who was not, and for a set of
// rights that was not; against the same with access that allows all, and against planning it.
//
//   npm run bench:access
import { join } from "node:path";
import { createVisibility, type Visibility } from "../gateway/src/access/prune.ts";
import { createRequirements } from "../gateway/src/access/requirements.ts";
import { personViewer, type Viewer } from "../gateway/src/access/viewer.ts";
import { readAgreement } from "../gateway/src/graph/agreement.ts";
import { createOperations, type Operation } from "../gateway/src/operation/prepare.ts";
import { createHivePlanner } from "../gateway/src/plan/hive.ts";
import { createPlans } from "../gateway/src/plan/plans.ts";

const ROUNDS = 7;
const CALLS = 200_000;
const VIEWERS = 400;

/** A card of the counter story, over three organizations. */
const TEXT = `query ($id: ID!) { restockOrder(id: $id) {
  id status pairs note submittedAt submittedBy counter { id name floor }
  lines { pairs product { id name brand category image stock leadDays stockAsOf shelfPrice { minor currency }
    suggestedPrice { minor currency } sold soldPerDay skus { id size barcode onHand } } }
  purchaseOrder { id status placedAt expectedAt lines { pairs sku { id size } } } } }`;

const config = {
  schemaDir: join(import.meta.dirname, "../schema"),
  subgraphUrls: new Map(),
  issuers: new Map(),
};
const agreement = readAgreement(config, "bench");
const { supergraph, policies, ownerOf } = agreement;
const requirements = createRequirements({ supergraph, policies, ownerOf });
const operations = createOperations(supergraph.schema);
const names = [...policies.keys()];

function viewer(n: number, granted: readonly string[]): Viewer {
  const person = { id: `guest:${n}`, organization: "guest", name: "", roles: [], scopes: [], expiresAt: 0 };
  return personViewer(person, { id: `g${n}`, role: "r", subjects: [], granted: new Set(granted) });
}

/** Equal operations, each of which is new. */
const fresh = (): Operation => createOperations(supergraph.schema).prepare(TEXT);

function microseconds(times: number, work: (index: number) => unknown): number {
  const start = process.hrtime.bigint();
  for (let index = 0; index < times; index++) work(index);
  return Number(process.hrtime.bigint() - start) / 1000 / times;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

const operation = operations.prepare(TEXT);
const everything = viewer(0, names);
const without = (n: number): string[] => names.filter((_name, index) => ((n >> (index % 8)) & 1) === 0);
const visibility = createVisibility(supergraph.schema, requirements);
const whole = visibility(operation, everything);
if (whole.withheld.length > 0) throw new Error("The operation is meant to be allowed as a whole.");
const allowAll: Visibility = () => whole;

const cases: Readonly<Record<string, () => number>> = {
  "known, allowed as a whole": () => microseconds(CALLS, () => visibility(operation, everything)),
  "known, access that allows all (floor)": () => microseconds(CALLS, () => allowAll(operation, everything)),
  "another viewer, allowed as a whole": () => {
    const viewers = Array.from({ length: VIEWERS }, (_, n) => viewer(n, names));
    const own = createVisibility(supergraph.schema, requirements);
    own(operation, everything);
    return microseconds(VIEWERS, (n) => own(operation, viewers[n]!));
  },
  "another viewer, pruned, of a set that was seen": () => {
    const viewers = Array.from({ length: VIEWERS }, (_, n) => viewer(n, without(1)));
    const own = createVisibility(supergraph.schema, requirements);
    own(operation, viewer(-1, without(1)));
    return microseconds(VIEWERS, (n) => own(operation, viewers[n]!));
  },
  "a set that was not seen": () => {
    const viewers = Array.from({ length: 255 }, (_, n) => viewer(n, without(n + 1)));
    const own = createVisibility(supergraph.schema, requirements);
    own(operation, everything);
    return microseconds(viewers.length, (n) => own(operation, viewers[n]!));
  },
  "an operation and a set that were not seen": () => {
    const all = Array.from({ length: 50 }, fresh);
    const viewers = Array.from({ length: 50 }, (_, n) => viewer(n, without(n + 1)));
    const own = createVisibility(supergraph.schema, requirements);
    return microseconds(50, (n) => own(all[n]!, viewers[n]!));
  },
};

const figures = new Map(Object.keys(cases).map((name) => [name, [] as number[]]));
for (let round = 0; round < ROUNDS; round++)
  for (const [name, run] of Object.entries(cases)) {
    const took = run();
    if (round > 0) figures.get(name)!.push(took); // the first warms up
  }
for (const [name, values] of figures) console.log(`${name.padEnd(48)} ${median(values).toFixed(2)} µs`);

const planning: number[] = [];
const plans = createPlans(createHivePlanner(supergraph.sdl));
for (let n = 0; n < 30; n++) {
  const visible = visibility(operation, viewer(n, without(n)));
  if (!visible.definition) continue;
  const start = process.hrtime.bigint();
  await plans.of({ ...visible, visibleSet: `${visible.visibleSet} ${n}` });
  planning.push(Number(process.hrtime.bigint() - start) / 1000);
}
console.log(`${"planning it, to compare".padEnd(48)} ${median(planning).toFixed(0)} µs`);
process.exit(0);
