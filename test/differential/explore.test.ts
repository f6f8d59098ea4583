// The differential test can fail: an engine whose subgraphs are tampered with gives differences, and says which.
import { describe, expect, it } from "vitest";
import type { SubgraphAnswer } from "../../gateway/src/execute/fetch-request.ts";
import { difference } from "./compare.ts";
import { explore } from "./explore.ts";

/** Turns every string of an answer that is no name and no key around. */
function withOtherText(answer: SubgraphAnswer): SubgraphAnswer {
  return JSON.parse(
    JSON.stringify(answer).replaceAll('"RED"', '"GREEN"').replaceAll("42", "43"),
  ) as SubgraphAnswer;
}

const withoutErrors = ({ data }: SubgraphAnswer): SubgraphAnswer => ({ data: data ?? null });

describe("an engine that answers wrongly", () => {
  it("is found out, with all that one needs to see it again", async () => {
    const options = { seed: 0, operations: 200, operationsPerGraph: 40, most: 1 };
    const { differences } = await explore({ ...options, tamper: withOtherText });
    expect(differences).toHaveLength(1);
    for (const part of ["# operation", "# expected", "# engine", "# plan", "# sent", "# merged", "# data"])
      expect(differences[0]!.report).toContain(part);
  });

  it("is found out when it keeps an error to itself", async () => {
    const faults = { failing: 0.3, missing: 0 };
    const options = { seed: 0, operations: 200, operationsPerGraph: 40, most: 1 };
    const { differences } = await explore({ ...options, faults, tamper: withoutErrors });
    expect(differences[0]?.reason).toMatch(/error/);
  });
});

it("comes to an end where the planner never looks up: such an operation is refused", async () => {
  const { differences, refused } = await explore({ seed: 30011, operations: 200, operationsPerGraph: 200 });
  expect(differences).toEqual([]);
  expect(refused).toBeGreaterThan(0);
});

describe("two answers", () => {
  const none = async () => ({ data: null });
  const compare = (expected: object, answer: object, all: object = expected) =>
    difference("{ a }", expected as never, answer as never, async () => all as never);

  it("differ by one value, and by the order of keys", async () => {
    expect(await difference("{ a }", { data: { a: 1 } }, { data: { a: 2 } }, none)).toMatch(/data/);
    expect(await compare({ data: { a: 1, b: 2 } }, { data: { b: 2, a: 1 } })).toMatch(/data/);
  });

  it("are the same when another of the errors that null a place is named", async () => {
    const at = (...path: string[]) => ({ path, message: "" });
    const all = { data: { a: { b: null, c: null } }, errors: [at("a", "b"), at("a", "c")] };
    const expected = { data: { a: null }, errors: [at("a", "b")] };
    expect(await compare(expected, { data: { a: null }, errors: [at("a", "c")] }, all)).toBeNull();
    expect(await compare(expected, { data: { a: null }, errors: [at("a", "d")] }, all)).toMatch(
      /nothing fails/,
    );
    expect(await compare(expected, { data: { a: null } }, all)).toMatch(/No error says/);
  });
});
