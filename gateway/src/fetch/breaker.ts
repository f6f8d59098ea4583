// Stops asking who does not answer: after some failures in a row, only one request in a while goes through.

/** Failures in a row that open the breaker. */
const FAILURES = 5;
/** Milliseconds between tries while it is open. */
const PAUSE = 1_000;

export interface Breaker {
  /** Whether a request may be sent now. While open, says yes once in a pause: that request is the try. */
  allows(): boolean;
  succeeded(): void;
  failed(): void;
}

export function createBreaker(clock: () => number = Date.now): Breaker {
  let failures = 0;
  let nextTry = 0;
  return {
    allows() {
      if (failures < FAILURES) return true;
      if (clock() < nextTry) return false;
      nextTry = clock() + PAUSE;
      return true;
    },
    succeeded() {
      failures = 0;
    },
    failed() {
      failures += 1;
      if (failures >= FAILURES) nextTry = clock() + PAUSE;
    },
  };
}
