// So many at once, and the others wait their turn: an old system with no batch calls is asked politely.

/** Runs work when there is room for it. Work whose signal is aborted while it waits is never begun. */
export type Limit = <T>(work: () => Promise<T>, signal?: AbortSignal) => Promise<T>;

export function createLimit(atOnce: number): Limit {
  let free = atOnce;
  const waiting: (() => void)[] = [];
  return async (work, signal) => {
    signal?.throwIfAborted();
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      signal?.throwIfAborted();
      return await work();
    } finally {
      // The place goes to the next one, or is free.
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
