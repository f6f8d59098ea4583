// Runs many operations over many graphs and says where the engine's answer is not the oracle's.
import { parse, validate } from "graphql";
import type { Faults } from "./data.ts";
import { difference } from "./compare.ts";
import { createGraph, type Graph, type Tamper } from "./graph.ts";
import { randomOperation, type RandomOperation } from "./operations.ts";
import { createRandom } from "./random.ts";
import type { Turn, Variables } from "./servers.ts";
import { shrink } from "./shrink.ts";

export interface Exploration {
  /** Operations that were compared. */
  compared: number;
  /** Operations that the planner says it cannot plan. */
  refused: number;
  /** Graphs that were generated and do not compose, by reason. */
  readonly uncomposed: string[];
  readonly graphs: number[];
  readonly differences: Difference[];
  readonly refusals: string[];
}

export interface Difference {
  readonly graph: number;
  readonly operation: number;
  readonly reason: string;
  /** Everything that one needs to see it again. */
  readonly report: string;
}

export interface Options {
  readonly seed: number;
  readonly operations: number;
  readonly operationsPerGraph: number;
  /** Stops after so many differences. */
  readonly most?: number;
  readonly tamper?: Tamper;
  readonly faults?: Faults;
  /** Only this operation, when a report is followed up. */
  readonly only?: number;
  /** Told of each operation before it runs, in case the process does not survive it. */
  readonly onOperation?: (graph: Graph, at: number, text: string, variables: Variables) => void;
}

export async function explore(options: Options): Promise<Exploration> {
  const found: Exploration = {
    compared: 0,
    refused: 0,
    uncomposed: [],
    graphs: [],
    differences: [],
    refusals: [],
  };
  let seed = options.seed;
  const graphs = Math.ceil(options.operations / options.operationsPerGraph);
  const most = options.most ?? 5;
  const work = async (): Promise<void> => {
    while (found.graphs.length < graphs && found.differences.length < most) {
      const graph = composed(seed++, options, found);
      if (!graph) continue;
      for (let at = 0; at < options.operationsPerGraph && found.differences.length < most; at++)
        if (options.only === undefined || at === options.only) await one(graph, at, found, options);
    }
  };
  // Side by side, since planning is done by another process.
  await Promise.all([work(), work(), work()]);
  return { ...found, differences: found.differences.slice(0, most) };
}

function composed(seed: number, options: Options, found: Exploration): Graph | undefined {
  try {
    const graph = createGraph(seed, options);
    found.graphs.push(seed);
    return graph;
  } catch (error) {
    found.uncomposed.push(`graph ${seed}: ${(error as Error).message}`);
    if (found.uncomposed.length > 20 + found.graphs.length) throw error;
    return undefined;
  }
}

async function one(graph: Graph, at: number, found: Exploration, options: Options): Promise<void> {
  const { text, variables } = validOperation(graph, at);
  options.onOperation?.(graph, at, text, variables);
  const outcome = await compare(graph, text, variables);
  if (outcome.refused) {
    found.refused += 1;
    found.refusals.push(`graph ${graph.seed} operation ${at}`);
    return;
  }
  found.compared += 1;
  if (outcome.reason === null) return;
  // The reason stays of one kind on the way down, or another fault would be found instead.
  const kind = outcome.reason.slice(0, 12);
  const smallest = await shrink(text, async (smaller) => {
    if (!isValid(graph, smaller)) return false;
    return (await compare(graph, smaller, variables)).reason?.startsWith(kind) === true;
  });
  const { reason, details } = await compare(graph, smallest, variables, true);
  found.differences.push({
    graph: graph.seed,
    operation: at,
    reason: reason ?? outcome.reason,
    report: [
      `graph ${graph.seed} operation ${at}: ${reason}`,
      `# operation\n${smallest}\n${JSON.stringify(variables)}`,
      details,
      graph.print(),
    ].join("\n\n"),
  });
}

/** Fields that cannot be merged make some operations invalid: then another is made. */
function validOperation(graph: Graph, at: number): RandomOperation {
  const random = createRandom(graph.seed * 7919 + at);
  for (;;) {
    const made = randomOperation(graph.oracle.schema, random);
    if (isValid(graph, made.text)) return made;
  }
}

function isValid(graph: Graph, text: string): boolean {
  return validate(graph.oracle.schema, parse(text)).length === 0;
}

async function compare(
  graph: Graph,
  text: string,
  variables: Variables,
  inDetail = false,
): Promise<{ refused: boolean; reason: string | null; details: string }> {
  const document = parse(text);
  const newTurn = (): Turn => ({ mutations: 0, strays: [] });
  const turn = newTurn();
  const expected = await graph.oracle.run(document, variables, newTurn());
  const { answer, sent, plan } = await graph.engine.run(text, variables, turn);
  // At once, or when a plan turns out not to lead where it should: in either way it is said.
  // On a busy machine a plan may also take too long.
  const refused = answer.errors?.some(({ extensions }) => /^PLAN_/.test(String(extensions?.code))) === true;
  const reason = refused
    ? null
    : (turn.strays[0] ??
      (await difference(text, expected, answer, () => graph.everyError.run(document, variables, newTurn()))));
  const details = inDetail
    ? [
        `# expected\n${JSON.stringify(expected)}`,
        `# engine\n${JSON.stringify(answer)}`,
        `# plan\n${plan}`,
        `# sent\n${sent.map((each) => `${each.subgraph} ${each.operation} ${JSON.stringify(each.variables)}\n  ${JSON.stringify(each.answer)}`).join("\n")}`,
      ].join("\n\n")
    : "";
  return { refused, reason, details };
}
