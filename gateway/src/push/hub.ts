// The feeds of groups ▸ open subscriptions: one tail for each group that somebody here follows.
import type { Sink } from "./subscription.ts";
import type { Reread } from "../operation/reading.ts";
import type { StandingParts } from "./standing.ts";
import { Tail, type FeedRequest, type TailParts } from "./tail.ts";

export interface HubParts extends TailParts, Pick<StandingParts, "onFeed"> {}

export interface Hub {
  /** Gives a member everything after their cursor, then what happens. @returns what ends it. */
  subscribe(request: FeedRequest, sink: Sink): () => void;
  /** Another graph is in force. */
  renew(reread: Reread): void;
  /** Groups that somebody here follows. */
  groups(): readonly string[];
  /** Open subscriptions. */
  readonly size: () => number;
  close(): void;
}

export function createHub(parts: HubParts): Hub {
  const tails = new Map<string, Tail>();
  const stop = parts.onFeed((group) => tails.get(group)?.wake());
  return {
    subscribe(request, sink) {
      const { id } = request.place;
      let tail = tails.get(id);
      if (!tail) {
        tail = new Tail(id, parts, (left) => {
          if (tails.get(id) === left) tails.delete(id);
        });
        tails.set(id, tail);
      }
      return tail.join(request, sink);
    },
    renew(reread) {
      for (const tail of [...tails.values()]) tail.renew(reread);
    },
    groups: () => [...tails.keys()],
    size: () => [...tails.values()].reduce((sum, tail) => sum + tail.size, 0),
    close: stop,
  };
}
