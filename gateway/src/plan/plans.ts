// Plans, each made once for an operation and a visible set. Few are made at once and few may wait, so that operations
// which nobody has seen before take neither the machine nor the memory from those that are known.
import { LRUCache } from "lru-cache";
import { print } from "graphql";
import type { VisibleOperation } from "../access/prune.ts";
import { DEFAULT_LIMITS, type Limits } from "../config/index.ts";
import { JuntoError } from "../errors/index.ts";
import type { Plan, Planner } from "./plan.ts";

export interface Plans {
  /** @throws JuntoError PLAN_FAILED, PLAN_TIMEOUT; UNAVAILABLE when too many wait for their plans. */
  of(visible: VisibleOperation): Promise<Plan>;
}

export interface PlansOptions {
  /** Plans that are kept. */
  readonly size?: number;
  readonly limits?: Pick<Limits, "planTime" | "plansAtOnce" | "plansWaiting">;
}

export function createPlans(
  planner: Planner,
  { size = 2000, limits = DEFAULT_LIMITS }: PlansOptions = {},
): Plans {
  const kept = new LRUCache<string, Promise<Plan>>({ max: size });
  const inTurn = createTurns(limits);
  return {
    of({ operation, visibleSet, definition }) {
      const key = `${operation.digest} ${visibleSet}`;
      let plan = kept.get(key);
      if (!plan) {
        // The name is the client's own affair: without it, equal operations are planned once.
        const { name: _name, ...nameless } = definition!;
        const made = inTurn(() => planner.plan(print(nameless), AbortSignal.timeout(limits.planTime)));
        plan = made;
        kept.set(key, made);
        // Another may have been put in its place since: it has been pushed out, and asked for again.
        made.catch(() => kept.peek(key) === made && kept.delete(key));
      }
      return plan;
    },
  };
}

/** Runs few at once; the others wait in a line that has an end. */
function createTurns({
  plansAtOnce,
  plansWaiting,
  planTime,
}: NonNullable<PlansOptions["limits"]>): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting = new Set<() => void>();
  let running = 0;
  const turn = async (): Promise<void> => {
    if (running < plansAtOnce) return void running++;
    if (waiting.size >= plansWaiting) throw tooMany();
    await new Promise<void>((resolve, reject) => {
      const go = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        waiting.delete(go);
        reject(tooMany());
      }, planTime);
      waiting.add(go);
    });
  };
  return async (work) => {
    await turn();
    try {
      return await work();
    } finally {
      // Who waits longest takes the place over; nobody can come between.
      const [next] = waiting;
      if (next) {
        waiting.delete(next);
        next();
      } else running--;
    }
  };
}

function tooMany(): JuntoError {
  return new JuntoError(
    "UNAVAILABLE",
    "Too many operations that are new to the gateway wait for their plans. Try again; known ones are answered.",
  );
}
