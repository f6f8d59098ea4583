// Wires the parts of the gateway and starts it. The environment comes in as configuration, and nowhere else.
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { AddressInfo } from "node:net";
import { startPostgres } from "@junto/embedded";
import type { FastifyInstance } from "fastify";
import { openAccessLog, type AccessLog, type AccessLogOptions } from "./access-log/store.ts";
import { openSigningKeys } from "./access/signing-keys.ts";
import { createSubgraphTokens } from "./access/subgraph-token.ts";
import { createAnnouncing, type Announcing } from "./announce.ts";
import type { DoorAnswering } from "./answer.ts";
import { createPlaces } from "./audience/places.ts";
import { createTurns } from "./audience/turns.ts";
import { createRecovery } from "./cards/recovery.ts";
import type { Rules } from "./cards/rules.ts";
import { createRunner } from "./cards/run.ts";
import { DEFAULT_LIMITS, type GatewayConfig } from "./config/index.ts";
import { JuntoError } from "./errors/index.ts";
import { createIntake } from "./events/intake.ts";
import { openChangeLog } from "./events/postgres-log.ts";
import { subgraphKeys } from "./events/subgraph-keys.ts";
import { createClients } from "./fetch/clients.ts";
import { createUpstreams } from "./fetch/upstream.ts";
import {
  agreementPaths,
  readAgreement,
  readDirectory,
  versionOf,
  type Agreement,
} from "./graph/agreement.ts";
import { watchFiles } from "./graph/files.ts";
import { createGraph, type Graph } from "./graph/graph.ts";
import { createGraphs, type Graphs } from "./graph/graphs.ts";
import { asksTheSame } from "./graph/rights.ts";
import { createRunningSubgraphs, type RunningSubgraphs } from "./graph/running.ts";
import { rememberingPeople, rememberServices } from "./groups/known-people.ts";
import { openGroups, type Groups } from "./groups/store.ts";
import type { Plugin, ShownGraph } from "./http/apollo.ts";
import type { ClientParts } from "./http/client.ts";
import { createHttpServer } from "./http/server.ts";
import { landingPage } from "./http/landing.ts";
import { createQuotas } from "./door/quota.ts";
import { createIdentity } from "./identity/index.ts";
import { createMetrics, type Log } from "./observe/index.ts";
import { createPersisted } from "./operation/documents.ts";
import { createPresence, type Presence } from "./presence/presence.ts";
import { onPlacesChanged } from "./push/places-changed.ts";
import { createEventDoor } from "./sse/server.ts";
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
/** Milliseconds between two times that running subgraphs are asked for their schemas. */
const ASKING = 1_000;

/** What is not configuration. */
interface Parts {
  /** Of Apollo Server: with any, every request over HTTP takes its pipeline. */
  readonly plugins: readonly Plugin[];
  readonly openAccessLog: (options: AccessLogOptions) => Promise<AccessLog>;
}

/**
 * Starts a gateway: its database (embedded, when none is named), the graph, its doors, and the log of changes.
 * @throws JuntoError CONFIGURATION, with everything that is wrong and what to do
 */
export async function startGateway(
  config: GatewayConfig,
  { log, plugins = [], openAccessLog: open = openAccessLog }: Partial<Parts> & { readonly log: Log },
): Promise<Gateway> {
  const steps: (() => unknown)[] = [];
  const close = async (): Promise<void> => {
    for (const step of steps.splice(0).reverse()) await step();
  };
  const onClose: OnClose = (step) => steps.push(step);
  try {
    const agreement = readAgreement(config, versionOf(pathsOf(config)));
    const ground = await openGround(config, agreement, open, log, onClose);
    const stories = tellStories(config, agreement, ground, log);
    const url = await openDoors({ ...config, plugins }, ground, stories, log, onClose);
    await followGraph(config, stories, onClose);
    return { url, databaseUrl: ground.databaseUrl, requests: ground.requests, close };
  } catch (error) {
    await close();
    throw error;
  }
}

type OnClose = (step: () => unknown) => void;

/** What stays when the graph changes: database, groups, the log of changes, people, keys, connections to subgraphs. */
async function openGround(
  config: GatewayConfig,
  { directory, organizations }: Agreement,
  open: Parts["openAccessLog"],
  log: Log,
  onClose: OnClose,
) {
  const databaseUrl = config.databaseUrl ?? (await openEmbeddedDatabase(config.dataDir, onClose));
  const groups = await openGroups({ databaseUrl, log });
  onClose(() => groups.close());
  const presence = presenceOver(groups, log);
  onClose(() => presence.close());
  await groups.saveOrganizations([...organizations.keys()]);
  const accessLog = await open({ databaseUrl, log });
  onClose(() => accessLog.close());
  await rememberServices(directory.organizations, groups);
  const changeLog = await openChangeLog({ databaseUrl, log });
  onClose(() => changeLog.close());
  const identity = rememberingPeople(
    createIdentity({ organizations: directory.organizations, audience: AUDIENCE, log }),
    groups,
  );
  onClose(() => identity.close());
  const keys = await openSigningKeys({
    file: config.keyFile ?? join(config.dataDir, "gateway-key.json"),
    rotateEvery: (config.keyDays ?? 0) * 24 * 60 * 60_000,
    log,
  });
  onClose(() => keys.close());
  const tokens = createSubgraphTokens({ issuer: config.issuerUrl, keys });
  const metrics = createMetrics();
  const clients = createClients(metrics, log);
  onClose(() => clients.close());
  const requests = new Map<string, number>();
  return {
    databaseUrl,
    groups,
    accessLog,
    presence,
    places: createPlaces(groups),
    changeLog,
    identity,
    tokens,
    clients,
    metrics,
    requests,
    persisted: createPersisted((config.limits ?? DEFAULT_LIMITS).persisted),
    recovery: createRecovery({
      healthy: async (subgraph) => (await clients.current().get(subgraph)?.healthy()) ?? false,
      touch: (cards) => groups.touchCards(cards),
      log,
    }),
    runner: createRunner({ groups, log }),
    countRequest(subgraph: string) {
      requests.set(subgraph, (requests.get(subgraph) ?? 0) + 1);
      clients.measures.requested(subgraph);
    },
    keys,
    // A digest of what a card showed is kept; this keeps it from being guessed at.
    secret: keys.secret,
    log,
  };
}

/** Gateways tell each other who is here through the database that they have in common. */
function presenceOver({ notices }: Groups, log: Log): Presence {
  return createPresence({
    id: randomUUID(),
    wire: {
      tell: (text) => notices.tell("presence", text),
      onMessage: (listener) => notices.onNotice("presence", listener),
      onListening: notices.onListening,
    },
    log,
  });
}

type Ground = Awaited<ReturnType<typeof openGround>>;

/** The graph in force, and the two stories told over it. */
function tellStories(config: GatewayConfig, agreement: Agreement, ground: Ground, log: Log) {
  const { groups, places, presence, clients, tokens, identity } = ground;
  const first = createGraph(config, agreement, ground);
  clients.use(first.clients);
  const { running, version } = sourcesOf(config, ground, log);
  const graphs = createGraphs({
    first,
    version,
    read: () => createGraph(config, readAgreement(config, version(), running?.compose()), ground),
    async prepare({ agreement: next }) {
      await groups.saveOrganizations([...next.organizations.keys()]);
      await rememberServices(next.directory.organizations, groups);
    },
    onChange: takeOver,
    metrics: ground.metrics,
    log,
  });
  const graph = graphs.current;
  const upstreams = createUpstreams({
    subgraph: (name) => graph().upstream(name),
    held: (subgraph, viewer) => graph().requirements.held(subgraph, viewer),
    tokens,
    onEvent: clients.measures.heard,
  });
  const announcing = createAnnouncing({ graph, groups, places, presence, upstreams, log });
  const turns = createTurns({ cards: () => graph().cards, groups, places, log });
  const listeners = new Set<() => void>();
  const onChange: ShownGraph["onChange"] = (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };

  /** All in one turn: nothing is asked of the one graph what was read in the other. */
  function takeOver(next: Graph, before: Graph): void {
    clients.use(next.clients);
    identity.trust(next.agreement.directory.organizations);
    announcing.renew();
    for (const listener of listeners) listener();
    const failed = (error: unknown): void =>
      log.warn({ err: error }, "Not everything was looked at again in the new graph.");
    next.rules.watchAll().catch(failed);
    if (!asksTheSame(before, next)) announcing.touchOpenCards().catch(failed);
    turns.agreed(next.agreement.version).catch(failed);
  }

  const shown: ShownGraph = { now: () => graph().agreement.supergraph, onChange };
  return { graphs, running, upstreams, announcing, turns, answering: inForce(graphs), shown };
}

type Stories = ReturnType<typeof tellStories>;

/** Each request is answered by the graph that is in force when it comes, to its end. */
function inForce({ current }: Graphs): DoorAnswering {
  return {
    answer: (request) => current().answering.answer(request),
    kindOf: (request) => current().answering.kindOf(request),
  };
}

/** Where the graph comes from, and what it is called as it is there now. */
function sourcesOf(
  config: GatewayConfig,
  { tokens }: Ground,
  log: Log,
): { readonly running: RunningSubgraphs | null; readonly version: () => string } {
  const running =
    config.graph === "running"
      ? createRunningSubgraphs({
          schemaDir: config.schemaDir,
          subgraphs: () => readDirectory(config).subgraphs,
          tokens,
          log,
        })
      : null;
  return { running, version: () => versionOf(pathsOf(config), running?.version()) };
}

/** Everything of which a graph is made: whatever else there may be in that folder is not looked at. */
function pathsOf({ schemaDir, documents }: GatewayConfig): string[] {
  return [...agreementPaths(schemaDir), ...(documents ? [documents.path] : [])];
}

/** From here on the graph changes when what it is made of does. */
async function followGraph(
  config: GatewayConfig,
  { graphs, running }: Stories,
  onClose: OnClose,
): Promise<void> {
  if (config.graph === "fixed") return;
  const look = (): void => void graphs.look();
  onClose(await watchFiles(pathsOf(config), look));
  look(); // what has changed since the start
  if (!running) return;
  let asking: Promise<void> | undefined;
  const ask = (): void => {
    asking ??= running
      .ask()
      .then(look, () => undefined)
      .finally(() => (asking = undefined));
  };
  ask();
  const timer = setInterval(ask, ASKING);
  onClose(async () => {
    clearInterval(timer);
    await asking;
    await running.close();
  });
}

/** HTTP, server-sent events, WebSocket, and the log of changes: from here on things happen. */
async function openDoors(
  config: GatewayConfig & { readonly plugins: readonly Plugin[] },
  ground: Ground,
  stories: Stories,
  log: Log,
  onClose: OnClose,
): Promise<string> {
  const { graphs, answering, announcing, upstreams } = stories;
  const { identity, groups, changeLog, metrics, recovery, runner } = ground;
  const { allowedOrigins, limits = DEFAULT_LIMITS } = config;
  onClose(() => recovery.close());
  onClose(() => runner.settled());
  onClose(() => announcing.close());
  const { subscribe } = announcing;
  const quotas = createQuotas(limits);
  const events = createEventDoor({ subscribe, quotas, limits, log });
  const http = await createHttpServer({
    shown: stories.shown,
    identity,
    answering,
    events,
    jwks: ground.keys.jwks,
    takeChanges: intakeOf(config, ground, graphs, log),
    health: async () => ({
      ok: await groups.persons([]).then(
        () => true,
        () => false,
      ),
      subscriptions: announcing.size(),
      graph: graphs.status(),
    }),
    landingPage: () => pageOf(config, graphs.current().agreement),
    client: clientOf(config, graphs),
    metrics,
    allowedOrigins,
    plugins: config.plugins,
    limits,
    forwarded: () => graphs.current().forwarded,
    log,
  });
  const sockets = serveWebSocket(http.server, "/graphql", {
    identity,
    answering,
    subscribe,
    quotas,
    allowedOrigins,
    limits,
    log,
  });
  stories.shown.onChange(() => {
    for (const door of [events, sockets]) door.dismiss((person) => !identity.knows(person));
  });
  metrics.gauge("junto_subscriptions", "Open subscriptions of clients.", announcing.size);
  metrics.gauge("junto_subgraph_subscriptions", "Open subscriptions at subgraphs.", upstreams.size);
  metrics.gauge("junto_sockets", "Open WebSockets.", sockets.size);
  metrics.gauge("junto_event_streams", "Open event streams.", events.size);
  await listen(http, config);
  // Side by side: each lets what is under way come to its end first.
  onClose(() => Promise.all([http.close(), events.close(), sockets.close()]));
  onClose(hearChanges(changeLog, announcing));
  onClose(() => stories.turns.close());
  await stories.turns.agreed(graphs.current().agreement.version);
  onClose(watchGroups(groups, () => graphs.current().rules, log));
  await graphs.current().acting.resume();
  const { port } = http.server.address() as AddressInfo;
  const url = `http://${config.host.includes(":") ? `[${config.host}]` : config.host}:${port}`;
  log.info({ url }, "the gateway is up");
  return url;
}

function hearChanges(changeLog: Ground["changeLog"], { take }: Announcing): () => unknown {
  const consumer = changeLog.subscribe("announce", take);
  return () => consumer.close();
}

function intakeOf(config: GatewayConfig, { changeLog }: Ground, { current }: Graphs, log: Log) {
  const addressOf = (subgraph: string): string | undefined =>
    current().agreement.directory.subgraphs.find(({ name }) => name === subgraph)?.url;
  return createIntake({
    issuer: config.issuerUrl,
    keys: subgraphKeys(addressOf),
    owns: (subgraph, entity) => current().agreement.supergraph.keyOf(subgraph, entity) ?? null,
    changes: changeLog,
    log,
  });
}

function pageOf({ publicUrl }: GatewayConfig, { directory }: Agreement): string {
  return landingPage({
    publicUrl,
    organizations: directory.organizations.map(({ id, name, issuer }) => ({ id, name: name.en, issuer })),
  });
}

function clientOf(
  { webDir, imageOrigins = [] }: GatewayConfig,
  { current }: Graphs,
): ClientParts | undefined {
  if (webDir === undefined) return undefined;
  const organizations: ClientParts["organizations"] = () =>
    current().agreement.directory.organizations.map(({ id, name, issuer }) => ({ id, name, issuer }));
  return { dir: webDir, organizations, imageOrigins };
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
function watchGroups(groups: Groups, rules: () => Rules, log: Log): () => void {
  const failed = (error: unknown): void =>
    log.warn({ err: error }, "what rules watch could not be looked at");
  rules().watchAll().catch(failed);
  return onPlacesChanged(groups, (group) => void rules().watch(group).catch(failed), failed);
}
