// One subscription at one subgraph, over a WebSocket of its own. Implements the client's side of the GraphQL over
// WebSocket protocol. https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
import { CloseCode, GRAPHQL_TRANSPORT_WS_PROTOCOL, MessageType, validateMessage } from "graphql-ws";
import { WebSocket } from "ws";
import { JuntoError } from "../errors/index.ts";
import type { SubgraphAnswer, SubgraphError } from "../execute/fetch-request.ts";
import { checkAnswer } from "./answer.ts";

export interface SocketRequest {
  /** Of the subgraph. */
  readonly name: string;
  /** ws:// or wss:// */
  readonly url: string;
  /** Goes along in `connection_init`. */
  readonly authorization: string;
  /** The body that would be sent over HTTP: `{"query":…,"variables":…}`. */
  readonly body: string;
  /** Of the request that opens the connection. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Certificates (PEM) that are trusted in place of Node's. */
  readonly ca?: string;
  readonly limits?: Partial<SocketLimits>;
}

export interface SocketLimits {
  /** Bytes of one message. */
  readonly message: number;
  /** Milliseconds to connect, and again to acknowledge. */
  readonly deadline: number;
  /** Milliseconds between pings; a subgraph that has not answered by the next is away. */
  readonly ping: number;
}

/** How it ended. */
export type Ending =
  | { readonly kind: "complete" }
  /** The subgraph does not want to, and would not the next time. */
  | { readonly kind: "error"; readonly cause: SubgraphError }
  | { readonly kind: "away"; readonly cause: JuntoError };

export interface SocketListener {
  /** The subgraph has let the gateway in, and was sent the subscription. */
  open(): void;
  next(answer: SubgraphAnswer): void;
  /** Called once; not after `close`. */
  end(ending: Ending): void;
}

export interface SocketSubscription {
  /** Reads no more for now: the subgraph notices that its messages are not taken. */
  pause(): void;
  resume(): void;
  close(): void;
}

const LIMITS: SocketLimits = { message: 16 * 1024 * 1024, deadline: 5_000, ping: 30_000 };
const ID = "1";
/** Close codes by which a server says that the same would be refused again. */
const FOR_GOOD: ReadonlySet<number> = new Set([
  CloseCode.BadRequest,
  CloseCode.Unauthorized,
  CloseCode.Forbidden,
  CloseCode.SubprotocolNotAcceptable,
]);

/** Subscribes. Whatever happens comes to the listener, and nothing before this has returned. */
export function subscribeOverSocket(request: SocketRequest, listener: SocketListener): SocketSubscription {
  const { name, url, authorization, body } = request;
  const limits = { ...LIMITS, ...request.limits };
  const socket = new WebSocket(url, GRAPHQL_TRANSPORT_WS_PROTOCOL, {
    maxPayload: limits.message,
    handshakeTimeout: limits.deadline,
    perMessageDeflate: false,
    ...(request.headers && { headers: { ...request.headers } }),
    ...(request.ca !== undefined && { ca: request.ca }),
  });
  let ended = false;
  let acknowledged = false;
  let ackTimer: NodeJS.Timeout | undefined;
  const stopPings = keepAlive(socket, limits.ping, () => end(away(`Subgraph ${name} fell silent.`)));

  /** The first ending counts; the socket goes with it. */
  const end = (ending: Ending | null): void => {
    if (ended) return;
    ended = true;
    clearTimeout(ackTimer);
    stopPings();
    leave(socket, limits.deadline);
    if (ending) listener.end(ending);
  };

  const handle = (text: string): void => {
    const message = validateMessage(JSON.parse(text));
    switch (message.type) {
      case MessageType.ConnectionAck:
        if (acknowledged) throw new Error("a second acknowledgement");
        acknowledged = true;
        clearTimeout(ackTimer);
        socket.send(`{"id":"${ID}","type":"${MessageType.Subscribe}","payload":${body}}`);
        return listener.open();
      case MessageType.Ping:
        return socket.send(`{"type":"${MessageType.Pong}"}`);
      case MessageType.Pong:
        return;
      case MessageType.Next:
        if (message.id !== ID) throw new Error("an event of another subscription");
        return listener.next(checkAnswer(`Subgraph ${name} sent an event`, message.payload));
      case MessageType.Error:
        if (message.id !== ID) throw new Error("an error of another subscription");
        return end({ kind: "error", cause: firstError(name, message.payload) });
      case MessageType.Complete:
        return end({ kind: "complete" });
      default:
        throw new Error("a message that only clients send");
    }
  };

  socket.on("open", () => {
    ackTimer = setTimeout(
      () => end(away(`Subgraph ${name} did not acknowledge the connection.`)),
      limits.deadline,
    );
    socket.send(JSON.stringify({ type: MessageType.ConnectionInit, payload: { authorization } }));
  });
  socket.on("message", (data: Buffer) => {
    if (ended) return;
    try {
      handle(data.toString("utf8"));
    } catch (error) {
      // Without its cause, unless it is ours: what a parser says quotes the message, and the message may hold data.
      const said = error instanceof JuntoError ? error : undefined;
      end({ kind: "away", cause: said ?? nonsense(name) });
    }
  });
  socket.on("error", (cause) => end(away(`Subgraph ${name} could not be subscribed to.`, cause)));
  socket.on("close", (code) => {
    if (FOR_GOOD.has(code)) return end({ kind: "error", cause: { message: `closed with ${code}` } });
    end(away(`Subgraph ${name} closed its connection with ${code}.`));
  });

  return {
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    close: () => end(null),
  };
}

/** Says goodbye, and waits for no answer to it. */
function leave(socket: WebSocket, patience: number): void {
  if (socket.readyState === socket.CONNECTING) return socket.terminate();
  if (socket.readyState !== socket.OPEN) return;
  socket.resume(); // the answer to the close must be read
  socket.send(`{"id":"${ID}","type":"${MessageType.Complete}"}`);
  socket.close(1000, "Done");
  const timer = setTimeout(() => socket.terminate(), patience);
  socket.on("close", () => clearTimeout(timer));
}

function keepAlive(socket: WebSocket, interval: number, silent: () => void): () => void {
  let answered = true;
  socket.on("pong", () => (answered = true));
  const timer = setInterval(() => {
    if (socket.readyState !== socket.OPEN || socket.isPaused) return;
    if (!answered) return silent();
    answered = false;
    socket.ping();
  }, interval);
  return () => clearInterval(timer);
}

function firstError(name: string, payload: unknown): SubgraphError {
  return checkAnswer(`Subgraph ${name} sent an error`, { errors: payload }).errors?.[0] ?? { message: "" };
}

function away(message: string, cause?: unknown): Ending {
  return { kind: "away", cause: new JuntoError("SUBGRAPH_AWAY", message, { cause }) };
}

function nonsense(name: string): JuntoError {
  return new JuntoError("SUBGRAPH_AWAY", `Subgraph ${name} sent what is no message of the protocol.`);
}
