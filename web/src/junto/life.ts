// The life of whatever is followed, through interruptions: a feed, which begins with a page and goes on from a cursor, or
// what is told as it is now. See feed-states.md.
import { problemOf, type Connection } from "./connection.ts";
import type { AskProblem, AskProblemKind } from "./errors.ts";
import { nextState, type FeedSignal, type FeedState } from "./feed-states.ts";

/** Begins something; the function that ends it. `signal` is deaf once the state is left. */
type Enter = (signal: (name: FeedSignal) => void) => () => void;

export interface LifeOptions {
  readonly connection: Pick<Connection, "renew">;
  readonly start: "loading" | "connecting";
  /** Where there is something to ask for before one can follow. */
  readonly load?: Enter;
  readonly follow: Enter;
  onState(state: FeedState): void;
  /** Of a browser, whether it is online; calls back when it comes online. */
  readonly whenOnline?: (listener: () => void) => () => void;
}

export interface Life {
  state(): FeedState;
  stop(): void;
}

const FIRST_PAUSE = 300;
const LONGEST_PAUSE = 10_000;

export function live(options: LifeOptions): Life {
  const { connection, load, follow } = options;
  let state: FeedState = options.start;
  let failures = 0;
  let leave = (): void => undefined;

  const ENTER: Partial<Record<FeedState, Enter>> = {
    ...(load && { loading: load }),
    connecting: follow,
    retrying: follow,
    loadWait: pause,
    wait: pause,
    renewing(signal) {
      connection.renew().then(
        () => signal("RENEWED"),
        (error: unknown) => signal(signalOf(problemOf(error))),
      );
      return () => undefined;
    },
  };

  function enter(): void {
    let here = true;
    const end = ENTER[state]?.((name) => here && go(name));
    leave = () => {
      here = false;
      end?.();
    };
  }

  function go(signal: FeedSignal): void {
    const next = nextState(state, signal);
    if (next === state) return;
    // What is live is the socket that was being opened.
    const goesOn = next === "live";
    if (goesOn) failures = 0;
    else leave();
    state = next;
    options.onState(state);
    if (!goesOn) enter();
  }

  function pause(signal: (name: FeedSignal) => void): () => void {
    const longest = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** failures++);
    // Not all who were thrown out together come back together.
    const timer = setTimeout(() => signal("RETRY"), longest * (0.5 + Math.random() / 2));
    const unlisten = options.whenOnline?.(() => signal("RETRY"));
    return () => {
      clearTimeout(timer);
      unlisten?.();
    };
  }

  options.onState(state);
  enter();
  return {
    state: () => state,
    stop: () => go("STOP"),
  };
}

const SIGNALS: Readonly<Record<AskProblemKind, FeedSignal>> = {
  AWAY: "LOST",
  TOKEN_REFUSED: "TOKEN_REFUSED",
  SIGNED_OUT: "SIGNED_OUT",
  NOT_A_MEMBER: "NOT_A_MEMBER",
  NOT_UNDERSTOOD: "NOT_UNDERSTOOD",
  BAD_INPUT: "TOO_OLD",
};

export function signalOf({ kind }: AskProblem): FeedSignal {
  return SIGNALS[kind];
}
