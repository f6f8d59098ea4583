// A feed through everything that interrupts it. The names are those of feed-states.md.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { FeedState } from "./feed-states.ts";
import { followGroup } from "./feed.ts";
import type { Life } from "./life.ts";
import { message, scriptedConnection, type ScriptedConnection } from "./testing.ts";

let connection: ScriptedConnection;
let states: FeedState[];
let heard: number[];
let opened: number[];
let online: (() => void)[];
let feed: Life;

beforeEach(() => {
  vi.useFakeTimers();
  connection = scriptedConnection();
  [states, heard, opened, online] = [[], [], [], []];
});
afterEach(() => {
  feed.stop();
  vi.useRealTimers();
});

function follow(): void {
  feed = followGroup({
    connection,
    group: "g",
    locale: "en",
    onOpened: ({ feed: page }) => opened.push(page.at(-1)?.seq ?? 0),
    onEvent: ({ seq }) => heard.push(seq),
    onState: (state) => states.push(state),
    whenOnline: (listener) => {
      online.push(listener);
      return () => online.splice(online.indexOf(listener), 1);
    },
  });
}

async function answer(page: readonly number[], head = page.at(-1) ?? 0): Promise<void> {
  connection.questions.shift()!.answer({ group: { head, feed: page.map((seq) => message(seq)) } });
  await vi.advanceTimersByTimeAsync(0);
}

async function live(): Promise<void> {
  follow();
  await answer([5, 6, 7]);
  last().sink.connected();
}

const last = () => connection.followings.at(-1)!;
const event = (seq: number) => ({ groupFeed: message(seq) });

describe("a group that is opened", () => {
  it("shows the newest page, and follows from its last event on", async () => {
    await live();
    expect(opened).toEqual([7]);
    expect(last().variables).toMatchObject({ group: "g", after: 7 });
    expect(states).toEqual(["loading", "connecting", "live"]);
  });

  it("asks for the newest page, wherever that is", async () => {
    follow();
    expect(connection.questions[0]!.variables).toMatchObject({ before: 2 ** 31 - 1, first: 60 });
    await answer([199, 200]);
    expect(last().variables).toMatchObject({ after: 200 });
  });

  it("follows an empty group from its head", async () => {
    follow();
    await answer([], 0);
    expect(last().variables).toMatchObject({ after: 0 });
  });

  it("tries again when there is no answer", async () => {
    follow();
    connection.questions.shift()!.fail("AWAY");
    await vi.advanceTimersByTimeAsync(300);
    await answer([7]);
    expect(states).toEqual(["loading", "loadWait", "loading", "connecting"]);
  });

  it("says when there is no such group", async () => {
    follow();
    connection.questions.shift()!.answer({ group: null });
    await vi.advanceTimersByTimeAsync(0);
    expect(states.at(-1)).toBe("notAMember");
  });
});

describe("F1: nothing twice, nothing back", () => {
  it("hears each seq once, also when the gateway repeats itself or is out of order", async () => {
    await live();
    for (const seq of [8, 8, 7, 3, 10, 9, 11]) last().sink.next(event(seq));
    expect(heard).toEqual([8, 10, 11]);
  });
});

describe("F2: nothing lost", () => {
  it("begins every connection at what was handed on last", async () => {
    await live();
    last().sink.next(event(9));
    last().sink.ended({ kind: "AWAY", message: "" });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(last().variables).toMatchObject({ after: 9 });
    last().sink.connected();
    last().sink.next(event(10));
    expect(heard).toEqual([9, 10]);
    expect(states.slice(-3)).toEqual(["wait", "connecting", "live"]);
    expect(opened).toEqual([7]);
  });
});

describe("F3: one at a time", () => {
  it("does not hear a socket that it left", async () => {
    await live();
    const first = last();
    first.sink.ended({ kind: "AWAY", message: "" });
    first.sink.next(event(8));
    expect(heard).toEqual([]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(connection.followings).toHaveLength(2);
  });

  it("ends what is under way when it is stopped", async () => {
    await live();
    feed.stop();
    expect(last().stopped).toBe(true);
    last().sink.next(event(8));
    expect(heard).toEqual([]);
  });

  it("does not show a page that comes after it was stopped", async () => {
    follow();
    feed.stop();
    await answer([7]);
    expect(opened).toEqual([]);
  });
});

describe("F4: a refused token is renewed once", () => {
  it("comes back with a new token and its cursor", async () => {
    await live();
    last().sink.next(event(8));
    last().sink.ended({ kind: "TOKEN_REFUSED", message: "expired" });
    await vi.advanceTimersByTimeAsync(0);
    expect(connection.renewed).toBe(1);
    expect(last().variables).toMatchObject({ after: 8 });
    last().sink.connected();
    expect(states.slice(-3)).toEqual(["renewing", "retrying", "live"]);
  });

  it("ends when the new one is refused as well", async () => {
    await live();
    last().sink.ended({ kind: "TOKEN_REFUSED", message: "" });
    await vi.advanceTimersByTimeAsync(0);
    last().sink.ended({ kind: "TOKEN_REFUSED", message: "" });
    expect(states.at(-1)).toBe("signedOut");
  });

  it("ends when there is none without the person", async () => {
    await live();
    connection.renewal = "SIGNED_OUT";
    last().sink.ended({ kind: "TOKEN_REFUSED", message: "" });
    await vi.advanceTimersByTimeAsync(0);
    expect(states.at(-1)).toBe("signedOut");
  });

  it("waits when the sign-in does not answer", async () => {
    await live();
    connection.renewal = "AWAY";
    last().sink.ended({ kind: "TOKEN_REFUSED", message: "" });
    await vi.advanceTimersByTimeAsync(0);
    expect(states.at(-1)).toBe("wait");
  });
});

describe("F5: a cursor that is too old is said", () => {
  it("loads the page anew", async () => {
    await live();
    last().sink.ended({ kind: "BAD_INPUT", message: "beyond the newest event" });
    expect(connection.questions[0]!.variables).toMatchObject({ before: 2 ** 31 - 1 });
    await answer([1, 2]);
    expect(opened).toEqual([7, 2]);
    expect(last().variables).toMatchObject({ after: 2 });
  });
});

describe("F6: pauses", () => {
  it("grow, and end at once when the machine comes online", async () => {
    await live();
    for (let failure = 0; failure < 6; failure++) {
      last().sink.ended({ kind: "AWAY", message: "" });
      await vi.advanceTimersByTimeAsync(10_000);
    }
    const before = connection.followings.length;
    last().sink.ended({ kind: "AWAY", message: "" });
    await vi.advanceTimersByTimeAsync(4_000);
    expect(connection.followings).toHaveLength(before);
    online[0]!();
    expect(connection.followings).toHaveLength(before + 1);
    expect(online).toEqual([]);
  });
});

describe("F7: the end is the end", () => {
  it("of a group that one is no longer in", async () => {
    await live();
    last().sink.ended({ kind: "NOT_A_MEMBER", message: "" });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(states.at(-1)).toBe("notAMember");
    expect(connection.followings).toHaveLength(1);
  });
});
