// A gateway's door before three subgraphs of which one has subscriptions, as any federated server offers them: its
// schema behind graphql-ws. Members and grants of groups are kept here, and their feed says when they change.
import { WebSocketServer } from "ws";
import { useServer } from "graphql-ws/use/ws";
import type { GraphQLError } from "graphql";
import { pino } from "pino";
import { createRequirements, type PolicyFacts } from "../../gateway/src/access/requirements.ts";
import type { SubgraphTokens } from "../../gateway/src/access/subgraph-token.ts";
import type { ViewerGroup } from "../../gateway/src/access/viewer.ts";
import type { SubgraphAnswer } from "../../gateway/src/execute/fetch-request.ts";
import { createUpstreams, type UpstreamParts } from "../../gateway/src/fetch/upstream.ts";
import type { FeedRow } from "../../gateway/src/groups/store.ts";
import { rootField } from "../../gateway/src/operation/root-field.ts";
import { createRelays } from "../../gateway/src/push/relays.ts";
import { createStandings } from "../../gateway/src/push/standing.ts";
import type { Streams } from "../../gateway/src/push/streams.ts";
import { meaning, startDoors, type DoorOptions, type Doors } from "../security/doors.ts";
import { FEDERATION } from "../support/graphql-server.ts";
import { startGraph, type TestGraph } from "../support/graph.ts";
import type { FeedDoor } from "../support/story.ts";
import { createTopic, type Topic } from "./topic.ts";

export interface Sale {
  readonly id: string;
  readonly pairs: number;
  readonly product: { readonly id: string };
}

const SHOP = `
  type Query { shelves: [ID!] }
  type Subscription {
    sold(shelf: ID!, atLeast: Int = 1): Sale @policy(policies: [["shop.sales"]])
    happened: Happening @policy(policies: [["shop.sales"]])
    strict: Sale! @policy(policies: [["shop.sales"]])
    broken: Sale @policy(policies: [["shop.sales"]])
  }
  interface Happening { id: ID! }
  type Sale implements Happening @key(fields: "id") {
    id: ID! @policy(policies: [["shop.sales"]])
    pairs: Int @policy(policies: [["shop.sales"]])
    price: Int @policy(policies: [["shop.price"]])
    product: Product @policy(policies: [["shop.sales"]])
  }
  type Return implements Happening @key(fields: "id") { id: ID! @policy(policies: [["shop.sales"]])  why: String @policy(policies: [["shop.sales"]]) }
  type Product @key(fields: "id") { id: ID! @policy(policies: [["shop.sales"]]) }`;
const MAKER = `type Product @key(fields: "id") { id: ID! name: String @policy(policies: [["maker.catalog"]]) }`;
const STORE = `
  type Product @key(fields: "id") { id: ID! stock: Int @policy(policies: [["store.stock"]]) }
  type Return @key(fields: "id") { id: ID! shelfAgain: Boolean @policy(policies: [["store.stock"]]) }`;

const POLICIES = ["shop.sales", "shop.price", "maker.catalog", "store.stock"];

/** Group ▸ its members' roles, and what is granted to whom. Tests change it, and then `tell`. */
export interface Group {
  readonly members: Map<string, string>;
  readonly granted: Map<string, readonly string[]>;
}

export interface Live {
  readonly graph: TestGraph;
  readonly doors: Doors;
  readonly sales: Topic<Sale & { readonly shelf?: string }>;
  readonly happenings: Topic<object>;
  readonly groups: Map<string, Group>;
  readonly relays: Streams;
  /** Connections of subscriptions that the shop's subgraph has, and what each said when it came. */
  readonly connections: () => number;
  readonly inits: readonly Record<string, unknown>[];
  /** Subscribes that came to it. */
  readonly subscribed: readonly { readonly query: string; readonly variables?: unknown }[];
  upstreams(): number;
  /** Events that came, by subgraph. */
  readonly events: Map<string, number>;
  /** Writes a row into the group's feed. */
  tell(group: string, kind: FeedRow["kind"]): void;
  /** Breaks all connections of the shop's subscriptions; with a code closes them so. */
  breakAll(code?: number): void;
  /** Lets in no one, until it is called with null: answers the upgrade with this status, or closes with this code. */
  refuse(with_: number | null): void;
  /** Answers subscribes with this error; null: no more. */
  fail(error: GraphQLError | null): void;
  close(): Promise<void>;
}

export async function startLive(
  parts: Partial<UpstreamParts> = {},
  doorOptions: Pick<DoorOptions, "identity" | "limits"> = {},
): Promise<Live> {
  const sales = createTopic<Sale & { readonly shelf?: string }>();
  const happenings = createTopic<object>();
  const groups = new Map<string, Group>();
  const placeOf = (group: string, person: string): ViewerGroup | null => {
    const found = groups.get(group);
    const role = found?.members.get(person);
    if (!found || role === undefined) return null;
    return { id: group, role, subjects: [], granted: new Set(found.granted.get(role)) };
  };
  const policies: Record<string, PolicyFacts> = Object.fromEntries(
    POLICIES.map((name) => [name, { organization: name.split(".")[0]!, held: "people" }]),
  );
  const product = (named: Record<string, unknown>) => ({
    __resolveReference: ({ id }: { id: string }) => ({ id, ...named }),
  });
  const graph = await startGraph({
    policies,
    places: (person, group) => placeOf(group, person.id),
    subgraphs: {
      shop: {
        sdl: FEDERATION + SHOP,
        resolvers: {
          Subscription: {
            sold: {
              subscribe: (_: unknown, { shelf, atLeast }: { shelf: string; atLeast: number }) =>
                sales.listen((sale) => (sale.shelf ?? shelf) === shelf && sale.pairs >= atLeast),
              resolve: (sale: Sale) => ({ ...sale, price: 4242 }),
            },
            happened: { subscribe: () => happenings.listen(), resolve: (event: unknown) => event },
            strict: { subscribe: () => happenings.listen(), resolve: (event: unknown) => event },
            broken: {
              subscribe: () => {
                throw new Error("canary-4711: the till is on fire");
              },
            },
          },
        },
      },
      maker: {
        sdl: FEDERATION + MAKER,
        resolvers: {
          Product: {
            __resolveReference: async ({ id }: { id: string }) => {
              if (id === "unmade") throw new Error("canary-4711: unmade");
              return { id, name: `shoe ${id}` };
            },
          },
        },
      },
      store: {
        sdl: FEDERATION + STORE,
        resolvers: { Product: product({ stock: 7 }), Return: product({ shelfAgain: true }) },
      },
    },
  });

  const inits: Record<string, unknown>[] = [];
  const subscribed: { query: string; variables?: unknown }[] = [];
  let refusing: number | null = null;
  let failing: GraphQLError | null = null;
  const sockets = new WebSocketServer({ noServer: true });
  useServer(
    {
      schema: graph.subgraphs.shop!.schema,
      onConnect: ({ connectionParams }) => void inits.push({ ...connectionParams }),
      onSubscribe(_context, _id, { query, variables }) {
        subscribed.push({ query, variables });
        return failing ? [failing] : undefined;
      },
    },
    sockets,
  );
  graph.subgraphs.shop!.server.on("upgrade", (request, socket, head) => {
    socket.on("error", () => socket.destroy());
    if (refusing !== null && refusing < 1000) return socket.end(`HTTP/1.1 ${refusing} No\r\n\r\n`);
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      if (refusing !== null) return webSocket.close(refusing);
      sockets.emit("connection", webSocket, request);
    });
  });

  const feed = new Map<string, FeedRow[]>();
  const listeners = new Set<(group: string, seq: number) => void>();
  const events = new Map<string, number>();
  const log = pino({ level: "silent" });
  const requirements = createRequirements({
    supergraph: graph.supergraph,
    policies: new Map(Object.entries(policies)),
    ownerOf: (subgraph) => subgraph,
  });
  const upstreams = createUpstreams({
    subgraph: (name) =>
      name === "shop" ? { url: graph.subgraphs.shop!.url.replace("http", "ws") } : undefined,
    held: requirements.held,
    tokens: { token: async (said) => tokenOf(said) },
    onEvent: (subgraph) => void events.set(subgraph, (events.get(subgraph) ?? 0) + 1),
    pauses: { shortest: 5, longest: 50, steady: 10_000 },
    ...parts,
  });
  const { engine, answering } = graph;
  const standings = createStandings({
    readFeed: async (group, after) => (feed.get(group) ?? []).filter(({ seq }) => seq > after),
    head: async (group) => feed.get(group)?.length ?? 0,
    onFeed: (listener) => (listeners.add(listener), () => listeners.delete(listener)),
    place: async (group, person) => placeOf(group, person),
    places: async (group) => (person) => placeOf(group, person),
  });
  const relays = createRelays({
    standings,
    source: ({ operation, variables, viewer }) => engine.source(operation, variables, { viewer }),
    open: upstreams.open,
    keyOf: upstreams.keyOf,
    async render({ operation, variables, viewer }, event: SubgraphAnswer) {
      return answering.respond(await engine.join(operation, variables, { viewer, event }));
    },
    organizationOf: (subgraph) => subgraph,
    log,
  });
  const doors = await startDoors(graph, {
    async subscribe(request, sink) {
      const understood = await answering.understand(request);
      rootField(understood.operation);
      const { viewer } = understood;
      return relays.subscribe({ viewer, reading: () => understood, lastEvent: undefined }, sink);
    },
    ...doorOptions,
  });

  return {
    graph,
    doors,
    sales,
    happenings,
    groups,
    relays,
    inits,
    subscribed,
    events,
    connections: () => sockets.clients.size,
    upstreams: upstreams.size,
    tell(group, kind) {
      const rows = feed.get(group) ?? [];
      feed.set(group, rows);
      const row = { groupId: group, seq: rows.length + 1, kind, at: new Date(), actor: null, keys: {} };
      rows.push(row as unknown as FeedRow);
      for (const listener of listeners) listener(group, rows.length);
    },
    breakAll(code) {
      for (const socket of sockets.clients)
        if (code === undefined) socket.terminate();
        else socket.close(code);
    },
    refuse(with_) {
      refusing = with_;
    },
    fail(error) {
      failing = error;
    },
    async close() {
      relays.close();
      await doors.close();
      for (const socket of sockets.clients) socket.terminate();
      await graph.close();
    },
  };
}

/** What a token would say, readable. */
function tokenOf({
  subgraph,
  operation,
  viewer,
  held: { policies },
}: Parameters<SubgraphTokens["token"]>[0]): string {
  const { person, organization, group } = viewer;
  return JSON.stringify({
    subgraph,
    operation,
    person: person?.id ?? null,
    organization,
    group: group?.id,
    policies,
  });
}

/** A client's subscription: what comes, one after the other. */
export interface Events {
  /** The next message of the subscription: `next`, `error` or `complete`. */
  next(): Promise<any>;
  /** The payload of the next one, which must be an event. */
  event(): Promise<{ data?: any; errors?: any[] }>;
  /** Wants no more of it. */
  complete(): void;
  /** Cuts the connection. */
  cut(): void;
  /** Takes nothing more, until it does again. */
  pause(): void;
  resume(): void;
}

export interface Following {
  readonly query: string;
  readonly variables?: unknown;
  readonly as?: string;
  readonly group?: string;
  /** The door; default: a socket. */
  readonly over?: FeedDoor;
}

export async function follow(live: Live, asking: Following): Promise<Events> {
  const { as, group, over = "socket", ...payload } = asking;
  const request = { ...payload, ...(group !== undefined && { extensions: { group } }) };
  const wire = await FOLLOW[over](live, request, as);
  return {
    ...wire,
    async event() {
      const { type, payload: event } = await wire.next();
      if (type !== "next") throw new Error(`no event: ${type} ${JSON.stringify(event)}`);
      return event;
    },
  };
}

const FOLLOW: Readonly<
  Record<FeedDoor, (live: Live, request: object, as?: string) => Promise<Omit<Events, "event">>>
> = {
  async socket(live, payload, as) {
    const client = await live.doors.signedIn(as);
    client.send({ id: "1", type: "subscribe", payload });
    return {
      // A close is an error of all that was open.
      next: () =>
        client.next().catch(async () => ({ type: "error", payload: [meaning(await client.closed)] })),
      complete: () => client.send({ id: "1", type: "complete" }),
      cut: () => client.socket.terminate(),
      pause: () => client.socket.pause(),
      resume: () => client.socket.resume(),
    };
  },
  async events(live, request, as) {
    const stream = await live.doors.events(
      JSON.stringify(request),
      as === undefined ? {} : { authorization: `Bearer ${as}` },
    );
    return {
      async next() {
        const { event, data } = await stream.next();
        if (event === "complete") return { type: "complete" };
        return data.data === undefined
          ? { type: "error", payload: data.errors }
          : { type: "next", payload: data };
      },
      complete: stream.leave,
      cut: stream.leave,
      pause: () => stream.response.pause(),
      resume: () => stream.response.resume(),
    };
  },
};
