import { readFileSync } from "node:fs";
import { createOperations } from "../gateway/src/operation/prepare.ts";
import { loadSupergraph } from "../gateway/src/supergraph/load.ts";
import { print } from "graphql";
const { schema } = loadSupergraph(readFileSync("schema/supergraph.graphql", "utf8"));
const what = process.argv[2]!, n = Number(process.argv[3]);
const ops: Record<string, () => string> = {
  same: () => `{ ${"me{id} ".repeat(n)} }`,
  args: () => `{ ${`product(id:"a"){id} `.repeat(n)} }`,
  args2: () => `{ ${`a:product(id:"a"){id} `.repeat(n)} }`,
  argobj: () => `{ ${`entity(type:"P" key:[1,1,1,1,1,1]){__typename} `.repeat(n)} }`,
  unused: () => `{ me { id } } fragment F on Query { ${"me{id} ".repeat(n)} }`,
  unusedflat: () => `{ me { id } } fragment F on Person { ${"id ".repeat(n)} }`,
  nested: () => { let s = "id"; for (let i = 0; i < n; i++) s = `skus{product{${s}}} skus{product{${s}}}`; return `{product(id:"a"){${s}}}`; },
  chain: () => `{ ${"...F0 ".repeat(Number(process.argv[4]))} } ${Array.from({length: n}, (_, i) => `fragment F${i} on Query {...F${i+1}}`).join(" ")} fragment F${n} on Query { me { id } }`,
  inline: () => `{ ${"...{".repeat(n)} me{id} ${"}".repeat(n)} }`,
  directives: () => `{ me { ${"id ".repeat(1)} ${Array.from({length:n},(_, i)=>`a${i}:id@skip(if:false)@include(if:true)`).join(" ")} } }`,
  intro: () => `{ ${Array.from({length:n},(_, i)=>`a${i}:__schema{types{name fields{name}}}`).join(" ")} }`,
};
const text = ops[what]!();
const t = performance.now();
try {
  const op = createOperations(schema).prepare(text);
  const t2 = performance.now();
  const p = print(op.definition).length;
  console.log(what, n, text.length, "chars ok", Math.round(t2 - t), "ms; print", p, Math.round(performance.now() - t2));
} catch (e: any) { console.log(what, n, text.length, "refused", e.code, String(e.message).slice(0, 100), Math.round(performance.now() - t), "ms"); }
