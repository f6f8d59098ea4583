// Plans are made once for an operation and a visible set, within a budget; what failed is made anew.
import { buildSchema } from "graphql";
import { describe, expect, it } from "vitest";
import type { VisibleOperation } from "../access/prune.ts";
import { JuntoError } from "../errors/index.ts";
import { createOperations } from "../operation/prepare.ts";
import type { Plan } from "./plan.ts";
import { createPlans } from "./plans.ts";

const operations = createOperations(buildSchema("type Query { a: Int b: Int }"));

function visible(query: string, visibleSet = "1"): VisibleOperation {
  const operation = operations.prepare(query);
  return { operation, visibleSet, definition: operation.definition, withheld: [], hidden: [] };
}

function setup(options: { budget?: number; size?: number } = {}) {
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
    options,
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
    const { plans, signals, planned, answers } = setup({ budget: 1 });
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
