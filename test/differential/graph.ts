// A random graph that runs: the engine over its subgraphs, as answer.ts puts it together, beside the oracle.
import { pino } from "pino";
import { createVisibility } from "../../gateway/src/access/prune.ts";
import { createRequirements, type PolicyFacts } from "../../gateway/src/access/requirements.ts";
import type { ViewerGroup } from "../../gateway/src/access/viewer.ts";
import { createAnswering } from "../../gateway/src/answer.ts";
import { createEngine, type Making } from "../../gateway/src/execute/engine.ts";
import type { Fetch, SubgraphAnswer } from "../../gateway/src/execute/fetch-request.ts";
import { createGroupOf } from "../../gateway/src/operation/group.ts";
import type { Person } from "../../gateway/src/identity/index.ts";
import { createOperations } from "../../gateway/src/operation/prepare.ts";
import { createHivePlanner } from "../../gateway/src/plan/hive.ts";
import type { Plan, Planner } from "../../gateway/src/plan/plan.ts";
import { createPlans } from "../../gateway/src/plan/plans.ts";
import { printPlan } from "../../gateway/src/plan/print.ts";
import { compose, GROUPS } from "../../gateway/src/supergraph/compose.ts";
import { loadSupergraph } from "../../gateway/src/supergraph/load.ts";
import { generateData, printData, type Faults } from "./data.ts";
import { generateModel } from "./generate.ts";
import type { Model } from "./model.ts";
import { createRandom, type Random } from "./random.ts";
import { mergedSdl, subgraphSdl } from "./schemas.ts";
import {
  createGroups,
  createOracle,
  createSubgraph,
  parseOnce,
  type Server,
  type Turn,
  type Variables,
} from "./servers.ts";

export interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions?: { readonly code?: string };
  }[];
}

/** What went over the wire to one subgraph. */
export interface Sent {
  readonly subgraph: string;
  readonly operation: string;
  readonly variables: Variables;
  readonly answer: SubgraphAnswer;
}

/** Who asks. */
export interface Asker {
  readonly person: Person;
  readonly place: ViewerGroup | null;
}

export interface Engine {
  run(
    text: string,
    variables: Variables,
    turn: Turn,
    as?: Asker,
  ): Promise<{ answer: Answer; sent: readonly Sent[]; plan: string }>;
}

export interface Graph {
  readonly seed: number;
  /** Something in it fails. */
  readonly faulty: boolean;
  readonly oracle: Server;
  /** Where no type is non-null, so that every error that there can be shows. */
  readonly everyError: Server;
  readonly engine: Engine;
  /** The schemas and the data, for people. */
  print(): string;
}

const GROUPS_SDL = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
directive @group on ARGUMENT_DEFINITION
scalar JSON
type Query { me: String }
type Card @key(fields: "id") { id: ID! }`;

/** Who owns what. Without it, all is of one organization, to which everyone who asks belongs. */
export interface Owners {
  readonly ownerOf: (subgraph: string) => string;
  readonly policies: ReadonlyMap<string, PolicyFacts>;
}

export type Tamper = (answer: SubgraphAnswer) => SubgraphAnswer;

/** @throws when the generated schemas do not compose. */
export function createGraph(
  seed: number,
  options: {
    readonly faults?: Faults;
    readonly tamper?: Tamper;
    /** Says of a model what its owners say. */
    readonly own?: (model: Model, random: Random) => Owners;
  } = {},
): Graph {
  const random = createRandom(seed);
  const model = generateModel(random);
  const owners = options.own?.(model, random) ?? { ownerOf: () => "all", policies: new Map() };
  const faults =
    options.faults ?? (random.chance(0.5) ? { failing: 0.06, missing: 0.15 } : { failing: 0, missing: 0 });
  const data = generateData(model, random, faults);
  const schemas = model.subgraphs.map((name) => ({ name, url: "", sdl: subgraphSdl(model, name) }));
  const merged = mergedSdl(model);
  const { sdl } = compose(schemas, GROUPS_SDL);
  const servers = new Map(model.subgraphs.map((name) => [name, createSubgraph(model, data, name)]));
  servers.set(GROUPS, createGroups());
  return {
    seed,
    faulty: faults.failing > 0 || faults.missing > 0,
    oracle: createOracle(model, data, merged),
    everyError: createOracle(model, data, merged, true),
    engine: createTestEngine(sdl, servers, owners, options.tamper ?? ((answer) => answer)),
    print: () =>
      [
        ...schemas.map((each) => `# ${each.name}\n${each.sdl.slice(each.sdl.indexOf("\n") + 1)}`),
        `# merged\n${merged}`,
        `# data\n${printData(data)}`,
      ].join("\n\n"),
  };
}

const ANN: Asker = {
  person: {
    id: "all:ann",
    organization: "all",
    name: "Ann",
    roles: [],
    scopes: [],
    expiresAt: Number.MAX_SAFE_INTEGER,
  },
  place: null,
};

function createTestEngine(
  sdl: string,
  servers: ReadonlyMap<string, Server>,
  { ownerOf, policies }: Owners,
  tamper: Tamper,
): Engine {
  const supergraph = loadSupergraph(sdl);
  let turn: Turn = { mutations: 0, strays: [] };
  let sent: Sent[] = [];
  let asker = ANN;
  const plans = new Map<string, string>();
  let plan: Plan | undefined;
  const fetch: Fetch<Making> = async (request) => {
    const variables = JSON.parse(request.variables) as Variables;
    const { subgraph, operation } = request;
    const result = await servers.get(subgraph)!.run(parseOnce(operation), variables, turn);
    const answer = tamper(JSON.parse(JSON.stringify(result)) as SubgraphAnswer);
    sent.push({ subgraph, operation, variables, answer: structuredClone(answer) });
    return answer;
  };
  const requirements = createRequirements({ supergraph, policies, ownerOf });
  const hive = createHivePlanner(sdl);
  const planner: Planner = {
    plan: async (operation, signal) => {
      plan = undefined;
      return (plan = await hive.plan(operation, signal));
    },
  };
  const engine = createEngine({
    schema: supergraph.schema,
    visibility: createVisibility(supergraph.schema, requirements),
    plans: createPlans(planner),
    fetch,
    entities: supergraph.entities,
    accounts: null,
  });
  const answering = createAnswering({
    schema: supergraph.schema,
    operations: createOperations(supergraph.schema),
    groupOf: createGroupOf(GROUPS_SDL),
    scopes: supergraph.fields.scopes,
    membership: async () => asker.place,
    engine,
    organizationOf: ownerOf,
    log: pino({ level: "silent" }),
  });
  return {
    async run(query, variables, now, as = ANN) {
      turn = now;
      asker = as;
      sent = [];
      plan = undefined;
      const group = as.place ? { group: as.place.id } : {};
      const { text } = await answering.answer({ person: as.person, query, variables, ...group });
      if (plan) plans.set(query, printPlan(plan));
      return { answer: JSON.parse(text) as Answer, sent, plan: plans.get(query) ?? "(planned before)" };
    },
  };
}
