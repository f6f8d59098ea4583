// Runs many operations of many viewers over many graphs, and says where a viewer got, or a subgraph was asked for, what
// the reference does not allow.
import { parse, validate } from "graphql";
import { createGraph, type Answer, type Asker, type Graph } from "../differential/graph.ts";
import { keyFields, type Model } from "../differential/model.ts";
import { randomOperation } from "../differential/operations.ts";
import { createRandom, type Random } from "../differential/random.ts";
import type { Turn, Variables } from "../differential/servers.ts";
import { shrink } from "../differential/shrink.ts";
import { createReference, type Seer } from "./reference.ts";
import { ORGANIZATIONS, SCOPES, speak, type World } from "./words.ts";

export interface Exploration {
  cases: number;
  /** Cases that the planner cannot plan. */
  refused: number;
  /** Values that came, of those that the reference allows. */
  shown: number;
  allowed: number;
  /** Values that there are. */
  whole: number;
  readonly graphs: number[];
  readonly uncomposed: string[];
  readonly breaches: string[];
}

export interface Options {
  readonly seed: number;
  readonly cases: number;
  readonly operations: number;
  readonly viewers: number;
  /** Changes what a viewer is allowed, to see that a breach is found. */
  readonly tamper?: (sees: Sees) => Sees;
  readonly most?: number;
}

type Sees = (type: string, field: string) => boolean;

export async function explore(options: Options): Promise<Exploration> {
  const found: Exploration = {
    cases: 0,
    refused: 0,
    shown: 0,
    allowed: 0,
    whole: 0,
    graphs: [],
    uncomposed: [],
    breaches: [],
  };
  const { most = 3 } = options;
  let { seed } = options;
  const isOver = (): boolean => found.cases >= options.cases || found.breaches.length >= most;
  const work = async (): Promise<void> => {
    while (!isOver()) {
      const made = ownedGraph(seed++, found);
      if (!made) continue;
      for (let at = 0; at < options.operations && !isOver(); at++)
        await oneOperation(made, at, options, found);
    }
  };
  // Side by side, since planning is done by another process.
  await Promise.all([work(), work(), work()]);
  return found;
}

interface Owned {
  readonly graph: Graph;
  readonly world: World;
}

function ownedGraph(seed: number, found: Exploration): Owned | undefined {
  let world: World | undefined;
  try {
    const graph = createGraph(seed, {
      faults: { failing: 0, missing: 0 },
      own(model, random) {
        world = speak(model, random);
        return { ownerOf: world.organizationOf, policies: world.policies };
      },
    });
    found.graphs.push(seed);
    return { graph, world: world! };
  } catch (error) {
    found.uncomposed.push(`graph ${seed}: ${(error as Error).message}`);
    if (found.uncomposed.length > 20 + found.graphs.length) throw error;
    return undefined;
  }
}

async function oneOperation(owned: Owned, at: number, options: Options, found: Exploration): Promise<void> {
  const { graph } = owned;
  const random = createRandom(graph.seed * 7919 + at);
  let made = randomOperation(graph.oracle.schema, random);
  while (!isValid(graph, made.text)) made = randomOperation(graph.oracle.schema, random);
  for (let n = 0; n < options.viewers; n++) {
    const seer = randomSeer(owned.world, random);
    const outcome = await run(owned, made.text, made.variables, seer, options);
    found.cases += 1;
    found.refused += outcome.refused ? 1 : 0;
    found.shown += outcome.shown;
    found.allowed += outcome.allowed;
    found.whole += outcome.whole;
    if (outcome.breach === null) continue;
    const kind = outcome.breach.slice(0, 8);
    const shows = async (text: string): Promise<boolean> =>
      isValid(graph, text) &&
      (await run(owned, text, made.variables, seer, options)).breach?.startsWith(kind) === true;
    const smallest = await shrink(made.text, shows);
    const { breach, details } = await run(owned, smallest, made.variables, seer, options);
    found.breaches.push(
      [
        `graph ${graph.seed} operation ${at} viewer ${n}: ${breach}`,
        `# viewer\n${JSON.stringify(seer)}`,
        `# operation\n${smallest}\n${JSON.stringify(made.variables)}`,
        details,
        `# owners\n${owned.world.model.subgraphs.map((each) => `${each}: ${owned.world.organizationOf(each)}`).join("\n")}`,
        graph.print(),
      ].join("\n\n"),
    );
    return;
  }
}

function isValid(graph: Graph, text: string): boolean {
  return validate(graph.oracle.schema, parse(text)).length === 0;
}

function randomSeer(world: World, random: Random): Seer {
  const share = random.pick([0, 0.5, 0.9, 1]);
  return {
    organization: random.pick([...ORGANIZATIONS, "guest"]),
    scopes: random.some([...SCOPES, "other"], random.pick([0, 0.6])),
    granted: random.some([...world.policies.keys(), "nobody.x"], share),
  };
}

function askerOf({ organization, scopes, granted }: Seer): Asker {
  const id = `${organization}:eve`;
  const expiresAt = Number.MAX_SAFE_INTEGER;
  const place = { id: "g", role: "buyer", subjects: [], granted: new Set(granted) };
  return {
    person: { id, organization, name: "Eve", roles: [], scopes, expiresAt },
    place: granted.length > 0 ? place : null,
  };
}

interface Outcome {
  readonly refused: boolean;
  readonly breach: string | null;
  readonly shown: number;
  readonly allowed: number;
  readonly whole: number;
  readonly details: string;
}

async function run(
  { graph, world }: Owned,
  text: string,
  variables: Variables,
  seer: Seer,
  { tamper = (sees) => sees }: Options,
): Promise<Outcome> {
  const sees = tamper(createReference(world, seer));
  const document = parse(text);
  const strays: string[] = [];
  const whole = await graph.everyError.run(document, variables, { mutations: 0, strays });
  const allowed = await graph.everyError.run(document, variables, { mutations: 0, strays, sees });
  const forbidden: string[] = [];
  const turn: Turn = {
    mutations: 0,
    strays,
    onField(subgraph, type, field) {
      if (!isKey(world.model, type, field) && !sees(type, field))
        forbidden.push(`Asked: ${subgraph} for ${type}.${field}`);
    },
  };
  const { answer, sent, plan } = await graph.engine.run(text, variables, turn, askerOf(seer));
  const refused = answer.errors?.some(({ extensions }) => extensions?.code === "PLAN_FAILED") === true;
  const more = moreThan(answer.data, allowed.data, []);
  return {
    refused,
    breach: forbidden[0] ?? (more && `Shown: ${more}`) ?? unexplained(answer, allowed.data),
    shown: count(answer.data),
    allowed: count(allowed.data),
    whole: count(whole.data),
    details: [
      `# allowed\n${JSON.stringify(allowed.data)}`,
      `# gateway\n${JSON.stringify(answer)}`,
      `# plan\n${plan}`,
      `# sent\n${sent.map((each) => `${each.subgraph} ${each.operation} ${JSON.stringify(each.variables)}`).join("\n")}`,
    ].join("\n\n"),
  };
}

/** What the gateway asks for its own use. */
function isKey(model: Model, name: string, field: string): boolean {
  const type = model.objects.get(name)!;
  return name === "Ref" || [...type.subgraphs].some((subgraph) => keyFields(type, subgraph).has(field));
}

/** Where an answer has more than it may; null: nowhere. */
function moreThan(answer: unknown, allowed: unknown, path: readonly (string | number)[]): string | null {
  if (answer === null || answer === undefined) return null;
  const here = `/${path.join("/")}`;
  if (typeof answer !== "object") return answer === allowed ? null : here;
  if (typeof allowed !== "object" || allowed === null) return here;
  if (Array.isArray(answer) && answer.length !== (allowed as unknown[]).length) return here;
  for (const [key, value] of Object.entries(answer)) {
    const more = moreThan(value, (allowed as Record<string, unknown>)[key], [...path, key]);
    if (more) return more;
  }
  return null;
}

/** Where an answer keeps something back without a word. */
function unexplained({ data, errors }: Answer, allowed: unknown): string | null {
  if (errors && errors.length > 0) return null;
  return JSON.stringify(data) === JSON.stringify(allowed) ? null : "Silent: something is left out";
}

/** How many values there are. */
function count(value: unknown): number {
  if (value === null || value === undefined) return 0;
  if (typeof value !== "object") return 1;
  return Object.values(value).reduce<number>((sum, each) => sum + count(each), 0);
}
