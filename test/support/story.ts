// The counter story over real sockets: three old systems, their subgraphs, issuers, and the gateway, all in one
// process but talking only over TCP. Every address is the operating system's choice.
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startBrandLegacy, startBrandSubgraph, type BrandLegacy } from "@junto/brand";
import { DEMO_PEOPLE, makeDemoGroup, startIssuers, type Issuers } from "@junto/cli";
import { startGateway, type Gateway, type GatewayConfig } from "@junto/gateway";
import { startMallLegacy, startMallSubgraph, type MallLegacy } from "@junto/mall";
import type { Subgraph } from "@junto/subgraph";
import { saveStock, seedSupplierFolder, startSupplierSubgraph } from "@junto/supplier";
import { createClient as createEventClient } from "graphql-sse";
import { createClient } from "graphql-ws";
import { Client as Postgres } from "pg";
import { pino } from "pino";
import { WebSocket } from "ws";

export const SCHEMA_DIR: string = new URL("../../schema", import.meta.url).pathname;

export interface StoryOptions {
  /** Takes the place of parts of the gateway's configuration. */
  readonly config?: Partial<GatewayConfig>;
  /** Starts what else is in the graph, and says how the gateway's configuration differs for it. */
  readonly also?: (gatewayUrl: string, dir: string, issuersUrl: string, brandUrl: string) => Promise<Also>;
  /** Seconds for which people's tokens hold; default: longer than any test. */
  readonly tokenLife?: number;
  /** Where the gateway and the subgraphs write their log lines; default: nowhere. */
  readonly log?: { write(line: string): void };
}

export interface Also {
  readonly config: Partial<GatewayConfig>;
  /** Closed with the story. */
  readonly subgraphs: readonly Pick<Subgraph, "close">[];
}

/** Any answer of GraphQL. Tests say what they expect of it. */
export type Answer = { data?: any; errors?: any[] };

export interface Story {
  gateway: Gateway;
  readonly group: string;
  readonly dir: string;
  readonly mall: MallLegacy;
  readonly issuers: Issuers;
  readonly erp: Postgres;
  /** The gateway's own database. */
  readonly database: Postgres;
  brand: BrandLegacy;
  readonly subgraphs: Readonly<Record<"mall" | "brand" | "supplier", Subgraph>>;
  /** A token of a person of the demo, or of the mall's system `mall:service:rms-sync`. */
  token(person: string): Promise<string>;
  query(
    person: string | null,
    query: string,
    variables?: Record<string, unknown>,
    group?: string,
  ): Promise<Answer>;
  /** The same at another door, in no group but the one that the operation names. */
  queryOver(
    over: FeedDoor,
    person: string,
    query: string,
    variables?: Record<string, unknown>,
  ): Promise<Answer>;
  feed(person: string, options?: FeedOptions): Feed;
  /** Any other subscription; what comes is what its field is. */
  follow(person: string, query: string, options?: Omit<FeedOptions, "after" | "selection">): Feed;
  /** An organization is invited by lin, and comes in with these people; nothing is granted. */
  comeIn(group: string, admin: string, members: readonly { personId: string; role: string }[]): Promise<void>;
  /** One more gateway over the same database, with the same key; closed with the story. */
  anotherGateway(): Promise<Gateway>;
  /** The clerk saves the workbook. */
  clerkSaves(skuId: string, onHand: number): Promise<unknown>;
  stopBrand(): Promise<void>;
  startBrand(): Promise<void>;
  /** The gateway goes away, and comes back at its address; `database` is that of the first. */
  stopGateway(): Promise<void>;
  startGateway(): Promise<void>;
  close(): Promise<void>;
}

export interface FeedOptions {
  /** The door; default: a socket. */
  readonly over?: FeedDoor;
  readonly group?: string;
  readonly after?: number;
  readonly selection?: string;
  /** Default: the story's. */
  readonly gateway?: Gateway;
}

/** The doors for subscriptions. */
export const FEED_DOORS = ["socket", "events"] as const;
export type FeedDoor = (typeof FEED_DOORS)[number];

/** A person's open subscription, and a queue of what came. */
export interface Feed {
  /** Everything so far, the oldest first. */
  readonly events: any[];
  /** The first event, of those that came or will come, for which the test says yes. */
  next(wanted: (event: any) => boolean): Promise<any>;
  /** Resolves with the errors or the close that ended it. */
  readonly ended: Promise<unknown>;
  /** Cuts the connection as a broken network does. */
  cut(): void;
  close(): unknown;
}

const CARD_FIELDS = `id type revision open to summary data template { ref } actions { verb title } about { type key }
  provenance { organization { id } system status paths missing } withheld { path organization { id } policy }`;

const FEED_FIELDS = `__typename seq actor { id } ...on MessagePosted { id text } ...on CardPosted { card { ${CARD_FIELDS} } }
  ...on CardChanged { card { ${CARD_FIELDS} } } ...on ActionChanged { action { id verb status cardId userErrors { field code } } }
  ...on MemberChanged { person { id } role added } ...on GrantChanged { policy role granted end }`;

export async function startStory(options: StoryOptions = {}): Promise<Story> {
  const dir = await mkdtemp(join(tmpdir(), "junto-story-"));
  const log = pino({ level: options.log ? "debug" : "silent" }, options.log ?? { write: () => undefined });
  const [gatewayPort, brandPort] = await Promise.all([freePort(), freePort()]);
  const gatewayUrl = `http://127.0.0.1:${gatewayPort}`;
  const folder = join(dir, "supplier");

  const [mall, firstBrand, issuers] = await Promise.all([
    startMallLegacy({ dataDir: join(dir, "mall"), size: "small" }),
    startBrandLegacy({ stateFile: join(dir, "brand.db"), port: brandPort, size: "small" }),
    startIssuers({
      organizations: issuerOrganizations(),
      ...(options.tokenLife !== undefined && { ttl: options.tokenLife }),
    }),
    seedSupplierFolder({ folder, size: "small" }),
  ]);
  const state = (name: string) => ({ gateway: { url: gatewayUrl }, stateDir: join(dir, "state", name), log });
  const [mallSubgraph, brandSubgraph, supplierSubgraph] = await Promise.all([
    startMallSubgraph({ databaseUrl: mall.url, ...state("mall") }),
    startBrandSubgraph({ wsdlUrl: firstBrand.url, ...state("brand") }),
    startSupplierSubgraph({ folder, ...state("supplier") }),
  ]);
  const subgraphs = { mall: mallSubgraph, brand: brandSubgraph, supplier: supplierSubgraph };
  const also = await options.also?.(gatewayUrl, dir, issuers.url, firstBrand.url);
  const config: GatewayConfig = {
    host: "127.0.0.1",
    port: gatewayPort,
    publicUrl: gatewayUrl,
    issuerUrl: gatewayUrl,
    schemaDir: SCHEMA_DIR,
    dataDir: join(dir, "gateway"),
    logLevel: "debug",
    allowedOrigins: [],
    subgraphUrls: new Map(Object.entries(subgraphs).map(([name, { url }]) => [name, url])),
    issuers: new Map(issuerOrganizations().map(({ id }) => [id, `${issuers.url}/${id}`])),
    ...options.config,
    ...also?.config,
  };
  const gateway = await startGateway(config, { log });
  const { id: group } = await makeDemoGroup({
    gateway: gatewayUrl,
    issuers: issuers.url,
  });
  const erp = await connected(mall.url);
  const database = await connected(gateway.databaseUrl);
  const clients = new Set<Follower>();
  const tokens = new Map<string, Promise<string>>();
  const gateways = [gateway];
  const token = (person: string): Promise<string> => {
    if (!tokens.has(person)) tokens.set(person, signIn(issuers.url, person));
    return tokens.get(person)!;
  };

  const story: Story = {
    gateway,
    group,
    dir,
    mall,
    issuers,
    erp,
    database,
    brand: firstBrand,
    subgraphs,
    token,
    async query(person, query, variables = {}, inGroup) {
      const response = await fetch(`${gatewayUrl}/graphql`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          ...(person !== null && { authorization: `Bearer ${await token(person)}` }),
          ...(inGroup !== undefined && { "junto-group": inGroup }),
        },
        body: JSON.stringify({ query, variables }),
      });
      return (await response.json()) as Answer;
    },
    async queryOver(over, person, query, variables = {}) {
      const follower = FOLLOWERS[over](story.gateway, () => token(person));
      const answer = new Promise<Answer>((resolve) =>
        follower.subscribe(
          { query, variables },
          {
            next: resolve,
            error: (errors) => resolve({ errors: errors as any[] }),
            complete: () => undefined,
          },
        ),
      );
      return answer.finally(() => follower.close());
    },
    feed: (person, { after = 0, selection = FEED_FIELDS, ...rest } = {}) =>
      openFeed(
        story,
        person,
        {
          query: `subscription ($group: ID!, $after: Int) { groupFeed(groupId: $group, after: $after) { ${selection} } }`,
          variables: { group: rest.group ?? story.group, after },
        },
        rest,
        clients,
      ),
    follow: (person, query, rest = {}) =>
      openFeed(
        story,
        person,
        { query, variables: query.includes("$group") ? { group: rest.group ?? story.group } : {} },
        rest,
        clients,
      ),
    async comeIn(into, admin, members) {
      const { data: invited } = await story.query(
        "mall:lin",
        `mutation ($g: ID!, $o: ID!) { it: inviteOrganization(groupId: $g, organizationId: $o) { invitation { id } } }`,
        { g: into, o: admin.split(":")[0] },
      );
      const { data } = await story.query(
        admin,
        `mutation ($id: ID!, $m: [MemberInput!]!) { it: acceptInvitation(id: $id, members: $m) { userErrors { code } } }`,
        { id: invited.it.invitation.id, m: members },
      );
      if (data.it.userErrors.length > 0) throw new Error(JSON.stringify(data.it.userErrors));
    },
    async anotherGateway() {
      const { databaseUrl } = gateway;
      const more = await startGateway({ ...config, port: 0, databaseUrl }, { log });
      gateways.push(more);
      return more;
    },
    clerkSaves: (skuId, onHand) => saveStock({ folder, skuId, onHand }),
    stopBrand: () => story.brand.close(),
    async startBrand() {
      story.brand = await startBrandLegacy({
        stateFile: join(dir, "brand.db"),
        port: brandPort,
        size: "small",
      });
    },
    stopGateway: () => story.gateway.close(),
    async startGateway() {
      story.gateway = await startGateway(config, { log });
      gateways.push(story.gateway);
    },
    async close() {
      for (const client of clients) client.cut();
      await Promise.all([erp.end(), database.end()]);
      for (const each of gateways.toReversed()) await each.close();
      const all = [...Object.values(subgraphs), ...(also?.subgraphs ?? [])];
      await Promise.all(all.map((subgraph) => subgraph.close()));
      await Promise.all([story.brand.close(), issuers.close(), mall.close()]);
      await rm(dir, { recursive: true, force: true });
    },
  };
  return story;
}

function openFeed(
  story: Story,
  person: string,
  request: { readonly query: string; readonly variables: Record<string, unknown> },
  options: FeedOptions,
  clients: Set<Follower>,
): Feed {
  const events: any[] = [];
  let waiting: {
    wanted: (event: any) => boolean;
    resolve: (event: any) => void;
    reject: (error: unknown) => void;
  }[] = [];
  const gateway = options.gateway ?? story.gateway;
  const follower = FOLLOWERS[options.over ?? "socket"](gateway, () => story.token(person));
  clients.add(follower);
  const ended = new Promise<unknown>((resolve) => {
    const finish = (reason: unknown): void => {
      for (const each of waiting)
        each.reject(new Error(`The feed of ${person} ended: ${JSON.stringify(reason)}`));
      waiting = [];
      resolve(reason);
    };
    follower.subscribe(request, {
      next({ data, errors }) {
        // Over server-sent events, the errors that end a subscription come as an event without data.
        if (data === undefined) return finish(errors);
        const [event = { errors }] = Object.values<any>(data ?? {});
        events.push(event);
        waiting = waiting.filter(({ wanted, resolve }) => (wanted(event) ? (resolve(event), false) : true));
      },
      error: finish,
      complete: () => finish("complete"),
    });
  });
  return {
    events,
    ended,
    next: (wanted) => {
      const there = events.find(wanted);
      return there
        ? Promise.resolve(there)
        : new Promise((resolve, reject) => waiting.push({ wanted, resolve, reject }));
    },
    cut: follower.cut,
    close: follower.close,
  };
}

/** What is common to the independent clients of both protocols. */
interface Follower {
  subscribe(
    request: { query: string; variables: Record<string, unknown> },
    sink: { next(result: any): void; error(error: unknown): void; complete(): void },
  ): unknown;
  /** Cuts the connection as a broken network does. */
  cut(): void;
  close(): unknown;
}

type FollowerOf = (gateway: Gateway, token: () => Promise<string>) => Follower;

const FOLLOWERS: Readonly<Record<FeedDoor, FollowerOf>> = {
  socket(gateway, token) {
    let socket: WebSocket | undefined;
    const client = createClient({
      url: `${gateway.url.replace("http", "ws")}/graphql`,
      webSocketImpl: WebSocket,
      on: { opened: (opened) => (socket = opened as WebSocket) },
      connectionParams: async () => ({ authorization: `Bearer ${await token()}` }),
      retryAttempts: 0,
    });
    return { subscribe: client.subscribe, cut: () => socket?.terminate(), close: () => client.dispose() };
  },
  events(gateway, token) {
    const client = createEventClient({
      url: `${gateway.url}/graphql`,
      headers: async () => ({ authorization: `Bearer ${await token()}` }),
      retryAttempts: 0,
    });
    return { subscribe: client.subscribe, cut: client.dispose, close: client.dispose };
  },
};

export function issuerOrganizations(): {
  id: string;
  people: { id: string; name: string; roles: readonly string[] }[];
  clients: readonly string[];
}[] {
  return ["mall", "brand", "supplier", "plaza", "comet"].map((id) => ({
    id,
    people: DEMO_PEOPLE.filter((person) => person.id.startsWith(`${id}:`)).map(
      ({ id: person, name, roles }) => ({ id: person, name, roles }),
    ),
    clients: id === "mall" ? ["rms-sync", "unlisted"] : [],
  }));
}

async function signIn(issuers: string, person: string): Promise<string> {
  const [organization, name, client] = person.split(":");
  const response = await fetch(`${issuers}/${organization}/token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(client === undefined ? { person: name } : { client }),
  });
  if (!response.ok) throw new Error(`${person} cannot sign in: ${await response.text()}`);
  return ((await response.json()) as { access_token: string }).access_token;
}

async function connected(url: string): Promise<Postgres> {
  const client = new Postgres({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
