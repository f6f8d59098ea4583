import { readFileSync } from "node:fs";
import { createHivePlanner } from "../gateway/src/plan/hive.ts";
import { createOperations } from "../gateway/src/operation/prepare.ts";
import { loadSupergraph } from "../gateway/src/supergraph/load.ts";
import { print } from "graphql";
const sdl = readFileSync("schema/supergraph.graphql", "utf8");
const planner = createHivePlanner(sdl);
const { schema } = loadSupergraph(sdl);
const what = process.argv[2]!, n = Number(process.argv[3]);
const deep = (d: number): string => d === 0 ? "product { id name shelfPrice { minor } stock }" : `product { id skus { id ${deep(d - 1)} } }`;
const cyc = (d: number, w: number): string => d === 0 ? "id" : Array.from({length: w}, (_, i) => `a${i}: sku { id product { ${cyc(d-1, w)} } }`).join(" ");
const skus = (d: number, w: number): string => d === 0 ? "stock" : Array.from({length: w}, (_, i) => `a${i}: skus { product { ${skus(d-1, w)} } }`).join(" ");
const ops: Record<string, () => string> = {
  aliases: () => `{ ${Array.from({ length: n }, (_, i) => `a${i}: product(id: "x") { name shelfPrice { minor } stock }`).join(" ")} }`,
  deep: () => `{ restockOrder(id: "x") { lines { sku { ${deep(n)} } } } }`,
  tree: () => `{ product(id: "x") { ${skus(n, 2)} } }`,
  entity: () => `{ ${Array.from({ length: n }, (_, i) => `a${i}: entity(type: "Product", key: {}) { ...on Product { name stock shelfPrice { minor } } ...on Sku { onHand sold size } ...on RestockOrder { status purchaseOrder { id } } ...on Counter { name products { name stock } } }`).join(" ")} }`,
  include: () => `query (${Array.from({ length: n }, (_, i) => `$v${i}: Boolean!`).join(" ")}) { product(id: "x") { ${Array.from({ length: n }, (_, i) => `... @include(if: $v${i}) { name stock shelfPrice { minor } }`).join(" ")} } }`,
  includeDeep: () => `query (${Array.from({ length: n }, (_, i) => `$v${i}: Boolean!`).join(" ")}) { product(id: "x") { ${Array.from({ length: n }, (_, i) => `skus @include(if: $v${i}) { product @skip(if: $v${i}) { stock name `).join(" ")} ${"} } ".repeat(n)} } }`,
};
const text = ops[what]!();
try {
let t = performance.now();
const op = createOperations(schema).prepare(text);
console.log("prepare", Math.round(performance.now() - t));
t = performance.now();
let last = t, worst = 0; const timer = setInterval(() => { const now = performance.now(); worst = Math.max(worst, now - last); last = now; }, 5);
try { const p = await planner.plan(print({...op.definition, name: undefined}), AbortSignal.timeout(2000)); console.log("ok", JSON.stringify(p).length); } catch (e: any) { console.log("err", e.code, e.cause?.message?.slice(0, 200)); }
clearInterval(timer);
console.log(what, n, Math.round(performance.now() - t), "ms worst stall", Math.round(worst));
const u = process.cpuUsage(); await new Promise(r => setTimeout(r, 1000)); const v = process.cpuUsage(u); console.log("cpu after", Math.round(v.user/1000));
} catch (e: any) { console.log(what, n, "refused", e.code, e.message.slice(0, 100)); }
process.exit(0);
