// The life of one socket, by the GraphQL over WebSocket protocol (graphql-transport-ws).
// https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
//
//   OPEN ──connection_init──▸ IDENTIFYING ──the person is known──▸ READY ──the gateway goes away──▸ LEAVING
//   any ──a fault, no token, an expired one, too late, gone──▸ CLOSED
//
// A table (protocol.ts) says what each message does in each state. In CLOSED nothing is heard: after a close has been said, the
// other side may go on talking for a while.
import { CloseCode, MessageType, type ConnectionInitMessage } from "graphql-ws";
import type { WebSocket } from "ws";
import type { Limits } from "../config/index.ts";
import { onExpiry } from "../door/door.ts";
import { createOpenOperations, type OpenOperations, type OperationsParts } from "../door/operations.ts";
import { readParameters, requestOf } from "../door/parameters.ts";
import type { Quota } from "../door/quota.ts";
import { JuntoError } from "../errors/index.ts";
import type { Identity, Person } from "../identity/index.ts";
import type { Log } from "../observe/index.ts";
import { createOutbox, type Outbox } from "./outbox.ts";
import { readMessage, reasonFor, stepFor, type Message, type SocketState } from "./protocol.ts";
import { keepAlive, readEvenly } from "./wire.ts";

export interface SocketParts extends Omit<OperationsParts, "outlet" | "most"> {
  readonly identity: Pick<Identity, "identify">;
  /** Connections of each person. */
  readonly sockets: Quota;
  readonly limits: Limits;
  readonly log: Log;
}

/** "Try again later": the client comes back by itself, with the token that it has. */
const LATER = 1013;
const GOING_AWAY = 1001;

export class ServedSocket {
  readonly #socket: WebSocket;
  readonly #parts: SocketParts;
  readonly #outbox: Outbox;
  readonly #operations: OpenOperations;
  readonly #initTimer: NodeJS.Timeout;
  /** To be undone when the socket has gone. */
  readonly #ends: (() => void)[];
  #state: SocketState = "OPEN";
  #person: Person | undefined;

  constructor(socket: WebSocket, parts: SocketParts) {
    const { limits } = parts;
    this.#socket = socket;
    this.#parts = parts;
    this.#outbox = createOutbox(socket, limits.waitingSize);
    this.#operations = createOpenOperations({
      ...parts,
      outlet: this.#outbox,
      most: limits.operationsPerSocket,
    });
    this.#initTimer = setTimeout(
      () => this.#close(CloseCode.ConnectionInitialisationTimeout, "Connection initialisation timeout"),
      limits.initTime,
    );
    this.#ends = [
      () => clearTimeout(this.#initTimer),
      keepAlive(socket, limits.pingTime),
      readEvenly(socket, this.#outbox, limits.messagesPerSecond),
      () => this.#operations.stopAll(),
      this.#outbox.close,
    ];
    socket.on("message", (data, isBinary) => this.#hear(data as Buffer, isBinary));
    socket.on("error", (error) => parts.log.debug({ err: error }, "a socket failed"));
    socket.on("close", () => {
      this.#state = "CLOSED";
      for (const end of this.#ends.splice(0)) end();
    });
  }

  /** Lets queries and mutations under way come to their end, then closes. */
  async leave(): Promise<void> {
    if (this.#state !== "CLOSED") this.#state = "LEAVING";
    await this.#operations.answered();
    this.#close(GOING_AWAY, "The gateway is going away");
  }

  /** Closes when its person is one of those. */
  dismiss(isGone: (person: Person) => boolean): void {
    if (this.#person && isGone(this.#person)) this.#close(CloseCode.Forbidden, "Forbidden");
  }

  #hear(data: Buffer, isBinary: boolean): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (isBinary) return this.#close(CloseCode.BadRequest, "Messages are text");
    const message = readMessage(data);
    if (!message) return this.#close(CloseCode.BadRequest, "Invalid message");
    this.#take(message).catch((error: unknown) => {
      this.#parts.log.error({ err: error }, "a socket's message failed");
      this.#close(CloseCode.InternalServerError, "Internal error");
    });
  }

  async #take(message: Message): Promise<void> {
    const step = stepFor(this.#state, message);
    if (step === "identify") return this.#identify(message as ConnectionInitMessage);
    if (step === "pong") return this.#outbox.pong();
    if (step === "nothing") return undefined;
    if (typeof step === "number") return this.#close(step, reasonFor(step));
    if (message.type === MessageType.Complete) return this.#operations.stop(message.id);
    if (message.type !== MessageType.Subscribe) return undefined;
    if (step === "start") return this.#start(message.id, message.payload);
    return this.#outbox.fail(message.id, new JuntoError("UNAVAILABLE", "The gateway is going away."));
  }

  async #identify(message: ConnectionInitMessage): Promise<void> {
    this.#state = "IDENTIFYING";
    const found = await personOf(message, this.#parts);
    if (this.#socket.readyState !== this.#socket.OPEN) return; // a timer that is set now would outlive the socket
    if (typeof found === "object") return this.#welcome(found);
    if (found === "later") return this.#close(LATER, "The organization's sign-in does not answer");
    this.#close(CloseCode.Forbidden, "Forbidden");
  }

  #welcome(person: Person): void {
    const { sockets, limits } = this.#parts;
    const giveBack = sockets.take(person.id);
    if (!giveBack)
      return this.#close(LATER, `One person may have ${limits.socketsPerPerson} sockets open, and has`);
    clearTimeout(this.#initTimer);
    this.#ends.push(
      giveBack,
      onExpiry(person, () => this.#close(CloseCode.Forbidden, "The token has expired")),
    );
    this.#person = person;
    if (this.#state === "IDENTIFYING") this.#state = "READY";
    this.#outbox.acknowledge();
  }

  #start(id: string, payload: unknown): void {
    if (this.#operations.has(id))
      return this.#close(
        CloseCode.SubscriberAlreadyExists,
        `Subscriber for ${id} already exists`.slice(0, 120),
      );
    const person = this.#person!;
    try {
      const parameters = readParameters(payload);
      this.#operations.start(id, (signal) => requestOf(parameters, { person, signal }));
    } catch (error) {
      this.#outbox.fail(id, JuntoError.from(error));
    }
  }

  #close(code: number, reason: string): void {
    this.#state = "CLOSED";
    this.#socket.close(code, reason);
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
