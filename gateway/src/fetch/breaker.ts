// Stops asking who does not answer. Closed: everyone asks. Open: nobody does, for a pause. Half-open: one request is
// the try, and its outcome decides.

/** Failures in a row that open the breaker. */
const FAILURES = 5;
/** Or this share of the requests of a window, when there were enough to speak of a share. */
const RATE = { window: 10_000, requests: 20, failed: 0.5 };
/** Milliseconds between tries while it is open. */
const PAUSE = 1_000;

export type BreakerState = "closed" | "open" | "half-open";
/** How a request ended. `unknown`: it says nothing of the subgraph, as when the client left. */
export type Outcome = "succeeded" | "failed" | "unknown";

/** Handed out for a request, and handed back with its outcome. */
export interface Ticket {
  /** Whether this request is the try of a half-open breaker. */
  readonly isTry: boolean;
}

export interface Breaker {
  readonly state: BreakerState;
  /** null: nobody is to be asked now. */
  enter(): Ticket | null;
  /** What was asked before the breaker changed its state does not change it again. */
  leave(ticket: Ticket, outcome: Outcome): void;
  /** Something else says that the subgraph is well. */
  close(): void;
}

export function createBreaker(
  options: { readonly now?: () => number; readonly onChange?: (state: BreakerState) => void } = {},
): Breaker {
  const { now = () => performance.now(), onChange } = options;
  let state: BreakerState = "closed";
  let nextTry = 0;
  let inARow = 0;
  let window = { since: now(), requests: 0, failed: 0 };
  // One ticket serves all requests of one time of being closed.
  let ticket: Ticket = { isTry: false };

  function become(next: BreakerState): void {
    if (next === state) return;
    state = next;
    onChange?.(next);
  }

  function close(): void {
    inARow = 0;
    window = { since: now(), requests: 0, failed: 0 };
    if (state !== "closed") ticket = { isTry: false };
    become("closed");
  }

  function open(): void {
    nextTry = now() + PAUSE;
    become("open");
  }

  function count(outcome: Outcome): void {
    if (now() - window.since > RATE.window) window = { since: now(), requests: 0, failed: 0 };
    window.requests += 1;
    if (outcome === "succeeded") {
      inARow = 0;
      return;
    }
    inARow += 1;
    window.failed += 1;
    const isOften = window.requests >= RATE.requests && window.failed >= window.requests * RATE.failed;
    if (inARow >= FAILURES || isOften) open();
  }

  return {
    get state() {
      return state;
    },
    enter() {
      if (state === "closed") return ticket;
      if (state === "half-open" || now() < nextTry) return null;
      become("half-open");
      return (ticket = { isTry: true });
    },
    leave(of, outcome) {
      if (of !== ticket || state === "open") return;
      if (state === "closed") {
        if (outcome !== "unknown") count(outcome);
      } else if (outcome === "succeeded") close();
      else if (outcome === "failed") open();
      else become("open"); // the next request is the try: `nextTry` is past
    },
    close,
  };
}
