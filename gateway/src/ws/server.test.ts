// The WebSocket door, message by message, over real sockets. What it serves is made up here.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import type { Answering, Request } from "../answer.ts";
import { DEFAULT_LIMITS, type Limits } from "../config/index.ts";
import type { Door } from "../door/door.ts";
import { createQuotas } from "../door/quota.ts";
import { JuntoError } from "../errors/index.ts";
import type { Identity, Person } from "../identity/index.ts";
import type { Sink } from "../push/subscription.ts";
import { serveWebSocket } from "./server.ts";

const lin: Person = {
  id: "mall:lin",
  organization: "mall",
  name: "Lin",
  roles: [],
  scopes: [],
  expiresAt: Date.now() + 3_600_000,
};

let close: () => Promise<void>;
let port: number;
let door: Door;
let sinks: { sink: Sink; request: Request; ended: boolean }[];
let expiresAt: number;
/** Lets go of what is slow. */
let release: () => void;

async function start(limits: Partial<Limits> = {}): Promise<void> {
  const server = createServer((_request, response) => response.end("http"));
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  port = (server.address() as AddressInfo).port;
  sinks = [];
  const slow = new Promise<void>((resolve) => (release = resolve));
  expiresAt = lin.expiresAt;
  const identity: Pick<Identity, "identify"> = {
    async identify(authorization) {
      if (authorization === undefined) return null;
      if (authorization === "Bearer slow") await slow;
      if (authorization === "Bearer away") throw new JuntoError("UNAVAILABLE", "the issuer does not answer");
      if (authorization !== "Bearer good") throw new JuntoError("UNAUTHENTICATED", "bad");
      return { ...lin, expiresAt };
    },
  };
  const answering = {
    async answer({ query }: Request) {
      if (query === "slow") await slow;
      return { text: `{"data":{"echo":${JSON.stringify(query)}}}`, status: 200 };
    },
    kindOf({ query = "" }: { query?: string }) {
      if (query.startsWith("bad")) throw new JuntoError("BAD_REQUEST", "Syntax Error");
      return query.startsWith("subscription") ? "subscription" : "query";
    },
  } as unknown as Answering;
  door = serveWebSocket(server, "/graphql", {
    identity,
    answering,
    async subscribe(request, sink) {
      const entry = { sink, request, ended: false };
      sinks.push(entry);
      return () => void (entry.ended = true);
    },
    quotas: createQuotas({ ...DEFAULT_LIMITS, ...limits }),
    allowedOrigins: ["https://chat.example"],
    log: pino({ level: "silent" }),
    limits,
  });
  close = async () => {
    release();
    for (const socket of open.splice(0)) socket.terminate();
    await door.close();
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
}

beforeEach(() => start());
afterEach(() => close());

const open: WebSocket[] = [];

interface TestClient {
  send(message: unknown): void;
  next(): Promise<any>;
  closed: Promise<number>;
  socket: WebSocket;
}

async function connect(
  options: { path?: string; headers?: Record<string, string>; protocol?: string } = {},
): Promise<TestClient> {
  const socket = new WebSocket(
    `ws://127.0.0.1:${port}${options.path ?? "/graphql"}`,
    options.protocol ?? "graphql-transport-ws",
    { headers: options.headers ?? {} },
  );
  open.push(socket);
  const queue: string[] = [];
  const waiting: ((text: string) => void)[] = [];
  socket.on("message", (data: Buffer) => {
    const take = waiting.shift();
    if (take) take(data.toString());
    else queue.push(data.toString());
  });
  const closed = new Promise<number>((resolve) => socket.on("close", resolve));
  await once(socket, "open");
  return {
    socket,
    closed,
    send: (message) => socket.send(typeof message === "string" ? message : JSON.stringify(message)),
    next: async () =>
      JSON.parse(queue.shift() ?? (await new Promise<string>((resolve) => waiting.push(resolve)))) as unknown,
  };
}

async function signedIn(): Promise<TestClient> {
  const client = await connect();
  client.send({ type: "connection_init", payload: { authorization: "Bearer good" } });
  expect(await client.next()).toEqual({ type: "connection_ack" });
  return client;
}

describe("the protocol", () => {
  it("acknowledges, answers pings, queries and subscriptions", async () => {
    const client = await signedIn();
    client.send({ type: "ping" });
    expect(await client.next()).toEqual({ type: "pong" });
    client.send({ id: "1", type: "subscribe", payload: { query: "{ me }" } });
    expect(await client.next()).toEqual({ id: "1", type: "next", payload: { data: { echo: "{ me }" } } });
    expect(await client.next()).toEqual({ id: "1", type: "complete" });
    client.send({
      id: "2",
      type: "subscribe",
      payload: { query: "subscription { feed }", variables: { a: 1 }, extensions: { group: "g" } },
    });
    await expect.poll(() => sinks.length).toBe(1);
    expect(sinks[0]!.request).toMatchObject({ person: { id: "mall:lin" }, variables: { a: 1 }, group: "g" });
    sinks[0]!.sink.next(`{"data":1}`);
    expect(await client.next()).toEqual({ id: "2", type: "next", payload: { data: 1 } });
    client.send({ id: "2", type: "complete" });
    await expect.poll(() => sinks[0]!.ended).toBe(true);
  });

  it.each([
    ["not JSON", "hello", 4400],
    ["an unknown type", { type: "dance" }, 4400],
    ["a message of the server", { type: "connection_ack" }, 4400],
    ["a subscribe before init", { id: "1", type: "subscribe", payload: { query: "{ me }" } }, 4401],
    ["no token", { type: "connection_init" }, 4403],
    ["a bad token", { type: "connection_init", payload: { authorization: "Bearer bad" } }, 4403],
    ["a sign-in that is away", { type: "connection_init", payload: { authorization: "Bearer away" } }, 1013],
    ["a token that is no text", { type: "connection_init", payload: { authorization: { x: 1 } } }, 4403],
  ])("closes on %s", async (_what, message, code) => {
    const client = await connect();
    client.send(message);
    expect(await client.closed).toBe(code);
  });

  it("closes on a second init, on an id that is taken, on binary and on giant messages", async () => {
    const twice = await signedIn();
    twice.send({ type: "connection_init", payload: { authorization: "Bearer good" } });
    expect(await twice.closed).toBe(4429);
    const taken = await signedIn();
    taken.send({ id: "1", type: "subscribe", payload: { query: "subscription { feed }" } });
    taken.send({ id: "1", type: "subscribe", payload: { query: "subscription { feed }" } });
    expect(await taken.closed).toBe(4409);
    await expect.poll(() => sinks.every(({ ended }) => ended)).toBe(true);
    const binary = await signedIn();
    binary.socket.send(Buffer.from("{}"), { binary: true });
    expect(await binary.closed).toBe(4400);
    const giant = await signedIn();
    giant.send({ type: "ping", payload: { text: "x".repeat(300_000) } });
    expect(await giant.closed).toBe(1009);
  });

  it("names an operation's error and keeps the socket", async () => {
    const client = await signedIn();
    client.send({ id: "1", type: "subscribe", payload: { query: "bad" } });
    expect(await client.next()).toEqual({
      id: "1",
      type: "error",
      payload: [{ message: "Syntax Error", extensions: { code: "BAD_REQUEST" } }],
    });
    client.send({ id: "2", type: "subscribe", payload: { query: "subscription { feed }" } });
    await expect.poll(() => sinks.length).toBe(1);
    sinks[0]!.sink.error(new JuntoError("FORBIDDEN", "You are no longer a member of this group."));
    expect(await client.next()).toMatchObject({
      id: "2",
      type: "error",
      payload: [{ extensions: { code: "FORBIDDEN" } }],
    });
  });

  it("closes with 4403 when the token expires, and ends what was open", async () => {
    expiresAt = Date.now() + 100;
    const client = await signedIn();
    client.send({ id: "1", type: "subscribe", payload: { query: "subscription { feed }" } });
    expect(await client.closed).toBe(4403);
    expect(sinks).toHaveLength(1);
    await expect.poll(() => sinks.every(({ ended }) => ended)).toBe(true);
  });

  it("closes on who does not say who they are", async () => {
    await close();
    await start({ initTime: 30 });
    expect(await (await connect()).closed).toBe(4408);
  });

  it("lets only so many operations be open", async () => {
    await close();
    await start({ operationsPerSocket: 3 });
    const client = await signedIn();
    for (let n = 1; n <= 4; n++)
      client.send({ id: String(n), type: "subscribe", payload: { query: "subscription { feed }" } });
    expect(await client.next()).toMatchObject({
      id: "4",
      type: "error",
      payload: [{ extensions: { code: "TOO_MANY" } }],
    });
    expect(sinks).toHaveLength(3);
  });

  it("knows when a client is slow, and when it is not any more", async () => {
    await close();
    await start({ waitingSize: 64 * 1024 });
    const client = await signedIn();
    client.send({ id: "1", type: "subscribe", payload: { query: "subscription { feed }" } });
    await expect.poll(() => sinks.length).toBe(1);
    const { sink } = sinks[0]!;
    client.socket.pause();
    for (let n = 0; n < 2000 && !sink.congested(); n++) sink.next(JSON.stringify("x".repeat(64 * 1024)));
    expect(sink.congested()).toBe(true);
    client.socket.resume();
    await sink.drained();
    expect(sink.congested()).toBe(false);
  });
});

describe("an upgrade", () => {
  const refused = async (options: Parameters<typeof connect>[0]): Promise<string> => {
    try {
      await connect(options);
      return "open";
    } catch (error) {
      return (error as Error).message;
    }
  };

  it("from a foreign page is refused; from an allowed one, the same host or a program it is not", async () => {
    expect(await refused({ headers: { origin: "https://evil.example" } })).toMatch(/403/);
    expect(await refused({ headers: { origin: "null" } })).toMatch(/403/);
    expect(await refused({ headers: { origin: "https://chat.example" } })).toBe("open");
    expect(await refused({ headers: { origin: `http://127.0.0.1:${port}` } })).toBe("open");
    expect(await refused({})).toBe("open");
  });

  it("without the protocol is closed", async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`);
    open.push(socket);
    expect(await new Promise((resolve) => socket.on("close", resolve))).toBe(4406);
  });

  it("elsewhere or with another protocol is refused", async () => {
    expect(await refused({ path: "/other" })).toMatch(/404/);
    expect(await refused({ protocol: "graphql-ws" })).toMatch(/no subprotocol/i);
  });
});

describe("in each state, each message", () => {
  type State = "OPEN" | "IDENTIFYING" | "READY" | "LEAVING";
  type Message = "connection_init" | "ping" | "pong" | "subscribe" | "complete";
  /** A close code, or the type of what comes next. After what says nothing a ping is sent: "pong" comes next. */
  const OUTCOMES: Record<State, Record<Message, number | string>> = {
    OPEN: {
      connection_init: "connection_ack",
      ping: "pong",
      pong: "pong",
      subscribe: 4401,
      complete: "pong",
    },
    IDENTIFYING: { connection_init: 4429, ping: "pong", pong: "pong", subscribe: 4401, complete: "pong" },
    READY: { connection_init: 4429, ping: "pong", pong: "pong", subscribe: "next", complete: "pong" },
    LEAVING: { connection_init: 4429, ping: "pong", pong: "pong", subscribe: "error", complete: "pong" },
  };
  const MESSAGES: Record<Message, unknown> = {
    connection_init: { type: "connection_init", payload: { authorization: "Bearer good" } },
    ping: { type: "ping" },
    pong: { type: "pong" },
    subscribe: { id: "s", type: "subscribe", payload: { query: "{ me }" } },
    complete: { id: "none", type: "complete" },
  };
  const clientIn: Record<State, () => Promise<TestClient>> = {
    OPEN: () => connect(),
    async IDENTIFYING() {
      const client = await connect();
      client.send({ type: "connection_init", payload: { authorization: "Bearer slow" } });
      return client;
    },
    READY: () => signedIn(),
    async LEAVING() {
      const client = await signedIn();
      client.send({ id: "under way", type: "subscribe", payload: { query: "slow" } });
      client.send({ type: "ping" });
      await client.next();
      void door.close();
      return client;
    },
  };
  const cases = Object.entries(OUTCOMES).flatMap(([state, outcomes]) =>
    Object.entries(outcomes).map(
      ([message, outcome]) => [state, message, outcome] as [State, Message, unknown],
    ),
  );

  it.each(cases)("%s, %s: %s", async (state, message, outcome) => {
    const client = await clientIn[state]();
    client.send(MESSAGES[message]);
    if (typeof outcome === "number") return expect(await client.closed).toBe(outcome);
    if (message === "pong" || message === "complete") client.send({ type: "ping" });
    expect(await client.next()).toMatchObject({ type: outcome });
    return undefined;
  });
});

describe("one person", () => {
  const feed = (id: string): unknown => ({
    id,
    type: "subscribe",
    payload: { query: "subscription { feed }" },
  });

  it("has only so many subscriptions, on all sockets together", async () => {
    await close();
    await start({ subscriptionsPerPerson: 2 });
    const [first, second] = [await signedIn(), await signedIn()];
    first.send(feed("1"));
    second.send(feed("2"));
    await expect.poll(() => sinks.length).toBe(2);
    second.send(feed("3"));
    const refused = { id: "3", type: "error", payload: [{ extensions: { code: "TOO_MANY" } }] };
    expect(await second.next()).toMatchObject(refused);
    first.socket.terminate();
    await expect.poll(() => sinks[0]!.ended).toBe(true);
    second.send(feed("4"));
    await expect.poll(() => sinks.length).toBe(3);
    second.send(feed("3"));
    expect(await second.next()).toMatchObject(refused);
  });

  it("has only so many sockets", async () => {
    await close();
    await start({ socketsPerPerson: 2 });
    const first = await signedIn();
    await signedIn();
    const third = await connect();
    third.send({ type: "connection_init", payload: { authorization: "Bearer good" } });
    expect(await third.closed).toBe(1013);
    first.socket.close();
    await first.closed;
    await signedIn();
  });

  it("that says too much in a second is read on in the next, and loses nothing", async () => {
    await close();
    await start({ messagesPerSecond: 5 });
    const client = await signedIn();
    for (let n = 0; n < 12; n++) client.send({ type: "ping" });
    for (let n = 0; n < 12; n++) expect(await client.next()).toEqual({ type: "pong" });
  });
});
