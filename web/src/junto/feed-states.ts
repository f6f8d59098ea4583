// What a feed can be doing, and what it does next when something happens. In words: feed-states.md.

export type FeedState =
  | "loading"
  | "loadWait"
  | "connecting"
  | "live"
  | "wait"
  | "renewing"
  | "retrying"
  | "signedOut"
  | "notAMember"
  | "outdated"
  | "stopped";

export type FeedSignal =
  | "LOADED"
  | "CONNECTED"
  | "LOST"
  | "RETRY"
  | "TOKEN_REFUSED"
  | "RENEWED"
  | "SIGNED_OUT"
  | "TOO_OLD"
  | "NOT_A_MEMBER"
  | "NOT_UNDERSTOOD"
  | "STOP";

/** The state after a signal; the same one when it means nothing there. */
export function nextState(state: FeedState, signal: FeedSignal): FeedState {
  if (ENDS.has(state)) return state;
  if (signal === "STOP") return "stopped";
  return TABLE[state]?.[signal] ?? state;
}

const ENDS: ReadonlySet<FeedState> = new Set(["signedOut", "notAMember", "outdated", "stopped"]);

type Row = Partial<Readonly<Record<FeedSignal, FeedState>>>;

const FAILING: Row = {
  SIGNED_OUT: "signedOut",
  NOT_A_MEMBER: "notAMember",
  NOT_UNDERSTOOD: "outdated",
};

const TABLE: Partial<Readonly<Record<FeedState, Row>>> = {
  // A question renews its token by itself: what is refused all the same is refused for good.
  loading: {
    ...FAILING,
    LOADED: "connecting",
    LOST: "loadWait",
    TOO_OLD: "loadWait",
    TOKEN_REFUSED: "signedOut",
  },
  loadWait: { RETRY: "loading" },
  connecting: { ...FAILING, CONNECTED: "live", LOST: "wait", TOO_OLD: "loading", TOKEN_REFUSED: "renewing" },
  retrying: { ...FAILING, CONNECTED: "live", LOST: "wait", TOO_OLD: "loading", TOKEN_REFUSED: "signedOut" },
  live: { ...FAILING, LOST: "wait", TOO_OLD: "loading", TOKEN_REFUSED: "renewing" },
  wait: { RETRY: "connecting" },
  renewing: { RENEWED: "retrying", SIGNED_OUT: "signedOut", TOKEN_REFUSED: "signedOut", LOST: "wait" },
};
