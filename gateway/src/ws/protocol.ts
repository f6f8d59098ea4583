// What each message of graphql-transport-ws does in each state of a socket.
// https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
import { CloseCode, validateMessage } from "graphql-ws";

export type SocketState = "OPEN" | "IDENTIFYING" | "READY" | "LEAVING" | "CLOSED";
export type Step = "identify" | "pong" | "nothing" | "start" | "refuse" | "stop" | CloseCode;
type ClientMessage = "connection_init" | "ping" | "pong" | "subscribe" | "complete";

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

/** What a message does. One that clients do not send closes the socket. */
export function stepFor(state: SocketState, { type }: Message): Step {
  return TABLE[state][type as ClientMessage] ?? CloseCode.BadRequest;
}

/** What the protocol says with a code. */
export function reasonFor(code: CloseCode): string {
  return REASONS[code] ?? "Invalid message";
}

const REASONS: Partial<Record<CloseCode, string>> = {
  [CloseCode.Unauthorized]: "Unauthorized",
  [CloseCode.TooManyInitialisationRequests]: "Too many initialisation requests",
};

export type Message = ReturnType<typeof validateMessage>;

/** undefined: it is none. */
export function readMessage(data: Buffer): Message | undefined {
  try {
    return validateMessage(JSON.parse(data.toString("utf8")));
  } catch {
    return undefined;
  }
}
