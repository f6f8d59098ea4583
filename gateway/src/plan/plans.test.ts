// Plans are made once for an operation and a visible set, within a budget; what failed is made anew.
import { buildSchema } from "graphql";
import { describe, expect, it } from "vitest";
import type { VisibleOperation } from "../access/prune.ts";
import { DEFAULT_LIMITS, type Limits } from "../config/index.ts";
import { JuntoError } from "../errors/index.ts";
import { createOperations } from "../operation/prepare.ts";
import type { Plan } from "./plan.ts";
import { createPlans } from "./plans.ts";

const operations = createOperations(buildSchema("type Query { a: Int b: Int }"));

function visible(query: string, visibleSet = "1"): VisibleOperation {
  const operation = operations.prepare(query);
  return { operation, visibleSet, definition: operation.definition, withheld: [], hidden: [] };
}

function setup({ size, ...limits }: Partial<Limits> & { size?: number } = {}) {
  const planned: string[] = [];
  const signals: AbortSignal[] = [];
  let answer = (): Promise<Plan> => Promise.resolve({ subscription: null, node: null });
  const plans = createPlans(
    {
      plan(operation, signal) {
        planned.push(operation.replace(/\s+/g, " "));
        signals.push(signal);
        return answer();
      },
    },
    { limits: { ...DEFAULT_LIMITS, ...limits }, ...(size !== undefined && { size }) },
  );
  return { plans, planned, signals, answers: (next: typeof answer) => void (answer = next) };
}

describe("a plan", () => {
  it("is made once, whatever the operation is called and however it is written", async () => {
    const { plans, planned } = setup();
    const one = await plans.of(visible("query One { a }"));
    expect(await plans.of(visible("query Two { a }"))).toBe(one);
    expect(await plans.of(visible("{   ...F } fragment F on Query { a }"))).not.toBe(one);
    expect(planned).toEqual(["{ a }", "{ ... on Query { a } }"]);
  });

  it("is made once for those who ask at the same time", async () => {
    const { plans, planned } = setup();
    await Promise.all(Array.from({ length: 10 }, () => plans.of(visible("{ a }"))));
    expect(planned).toHaveLength(1);
  });

  it("is another for another visible set, and for another operation with the same", async () => {
    const { plans, planned } = setup();
    for (const each of [
      visible("{ a }", "1"),
      visible("{ a }", "10"),
      visible("{ a }", ""),
      visible("{ b }", "1"),
    ])
      await plans.of(each);
    expect(planned).toHaveLength(4);
  });

  it("that could not be made is tried again", async () => {
    const { plans, planned, answers } = setup();
    answers(() => Promise.reject(new JuntoError("PLAN_FAILED", "no")));
    await expect(plans.of(visible("{ a }"))).rejects.toMatchObject({ code: "PLAN_FAILED" });
    answers(() => Promise.resolve({ subscription: null, node: null }));
    expect(await plans.of(visible("{ a }"))).toEqual({ subscription: null, node: null });
    expect(planned).toHaveLength(2);
  });

  it("is given its budget, and what goes over it is not kept", async () => {
    const { plans, signals, planned, answers } = setup({ planTime: 1 });
    answers(
      () =>
        new Promise((_, reject) =>
          signals.at(-1)!.addEventListener("abort", () => reject(new JuntoError("PLAN_TIMEOUT", "too long"))),
        ),
    );
    await expect(plans.of(visible("{ a }"))).rejects.toMatchObject({ code: "PLAN_TIMEOUT" });
    await expect(plans.of(visible("{ a }"))).rejects.toMatchObject({ code: "PLAN_TIMEOUT" });
    expect(planned).toHaveLength(2);
  });

  it("is forgotten when there are too many, not kept without end", async () => {
    const { plans, planned } = setup({ size: 2 });
    for (const query of ["{ a }", "{ b }", "{ a b }", "{ a }"]) await plans.of(visible(query));
    expect(planned).toHaveLength(4);
  });
});

describe("plans of operations that are new", () => {
  const NOTHING: Plan = { subscription: null, node: null };

  /** A planner that answers when it is told to. */
  function slow(limits: Partial<Limits>) {
    const made = setup({ plansAtOnce: 2, plansWaiting: 3, ...limits });
    const ready: ((plan: Plan) => void)[] = [];
    made.answers(() => new Promise((resolve) => ready.push(resolve)));
    /** Lets the planner take up what it may. */
    const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    return { ...made, ready, settle };
  }

  it("are made few at once, the others wait in line", async () => {
    const { plans, planned, ready, settle } = slow({});
    const asked = ["{ a }", "{ b }", "{ a b }", "{ b a }"].map((query) => plans.of(visible(query)));
    await settle();
    expect(planned).toEqual(["{ a }", "{ b }"]);
    ready[0]!(NOTHING);
    await asked[0];
    await settle();
    expect(planned).toEqual(["{ a }", "{ b }", "{ a b }"]);
    for (let index = 1; index < 4; index++) {
      ready[index]!(NOTHING);
      await asked[index];
      await settle();
    }
    expect(planned).toHaveLength(4);
  });

  it("do not keep a known one waiting", async () => {
    const { plans, ready, settle } = slow({ plansAtOnce: 1 });
    const known = plans.of(visible("{ a }"));
    await settle();
    ready[0]!(NOTHING);
    await known;
    const others = ["{ b }", "{ a b }"].map((query) => plans.of(visible(query)));
    expect(await plans.of(visible("{ a }"))).toBe(NOTHING);
    for (let index = 1; index < 3; index++) {
      await settle();
      ready[index]!(NOTHING);
    }
    await Promise.all(others);
  });

  it("are refused when the line is full, and taken again when it is not", async () => {
    const { plans, planned, ready, settle } = slow({ plansAtOnce: 1, plansWaiting: 1 });
    const [first, second] = [plans.of(visible("{ a }")), plans.of(visible("{ b }"))];
    const third = plans.of(visible("{ a b }"));
    await expect(third).rejects.toMatchObject({ code: "UNAVAILABLE" });
    for (const [index, each] of [first, second].entries()) {
      await settle();
      ready[index]!(NOTHING);
      await each;
    }
    const again = plans.of(visible("{ a b }"));
    await settle();
    ready[2]!(NOTHING);
    expect(await again).toBe(NOTHING);
    expect(planned).toEqual(["{ a }", "{ b }", "{ a b }"]);
  });

  it("make room when one fails", async () => {
    const { plans, answers, planned } = setup({ plansAtOnce: 1, plansWaiting: 10 });
    answers(() => Promise.reject(new JuntoError("PLAN_FAILED", "no")));
    const asked = ["{ a }", "{ b }", "{ a b }"].map((query) => plans.of(visible(query)));
    const codes = await Promise.allSettled(asked);
    expect(codes.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(planned).toHaveLength(3);
  });

  it("do not wait longer than a plan may take", async () => {
    const { plans, ready, settle, planned } = slow({ plansAtOnce: 1, planTime: 1 });
    const first = plans.of(visible("{ a }"));
    await expect(plans.of(visible("{ b }"))).rejects.toMatchObject({ code: "UNAVAILABLE" });
    await settle();
    ready[0]!(NOTHING);
    await first;
    expect(planned).toEqual(["{ a }"]);
  });
});
