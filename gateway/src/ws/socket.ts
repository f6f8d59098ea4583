// The life of one socket, by the GraphQL over WebSocket protocol (graphql-transport-ws).
// https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
//
//   OPEN ──connection_init──▸ IDENTIFYING ──the person is known──▸ READY ──the gateway goes away──▸ LEAVING
//   any ──a fault, no token, an expired one, too late, gone──▸ CLOSED
//
// The table says what each message does in each state. In CLOSED nothing is heard: after a close has been said, the
// other side may go on talking for a while.
import { CloseCode, MessageType, validateMessage, type ConnectionInitMessage } from "graphql-ws";
import type { WebSocket } from "ws";
import type { Limits } from "../config/index.ts";
import { onExpiry } from "../door/door.ts";
import { createOpenOperations, type OperationsParts } from "../door/operations.ts";
import { readParameters } from "../door/parameters.ts";
import type { Quota } from "../door/quota.ts";
import { JuntoError } from "../errors/index.ts";
import type { Identity, Person } from "../identity/index.ts";
import type { Log } from "../observe/index.ts";
import { createOutbox } from "./outbox.ts";
import { keepAlive, readEvenly } from "./wire.ts";

type SocketState = "OPEN" | "IDENTIFYING" | "READY" | "LEAVING" | "CLOSED";
type ClientMessage = "connection_init" | "ping" | "pong" | "subscribe" | "complete";
type Step = "identify" | "pong" | "nothing" | "start" | "refuse" | "stop" | CloseCode;

const TABLE: Readonly<Record<SocketState, Readonly<Record<ClientMessage, Step>>>> = {
  OPEN: {
    connection_init: "identify",
    ping: "pong",
    pong: "nothing",
    subscribe: CloseCode.Unauthorized,
    complete: "nothing",
  },
  IDENTIFYING: {
    connection_init: CloseCode.TooManyInitialisationRequests,
    ping: "pong",
    pong: "nothing",
    subscribe: CloseCode.Unauthorized,
    complete: "nothing",
  },
  READY: {
    connection_init: CloseCode.TooManyInitialisationRequests,
    ping: "pong",
    pong: "nothing",
    subscribe: "start",
    complete: "stop",
  },
  LEAVING: {
    connection_init: CloseCode.TooManyInitialisationRequests,
    ping: "pong",
    pong: "nothing",
    subscribe: "refuse",
    complete: "stop",
  },
  CLOSED: {
    connection_init: "nothing",
    ping: "nothing",
    pong: "nothing",
    subscribe: "nothing",
    complete: "nothing",
  },
};

/** What the protocol says with its codes. */
const REASONS: Partial<Record<number, string>> = {
  [CloseCode.Unauthorized]: "Unauthorized",
  [CloseCode.TooManyInitialisationRequests]: "Too many initialisation requests",
};

export interface SocketParts extends Omit<OperationsParts, "outlet" | "most"> {
  readonly identity: Pick<Identity, "identify">;
  /** Connections of each person. */
  readonly sockets: Quota;
  readonly limits: Limits;
  readonly log: Log;
}

export interface ServedSocket {
  /** Lets queries and mutations under way come to their end, then closes. */
  leave(): Promise<void>;
  /** Closes when its person is one of those. */
  dismiss(isGone: (person: Person) => boolean): void;
}

export function serveSocket(socket: WebSocket, parts: SocketParts): ServedSocket {
  const { limits, log } = parts;
  let state: SocketState = "OPEN";
  let person: Person | undefined;
  const outbox = createOutbox(socket, limits.waitingSize);
  const operations = createOpenOperations({ ...parts, outlet: outbox, most: limits.operationsPerSocket });
  const initTimer = setTimeout(
    () => close(CloseCode.ConnectionInitialisationTimeout, "Connection initialisation timeout"),
    limits.initTime,
  );
  /** To be undone when the socket has gone. */
  const ends: (() => void)[] = [
    () => clearTimeout(initTimer),
    keepAlive(socket, limits.pingTime),
    readEvenly(socket, outbox, limits.messagesPerSecond),
    () => operations.stopAll(),
    outbox.close,
  ];

  function close(code: number, reason: string): void {
    state = "CLOSED";
    socket.close(code, reason);
  }

  async function identify(message: ConnectionInitMessage): Promise<void> {
    state = "IDENTIFYING";
    const found = await personOf(message, parts);
    if (socket.readyState !== socket.OPEN) return; // a timer that is set now would outlive the socket
    if (typeof found === "object") return welcome(found);
    // 1013, "try again later": the client comes back by itself, with the token that it has.
    if (found === "later") return close(1013, "The organization's sign-in does not answer");
    close(CloseCode.Forbidden, "Forbidden");
  }

  function welcome(found: Person): void {
    const giveBack = parts.sockets.take(found.id);
    if (!giveBack) return close(1013, `One person may have ${limits.socketsPerPerson} sockets open, and has`);
    clearTimeout(initTimer);
    ends.push(
      giveBack,
      onExpiry(found, () => close(CloseCode.Forbidden, "The token has expired")),
    );
    person = found;
    if (state === "IDENTIFYING") state = "READY";
    outbox.acknowledge();
  }

  function start(id: string, payload: unknown): void {
    if (operations.has(id))
      return close(CloseCode.SubscriberAlreadyExists, `Subscriber for ${id} already exists`.slice(0, 120));
    try {
      operations.start(id, { person: person!, ...readParameters(payload) });
    } catch (error) {
      outbox.fail(id, JuntoError.from(error));
    }
  }

  async function take(data: Buffer): Promise<void> {
    const message = readMessage(data);
    if (!message) return close(CloseCode.BadRequest, "Invalid message");
    const step = TABLE[state][message.type as ClientMessage] ?? CloseCode.BadRequest;
    if (step === "identify") return identify(message as ConnectionInitMessage);
    if (step === "pong") return outbox.pong();
    if (step === "nothing") return undefined;
    if (typeof step === "number") return close(step, REASONS[step] ?? "Invalid message");
    if (message.type === MessageType.Complete) return operations.stop(message.id);
    if (message.type !== MessageType.Subscribe) return undefined;
    if (step === "start") return start(message.id, message.payload);
    return outbox.fail(message.id, new JuntoError("UNAVAILABLE", "The gateway is going away."));
  }

  socket.on("message", (data, isBinary) => {
    if (socket.readyState !== socket.OPEN) return;
    if (isBinary) return close(CloseCode.BadRequest, "Messages are text");
    take(data as Buffer).catch((error: unknown) => {
      log.error({ err: error }, "a socket's message failed");
      close(CloseCode.InternalServerError, "Internal error");
    });
  });
  socket.on("error", (error) => log.debug({ err: error }, "a socket failed"));
  socket.on("close", () => {
    state = "CLOSED";
    for (const end of ends.splice(0)) end();
  });

  return {
    async leave() {
      if (state !== "CLOSED") state = "LEAVING";
      await operations.answered();
      close(1001, "The gateway is going away");
    },
    dismiss(isGone) {
      if (person && isGone(person)) close(CloseCode.Forbidden, "Forbidden");
    },
  };
}

function readMessage(data: Buffer): ReturnType<typeof validateMessage> | undefined {
  try {
    return validateMessage(JSON.parse(data.toString("utf8")));
  } catch {
    return undefined;
  }
}

async function personOf(
  { payload }: ConnectionInitMessage,
  { identity, log }: SocketParts,
): Promise<Person | "later" | "nobody"> {
  const authorization = payload?.authorization ?? payload?.Authorization;
  try {
    return (
      (await identity.identify(typeof authorization === "string" ? authorization : undefined)) ?? "nobody"
    );
  } catch (error) {
    const { code } = JuntoError.from(error);
    log.info({ code }, "a socket's token was refused");
    return code === "UNAVAILABLE" ? "later" : "nobody";
  }
}
