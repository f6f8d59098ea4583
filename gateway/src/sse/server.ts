// The door of server-sent events. A request for them is an HTTP request, and the HTTP door has looked at it as at any
// other before it comes here: origin, method, who asks, body, parameters. What happens on a stream is in stream.ts.
import { DEFAULT_LIMITS, type Limits } from "../config/index.ts";
import { atMost, type Door } from "../door/door.ts";
import { JuntoError } from "../errors/index.ts";
import { serveStream, type Exchange, type ServedStream, type StreamParts } from "./stream.ts";

export interface EventDoor extends Door {
  /** Answers a request by an event stream. @throws JuntoError, and has written nothing then */
  open(exchange: Exchange): void;
}

export interface EventDoorParts extends Omit<StreamParts, "limits"> {
  readonly limits?: Partial<Limits>;
}

export function createEventDoor(parts: EventDoorParts): EventDoor {
  const limits = { ...DEFAULT_LIMITS, ...parts.limits };
  const served = new Set<ServedStream>();
  let closing = false;
  return {
    open(exchange) {
      const { outgoing } = exchange;
      if (closing) throw new JuntoError("UNAVAILABLE", "The gateway is going away. Ask again.");
      if (outgoing.destroyed) return;
      // It would wait, and its client could leave unseen.
      if (!outgoing.socket)
        throw new JuntoError(
          "BAD_REQUEST",
          "An event stream cannot wait behind another answer: give it a connection of its own.",
        );
      const one = serveStream(exchange, { ...parts, limits });
      served.add(one);
      outgoing.once("close", () => served.delete(one));
    },
    size: () => served.size,
    dismiss(isGone) {
      for (const one of served) one.dismiss(isGone);
    },
    async close() {
      closing = true;
      await atMost(limits.closingTime, Promise.all([...served].map((one) => one.leave())));
    },
  };
}
