// A whole engine over test subgraphs: composed, planned, fetched over HTTP and shaped, as answer.ts does it.
import { pino } from "pino";
import {
  createRequirements,
  type PolicyFacts,
  type Requirements,
} from "../../gateway/src/access/requirements.ts";
import { createVisibility } from "../../gateway/src/access/prune.ts";
import type { ViewerGroup } from "../../gateway/src/access/viewer.ts";
import { createAnswering, type Answering, type Request } from "../../gateway/src/answer.ts";
import type { Accounts } from "../../gateway/src/execute/account.ts";
import { createEngine, type Engine, type Making } from "../../gateway/src/execute/engine.ts";
import type { FetchRequest, SubgraphAnswer } from "../../gateway/src/execute/fetch-request.ts";
import { createHttpSubgraph } from "../../gateway/src/fetch/http.ts";
import { createGroupOf } from "../../gateway/src/operation/group.ts";
import {
  createOperations,
  type Operations,
  type OperationsOptions,
} from "../../gateway/src/operation/prepare.ts";
import { createHivePlanner } from "../../gateway/src/plan/hive.ts";
import { printPlan } from "../../gateway/src/plan/print.ts";
import { createPlans } from "../../gateway/src/plan/plans.ts";
import { compose } from "../../gateway/src/supergraph/compose.ts";
import { loadSupergraph, type Supergraph } from "../../gateway/src/supergraph/load.ts";
import type { Person } from "../../gateway/src/identity/index.ts";
import { startGraphQL, type TestSubgraph, type TestSubgraphSource } from "./graphql-server.ts";

const GROUPS_SDL = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
directive @group on ARGUMENT_DEFINITION
scalar JSON
type Query { groupsAreHere: String }
type Card @key(fields: "id") { id: ID! }`;

export interface TestGraph {
  readonly subgraphs: Readonly<Record<string, TestSubgraph>>;
  readonly supergraph: Supergraph;
  readonly answering: Answering;
  readonly engine: Engine;
  readonly operations: Operations;
  /** The plans that were made, printed, the oldest first. */
  readonly planned: readonly string[];
  query(query: string, request?: Partial<Request>): Promise<{ data?: any; errors?: any[] }>;
  close(): Promise<void>;
}

export interface TestGraphOptions {
  readonly subgraphs: Readonly<Record<string, TestSubgraphSource & { readonly url?: string }>>;
  /** Which organization owns a subgraph; without it, the one of its name. */
  readonly ownerOf?: (subgraph: string) => string;
  readonly policies?: Readonly<Record<string, PolicyFacts>>;
  readonly operations?: OperationsOptions;
  /** What is taken down of what is asked; without it nothing. */
  readonly accounts?: (parts: {
    readonly supergraph: Supergraph;
    readonly ownerOf: (subgraph: string) => string;
    readonly requirements: Requirements;
  }) => Accounts;
  /** Who has a place in which group. */
  readonly places?: (person: Person, group: string) => ViewerGroup | null;
}

export function person(id: string): Person {
  return {
    id,
    organization: id.split(":")[0]!,
    name: id,
    roles: [],
    scopes: [],
    expiresAt: Number.MAX_SAFE_INTEGER,
  };
}

export async function startGraph(options: TestGraphOptions): Promise<TestGraph> {
  const subgraphs: Record<string, TestSubgraph> = {};
  for (const [name, source] of Object.entries(options.subgraphs))
    subgraphs[name] = await startGraphQL(source);
  const stop = async (): Promise<void> => {
    await Promise.all(Object.values(subgraphs).map((subgraph) => subgraph.close()));
  };
  try {
    return assemble(options, subgraphs, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

function assemble(
  options: TestGraphOptions,
  subgraphs: Readonly<Record<string, TestSubgraph>>,
  stop: () => Promise<void>,
): TestGraph {
  const ownerOf = options.ownerOf ?? ((subgraph: string) => subgraph);
  const services = Object.entries(options.subgraphs).map(([name, { sdl, url }]) => ({
    name,
    url: url ?? subgraphs[name]!.url,
    sdl,
  }));
  const { sdl } = compose(services, GROUPS_SDL);
  const supergraph = loadSupergraph(sdl);
  const planner = createHivePlanner(sdl);
  const planned: string[] = [];
  const clients = new Map(services.map(({ name, url }) => [name, createHttpSubgraph({ name, url })]));
  const requirements = createRequirements({
    supergraph,
    policies: new Map(Object.entries(options.policies ?? {})),
    ownerOf,
  });
  const engine = createEngine({
    schema: supergraph.schema,
    visibility: createVisibility(supergraph.schema, requirements),
    plans: createPlans({
      async plan(...operation) {
        const plan = await planner.plan(...operation);
        planned.push(printPlan(plan));
        return plan;
      },
    }),
    fetch: ({ subgraph, operationKind, body, context }: FetchRequest<Making>) =>
      operationKind === "subscription"
        ? Promise.resolve(context.event as SubgraphAnswer)
        : clients.get(subgraph)!.send({ operationKind, body, headers: {} }),
    entities: supergraph.entities,
    accounts: options.accounts?.({ supergraph, ownerOf, requirements }) ?? null,
  });
  const operations = createOperations(supergraph.schema, { costs: supergraph.costs, ...options.operations });
  const answering = createAnswering({
    schema: supergraph.schema,
    operations,
    groupOf: createGroupOf(GROUPS_SDL),
    scopes: supergraph.fields.scopes,
    membership: async (each, group) => options.places?.(each, group) ?? null,
    engine,
    organizationOf: ownerOf,
    log: pino({ level: "silent" }),
  });
  return {
    subgraphs,
    supergraph,
    answering,
    engine,
    operations,
    planned,
    async query(query, request = {}) {
      const { text } = await answering.answer({
        person: person(`${ownerOf(Object.keys(subgraphs)[0]!)}:ann`),
        query,
        ...request,
      });
      return JSON.parse(text) as { data?: any; errors?: any[] };
    },
    async close() {
      await Promise.all([...clients.values()].map((client) => client.close()));
      await stop();
    },
  };
}
