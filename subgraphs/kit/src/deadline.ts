// The time that one request may take in the old system.
import { LegacyError } from "./errors.ts";

export interface Deadline {
  readonly signal: AbortSignal;
  /** Settles as the work does, or fails with `LEGACY_TIMEOUT` when the time is over. Not started after that. */
  race<T>(work: () => T | Promise<T>): T | Promise<T>;
  /** The request is answered. */
  end(): void;
}

export function startDeadline(milliseconds: number): Deadline {
  const controller = new AbortController();
  const { signal } = controller;
  let expire!: (error: Error) => void;
  const expired = new Promise<never>((_, reject) => (expire = reject));
  expired.catch(() => undefined);
  const timer = setTimeout(() => {
    const error = new LegacyError("LEGACY_TIMEOUT", "The old system did not answer in time");
    controller.abort(error);
    expire(error);
  }, milliseconds);
  // The items of a list may come one by one.
  const bounded = <T>(result: T | Promise<T>): T | Promise<T> => {
    if (isPromise(result)) return Promise.race([result, expired]);
    return Array.isArray(result) && result.some(isPromise) ? (result.map(bounded) as T) : result;
  };
  return {
    signal,
    race(work) {
      signal.throwIfAborted();
      return bounded(work());
    },
    end: () => clearTimeout(timer),
  };
}

export function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}
