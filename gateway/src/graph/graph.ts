// One version of the graph, ready to be asked: everything that follows from what the organizations agreed on. It never
// changes; what changes is which one is in force (graphs.ts). What outlives it is handed in as its ground.
import type { AccessLog } from "../access-log/store.ts";
import { createAccounts } from "../access-log/accounts.ts";
import { createVisibility } from "../access/prune.ts";
import { createRequirements, type Requirements } from "../access/requirements.ts";
import type { SubgraphTokens } from "../access/subgraph-token.ts";
import { audienceViewer, personViewer, type Viewer } from "../access/viewer.ts";
import { createAnswering, type Answering } from "../answer.ts";
import type { Places } from "../audience/places.ts";
import { createActing, type Acting } from "../cards/act.ts";
import { createCards, type Cards } from "../cards/cards.ts";
import { createGroupsContext } from "../cards/context.ts";
import type { Manners } from "../cards/envelope.ts";
import { createCardJoin, type CardJoin } from "../cards/join.ts";
import type { Recovery } from "../cards/recovery.ts";
import { createRules, type Rules } from "../cards/rules.ts";
import type { Runner, RunsOver } from "../cards/run.ts";
import { DEFAULT_LIMITS, type GatewayConfig } from "../config/index.ts";
import { createEngine, type Engine, type Making } from "../execute/engine.ts";
import type { EntityKeys } from "../execute/keys.ts";
import type { Fetch } from "../execute/fetch-request.ts";
import { settingsOf, type ClientMap, type Clients } from "../fetch/clients.ts";
import { createInProcessSubgraph } from "../fetch/in-process.ts";
import { createFetch } from "../fetch/port.ts";
import type { UpstreamSubgraph } from "../fetch/upstream.ts";
import type { Groups } from "../groups/store.ts";
import { groupsSchema } from "../groups/subgraph.ts";
import { isServiceId } from "../identity/index.ts";
import type { Log } from "../observe/index.ts";
import type { Persisted } from "../operation/documents.ts";
import { createGroupOf } from "../operation/group.ts";
import { createOperations, type Operations } from "../operation/prepare.ts";
import { readTrusted } from "../operation/trusted.ts";
import { createHivePlanner } from "../plan/hive.ts";
import { createPlans } from "../plan/plans.ts";
import type { Presence } from "../presence/presence.ts";
import type { Agreement } from "./agreement.ts";
import { createExplain } from "./explaining.ts";

export interface Graph {
  readonly agreement: Agreement;
  readonly clients: ClientMap;
  readonly operations: Operations;
  readonly requirements: Requirements;
  readonly engine: Engine;
  readonly answering: Answering;
  readonly join: CardJoin;
  readonly cards: Cards;
  readonly acting: Acting;
  readonly rules: Rules;
  readonly organizationOf: (subgraph: string) => string;
  /** Where a subgraph is subscribed to. */
  readonly upstream: (subgraph: string) => UpstreamSubgraph | undefined;
  /** Headers of clients that some subgraph may get. */
  readonly forwarded: readonly string[];
}

/** What stays when the graph changes. */
export interface GraphGround {
  readonly groups: Groups;
  readonly accessLog: AccessLog;
  readonly places: Places;
  readonly presence: Pick<Presence, "type">;
  readonly clients: Clients;
  readonly tokens: SubgraphTokens;
  readonly persisted: Persisted;
  readonly recovery: Recovery;
  readonly runner: Runner;
  /** For digests of what cards showed. */
  readonly secret: Buffer;
  readonly countRequest: (subgraph: string) => void;
  readonly log: Log;
}

type GraphConfig = Pick<GatewayConfig, "limits" | "documents">;

/** @throws JuntoError CONFIGURATION when it cannot be served as it is */
export function createGraph(config: GraphConfig, agreement: Agreement, ground: GraphGround): Graph {
  const { supergraph, ownerOf } = agreement;
  const { schema, sdl, costs } = supergraph;
  const { limits = DEFAULT_LIMITS, documents } = config;
  const requirements = createRequirements({ supergraph, policies: agreement.policies, ownerOf });
  const visibility = createVisibility(schema, requirements);
  const operations = createOperations(schema, {
    limits,
    costs,
    persisted: ground.persisted,
    trusted: documents && readTrusted(documents.path, documents.mode),
  });
  const clients = ground.clients.of(agreement.directory.subgraphs.map(settingsOf));
  const engine = createEngine({
    schema,
    visibility,
    plans: createPlans(createHivePlanner(sdl), { limits }),
    fetch: fetchOver(agreement, requirements, clients, ground, (making) => groupsContext(making)),
    entities: supergraph.entities,
    accounts: createAccounts({
      supergraph,
      ownerOf,
      policyOwner: (policy) => agreement.policies.get(policy)?.organization,
      requirements,
      write: ground.accessLog.write,
    }),
  });
  const join = createCardJoin({ supergraph, operations, engine, ownerOf });
  const manners = mannersOf(agreement, ground);
  const { groups, accessLog, recovery, secret } = ground;
  const { apps } = agreement;
  const { scopes } = supergraph.fields;
  const cards = createCards({
    apps,
    join,
    groups,
    operations,
    visibility,
    recovery,
    secret,
    manners,
    scopes,
  });
  const over = { engine, operations, entities: cardEntities(agreement) };
  const acting = actingOver({ agreement, ground, join, cards, manners, over });
  const { organizations, scenarios, directory } = agreement;
  const groupsContext = createGroupsContext({
    groups,
    accessLog,
    organizations,
    subgraphs: directory.subgraphs,
    scenarios,
    cards,
    acting,
    setTyping: (group, person, typing) => ground.presence.type([group, person], typing),
    viewerIn: async (person, group) => {
      const place = await ground.places.of(group, person.id);
      return place && personViewer(person, place, scopes);
    },
    explain: createExplain({ schema, requirements, viewerOf: viewersOf(ground) }),
  });
  const answering = createAnswering({
    schema,
    operations,
    groupOf: createGroupOf(agreement.groupsTypeDefs),
    scopes,
    membership: (person, group) => ground.places.of(group, person.id),
    engine,
    organizationOf: ownerOf,
    log: ground.log,
  });
  return {
    agreement,
    clients,
    operations,
    requirements,
    engine,
    answering,
    join,
    cards,
    acting,
    rules: rulesOver(agreement, ground, join),
    organizationOf: ownerOf,
    upstream: upstreamsOf(agreement),
    forwarded: forwardedIn(agreement),
  };
}

function upstreamsOf({ directory }: Agreement): Graph["upstream"] {
  const upstreams = new Map<string, UpstreamSubgraph>(
    directory.subgraphs.map(({ name, subscriptions, transport }) => [
      name,
      { ...transport, url: subscriptions },
    ]),
  );
  return (subgraph) => upstreams.get(subgraph);
}

function forwardedIn({ directory }: Agreement): readonly string[] {
  return [...new Set(directory.subgraphs.flatMap(({ transport }) => transport.forward ?? []))];
}

function fetchOver(
  { directory, groupsTypeDefs }: Agreement,
  requirements: Requirements,
  clients: ClientMap,
  { tokens, countRequest }: GraphGround,
  groupsContext: (making: Making) => unknown,
): Fetch<Making> {
  return createFetch({
    subgraphs: clients,
    requirements,
    tokens,
    groups: createInProcessSubgraph(groupsSchema(groupsTypeDefs)),
    groupsContext,
    onRequest: countRequest,
    forwarded: new Map(directory.subgraphs.map(({ name, transport }) => [name, transport.forward ?? []])),
  });
}

type MannersOf = (group: string) => Promise<Manners>;

function mannersOf({ scenarios, organizations }: Agreement, { groups }: GraphGround): MannersOf {
  return async (group) => {
    const [found, members] = await Promise.all([groups.group(group), groups.members(group)]);
    const people = await groups.persons(members.map(({ person }) => person));
    const names = new Map(people.flatMap((person) => (person ? [[person.id, person.name] as const] : [])));
    return {
      timeZone: scenarios.get(found?.scenario ?? "")?.timeZone ?? "UTC",
      organizationName: (id, locale) => organizations.get(id)?.name[locale] ?? id,
      personName: (id) => names.get(id) ?? null,
    };
  };
}

/** Those that cards can be about. */
function cardEntities({ apps, supergraph }: Agreement): EntityKeys {
  const types = new Set(apps.flatMap(({ cards }) => [...cards.values()].map(({ on }) => on)));
  return new Map([...supergraph.entities].filter(([type]) => types.has(type)));
}

function actingOver(parts: {
  readonly agreement: Agreement;
  readonly ground: GraphGround;
  readonly join: CardJoin;
  readonly cards: Cards;
  readonly manners: MannersOf;
  readonly over: RunsOver;
}): Acting {
  const { agreement, ground, ...rest } = parts;
  const { groups, runner } = ground;
  return createActing({
    ...rest,
    apps: agreement.apps,
    appsOf: async (group) => agreement.scenarios.get((await groups.group(group))?.scenario ?? "")?.apps ?? [],
    groups,
    runner,
    viewerOf: viewersOf(ground),
  });
}

/** Somebody in a group, whose token nobody has at hand: without what it would say of scopes and roles. */
function viewersOf({
  groups,
  places,
}: GraphGround): (person: string, group: string) => Promise<Viewer | null> {
  return async (person, group) => {
    const [known, place] = await Promise.all([groups.person(person), places.of(group, person)]);
    if (!known || !place) return null;
    const service = isServiceId(known.id) && { service: true as const };
    return personViewer({ ...known, roles: [], scopes: [], ...service, expiresAt: 0 }, place);
  };
}

function rulesOver(
  { apps, scenarios, supergraph: { entities } }: Agreement,
  { groups, places, log }: GraphGround,
  join: CardJoin,
): Rules {
  return createRules({
    apps,
    appsOf: (scenario) => scenarios.get(scenario)?.apps ?? [],
    scenarios: [...scenarios.keys()],
    groups,
    join,
    async audienceIn(group, role) {
      const found = (await places.audiences(group)).find(({ place }) => place.role === role);
      return found ? audienceViewer(found.organization, found.place) : null;
    },
    entities,
    log,
  });
}
