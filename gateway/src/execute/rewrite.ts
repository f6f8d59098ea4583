// What the planner changes on the way: a type's name for an interface object, a key for a conflicting alias.
import type { Rewrite, RewriteStep } from "../plan/plan.ts";
import { isObject, type Json } from "./data.ts";

export function rewrite(each: Rewrite, data: Json): void {
  const path = each.path;
  const last = path.at(-1);
  if (!last || !("key" in last)) return;
  visit(data, path, 0, (object) => {
    if (each.kind === "set") object[last.key] = each.value;
    else if (Object.hasOwn(object, last.key)) {
      object[each.key] = object[last.key];
      delete object[last.key];
    }
  });
}

/** Calls `done` with every object that holds the last step of the path. */
function visit(
  value: unknown,
  path: readonly RewriteStep[],
  step: number,
  done: (object: Json) => void,
): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, path, step, done);
    return;
  }
  if (!isObject(value)) return;
  const next = path[step];
  if (!next) return;
  if ("types" in next) {
    if (typeof value.__typename === "string" && !next.types.includes(value.__typename)) return;
    visit(value, path, step + 1, done);
  } else if (step === path.length - 1) {
    done(value);
  } else {
    visit(value[next.key], path, step + 1, done);
  }
}
