// Wires the parts of the gateway and starts it. The environment comes in as configuration, and nowhere else.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { AddressInfo } from "node:net";
import { startPostgres } from "@junto/embedded";
import type { FastifyInstance } from "fastify";
import { createVisibility } from "./access/prune.ts";
import { createRequirements, type PolicyFacts } from "./access/requirements.ts";
import { createSubgraphTokens } from "./access/subgraph-token.ts";
import { audienceViewer, personViewer } from "./access/viewer.ts";
import { createAnnouncing } from "./announce.ts";
import { createAnswering } from "./answer.ts";
import { createPlaces } from "./audience/places.ts";
import { createActing } from "./cards/act.ts";
import { loadApps } from "./cards/app/apps.ts";
import { createCards } from "./cards/cards.ts";
import type { Manners } from "./cards/envelope.ts";
import { createGroupsContext } from "./cards/context.ts";
import { createCardJoin } from "./cards/join.ts";
import { createRecovery } from "./cards/recovery.ts";
import { createRules, type Rules } from "./cards/rules.ts";
import { createRunner } from "./cards/run.ts";
import { loadScenarios } from "./cards/app/scenarios.ts";
import { DEFAULT_LIMITS, readSupergraphYaml, type GatewayConfig } from "./config/index.ts";
import { JuntoError } from "./errors/index.ts";
import { createIntake } from "./events/intake.ts";
import { openChangeLog } from "./events/postgres-log.ts";
import { subgraphKeys } from "./events/subgraph-keys.ts";
import { createEngine } from "./execute/engine.ts";
import { createHttpSubgraph } from "./fetch/http.ts";
import { createInProcessSubgraph } from "./fetch/in-process.ts";
import { createSubgraphMeasures } from "./fetch/measures.ts";
import { createFetch } from "./fetch/port.ts";
import { createUpstreams } from "./fetch/upstream.ts";
import { rememberingPeople } from "./groups/known-people.ts";
import { openGroups, type Groups } from "./groups/store.ts";
import { groupsSchema } from "./groups/subgraph.ts";
import type { Plugin } from "./http/apollo.ts";
import { createHttpServer } from "./http/server.ts";
import { landingPage } from "./http/landing.ts";
import { createIdentity } from "./identity/index.ts";
import { createMetrics, type Log } from "./observe/index.ts";
import { createGroupOf } from "./operation/group.ts";
import { createOperations } from "./operation/prepare.ts";
import { readTrusted } from "./operation/trusted.ts";
import { createHivePlanner } from "./plan/hive.ts";
import { createPlans } from "./plan/plans.ts";
import { GROUPS } from "./supergraph/compose.ts";
import { loadSupergraph } from "./supergraph/load.ts";
import { serveWebSocket } from "./ws/server.ts";

/** A gateway that is up. */
export interface Gateway {
  readonly url: string;
  /** Of its own database, for operators and tests. */
  readonly databaseUrl: string;
  /** Requests sent to each subgraph since the start. */
  readonly requests: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

/** What the tokens of people must be meant for. */
const AUDIENCE = "junto";

/**
 * Starts a gateway: its database (embedded, when none is named), its doors, and the log of changes.
 * @param plugins of Apollo Server: with any, every request over HTTP takes its pipeline
 * @throws JuntoError CONFIGURATION, with everything that is wrong and what to do
 */
export async function startGateway(
  config: GatewayConfig,
  { log, plugins = [] }: { readonly log: Log; readonly plugins?: readonly Plugin[] },
): Promise<Gateway> {
  const steps: (() => unknown)[] = [];
  const close = async (): Promise<void> => {
    for (const step of steps.splice(0).reverse()) await step();
  };
  try {
    const agreed = readAgreements(config);
    const ground = await openGround(config, agreed, log, (step) => steps.push(step));
    const stories = tellStories(config, agreed, ground, log);
    const url = await openDoors({ ...config, plugins }, agreed, ground, stories, log, (step) =>
      steps.push(step),
    );
    return { url, databaseUrl: ground.databaseUrl, requests: ground.requests, close };
  } catch (error) {
    await close();
    throw error;
  }
}

type OnClose = (step: () => unknown) => void;

/** Everything that schema/ says: who is in the graph, what it looks like, apps and scenarios. */
function readAgreements(config: GatewayConfig) {
  const { schemaDir } = config;
  const directory = readSupergraphYaml(join(schemaDir, "supergraph.yaml"), {
    ...config,
    secrets: config.secrets ?? new Map(),
  });
  const supergraph = loadSupergraph(readSupergraph(schemaDir));
  const apps = loadApps(join(schemaDir, "apps"), supergraph.schema);
  const scenarios = loadScenarios(join(schemaDir, "scenarios"), apps, directory.organizations);
  const ownerBySubgraph = new Map(directory.subgraphs.map(({ name, organization }) => [name, organization]));
  for (const name of supergraph.subgraphs.keys())
    if (name !== GROUPS && !ownerBySubgraph.has(name))
      throw new JuntoError(
        "CONFIGURATION",
        `supergraph.graphql has a subgraph ${name} that supergraph.yaml does not name. Run \`junto compose\`.`,
      );
  return {
    directory,
    supergraph,
    apps,
    scenarios: new Map(scenarios.map((scenario) => [scenario.name, scenario])),
    organizations: new Map(directory.organizations.map((organization) => [organization.id, organization])),
    ownerOf: (subgraph: string) => ownerBySubgraph.get(subgraph) ?? "junto",
    groupsTypeDefs: supergraph.groupsTypeDefs(readFileSync(join(schemaDir, "groups.graphql"), "utf8")),
  };
}

type Agreements = ReturnType<typeof readAgreements>;

/** What the stories stand on: database, groups, the log of changes, people, keys, connections to subgraphs. */
async function openGround(
  config: GatewayConfig,
  { directory, organizations }: Agreements,
  log: Log,
  onClose: OnClose,
) {
  const databaseUrl = config.databaseUrl ?? (await openEmbeddedDatabase(config.dataDir, onClose));
  const groups = await openGroups({ databaseUrl, log });
  onClose(() => groups.close());
  await groups.saveOrganizations([...organizations.keys()]);
  const changeLog = await openChangeLog({ databaseUrl, log });
  onClose(() => changeLog.close());
  const identity = rememberingPeople(
    createIdentity({ organizations: directory.organizations, audience: AUDIENCE, log }),
    groups,
  );
  onClose(() => identity.close());
  const keyFile = join(config.dataDir, "gateway-key.json");
  const tokens = await createSubgraphTokens({ issuer: config.issuerUrl, keyFile });
  const metrics = createMetrics();
  const names = directory.subgraphs.map(({ name }) => name);
  const measures = createSubgraphMeasures(metrics, log, names);
  const clients = new Map(
    directory.subgraphs.map(({ name, url, transport }) => [
      name,
      createHttpSubgraph({ name, url, ...transport, onEvent: measures.of(name) }),
    ]),
  );
  measures.show(clients);
  onClose(() => Promise.all([...clients.values()].map((client) => client.close())));
  const requests = new Map<string, number>();
  const eventCounter = metrics.counter(
    "junto_subgraph_events_total",
    "Events of subscriptions that came from subgraphs.",
    { subgraph: [...clients.keys()] },
  );
  const requestCounter = metrics.counter("junto_subgraph_requests_total", "Requests sent to subgraphs.", {
    subgraph: names,
  });
  return {
    databaseUrl,
    groups,
    changeLog,
    identity,
    tokens,
    clients,
    metrics,
    requests,
    countRequest(subgraph: string) {
      requests.set(subgraph, (requests.get(subgraph) ?? 0) + 1);
      requestCounter.add({ subgraph });
    },
    countEvent: (subgraph: string) => eventCounter.add({ subgraph }),
    // A digest of what a card showed is kept; this keeps it from being guessed at.
    secret: createHash("sha256").update("card digests").update(readFileSync(keyFile)).digest(),
  };
}

type Ground = Awaited<ReturnType<typeof openGround>>;

/** The two stories, and the cards and actions that they share. */
function tellStories(
  { limits = DEFAULT_LIMITS, documents }: GatewayConfig,
  agreed: Agreements,
  ground: Ground,
  log: Log,
) {
  const { supergraph, apps, ownerOf, scenarios, organizations } = agreed;
  const { groups, clients } = ground;
  const { schema, entities } = supergraph;
  const places = createPlaces(groups);
  const operations = createOperations(schema, {
    limits,
    costs: supergraph.costs,
    trusted: documents && readTrusted(documents.path, documents.mode),
  });
  const requirements = createRequirements({ supergraph, policies: policyFacts(agreed), ownerOf });
  const visibility = createVisibility(schema, requirements);
  const engine = createEngine({
    schema,
    visibility,
    plans: createPlans(createHivePlanner(supergraph.sdl), { limits }),
    fetch: createFetch({
      subgraphs: clients,
      ownerOf,
      requirements,
      tokens: ground.tokens,
      groups: createInProcessSubgraph(groupsSchema(agreed.groupsTypeDefs)),
      groupsContext: (making) => groupsContext(making),
      onRequest: ground.countRequest,
      forwarded: new Map(
        agreed.directory.subgraphs.map(({ name, transport }) => [name, transport.forward ?? []]),
      ),
    }),
  });
  const join = createCardJoin({ supergraph, operations, engine, ownerOf });
  const recovery = createRecovery({
    healthy: async (subgraph) => (await clients.get(subgraph)?.healthy()) ?? false,
    touch: (cards) => groups.touchCards(cards),
    log,
  });
  const manners = async (group: string): Promise<Manners> => {
    const [found, members] = await Promise.all([groups.group(group), groups.members(group)]);
    const people = await groups.persons(members.map(({ person }) => person));
    const names = new Map(people.flatMap((person) => (person ? [[person.id, person.name] as const] : [])));
    return {
      timeZone: scenarios.get(found?.scenario ?? "")?.timeZone ?? "UTC",
      organizationName: (id, locale) => organizations.get(id)?.name[locale] ?? id,
      personName: (id) => names.get(id) ?? null,
    };
  };
  const cards = createCards({
    apps,
    join,
    groups,
    operations,
    visibility,
    recovery,
    secret: ground.secret,
    manners,
  });
  const appsOf = (scenario: string) => scenarios.get(scenario)?.apps ?? [];
  const runner = createRunner({ groups, engine, operations, log });
  const acting = createActing({
    apps,
    appsOf: async (group) => appsOf((await groups.group(group))?.scenario ?? ""),
    groups,
    cards,
    join,
    manners,
    runner,
    async viewerOf(person, group) {
      const [known, place] = await Promise.all([groups.person(person), places.of(group, person)]);
      return known && place ? personViewer({ ...known, roles: [], expiresAt: 0 }, place) : null;
    },
  });
  const rules = createRules({
    apps,
    appsOf,
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
  const answering = createAnswering({
    schema,
    operations,
    groupOf: createGroupOf(agreed.groupsTypeDefs),
    membership: (person, group) => places.of(group, person.id),
    engine,
    organizationOf: ownerOf,
    log,
  });
  const upstreams = createUpstreams({
    subgraphs: new Map(
      agreed.directory.subgraphs.map(({ name, subscriptions, transport }) => [
        name,
        { ...transport, url: subscriptions },
      ]),
    ),
    ownerOf,
    requirements,
    tokens: ground.tokens,
    onEvent: ground.countEvent,
  });
  const announcing = createAnnouncing({
    groups,
    places,
    rules,
    cards,
    engine,
    answering,
    upstreams,
    organizationOf: ownerOf,
    log,
  });
  const groupsContext = createGroupsContext({ groups, organizations, scenarios, cards, acting });
  return { answering, announcing, upstreams, acting, runner, rules, recovery };
}

type Stories = ReturnType<typeof tellStories>;

/** HTTP, WebSocket, and the log of changes: from here on things happen. */
async function openDoors(
  config: GatewayConfig & { readonly plugins: readonly Plugin[] },
  agreed: Agreements,
  ground: Ground,
  stories: Stories,
  log: Log,
  onClose: OnClose,
): Promise<string> {
  const { answering, announcing, upstreams, acting, runner, rules, recovery } = stories;
  const { identity, groups, changeLog, metrics } = ground;
  const { subgraphs } = agreed.directory;
  const { allowedOrigins, limits = DEFAULT_LIMITS } = config;
  onClose(() => recovery.close());
  onClose(() => runner.settled());
  onClose(() => announcing.close());
  const intake = createIntake({
    issuer: config.issuerUrl,
    keys: subgraphKeys(subgraphs),
    owns: (subgraph, entity) => agreed.supergraph.keyOf(subgraph, entity) ?? null,
    changes: changeLog,
    log,
  });
  const http = await createHttpServer({
    schema: agreed.supergraph.schema,
    sdl: agreed.supergraph.sdl,
    identity,
    answering,
    jwks: ground.tokens.jwks,
    takeChanges: intake,
    health: async () => ({
      ok: await groups.persons([]).then(
        () => true,
        () => false,
      ),
      subscriptions: announcing.size(),
    }),
    landingPage: landingPage({
      publicUrl: config.publicUrl,
      organizations: agreed.directory.organizations.map(({ id, name, issuer }) => ({
        id,
        name: name.en,
        issuer,
      })),
    }),
    metrics,
    allowedOrigins,
    plugins: config.plugins,
    limits,
    forwarded: [...new Set(subgraphs.flatMap(({ transport }) => transport.forward ?? []))],
    log,
  });
  const socket = serveWebSocket(http.server, "/graphql", {
    identity,
    answering,
    subscribe: announcing.subscribe,
    allowedOrigins,
    limits,
    log,
  });
  metrics.gauge("junto_subscriptions", "Open subscriptions of clients.", announcing.size);
  metrics.gauge("junto_subgraph_subscriptions", "Open subscriptions at subgraphs.", upstreams.size);
  metrics.gauge("junto_sockets", "Open WebSockets.", socket.size);
  await listen(http, config);
  // Side by side: both let what is under way come to its end first.
  onClose(() => Promise.all([http.close(), socket.close()]));
  const { port } = http.server.address() as AddressInfo;
  const consumer = changeLog.subscribe("announce", announcing.take);
  onClose(() => consumer.close());
  onClose(watchGroups(groups, rules, log));
  await acting.resume();
  const url = `http://${config.host.includes(":") ? `[${config.host}]` : config.host}:${port}`;
  log.info({ url }, "the gateway is up");
  return url;
}

async function openEmbeddedDatabase(dataDir: string, onClose: OnClose): Promise<string> {
  const server = await startPostgres({ dataDir: join(dataDir, "database"), database: "junto" });
  onClose(() => server.close());
  return server.url;
}

async function listen(http: FastifyInstance, { host, port }: GatewayConfig): Promise<void> {
  try {
    await http.listen({ host, port });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EADDRINUSE") throw cause;
    throw new JuntoError(
      "CONFIGURATION",
      `Port ${port} on ${host} is taken. Stop what listens there, or set JUNTO_PORT.`,
      { cause },
    );
  }
}

/** Keeps what rules watch up to date: at the start, and when members or grants of a group change. */
function watchGroups(groups: Groups, rules: Rules, log: Log): () => void {
  const failed = (error: unknown): void =>
    log.warn({ err: error }, "what rules watch could not be looked at");
  rules.watchAll().catch(failed);
  return groups.onFeed((group, seq) => {
    groups
      .readFeed(group, seq - 1, 1)
      .then(async ([row]) => {
        if (row?.kind === "MEMBER" || row?.kind === "GRANT") await rules.watch(group);
      })
      .catch(failed);
  });
}

function readSupergraph(schemaDir: string): string {
  const file = join(schemaDir, "supergraph.graphql");
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new JuntoError("CONFIGURATION", `There is no supergraph at ${file}. Run \`junto compose\`.`, {
      cause,
    });
  }
}

function policyFacts({ directory }: Agreements): Map<string, PolicyFacts> {
  return new Map(
    directory.organizations.flatMap(({ id, policies }) =>
      [...policies].map(([name, { held }]) => [name, { organization: id, held }] as const),
    ),
  );
}
