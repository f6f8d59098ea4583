// Golden folders against the engine: real subgraphs over HTTP, composed, planned, joined and shaped as for a person
// who may see everything. How a folder is made is in README.md.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startGraph, type TestGraph } from "../support/graph.ts";
import { readData, type Lists } from "./data.ts";
import { comparable, readGraphs, type GoldenCase, type GoldenGraph } from "./golden.ts";
import { KNOWN } from "./known.ts";

/** Owns every subgraph; who asks is one of its people. */
const ORGANIZATION = "house";
/** Where nothing listens: the port of a service that no longer exists. */
const NOWHERE = "http://127.0.0.1:1/graphql";

const graphs = readGraphs(import.meta.dirname);

for (const golden of graphs.filter((each) => !each.refused))
  describe(`${golden.chapter} › ${golden.name}`, () => {
    answers(golden);
  });

for (const golden of graphs.filter((each) => each.refused))
  it(`${golden.chapter} › ${golden.name} › is refused`, () => refuses(golden));

describe("known differences", () => {
  it("are of cases that exist", () => {
    const all = graphs.flatMap(({ chapter, name, cases }) =>
      cases.map((each) => `${chapter}/${name}/${each.name}`),
    );
    expect(Object.keys(KNOWN).filter((id) => !all.includes(id))).toEqual([]);
  });
});

function answers(golden: GoldenGraph): void {
  const lists: Lists = new Map();
  let graph: TestGraph;
  beforeAll(async () => {
    graph = await start(golden, lists);
  });
  afterAll(() => graph?.close());
  beforeEach(() => lists.clear());

  for (const each of golden.cases) {
    const known = KNOWN[`${golden.chapter}/${golden.name}/${each.name}`];
    it(`${each.name}${known ? ` (still differs: ${known})` : ""}`, async () => {
      const response = await graph.query(each.query, { variables: each.variables });
      const [actual, expected] = [comparable(response), comparable(each.expected)];
      if (known) expect(actual, "It is right now: take it out of known.ts.").not.toEqual(expected);
      else expect(actual, explain(graph, each)).toEqual(expected);
    });
  }
}

async function refuses(golden: GoldenGraph): Promise<void> {
  const { code, says } = golden.refused!;
  const thrown = await start(golden, new Map()).then(
    async (graph) => {
      await graph.close();
      return new Error("It was not refused.");
    },
    (error: unknown) => error as Error,
  );
  expect(thrown).toMatchObject({ code });
  for (const words of says) expect(thrown.message).toContain(words);
}

function start(golden: GoldenGraph, lists: Lists): Promise<TestGraph> {
  const subgraphs = Object.entries(golden.subgraphs).map(([name, { sdl, data }]) => {
    const { away, ...source } = readData(sdl, data, lists);
    return [name, { sdl, ...source, ...(away && { url: NOWHERE }) }] as const;
  });
  return startGraph({ subgraphs: Object.fromEntries(subgraphs), ownerOf: () => ORGANIZATION });
}

/** For who reads a failure: what was asked, and the plan by which it was answered. */
function explain(graph: TestGraph, { query }: GoldenCase): string {
  return `${query}\nThe plan:\n${graph.planned.at(-1) ?? "none"}\n`;
}
