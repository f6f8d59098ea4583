// The subscribers: clients over bare `ws` that look for one text in what they get and note when it came.
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from "graphql-ws";
import { WebSocket } from "ws";
import { now, serve } from "../child.ts";

export interface Subscriber {
  readonly role: string;
  readonly token: string;
}

/** Whose push is awaited. */
export type Sender = "gateway" | "floor";

export interface Delivered {
  /** When each subscriber had it. */
  readonly times: Float64Array;
  /** What the first subscriber of each role got. */
  readonly texts: ReadonlyMap<string, string>;
}

interface Awaited {
  readonly sender: Sender;
  readonly marker: string;
  readonly times: Float64Array;
  readonly texts: Map<string, string>;
  count: number;
  readonly done: Promise<Delivered>;
  readonly finish: (delivered: Delivered) => void;
}

const sockets: WebSocket[] = [];
let awaited: Awaited | undefined;
let subscribers = 0;
let strays = 0;

function take(sender: Sender, role: string, index: number, data: Buffer): void {
  const at = now();
  if (awaited?.sender !== sender || awaited.times[index] !== 0 || data.indexOf(awaited.marker) < 0) {
    strays += 1;
    return;
  }
  awaited.times[index] = at;
  if (!awaited.texts.has(role)) awaited.texts.set(role, data.toString("utf8"));
  awaited.count += 1;
  if (awaited.count === subscribers) awaited.finish({ times: awaited.times, texts: awaited.texts });
}

/** Resolves when the gateway has said who this is; what it answers to the subscription are events. */
function connectToGateway(url: string, subscriber: Subscriber, index: number, ask: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, GRAPHQL_TRANSPORT_WS_PROTOCOL, { perMessageDeflate: false });
    sockets.push(socket);
    socket.once("error", reject);
    socket.once("close", (code, reason) => reject(new Error(`closed: ${code} ${reason.toString()}`)));
    socket.once("open", () => {
      const payload = { authorization: `Bearer ${subscriber.token}` };
      socket.send(JSON.stringify({ type: "connection_init", payload }));
    });
    socket.once("message", () => {
      socket.on("message", (data: Buffer) => take("gateway", subscriber.role, index, data));
      socket.send(ask, (error) => (error ? reject(error) : resolve()));
    });
  });
}

function connectToFloor(url: string, { role }: Subscriber, index: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url}/${role}`, { perMessageDeflate: false });
    sockets.push(socket);
    socket.once("error", reject);
    socket.on("message", (data: Buffer) => take("floor", role, index, data));
    socket.once("open", resolve);
  });
}

const calls = {
  async connect(to: {
    readonly gateway: string;
    readonly floor: string;
    readonly subscribers: readonly Subscriber[];
    readonly query: string;
    readonly variables: Readonly<Record<string, unknown>>;
  }): Promise<void> {
    subscribers = to.subscribers.length;
    const { query, variables } = to;
    const ask = JSON.stringify({ id: "feed", type: "subscribe", payload: { query, variables } });
    for (const [index, subscriber] of to.subscribers.entries()) {
      await connectToGateway(to.gateway, subscriber, index, ask);
      await connectToFloor(to.floor, subscriber, index);
    }
  },
  /** From now on a push of this sender with this text in it is awaited at every subscriber. */
  expect({ sender, marker }: { readonly sender: Sender; readonly marker: string }): void {
    let finish!: Awaited["finish"];
    const done = new Promise<Delivered>((resolve) => (finish = resolve));
    awaited = {
      sender,
      marker,
      times: new Float64Array(subscribers),
      texts: new Map(),
      count: 0,
      done,
      finish,
    };
  },
  delivered: (): Promise<Delivered> => awaited!.done,
  /** Messages that nobody waited for, since this was asked last. */
  strays(): number {
    const count = strays;
    strays = 0;
    return count;
  },
  close(): void {
    for (const socket of sockets) socket.terminate();
  },
};
export type SubscriberCalls = typeof calls;
serve(calls);
