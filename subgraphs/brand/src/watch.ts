// Polls IMS for as long as the subgraph runs, less often while it is away.
import { setTimeout as sleep } from "node:timers/promises";
import { LegacyError, type Logger, type Watch } from "@junto/subgraph";
import { createFollower, type Follower, type FollowOptions } from "./follow.ts";
import type { Ims } from "./ims.ts";

export interface WatchOptions extends FollowOptions {
  /** Milliseconds between polls. */
  readonly pollEvery: number;
  /** Milliseconds between comparisons of all keys. */
  readonly scanEvery: number;
}

/** The longest pause while IMS is away. */
const LONGEST_PAUSE = 5000;

export function watchIms(ims: Ims, options: WatchOptions): Watch {
  return async (sink, { log, signal }) => {
    const follower = createFollower(ims, sink, log, options);
    const stop = new AbortController();
    const stopped = AbortSignal.any([signal, stop.signal]);
    await follower.poll(stopped);
    const running = keepPolling(follower, options, log, stopped);
    return {
      async close() {
        stop.abort();
        await running;
      },
    };
  };
}

async function keepPolling(
  follower: Follower,
  { pollEvery, scanEvery }: WatchOptions,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  // At a start, what was deleted meanwhile is looked for at once.
  let scanned = Number.NEGATIVE_INFINITY;
  let pause = pollEvery;
  for (;;) {
    try {
      await follower.poll(signal);
      if (performance.now() - scanned >= scanEvery) {
        await follower.scan(signal);
        scanned = performance.now();
      }
      if (pause > pollEvery) log.info({}, "IMS answers again");
      pause = pollEvery;
    } catch (error) {
      if (signal.aborted) return;
      if (pause === pollEvery) log.warn({ reason: reasonOf(error) }, "IMS cannot be polled: trying again");
      pause = Math.max(pause + 1, Math.min(pause * 2, LONGEST_PAUSE));
    }
    await sleep(pause, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof LegacyError) return error.code;
  return error instanceof Error ? error.message : "unknown";
}
