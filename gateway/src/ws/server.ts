// The WebSocket door. Implements the server side of the GraphQL over WebSocket protocol (graphql-transport-ws), with
// prepared payloads written as they are. https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import {
  CloseCode,
  GRAPHQL_TRANSPORT_WS_PROTOCOL,
  MessageType,
  validateMessage,
  type SubscribePayload,
} from "graphql-ws";
import { WebSocketServer, type WebSocket } from "ws";
import type { Answering, Request } from "../answer.ts";
import { JuntoError } from "../errors/index.ts";
import type { Identity, Person } from "../identity/index.ts";
import type { Log } from "../observe/index.ts";
import type { Sink } from "../push/subscription.ts";
import { requestErrors } from "../shape/errors.ts";

export interface WebSocketParts {
  readonly identity: Identity;
  readonly answering: Answering;
  /** Starts a subscription; returns what ends it. @throws JuntoError */
  readonly subscribe: (request: Request, sink: Sink) => Promise<() => void>;
  /** Origins of pages that may connect. Programs send none. */
  readonly allowedOrigins: readonly string[];
  readonly log: Log;
  readonly limits?: Partial<WebSocketLimits>;
}

export interface WebSocketLimits {
  /** Bytes of one message from a client. */
  readonly message: number;
  /** Subscriptions and other operations open at once on one socket. */
  readonly operations: number;
  /** Bytes that may wait for a client before it counts as slow. */
  readonly waiting: number;
  /** Milliseconds to say who one is. */
  readonly init: number;
  /** Milliseconds between pings; a client that has not answered by the next is gone. */
  readonly ping: number;
}

const LIMITS: WebSocketLimits = {
  message: 256 * 1024,
  operations: 100,
  waiting: 1024 * 1024,
  init: 10_000,
  ping: 30_000,
};

export interface WebSocketDoor {
  /** Open sockets. */
  size(): number;
  close(): Promise<void>;
}

/** Serves `path` of an HTTP server. */
export function serveWebSocket(server: Server, path: string, parts: WebSocketParts): WebSocketDoor {
  const limits = { ...LIMITS, ...parts.limits };
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: limits.message,
    perMessageDeflate: false,
    handleProtocols: (offered) =>
      offered.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) ? GRAPHQL_TRANSPORT_WS_PROTOCOL : false,
  });
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const origin = request.headers.origin;
    if (pathOf(request.url) !== path) return refuseUpgrade(socket, "404 Not Found");
    if (origin !== undefined && !isAllowed(origin, request.headers.host, parts.allowedOrigins))
      return refuseUpgrade(socket, "403 Forbidden");
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      if (webSocket.protocol === GRAPHQL_TRANSPORT_WS_PROTOCOL) return serveSocket(webSocket, parts, limits);
      webSocket.close(CloseCode.SubprotocolNotAcceptable, "Subprotocol not acceptable");
    });
  };
  server.on("upgrade", onUpgrade);
  return {
    size: () => sockets.clients.size,
    async close() {
      server.off("upgrade", onUpgrade);
      for (const socket of sockets.clients) socket.close(1001, "The gateway is going away");
      await new Promise<void>((done) => sockets.close(() => done()));
    },
  };
}

/** null: the target is no URL (`//` is one that HTTP allows). Nobody would catch what is thrown here. */
function pathOf(target = "/"): string | null {
  return URL.canParse(target, "http://gateway") ? new URL(target, "http://gateway").pathname : null;
}

function isAllowed(origin: string, host: string | undefined, allowed: readonly string[]): boolean {
  return (
    allowed.includes(origin) || (host !== undefined && URL.canParse(origin) && new URL(origin).host === host)
  );
}

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.on("error", () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** One client: who they are, and what they have open. */
function serveSocket(socket: WebSocket, parts: WebSocketParts, limits: WebSocketLimits): void {
  let person: Person | undefined;
  let initiated = false;
  const open = new Map<string, () => void>();
  const outbox = createOutbox(socket, limits.waiting);
  const initTimer = setTimeout(
    () => socket.close(CloseCode.ConnectionInitialisationTimeout, "Connection initialisation timeout"),
    limits.init,
  );
  let expiryTimer: NodeJS.Timeout | undefined;
  const stopPings = keepAlive(socket, limits.ping);

  const handle = async (data: Buffer): Promise<void> => {
    const message = readMessage(data);
    if (!message) return socket.close(CloseCode.BadRequest, "Invalid message");
    switch (message.type) {
      case MessageType.ConnectionInit: {
        if (initiated)
          return socket.close(CloseCode.TooManyInitialisationRequests, "Too many initialisation requests");
        initiated = true;
        const found = await identify(parts, message.payload);
        if (socket.readyState !== socket.OPEN) return; // a timer that is set now would outlive the socket
        // 1013, "try again later": the client comes back by itself, with the token that it has.
        if (found === "later") return socket.close(1013, "The organization's sign-in does not answer");
        if (!found) return socket.close(CloseCode.Forbidden, "Forbidden");
        person = found;
        clearTimeout(initTimer);
        expiryTimer = setTimeout(
          () => socket.close(CloseCode.Forbidden, "The token has expired"),
          Math.min(person.expiresAt - Date.now(), 2 ** 31 - 1),
        );
        return outbox.send(`{"type":"${MessageType.ConnectionAck}"}`);
      }
      case MessageType.Ping:
        return outbox.send(`{"type":"${MessageType.Pong}"}`);
      case MessageType.Pong:
        return;
      case MessageType.Subscribe: {
        if (!person) return socket.close(CloseCode.Unauthorized, "Unauthorized");
        const { id, payload } = message;
        if (open.has(id))
          return socket.close(
            CloseCode.SubscriberAlreadyExists,
            `Subscriber for ${id} already exists`.slice(0, 120),
          );
        if (open.size >= limits.operations)
          return outbox.fail(
            id,
            new JuntoError("TOO_LARGE", `At most ${limits.operations} operations may be open on one socket.`),
          );
        return start(id, { person, ...requestOf(payload) });
      }
      case MessageType.Complete: {
        const stop = open.get(message.id);
        open.delete(message.id);
        return stop?.();
      }
      default:
        return socket.close(CloseCode.BadRequest, "Invalid message");
    }
  };

  /** An operation on this socket, from its subscribe to whichever comes first of its end and the client's complete. */
  const start = async (id: string, request: Request): Promise<void> => {
    let stopped = false;
    const stop = (): void => void (stopped = true);
    open.set(id, stop);
    const done = (): boolean => open.get(id) === stop && open.delete(id);
    try {
      if (!isSubscription(parts, request)) {
        const { text } = await parts.answering.answer(request);
        if (done()) {
          outbox.next(id, text);
          outbox.send(`{"id":${JSON.stringify(id)},"type":"${MessageType.Complete}"}`);
        }
        return;
      }
      const end = await parts.subscribe(request, {
        next: (text) => outbox.next(id, text),
        error: (error) => (open.delete(id), outbox.fail(id, error)),
        congested: outbox.congested,
        drained: outbox.drained,
      });
      if (stopped || socket.readyState !== socket.OPEN) return end();
      if (open.has(id)) open.set(id, end);
    } catch (thrown) {
      const error = JuntoError.from(thrown);
      if (error.code === "INTERNAL") parts.log.error({ err: thrown }, "a subscription could not be started");
      if (done()) outbox.fail(id, error);
    }
  };

  socket.on("message", (data, isBinary) => {
    // After a close has been said, the other side may go on talking for a while: whose token has expired, say.
    if (socket.readyState !== socket.OPEN) return;
    // Who does not read the answers is not read any more either.
    if (outbox.congested() && !socket.isPaused) {
      socket.pause();
      void outbox.drained().then(() => socket.resume());
    }
    if (isBinary) return socket.close(CloseCode.BadRequest, "Messages are text");
    handle(data as Buffer).catch((error: unknown) => {
      parts.log.error({ err: error }, "a socket's message failed");
      socket.close(CloseCode.InternalServerError, "Internal error");
    });
  });
  socket.on("error", (error) => parts.log.debug({ err: error }, "a socket failed"));
  socket.on("close", () => {
    clearTimeout(initTimer);
    clearTimeout(expiryTimer);
    stopPings();
    for (const stop of open.values()) stop();
    open.clear();
    outbox.close();
  });
}

interface Outbox {
  send(text: string): void;
  next(id: string, payload: string): void;
  fail(id: string, error: JuntoError): void;
  congested(): boolean;
  drained(): Promise<void>;
  close(): void;
}

/** Writes to a socket, and knows how much of it has not left yet. */
function createOutbox(socket: WebSocket, limit: number): Outbox {
  let waiting: (() => void)[] = [];
  const release = (): void => {
    if (socket.bufferedAmount > limit / 2 && socket.readyState === socket.OPEN) return;
    const ready = waiting;
    waiting = [];
    for (const resolve of ready) resolve();
  };
  const send = (text: string): void => {
    if (socket.readyState === socket.OPEN) socket.send(text, release);
  };
  return {
    send,
    next: (id, payload) =>
      send(`{"id":${JSON.stringify(id)},"type":"${MessageType.Next}","payload":${payload}}`),
    fail: (id, error) => send(JSON.stringify({ id, type: MessageType.Error, payload: requestErrors(error) })),
    congested: () => socket.bufferedAmount > limit,
    drained: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        release();
      }),
    close: release,
  };
}

function keepAlive(socket: WebSocket, interval: number): () => void {
  let answered = true;
  socket.on("pong", () => (answered = true));
  const timer = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, interval);
  return () => clearInterval(timer);
}

function readMessage(data: Buffer): ReturnType<typeof validateMessage> | undefined {
  try {
    return validateMessage(JSON.parse(data.toString("utf8")));
  } catch {
    return undefined;
  }
}

async function identify(
  { identity, log }: WebSocketParts,
  payload: Readonly<Record<string, unknown>> | undefined,
): Promise<Person | "later" | undefined> {
  const authorization = payload?.authorization ?? payload?.Authorization;
  try {
    return (
      (await identity.identify(typeof authorization === "string" ? authorization : undefined)) ?? undefined
    );
  } catch (error) {
    const { code } = JuntoError.from(error);
    log.info({ code }, "a socket's token was refused");
    return code === "UNAVAILABLE" ? "later" : undefined;
  }
}

function requestOf(payload: SubscribePayload): Omit<Request, "person"> {
  const { query, operationName, variables, extensions } = payload;
  const group = extensions?.group;
  return {
    query,
    operationName: operationName ?? null,
    variables: variables ?? null,
    ...(typeof group === "string" && { group }),
  };
}

function isSubscription(parts: WebSocketParts, request: Request): boolean {
  return parts.answering.kindOf(request) === "subscription";
}
