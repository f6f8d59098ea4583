// A viewer gets nothing that was fetched for the gateway's own use: the key by which an entity was asked for, what
// another field is computed from. If it is withheld from them, it is taken out of the result.
import type { HiddenStep } from "../access/prune.ts";
import { isObject, visitOnce } from "./data.ts";
import type { Execution } from "./execute.ts";
import { ownKeys } from "./plannable.ts";

export function scrub(
  { data, shared }: Pick<Execution, "data" | "shared">,
  hidden: readonly (readonly HiddenStep[])[],
): void {
  for (const steps of hidden) remove(data, steps, 0, visitOnce(shared));
}

function remove(
  value: unknown,
  steps: readonly HiddenStep[],
  at: number,
  enter: (value: unknown) => boolean,
): void {
  if (!enter(value)) return;
  if (Array.isArray(value)) {
    for (const item of value) remove(item, steps, at, enter);
    return;
  }
  const step = steps[at];
  if (!step || !isObject(value)) return;
  if (typeof value.__typename === "string" && !step.types.has(value.__typename)) return;
  for (const key of ownKeys(step.key)) {
    if (!Object.hasOwn(value, key)) continue;
    if (at === steps.length - 1) delete value[key];
    else remove(value[key], steps, at + 1, enter);
  }
}
