// One client's end of something that is shown as it is now. I6: when it changes faster than the client takes it, what is
// between is left out; nothing waits but the word that there is something newer.
import { JuntoError } from "../errors/index.ts";
import type { Sink } from "./subscription.ts";

export interface Latest {
  /** It has changed. */
  touch(): void;
  /** Ends now. */
  end(reason: JuntoError | null): void;
}

export interface LatestParts {
  /** As it is when it is called; null: there is nothing to say. */
  readonly render: () => Promise<string | null>;
  readonly sink: Sink;
  /** Milliseconds between two of its events. */
  readonly pace: number;
  readonly onEnd: () => void;
}

export function createLatest({ render, sink, pace, onEnd }: LatestParts): Latest {
  let touched = false;
  let running = false;
  let ended = false;
  let resting: { readonly timer: NodeJS.Timeout; readonly over: () => void } | undefined;

  const rest = (): Promise<void> =>
    new Promise((over) => {
      resting = { timer: setTimeout(over, pace), over };
    });

  /** @returns whether it may be called again */
  async function step(): Promise<boolean> {
    if (sink.congested()) await sink.drained();
    touched = false;
    const text = ended ? null : await render();
    if (ended) return false;
    if (text !== null) {
      sink.next(text);
      await rest();
    }
    return touched && !ended;
  }

  async function run(): Promise<void> {
    running = true;
    try {
      await Promise.resolve(); // what changes in one turn is one change
      while (await step());
    } catch (error) {
      end(JuntoError.from(error));
    } finally {
      running = false;
    }
  }

  function end(reason: JuntoError | null): void {
    if (ended) return;
    ended = true;
    clearTimeout(resting?.timer);
    resting?.over();
    onEnd();
    if (reason) sink.error(reason);
  }

  return {
    touch() {
      touched = true;
      if (!running && !ended) void run();
    },
    end,
  };
}
