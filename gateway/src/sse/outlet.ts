// What goes to one client as server-sent events: events of the protocol around responses that are ready.
// https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
import type { ServerResponse } from "node:http";
import { createBacklog } from "../door/backlog.ts";
import type { Outlet } from "../door/operations.ts";
import { requestErrors } from "../shape/errors.ts";

export interface EventOutlet extends Outlet {
  /** Says nothing, and keeps the connection. `left`: called when it has left, with all before it. */
  comment(left?: () => void): void;
  /** No more comes on this connection, which says nothing of the operation: the client comes again. */
  breakOff(): void;
  /** The connection has gone. */
  close(): void;
}

/**
 * A response is JSON on one line (what would end a line stands escaped in its texts), and so is one line of `data`.
 * @param limit bytes that may wait
 */
export function createEventOutlet(outgoing: ServerResponse, limit: number): EventOutlet {
  const isOpen = (): boolean => !outgoing.writableEnded && !outgoing.destroyed;
  const backlog = createBacklog(() => (outgoing.destroyed ? 0 : outgoing.writableLength), limit);
  const send = (text: string, left?: () => void): void => {
    if (!isOpen()) return;
    outgoing.write(text, () => {
      left?.();
      backlog.look();
    });
  };
  /** `data` is there, though empty: without it EventSource would not tell of the event. */
  const complete = (): void => {
    send("event: complete\ndata:\n\n");
    if (isOpen()) outgoing.end();
  };
  return {
    comment: (left) => send(":\n\n", left),
    next(_id, payload, event) {
      send(`${event === undefined ? "" : `id: ${event}\n`}event: next\ndata: ${payload}\n\n`);
    },
    fail(_id, error) {
      send(`event: next\ndata: ${JSON.stringify({ errors: requestErrors(error) })}\n\n`);
      complete();
    },
    complete,
    breakOff() {
      if (isOpen()) outgoing.end();
    },
    congested: backlog.congested,
    drained: backlog.drained,
    close: backlog.look,
  };
}
