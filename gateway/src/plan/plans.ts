// Plans, each made once for an operation and a visible set.
import { LRUCache } from "lru-cache";
import { print } from "graphql";
import type { VisibleOperation } from "../access/prune.ts";
import type { Plan, Planner } from "./plan.ts";

/** Milliseconds that planning one operation may take. */
const BUDGET = 2000;

export interface Plans {
  of(visible: VisibleOperation): Promise<Plan>;
}

export function createPlans(
  planner: Planner,
  options: { readonly size?: number; readonly budget?: number } = {},
): Plans {
  const kept = new LRUCache<string, Promise<Plan>>({ max: options.size ?? 2000 });
  return {
    of({ operation, visibleSet, definition }) {
      const key = `${operation.digest} ${visibleSet}`;
      let plan = kept.get(key);
      if (!plan) {
        // The name is the client's own affair: without it, equal operations are planned once.
        const { name: _name, ...nameless } = definition!;
        plan = planner.plan(print(nameless), AbortSignal.timeout(options.budget ?? BUDGET));
        kept.set(key, plan);
        plan.catch(() => kept.delete(key));
      }
      return plan;
    },
  };
}
