// A whole engine over test subgraphs: composed, planned, fetched over HTTP and shaped, as answer.ts does it.
import { pino } from "pino";
import { createRequirements, type PolicyFacts } from "../../gateway/src/access/requirements.ts";
import { createVisibility } from "../../gateway/src/access/prune.ts";
import type { ViewerGroup } from "../../gateway/src/access/viewer.ts";
import { createAnswering, type Answering, type Request } from "../../gateway/src/answer.ts";
import { createEngine, type Engine, type Making } from "../../gateway/src/execute/engine.ts";
import type { SubgraphAnswer } from "../../gateway/src/execute/execute.ts";
import { createHttpSubgraph } from "../../gateway/src/fetch/http.ts";
import { createGroupOf } from "../../gateway/src/operation/group.ts";
import { createOperations, type Operations } from "../../gateway/src/operation/prepare.ts";
import { createHivePlanner } from "../../gateway/src/plan/hive.ts";
import { createPlans } from "../../gateway/src/plan/plans.ts";
import { compose } from "../../gateway/src/supergraph/compose.ts";
import { loadSupergraph, type Supergraph } from "../../gateway/src/supergraph/load.ts";
import type { Person } from "../../gateway/src/identity/index.ts";
import { FEDERATION, startGraphQL, type TestSubgraph } from "./graphql-server.ts";

const GROUPS_SDL = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
directive @group on ARGUMENT_DEFINITION
scalar JSON
type Query { me: String }
type Card @key(fields: "id") { id: ID! }`;

export interface TestGraph {
  readonly subgraphs: Readonly<Record<string, TestSubgraph>>;
  readonly supergraph: Supergraph;
  readonly answering: Answering;
  readonly engine: Engine;
  readonly operations: Operations;
  query(query: string, request?: Partial<Request>): Promise<{ data?: any; errors?: any[] }>;
  close(): Promise<void>;
}

export interface TestGraphOptions {
  /** Subgraph ▸ schema (without @link) and resolvers. Each is owned by the organization of its name. */
  readonly subgraphs: Readonly<
    Record<string, { readonly sdl: string; readonly resolvers: Record<string, Record<string, unknown>> }>
  >;
  readonly policies?: Readonly<Record<string, PolicyFacts>>;
  /** Who has a place in which group. */
  readonly places?: (person: Person, group: string) => ViewerGroup | null;
}

export function person(id: string): Person {
  return { id, organization: id.split(":")[0]!, name: id, roles: [], expiresAt: Number.MAX_SAFE_INTEGER };
}

export async function startGraph(options: TestGraphOptions): Promise<TestGraph> {
  const subgraphs: Record<string, TestSubgraph> = {};
  for (const [name, { sdl, resolvers }] of Object.entries(options.subgraphs))
    subgraphs[name] = await startGraphQL(sdl, resolvers);
  const { sdl } = compose(
    Object.entries(options.subgraphs).map(([name, { sdl }]) => ({
      name,
      url: subgraphs[name]!.url,
      sdl: FEDERATION + sdl,
    })),
    GROUPS_SDL,
  );
  const supergraph = loadSupergraph(sdl);
  const clients = new Map(
    Object.entries(subgraphs).map(([name, { url }]) => [name, createHttpSubgraph({ name, url })]),
  );
  const requirements = createRequirements({
    supergraph,
    policies: new Map(Object.entries(options.policies ?? {})),
    ownerOf: (subgraph) => subgraph,
  });
  const engine = createEngine({
    schema: supergraph.schema,
    visibility: createVisibility(supergraph.schema, requirements),
    plans: createPlans(createHivePlanner(sdl)),
    fetch: ({
      subgraph,
      ...request
    }: {
      subgraph: string;
      operation: string;
      operationKind: "query" | "mutation" | "subscription";
      variables: Readonly<Record<string, unknown>>;
      context: Making;
    }) =>
      request.operationKind === "subscription"
        ? Promise.resolve(request.context.event as SubgraphAnswer)
        : clients.get(subgraph)!.send({ ...request, headers: {} }),
  });
  const operations = createOperations(supergraph.schema);
  const answering = createAnswering({
    schema: supergraph.schema,
    operations,
    groupOf: createGroupOf(GROUPS_SDL),
    membership: async (each, group) => options.places?.(each, group) ?? null,
    engine,
    organizationOf: (subgraph) => subgraph,
    log: pino({ level: "silent" }),
  });
  return {
    subgraphs,
    supergraph,
    answering,
    engine,
    operations,
    async query(query, request = {}) {
      const { text } = await answering.answer({
        person: person(`${Object.keys(subgraphs)[0]}:ann`),
        query,
        ...request,
      });
      return JSON.parse(text) as { data?: any; errors?: any[] };
    },
    async close() {
      await Promise.all([...clients.values()].map((client) => client.close()));
      await Promise.all(Object.values(subgraphs).map((subgraph) => subgraph.close()));
    },
  };
}
