// Pauses between attempts: longer each time, not all at once, over at once when stopped.
import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds: the pause after the first failure, and the longest one. */
export interface RetryTimes {
  readonly first: number;
  readonly longest: number;
}

export interface Retry {
  /** Waits for the next attempt, at least `least` milliseconds. Returns at once when stopped. */
  pause(least?: number): Promise<void>;
  /** The attempt worked. */
  reset(): void;
}

export function createRetry(stopped: AbortSignal, times: RetryTimes = { first: 100, longest: 5000 }): Retry {
  let failures = 0;
  return {
    async pause(least = 0) {
      const full = Math.min(times.longest, times.first * 2 ** Math.min(failures, 30));
      failures += 1;
      // Half of it is chance, so that subgraphs that failed together do not come back together.
      const wait = full / 2 + (Math.random() * full) / 2;
      const bounded = Math.max(wait, Math.min(least, 60_000));
      await sleep(bounded, undefined, { signal: stopped }).catch(() => undefined);
    },
    reset() {
      failures = 0;
    },
  };
}
