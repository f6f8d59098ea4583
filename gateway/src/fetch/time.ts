// What the transport knows of time.

/** Clock, chance and timers: tests bring their own. */
export interface Time {
  /** Milliseconds that only rise. */
  now(): number;
  /** Milliseconds since 1970. */
  date(): number;
  /** From 0 to 1. */
  random(): number;
  setTimeout(run: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
}

export const REAL_TIME: Time = {
  now: () => performance.now(),
  date: Date.now,
  random: Math.random,
  setTimeout,
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
};
