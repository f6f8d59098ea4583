// Every pair of state and signal, as feed-states.md has them. The compiler says when one is missing.
import { describe, expect, it } from "vitest";
import { nextState, type FeedSignal, type FeedState } from "./feed-states.ts";

/** "-": nothing happens. */
type Row = Readonly<Record<FeedSignal, FeedState | "-">>;

const NOTHING: Row = {
  LOADED: "-",
  CONNECTED: "-",
  LOST: "-",
  RETRY: "-",
  TOKEN_REFUSED: "-",
  RENEWED: "-",
  SIGNED_OUT: "-",
  TOO_OLD: "-",
  NOT_A_MEMBER: "-",
  NOT_UNDERSTOOD: "-",
  STOP: "-",
};

const TABLE: Readonly<Record<FeedState, Row>> = {
  loading: {
    LOADED: "connecting",
    CONNECTED: "-",
    LOST: "loadWait",
    RETRY: "-",
    TOKEN_REFUSED: "signedOut",
    RENEWED: "-",
    SIGNED_OUT: "signedOut",
    TOO_OLD: "loadWait",
    NOT_A_MEMBER: "notAMember",
    NOT_UNDERSTOOD: "outdated",
    STOP: "stopped",
  },
  loadWait: { ...NOTHING, RETRY: "loading", STOP: "stopped" },
  connecting: {
    LOADED: "-",
    CONNECTED: "live",
    LOST: "wait",
    RETRY: "-",
    TOKEN_REFUSED: "renewing",
    RENEWED: "-",
    SIGNED_OUT: "signedOut",
    TOO_OLD: "loading",
    NOT_A_MEMBER: "notAMember",
    NOT_UNDERSTOOD: "outdated",
    STOP: "stopped",
  },
  live: {
    LOADED: "-",
    CONNECTED: "-",
    LOST: "wait",
    RETRY: "-",
    TOKEN_REFUSED: "renewing",
    RENEWED: "-",
    SIGNED_OUT: "signedOut",
    TOO_OLD: "loading",
    NOT_A_MEMBER: "notAMember",
    NOT_UNDERSTOOD: "outdated",
    STOP: "stopped",
  },
  wait: { ...NOTHING, RETRY: "connecting", STOP: "stopped" },
  renewing: {
    ...NOTHING,
    LOST: "wait",
    TOKEN_REFUSED: "signedOut",
    RENEWED: "retrying",
    SIGNED_OUT: "signedOut",
    STOP: "stopped",
  },
  retrying: {
    LOADED: "-",
    CONNECTED: "live",
    LOST: "wait",
    RETRY: "-",
    TOKEN_REFUSED: "signedOut",
    RENEWED: "-",
    SIGNED_OUT: "signedOut",
    TOO_OLD: "loading",
    NOT_A_MEMBER: "notAMember",
    NOT_UNDERSTOOD: "outdated",
    STOP: "stopped",
  },
  signedOut: NOTHING,
  notAMember: NOTHING,
  outdated: NOTHING,
  stopped: NOTHING,
};

describe.each(Object.entries(TABLE) as [FeedState, Row][])("a feed that is %s", (state, row) => {
  it.each(Object.entries(row) as [FeedSignal, FeedState | "-"][])("on %s becomes %s", (signal, next) => {
    expect(nextState(state, signal)).toBe(next === "-" ? state : next);
  });
});

it("F7: nothing leads out of an end", () => {
  const signals = Object.keys(NOTHING) as FeedSignal[];
  for (const end of ["signedOut", "notAMember", "outdated", "stopped"] as const)
    expect(new Set(signals.map((signal) => nextState(end, signal)))).toEqual(new Set([end]));
});
