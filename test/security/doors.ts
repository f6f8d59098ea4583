// The doors of a gateway before a test graph: HTTP and WebSocket on one port, and clients that send what they like.
// Who signs in as `organization:name` is that person.
import { once } from "node:events";
import type { Server } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { pino } from "pino";
import { WebSocket } from "ws";
import { JuntoError } from "../../gateway/src/errors/index.ts";
import { createHttpServer, type HttpParts } from "../../gateway/src/http/server.ts";
import type { Identity } from "../../gateway/src/identity/index.ts";
import { createMetrics } from "../../gateway/src/observe/index.ts";
import { serveWebSocket, type WebSocketParts } from "../../gateway/src/ws/server.ts";
import { person, type TestGraph } from "../support/graph.ts";

/** An answer of either door. */
export interface DoorAnswer {
  /** HTTP's status; of a WebSocket 0. */
  readonly status: number;
  readonly data?: any;
  readonly errors?: any[];
}

/** What is asked, for both doors alike. */
export interface Asking {
  readonly query?: string;
  readonly documentId?: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly variables?: unknown;
  readonly operationName?: string;
  readonly group?: string;
  readonly as?: string;
}

export interface Doors {
  readonly url: string;
  readonly port: number;
  readonly server: Server;
  /** Lines of the log. */
  readonly log: readonly string[];
  overHttp(asking: Asking): Promise<DoorAnswer>;
  overSocket(asking: Asking): Promise<DoorAnswer>;
  /** Any request to `/graphql`, with a good token unless the headers have another. */
  post(body: string | Uint8Array, headers?: Record<string, string>): Promise<DoorAnswer>;
  socket(headers?: Record<string, string>): Promise<Client>;
  signedIn(as?: string): Promise<Client>;
  /** Bytes on a bare connection, and all that comes back. */
  raw(): Promise<Raw>;
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
  const lines: string[] = [];
  const log = pino({ level: "debug" }, { write: (line) => void lines.push(line) });
  const allowedOrigins = options.allowedOrigins ?? [];
  const answering = options.answering ?? graph.answering;
  const identity = options.identity ?? trusting();
  const http = await createHttpServer({
    shown: { now: () => supergraph, onChange: () => () => undefined },
    identity,
    answering,
    jwks: { keys: [] },
    takeChanges: async () => ({ status: 202, body: {} }),
    health: async () => ({ ok: true }),
    landingPage: () => "",
    metrics: createMetrics(),
    allowedOrigins,
    log,
    ...(options.plugins && { plugins: options.plugins }),
    forwarded: () => options.forwarded ?? [],
    ...(options.limits && { limits: options.limits }),
  });
  const subscribe = (): Promise<() => void> => {
    throw new JuntoError("BAD_REQUEST", "There is no feed here.");
  };
  const ws = serveWebSocket(http.server, "/graphql", {
    identity,
    answering,
    subscribe: options.subscribe ?? subscribe,
    allowedOrigins,
    log,
    ...(options.limits && { limits: options.limits }),
  });
  await http.listen({ host: "127.0.0.1", port: 0 });
  const { port } = http.server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const open = new Set<{ terminate?(): void; destroy?(): void }>();
  const doors: Doors = {
    url,
    port,
    server: http.server,
    log: lines,
    overHttp: ({ as = SOMEBODY, group, ...body }) =>
      doors.post(JSON.stringify(body), {
        authorization: `Bearer ${as}`,
        ...(group !== undefined && { "junto-group": group }),
      }),
    async overSocket({ as, group, ...payload }) {
      const client = await doors.signedIn(as);
      client.send({
        id: "1",
        type: "subscribe",
        payload: {
          query: "", // the protocol wants one, also where something else names the operation
          ...payload,
          ...(group !== undefined && { extensions: { ...payload.extensions, group } }),
        },
      });
      const { type, payload: answer } = await client.next();
      client.socket.terminate();
      return { status: 0, ...(type === "error" ? { errors: answer } : answer) };
    },
    async post(body, headers = {}) {
      const response = await fetch(`${url}/graphql`, {
        method: "POST",
        body: body as string,
        headers: { "content-type": "application/json", authorization: `Bearer ${SOMEBODY}`, ...headers },
      });
      return { status: response.status, ...((await response.json()) as object) };
    },
    async socket(headers = {}) {
      const client = await openSocket(`ws://127.0.0.1:${port}/graphql`, headers);
      open.add(client.socket);
      return client;
    },
    async signedIn(as = SOMEBODY) {
      const client = await doors.socket();
      client.send({ type: "connection_init", payload: { authorization: `Bearer ${as}` } });
      await client.next();
      return client;
    },
    async raw() {
      const socket = connect(port, "127.0.0.1");
      open.add(socket);
      await once(socket, "connect");
      return rawOf(socket);
    },
    async leave() {
      await Promise.all([http.close(), ws.close()]);
    },
    async close() {
      for (const each of open) (each.terminate ?? each.destroy)!.call(each);
      await doors.leave();
    },
  };
  return doors;
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
