// The life of one event stream, which carries one operation: the "distinct connections mode" of GraphQL over
// Server-Sent Events. https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md#distinct-connections-mode
//
//   OPEN ──answered, ended, refused, the token expires──▸ OVER, with `complete`: asked in this way it brings no more
//   OPEN ──the gateway goes away──▸ OVER, without `complete`: the client asks again
//   OPEN, OVER ──the client leaves, or takes nothing for a while──▸ GONE; what is under way for it stops
import type { ServerResponse } from "node:http";
import type { DoorAnswering, Request } from "../answer.ts";
import type { StopSignal } from "../cancel/stopper.ts";
import type { Limits } from "../config/index.ts";
import { onExpiry } from "../door/door.ts";
import { createOpenOperations, type Subscribe } from "../door/operations.ts";
import type { Quotas } from "../door/quota.ts";
import { JuntoError } from "../errors/index.ts";
import type { Person } from "../identity/index.ts";
import type { Log } from "../observe/index.ts";
import { createEventOutlet, type EventOutlet } from "./outlet.ts";

/** A request that the HTTP door has let in, of someone who is signed in, and where its events go. */
export interface Exchange {
  readonly person: Person;
  readonly request: (signal: StopSignal) => Request;
  readonly outgoing: ServerResponse;
  /** What HTTP says beside, whatever the answer. */
  readonly headers: Readonly<Record<string, string>>;
  readonly answering: DoorAnswering;
}

export interface StreamParts {
  /** Starts a subscription; returns what ends it. @throws JuntoError */
  readonly subscribe: Subscribe;
  readonly quotas: Quotas;
  readonly limits: Limits;
  readonly log: Log;
}

export interface ServedStream {
  /** Lets a query or mutation come to its end, then ends. */
  leave(): Promise<void>;
  /** Ends when its person is one of those. */
  dismiss(isGone: (person: Person) => boolean): void;
}

/** There is one operation on a stream. */
const ONE = "";

export function serveStream(
  { person, request, outgoing, headers, answering }: Exchange,
  parts: StreamParts,
): ServedStream {
  const { quotas, limits, log } = parts;
  const outlet = createEventOutlet(outgoing, limits.waitingSize);
  const operations = createOpenOperations({
    answering,
    subscribe: parts.subscribe,
    outlet,
    subscriptions: quotas.subscriptions,
    most: 1,
    log,
  });
  function end(reason: JuntoError): void {
    operations.stopAll();
    outlet.fail(ONE, reason);
  }
  /** To be undone when the connection has gone. */
  const ends: (() => void)[] = [
    keepAlive(outgoing, outlet, limits.pingTime),
    onExpiry(person, () => end(expired())),
    () => operations.stopAll(),
    outlet.close,
  ];
  outgoing.once("close", () => {
    for (const undo of ends.splice(0)) undo();
  });
  outgoing.on("error", (error) => log.debug({ err: error }, "an event stream failed"));

  writeHead(outgoing, headers);
  outlet.comment(); // some browsers tell of a stream only when something has come
  const giveBack = quotas.sockets.take(person.id);
  if (giveBack) {
    ends.push(giveBack);
    operations.start(ONE, request);
  } else outlet.fail(ONE, tooMany(limits.socketsPerPerson));

  return {
    async leave() {
      await operations.answered();
      outlet.breakOff();
    },
    dismiss(isGone) {
      if (isGone(person)) end(new JuntoError("UNAUTHENTICATED", "The token is not valid here any more."));
    },
  };
}

/** Proxies are asked to hand on each event as it comes; and the connection ends with its stream. */
function writeHead(outgoing: ServerResponse, headers: Exchange["headers"]): void {
  outgoing.writeHead(200, {
    ...headers,
    "cache-control": "no-store, no-transform",
    connection: "close",
    "content-type": "text/event-stream; charset=utf-8",
    "x-accel-buffering": "no",
  });
}

/**
 * Says something in each interval, and ends the connection when not even that has left in the next: its client takes
 * nothing. @returns what stops it
 */
function keepAlive(outgoing: ServerResponse, outlet: EventOutlet, interval: number): () => void {
  let left = true;
  const timer = setInterval(() => {
    if (!left) return outgoing.destroy();
    left = false;
    outlet.comment(() => (left = true));
    return undefined;
  }, interval);
  return () => clearInterval(timer);
}

function expired(): JuntoError {
  return new JuntoError(
    "UNAUTHENTICATED",
    "The token has expired. Subscribe again with a new one, and with the last event you have.",
  );
}

function tooMany(most: number): JuntoError {
  return new JuntoError("TOO_MANY", "You have as many connections open as one person may have.", {
    details: { limit: { name: "socketsPerPerson", most } },
  });
}
