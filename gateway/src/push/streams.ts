// What can be subscribed to, one kind each: a feed, what is shown as it is now, the events of a subgraph. The root field of
// a subscription says which it is; whatever it is, it goes on in another graph and counts among those that are open.
import type { Viewer, ViewerGroup } from "../access/viewer.ts";
import { JuntoError } from "../errors/index.ts";
import type { Person } from "../identity/index.ts";
import type { Reading, Reread } from "../operation/reading.ts";
import type { Sink } from "./subscription.ts";

/** A subscription that a client asks for. */
export interface Asked {
  readonly viewer: Viewer;
  /** The operation as it is read in the graph that is in force by now. @throws JuntoError when it is not valid there */
  reading(): Reading;
  /** The name of the event that the client had last. */
  readonly lastEvent: string | undefined;
}

export interface Streams {
  /** @returns what ends it. @throws JuntoError */
  subscribe(asked: Asked, sink: Sink): (() => void) | Promise<() => void>;
  /** Another graph is in force. */
  renew(reread: Reread): void;
  /** Open subscriptions of clients. */
  readonly size: () => number;
  close(): void;
}

/** Who asks for what there is in a group, and the group. @throws JuntoError NOT_FOUND */
export function memberOf({ person, group }: Viewer): {
  readonly person: Person;
  readonly group: ViewerGroup;
} {
  if (person && group) return { person, group };
  throw new JuntoError("NOT_FOUND", "There is no such group, or you are not a member of it.");
}
