// Planner or validation blow-up (CVE-2024-43414, CVE-2025-32030 to -32034, -32380, -31496): an operation whose cost
// grows faster than its text is refused by its size, or planned within a budget; who asks meanwhile is answered.
import { describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../../gateway/src/config/index.ts";
import { createHivePlanner } from "../../gateway/src/plan/hive.ts";
import { createPlans } from "../../gateway/src/plan/plans.ts";
import { createOperations } from "../../gateway/src/operation/prepare.ts";
import { DOORS } from "./doors.ts";
import { openShop } from "./open-shop.ts";
import { EVERYTHING, GUEST } from "./shop.ts";

const { graph, doors } = await openShop({ everything: EVERYTHING });

const many = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => make(index)).join(" ");

/** Unrefused, each of these holds the event loop for seconds or minutes. */
const BOMBS: readonly [string, string, code: string][] = [
  [
    "fragments that double 60 times",
    `{ ...F0 } ${many(60, (n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`)} fragment F60 on Query { own }`,
    "TOO_LARGE",
  ],
  ["one field, thousands of times", `{ ${"own ".repeat(9_000)} }`, "TOO_LARGE"],
  ["one field with arguments, again and again", `{ ${'echo(text: "x") '.repeat(1_400)} }`, "TOO_LARGE"],
  ["one object, again and again", `{ ${"order { id } ".repeat(990)} }`, "TOO_LARGE"],
  [
    "one object, again and again in fragments",
    `{ ${many(280, (n) => `...F${n}`)} } ${many(280, (n) => `fragment F${n} on Query { order { id } }`)}`,
    "TOO_LARGE",
  ],
  ["a fragment that nobody uses", `{ own } fragment F on Order { ${"id ".repeat(9_900)} }`, "BAD_REQUEST"],
  [
    "fragments in a circle",
    "{ ...A } fragment A on Query { ...B ...B } fragment B on Query { ...A ...A }",
    "BAD_REQUEST",
  ],
  [
    "a long chain of fragments, begun often",
    `{ ${"...F0 ".repeat(20)} } ${many(1_000, (n) => `fragment F${n} on Query { ...F${n + 1} }`)} fragment F1000 on Query { own }`,
    "TOO_LARGE",
  ],
  [
    "fragments without end, one in the other",
    `{ ${"... { ".repeat(1_500)} own ${"} ".repeat(1_500)} }`,
    "TOO_LARGE",
  ],
  [
    "objects one in the other",
    `{ order { ${"product { ".repeat(100)} id ${"} ".repeat(100)} } }`,
    "TOO_LARGE",
  ],
  [
    "lists one in the other",
    `{ echo(any: ${"[".repeat(4_000)}${"]".repeat(4_000)}) }`,
    "PLAN_FAILED|BAD_REQUEST",
  ],
  [
    "objects one in the other, as an argument",
    `{ echo(any: ${"{a:".repeat(2_500)}1${"}".repeat(2_500)}) }`,
    "PLAN_FAILED|BAD_REQUEST",
  ],
  [
    "a type one in the other",
    `query ($x: ${"[".repeat(2_000)}Int${"]".repeat(2_000)}) { own }`,
    "BAD_REQUEST",
  ],
  ["a directive, hundreds of times", `{ own ${"@include(if: true) ".repeat(1_500)} }`, "TOO_LARGE"],
  [
    "a schema that asks for itself",
    `{ __schema { types { ${"fields { type { ".repeat(8)} name ${"} } ".repeat(8)} } } }`,
    "BAD_REQUEST",
  ],
];

// Far more than it takes, far less than it would take.
const TIME = 15_000;

describe.each(DOORS)("%s", (over) => {
  it.each(BOMBS)("refuses %s, at once", { timeout: TIME }, async (_what, query, code) => {
    const bomb = doors[over]({ query, as: GUEST, group: "everything" });
    const others = await Promise.all(
      Array.from({ length: 5 }, () =>
        doors[over]({ query: "{ order { id } }", as: GUEST, group: "everything" }),
      ),
    );
    expect(others.map(({ data }) => data)).toEqual(Array(5).fill({ order: { id: "o1" } }));
    const { data, errors } = await bomb;
    expect(data ?? null).toBeNull();
    expect(errors![0].extensions.code).toMatch(new RegExp(`^(${code})$`));
  });

  it.each([
    [
      "many aliases over all subgraphs",
      `{ ${many(90, (n) => `a${n}: order { product { name cost stock worth } }`)} }`,
    ],
    [
      "many types behind one interface",
      `{ ${many(60, (n) => `a${n}: found { ... on Shoe { label } ... on Bag { label } ... on Order { product { name worth } } }`)} }`,
    ],
    [
      "many conditions",
      `query (${many(60, (n) => `$v${n}: Boolean = true`)}) { order { product { ${many(60, (n) => `... @include(if: $v${n}) { name stock }`)} } } }`,
    ],
  ])("answers %s", { timeout: TIME }, async (_what, query) => {
    const { data, errors } = await doors[over]({ query, as: GUEST, group: "everything" });
    expect(errors).toBeUndefined();
    expect(JSON.stringify(data)).toContain("Oxford");
  });
});

describe("planning", () => {
  const visible = (digest: string): Parameters<ReturnType<typeof createPlans>["of"]>[0] => {
    const operation = {
      ...createOperations(graph.supergraph.schema).prepare("{ order { product { name } } }"),
      digest,
    };
    return { operation, visibleSet: "", definition: operation.definition, withheld: [], hidden: [] };
  };

  it("that goes over its budget ends as an error, and is tried anew", async () => {
    let stuck = true;
    const signals: AbortSignal[] = [];
    const hive = createHivePlanner(graph.supergraph.sdl);
    const plans = createPlans(
      {
        plan: (operation, signal) => {
          signals.push(signal);
          return stuck
            ? new Promise((_, reject) =>
                signal.addEventListener("abort", () => reject(signal.reason as Error)),
              )
            : hive.plan(operation, new AbortController().signal);
        },
      },
      { limits: { ...DEFAULT_LIMITS, planTime: 1 } },
    );
    await expect(plans.of(visible("a"))).rejects.toThrow();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    stuck = false;
    expect((await plans.of(visible("a"))).node).not.toBeNull();
  });

  it("by the real planner ends when it is told to", async () => {
    const text = `{ ${many(300, (n) => `a${n}: order { product { name worth } }`)} }`;
    const budget = new AbortController();
    const planning = createHivePlanner(graph.supergraph.sdl).plan(text, budget.signal);
    budget.abort();
    await expect(planning).rejects.toMatchObject({ code: "PLAN_TIMEOUT" });
  });
});
