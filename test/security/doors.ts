// The doors of a gateway before a test graph: HTTP, server-sent events and WebSocket on one port, and clients that send
// what they like.
// Who signs in as `organization:name` is that person.
import { once } from "node:events";
import type { Server } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { createClient, NetworkError } from "graphql-sse";
import { pino } from "pino";
import { WebSocket } from "ws";
import { DEFAULT_LIMITS } from "../../gateway/src/config/index.ts";
import { createQuotas } from "../../gateway/src/door/quota.ts";
import { JuntoError } from "../../gateway/src/errors/index.ts";
import { createHttpServer, type HttpParts } from "../../gateway/src/http/server.ts";
import type { Identity, Person } from "../../gateway/src/identity/index.ts";
import { createMetrics } from "../../gateway/src/observe/index.ts";
import { createEventDoor } from "../../gateway/src/sse/server.ts";
import { serveWebSocket, type WebSocketParts } from "../../gateway/src/ws/server.ts";
import { openEvents, type EventStream } from "../support/event-stream.ts";
import { person, type TestGraph } from "../support/graph.ts";

/** How to ask at each door. What holds at one holds at all. */
export const DOORS = ["overHttp", "overEvents", "overSocket"] as const;
export type DoorName = (typeof DOORS)[number];

/** An answer of any door. */
export interface DoorAnswer {
  /** HTTP's status; of a WebSocket and an event stream 0. */
  readonly status: number;
  readonly data?: any;
  readonly errors?: any[];
}

/** What is asked, for all doors alike. */
export interface Asking {
  readonly query?: string;
  readonly documentId?: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly variables?: unknown;
  readonly operationName?: string;
  readonly group?: string;
  /** In place of all that: what the body is, or a message's payload. */
  readonly raw?: unknown;
  /** A person, or a token that is sent as it is; null: none. */
  readonly as?: string | null;
}

export interface Doors extends Readonly<Record<DoorName, (asking: Asking) => Promise<DoorAnswer>>> {
  readonly url: string;
  readonly port: number;
  readonly server: Server;
  /** Lines of the log. */
  readonly log: readonly string[];
  /** Any request to `/graphql`, with a good token unless the headers have another. */
  post(body: string | Uint8Array, headers?: Record<string, string>): Promise<DoorAnswer>;
  /** The same for events: as a POST, or as a GET when there is no body. */
  events(
    body: string | Uint8Array | undefined,
    headers?: Record<string, string>,
    search?: string,
  ): Promise<EventStream>;
  socket(headers?: Record<string, string>): Promise<Client>;
  signedIn(as?: string | null): Promise<Client>;
  /** Bytes on a bare connection, and all that comes back. */
  raw(): Promise<Raw>;
  /** People are not known any more: what a change of the graph brings. */
  dismiss(isGone: (who: Person) => boolean): void;
  /** Closes as a gateway does that goes away. */
  leave(): Promise<void>;
  close(): Promise<void>;
}

export interface Client {
  readonly socket: WebSocket;
  send(message: unknown): void;
  /** The next message that came or comes; rejects when the socket closes before. */
  next(): Promise<any>;
  /** Its close code. */
  readonly closed: Promise<number>;
}

export interface Raw {
  readonly socket: Socket;
  write(bytes: string | Uint8Array): void;
  /** Everything, when the other side has ended. */
  readonly answer: Promise<string>;
}

const SOMEBODY = "shop:ann";

export type DoorOptions = Partial<
  Pick<WebSocketParts, "limits" | "answering" | "identity" | "allowedOrigins" | "subscribe"> &
    Pick<HttpParts, "plugins"> & { readonly forwarded: readonly string[] }
>;

export async function startDoors(graph: TestGraph, options: DoorOptions = {}): Promise<Doors> {
  const { supergraph } = graph;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const lines: string[] = [];
  const log = pino({ level: "debug" }, { write: (line) => void lines.push(line) });
  const allowedOrigins = options.allowedOrigins ?? [];
  const answering = options.answering ?? graph.answering;
  const identity = options.identity ?? trusting();
  const subscribe =
    options.subscribe ??
    (() => {
      throw new JuntoError("BAD_REQUEST", "There is no feed here.");
    });
  const quotas = createQuotas(limits);
  const sse = createEventDoor({ subscribe, quotas, limits, log });
  const http = await createHttpServer({
    shown: { now: () => supergraph, onChange: () => () => undefined },
    identity,
    answering,
    events: sse,
    jwks: () => ({ keys: [] }),
    takeChanges: async () => ({ status: 202, body: {} }),
    health: async () => ({ ok: true }),
    landingPage: () => "",
    metrics: createMetrics(),
    allowedOrigins,
    log,
    ...(options.plugins && { plugins: options.plugins }),
    forwarded: () => options.forwarded ?? [],
    limits,
  });
  const ws = serveWebSocket(http.server, "/graphql", {
    identity,
    answering,
    subscribe,
    quotas,
    allowedOrigins,
    limits,
    log,
  });
  await http.listen({ host: "127.0.0.1", port: 0 });
  const { port } = http.server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const leaving = new Set<() => void>();
  const doors: Doors = {
    url,
    port,
    server: http.server,
    log: lines,
    overHttp: ({ as, group, raw, ...body }) => doors.post(JSON.stringify(raw ?? body), headersOf(as, group)),
    async overEvents({ as, group, raw, ...body }) {
      const client = createClient({
        url: `${url}/graphql`,
        headers: headersOf(as, group),
        retryAttempts: 0,
      });
      try {
        for await (const answer of client.iterate((raw ?? body) as { query: string }))
          return { status: 0, ...(answer as object) };
      } catch (error) {
        const response = error instanceof NetworkError ? (error.response as Response | undefined) : undefined;
        if (!response) throw error;
        return { status: response.status, ...((await response.json()) as object) };
      } finally {
        client.dispose();
      }
      throw new Error("The stream was complete, and had told nothing.");
    },
    async overSocket({ as, group, raw, ...payload }) {
      const client = await doors.socket();
      const refused = client.closed.then((code) => ({ status: 0, errors: [meaning(code)] }));
      client.send({ type: "connection_init", payload: headersOf(as) });
      if ((await Promise.race([client.next().catch(() => refused), refused])).errors) return refused;
      client.send({
        id: "1",
        type: "subscribe",
        payload: raw ?? {
          query: "", // the protocol wants one, also where something else names the operation
          ...payload,
          ...(group !== undefined && { extensions: { ...payload.extensions, group } }),
        },
      });
      const message = await client.next().catch(() => null);
      if (!message) return refused;
      const { type, payload: answer } = message;
      client.socket.terminate();
      return { status: 0, ...(type === "error" ? { errors: answer } : answer) };
    },
    async post(body, headers = {}) {
      const response = await fetch(`${url}/graphql`, {
        method: "POST",
        body: body as string,
        headers: { "content-type": "application/json", ...headersOf(SOMEBODY), ...headers },
      });
      return { status: response.status, ...((await response.json()) as object) };
    },
    async events(body, headers = {}, search = "") {
      const stream = await openEvents(
        `${url}/graphql${search}`,
        {
          headers: {
            accept: "text/event-stream",
            ...(body === undefined
              ? { "graphql-require-preflight": "1" }
              : { "content-type": "application/json" }),
            ...headersOf(SOMEBODY),
            ...headers,
          },
        },
        body,
      );
      leaving.add(stream.leave);
      return stream;
    },
    async socket(headers = {}) {
      const client = await openSocket(`ws://127.0.0.1:${port}/graphql`, headers);
      leaving.add(() => client.socket.terminate());
      return client;
    },
    async signedIn(as) {
      const client = await doors.socket();
      client.send({ type: "connection_init", payload: headersOf(as) });
      await client.next();
      return client;
    },
    async raw() {
      const socket = connect(port, "127.0.0.1");
      leaving.add(() => socket.destroy());
      await once(socket, "connect");
      return rawOf(socket);
    },
    dismiss(isGone) {
      for (const door of [sse, ws]) door.dismiss(isGone);
    },
    async leave() {
      await Promise.all([http.close(), sse.close(), ws.close()]);
    },
    async close() {
      for (const leave of leaving) leave();
      await doors.leave();
    },
  };
  return doors;
}

/** Of an HTTP request, or of `connection_init`. */
function headersOf(as: string | null = SOMEBODY, group?: string): Record<string, string> {
  return {
    ...(as !== null && { authorization: `Bearer ${as}` }),
    ...(group !== undefined && { "junto-group": group }),
  };
}

/** What a close code says, in the words of the other doors (docs/guides/clients.md). */
const CLOSED: Readonly<Record<number, string>> = {
  1009: "TOO_LARGE",
  1013: "UNAVAILABLE",
  4400: "BAD_REQUEST",
  4403: "UNAUTHENTICATED",
};

export function meaning(closeCode: number): { extensions: { code: string } } {
  return { extensions: { code: CLOSED[closeCode] ?? `closed with ${closeCode}` } };
}

function trusting(): Pick<Identity, "identify"> {
  return {
    async identify(authorization) {
      if (authorization === undefined) return null;
      const id = /^Bearer (\w+:\w+)$/.exec(authorization)?.[1];
      if (id === undefined) throw new JuntoError("UNAUTHENTICATED", "The token is not valid here.");
      return person(id);
    },
  };
}

export async function openSocket(address: string, headers: Record<string, string> = {}): Promise<Client> {
  const socket = new WebSocket(address, "graphql-transport-ws", { headers });
  const queue: unknown[] = [];
  let waiting: { resolve: (message: unknown) => void; reject: (error: Error) => void }[] = [];
  socket.on("message", (data: Buffer) => {
    const message = JSON.parse(data.toString()) as unknown;
    const first = waiting.shift();
    if (first) first.resolve(message);
    else queue.push(message);
  });
  const closed = new Promise<number>((resolve) => socket.on("close", resolve));
  void closed.then((code) => {
    for (const { reject } of waiting) reject(new Error(`The socket closed with ${code}.`));
    waiting = [];
  });
  await once(socket, "open");
  socket.on("error", () => undefined);
  return {
    socket,
    closed,
    send: (message) => socket.send(typeof message === "string" ? message : JSON.stringify(message)),
    next: () =>
      queue.length > 0
        ? Promise.resolve(queue.shift())
        : new Promise((resolve, reject) => waiting.push({ resolve, reject })),
  };
}

function rawOf(socket: Socket): Raw {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  const answer = new Promise<string>((resolve) => {
    socket.on("close", () => resolve(Buffer.concat(chunks).toString("latin1")));
    socket.on("error", () => resolve(Buffer.concat(chunks).toString("latin1")));
  });
  return { socket, write: (bytes) => void socket.write(bytes), answer };
}
