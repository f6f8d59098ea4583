// Time for tests of the transport: it passes when it is told to.
import type { Time } from "./time.ts";

export interface TestTime extends Time {
  advance(milliseconds: number): void;
  /** Lets waits before further tries pass at once. */
  runWaits(): void;
  /** Milliseconds of each wait. */
  readonly waits: readonly number[];
  /** Called when a further try begins to wait. */
  onWait: (() => void) | null;
  /** How many are set. */
  timers(): number;
}

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** A timer of another length than the deadline's is a wait before a further try. */
export function testTime(deadline = 5_000): TestTime {
  let now = 0;
  let runs = false;
  const timers = new Set<Timer>();
  const waits: number[] = [];
  const time: TestTime = {
    waits,
    onWait: null,
    now: () => now,
    date: () => now,
    random: () => 0.5,
    setTimeout(run, milliseconds) {
      const timer: Timer = { at: now + milliseconds, run };
      if (milliseconds !== deadline) {
        waits.push(milliseconds);
        queueMicrotask(() => {
          time.onWait?.();
          if (runs && timers.delete(timer)) run();
        });
      }
      timers.add(timer);
      return timer;
    },
    clearTimeout: (timer) => void timers.delete(timer as Timer),
    advance(milliseconds) {
      now += milliseconds;
      for (const timer of timers) if (timer.at <= now && timers.delete(timer)) timer.run();
    },
    runWaits: () => void (runs = true),
    timers: () => timers.size,
  };
  return time;
}
