// Follows a group: the newest page, then everything that happens, through interruptions. See feed-states.md.
import { FollowDocument, OpenedDocument, type OpenedQuery } from "../generated/graphql.ts";
import { problemOf, type Connection } from "./connection.ts";
import type { AskProblem, AskProblemKind } from "./errors.ts";
import { nextState, type FeedSignal, type FeedState } from "./feed-states.ts";
import type { FeedEvent, Locale } from "./types.ts";

export type Opened = NonNullable<OpenedQuery["group"]>;

export interface FeedOptions {
  readonly connection: Connection;
  readonly group: string;
  readonly locale: Locale;
  /** The newest page; what was there before it is not the beginning of it (any more). */
  onOpened(opened: Opened): void;
  onEvent(event: FeedEvent): void;
  onState(state: FeedState): void;
  /** Of a browser, whether it is online; calls back when it comes online. */
  readonly whenOnline?: (listener: () => void) => () => void;
}

export interface Feed {
  state(): FeedState;
  stop(): void;
}

export const PAGE = 60;
/** Before this `seq` are all events. */
export const END: number = 2 ** 31 - 1;
const FIRST_PAUSE = 300;
const LONGEST_PAUSE = 10_000;

export function followGroup(options: FeedOptions): Feed {
  const { connection, group, locale } = options;
  let state: FeedState = "loading";
  let cursor = 0;
  let failures = 0;
  let leave = (): void => undefined;

  /** What a state begins; the function that ends it. `signal` is deaf once the state is left. */
  const ENTER: Partial<Record<FeedState, (signal: (name: FeedSignal) => void) => () => void>> = {
    loading: (signal) => loadPage(signal),
    connecting: follow,
    retrying: follow,
    loadWait: pause,
    wait: pause,
    renewing(signal) {
      connection.renew().then(
        () => signal("RENEWED"),
        (error: unknown) => signal(SIGNALS[problemOf(error).kind]),
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

  function loadPage(signal: (name: FeedSignal) => void): () => void {
    let wanted = true;
    connection.ask(OpenedDocument, { group, before: END, first: PAGE, locale }).then(
      ({ group: opened }) => {
        if (!wanted) return;
        if (!opened) return signal("NOT_A_MEMBER");
        cursor = opened.feed.at(-1)?.seq ?? opened.head;
        options.onOpened(opened);
        signal("LOADED");
      },
      (error: unknown) => signal(signalOf(problemOf(error))),
    );
    return () => (wanted = false);
  }

  function follow(signal: (name: FeedSignal) => void): () => void {
    let wanted = true;
    const end = connection.follow(
      FollowDocument,
      { group, after: cursor, locale },
      {
        connected: () => signal("CONNECTED"),
        next({ groupFeed: event }) {
          if (!wanted || event.seq <= cursor) return;
          cursor = event.seq;
          options.onEvent(event);
        },
        ended(problem) {
          signal(signalOf(problem));
        },
      },
    );
    return () => {
      wanted = false;
      end();
    };
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

function signalOf({ kind }: AskProblem): FeedSignal {
  return SIGNALS[kind];
}
