// One client's end of a federated subscription. Its events are kept nowhere: what a slow client has not taken waits
// for it, and when too much does, its subscription ends with a word that says so.
import { JuntoError } from "../errors/index.ts";
import type { Sink } from "./subscription.ts";

/** What may wait for one client: events, and characters of them. */
export interface Waiting {
  readonly events: number;
  readonly characters: number;
}

const WAITING: Waiting = { events: 100, characters: 4 * 1024 * 1024 };

export interface Follower {
  /** Gives one event after those before it. */
  next(text: string): void;
  /** No more come: ends when what waits has been given. */
  finish(reason: "complete" | JuntoError): void;
  /** Ends now; what waits is not given. */
  end(reason: JuntoError | null): void;
  /** What waits was made for rights that are no more. */
  forget(): void;
  readonly ended: boolean;
}

export function createFollower(sink: Sink, onEnd: () => void, most: Waiting = WAITING): Follower {
  let waiting: string[] = [];
  let characters = 0;
  let last: "complete" | JuntoError | null = null;
  let draining = false;
  let ended = false;

  const end = (reason: "complete" | JuntoError | null): void => {
    if (ended) return;
    ended = true;
    waiting = [];
    onEnd();
    if (reason === "complete") sink.complete();
    else if (reason) sink.error(reason);
  };

  const drain = async (): Promise<void> => {
    draining = true;
    while (waiting.length > 0) {
      await sink.drained();
      while (waiting.length > 0 && !sink.congested()) {
        const text = waiting.shift()!;
        characters -= text.length;
        sink.next(text);
      }
    }
    draining = false;
    if (last) end(last);
  };

  return {
    next(text) {
      if (ended || last) return;
      if (!draining && !sink.congested()) return sink.next(text);
      waiting.push(text);
      characters += text.length;
      if (waiting.length > most.events || characters > most.characters)
        return end(
          new JuntoError(
            "TOO_SLOW",
            `${waiting.length} events wait for this client, and it does not take them.`,
          ),
        );
      if (!draining) void drain();
    },
    finish(reason) {
      last ??= reason;
      if (!draining) end(last);
    },
    end,
    forget() {
      waiting = [];
      characters = 0;
    },
    get ended() {
      return ended;
    },
  };
}
