// The life of one subscription to a group's feed.
//
//   REPLAY ──has caught up with the tail──▸ LIVE
//   REPLAY, LIVE ──the socket holds too much──▸ LAGGING ──it has drained──▸ REPLAY
//   any ──no longer a member, the client is done──▸ ENDED
//
// A subscription holds a cursor and no events: what a slow client has missed it reads again from the feed, where
// a card that changed ten times stands once.
import type { JuntoError } from "../errors/index.ts";
import type { Cohort } from "../audience/cohorts.ts";
import type { FeedRow } from "../groups/store.ts";
import { eventName } from "./event-name.ts";

export type State = "REPLAY" | "LIVE" | "LAGGING" | "ENDED";

/** Where a subscription's events go: a socket, seen from here. */
export interface Sink {
  /** Sends one ready response. `event`: its name, when a client can come back to where it was. */
  next(text: string, event?: string): void;
  /** Ends the subscription with a reason. */
  error(error: JuntoError): void;
  /** Ends it because there is no more to come. */
  complete(): void;
  /** More is waiting to be sent than a client should let wait. */
  congested(): boolean;
  /** Resolves when what waited has gone, or the socket has. */
  drained(): Promise<void>;
}

export interface Subscription {
  readonly person: string;
  readonly sink: Sink;
  cohort: Cohort;
  /** The `seq` up to which everything has been given, or need not be. */
  cursor: number;
  state: State;
  /** From now on they need no place. */
  readonly leave: () => void;
}

/** Gives one event; says no more than the socket can take. */
export function give(subscription: Subscription, row: FeedRow, text: string | null): void {
  const { seq } = row;
  if (subscription.state === "ENDED" || subscription.cursor >= seq) return;
  subscription.cursor = seq;
  if (text === null) return;
  subscription.sink.next(text, eventName(row));
  if (subscription.sink.congested()) subscription.state = "LAGGING";
}
