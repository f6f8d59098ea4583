// Says whether the old system is there and how many changes wait, without letting anyone hammer the old system.
import { setTimeout as sleep } from "node:timers/promises";
import { describeError } from "./errors.ts";
import type { Logger } from "./types.ts";

export interface Health {
  readonly status: "ok" | "degraded";
  readonly legacy: "ok" | "away";
  /** Changes that the gateway does not have yet. */
  readonly outbox: number;
}

const longestPing = 2000;
/** An answer holds so long, in milliseconds. */
const fresh = 500;

export function createHealth(options: {
  readonly ping: (() => Promise<void>) | undefined;
  readonly watching: () => boolean;
  readonly pending: () => number;
  readonly log: Logger;
}): () => Promise<Health> {
  const legacyIsThere = shared(() => isThere(options.ping, options.log));
  return async () => {
    const there = await legacyIsThere();
    return {
      status: there && options.watching() ? "ok" : "degraded",
      legacy: there ? "ok" : "away",
      outbox: options.pending(),
    };
  };
}

async function isThere(ping: (() => Promise<void>) | undefined, log: Logger): Promise<boolean> {
  if (!ping) return true;
  const over = new AbortController();
  try {
    await Promise.race([
      ping(),
      sleep(longestPing, undefined, { signal: over.signal }).then(() => {
        throw new Error(`no answer in ${longestPing} ms`);
      }),
    ]);
    return true;
  } catch (error) {
    log.warn({ err: describeError(error) }, "the old system is away");
    return false;
  } finally {
    over.abort();
  }
}

// Whoever asks while an answer is on its way, or just after, gets that one.
function shared(ask: () => Promise<boolean>): () => Promise<boolean> {
  let answer: Promise<boolean> | undefined;
  let until = 0;
  return () => {
    if (answer && performance.now() < until) return answer;
    until = Infinity;
    answer = ask().finally(() => (until = performance.now() + fresh));
    return answer;
  };
}
