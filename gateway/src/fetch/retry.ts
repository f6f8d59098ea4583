// Whether and when a request that failed is made again: only where that is safe, at most a few times, and never so
// often that an outage is multiplied.
import type { Failure } from "./exchange.ts";

/** Milliseconds. The first wait is anything up to `first`; each further one up to twice the one before. */
const WAIT = { first: 25, longest: 1_000 };
/** Tries again that a subgraph has in store, and what each request adds to them. */
const BUDGET = { most: 10, perRequest: 0.1 };

/** Of a status: the subgraph, or what stands before it, is out of order for a moment. */
export function isMomentary(status: number): boolean {
  return status === 429 || status === 502 || status === 503 || status === 504;
}

/**
 * A read may be made again whenever there was no answer. Anything else only if it certainly was not sent: a
 * connection that broke may have broken after the request had arrived.
 */
export function isSafeToRepeat(
  operationKind: "query" | "mutation" | "subscription",
  failure: Failure,
): boolean {
  if (failure.reason === "connect") return true;
  return operationKind === "query" && (failure.reason === "broken" || failure.reason === "status");
}

/** Exponential, with full jitter: callers that failed together do not come back together. */
export function waitBefore(tried: number, random: () => number): number {
  return random() * Math.min(WAIT.longest, WAIT.first * 2 ** (tried - 1));
}

/** Milliseconds that a `Retry-After` asks for, in seconds or as a date; 0 when there is none that can be read. */
export function retryAfter(value: string | undefined, date: () => number): number {
  if (value === undefined) return 0;
  if (/^\d{1,6}$/.test(value)) return Number(value) * 1_000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? 0 : Math.max(0, at - date());
}

export interface RetryBudget {
  /** A request is made for the first time. */
  earn(): void;
  /** Whether one may be made again; it is then paid for. */
  spend(): boolean;
}

export function createRetryBudget(): RetryBudget {
  let left = BUDGET.most;
  return {
    earn() {
      left = Math.min(BUDGET.most, left + BUDGET.perRequest);
    },
    spend() {
      if (left < 1) return false;
      left -= 1;
      return true;
    },
  };
}
