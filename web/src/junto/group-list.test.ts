// The list of groups through what comes twice, late and after interruptions.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { applyNews, followGroups, type GroupList } from "./group-list.ts";
import { scriptedConnection, type ScriptedConnection } from "./testing.ts";
import type { Group } from "./types.ts";

const group = (id: string, head: number, read = head, more: Partial<Group> = {}): Group => ({
  id,
  name: id,
  scenario: "counter",
  closed: false,
  head,
  changedAt: new Date(1_800_000_000_000 + head * 1_000).toISOString(),
  organizations: [],
  reading: {
    seq: read,
    messages: head - read,
    mentions: 0,
    firstMention: null,
    answers: 0,
    forThem: [],
    cards: 0,
    changes: 0,
    first: read < head ? read + 1 : null,
    more: false,
    waiting: 0,
  },
  ...more,
});
const all = (...groups: Group[]) => ({ all: true, left: [], groups });
const news = (...groups: Group[]) => ({ all: false, left: [], groups });
const ids = (groups: readonly Group[]): string[] => groups.map(({ id }) => id);

describe("news", () => {
  it("puts what happened last first, and takes away what one has left", () => {
    const first = applyNews([], all(group("a", 3), group("b", 5)));
    expect(ids(first)).toEqual(["b", "a"]);
    const second = applyNews(first, news(group("a", 7, 3), group("c", 1)));
    expect(ids(second)).toEqual(["a", "b", "c"]);
    expect(ids(applyNews(second, { all: false, left: ["a", "x"], groups: [] }))).toEqual(["b", "c"]);
  });

  it("changes nothing when it comes twice or late", () => {
    const known = applyNews([], all(group("a", 7, 5)));
    expect(applyNews(known, news(group("a", 7, 5)))).toEqual(known);
    expect(applyNews(known, news(group("a", 6, 5)))).toEqual(known);
    expect(applyNews(known, news(group("a", 7, 4)))).toEqual(known);
    const [waits] = applyNews(known, news(group("a", 7, 5, { name: "renamed" })));
    expect(waits!.name).toBe("renamed");
  });

  it("of all is a new beginning, also where it is behind: a database came back from a backup", () => {
    expect(applyNews([group("a", 9), group("b", 9)], all(group("a", 2)))).toEqual([group("a", 2)]);
  });
});

describe("a list that is followed", () => {
  let connection: ScriptedConnection;
  let list: GroupList;
  const tell = (myGroups: unknown) => connection.followings.at(-1)!.sink.next({ myGroups } as never);
  const shown = () => list.groups.get() as readonly Group[];

  beforeEach(() => {
    vi.useFakeTimers();
    connection = scriptedConnection();
    list = followGroups({ connection });
  });
  afterEach(() => {
    list.close();
    vi.useRealTimers();
  });

  it("is loading, then there; and comes back after it was cut off", async () => {
    expect(list.groups.get()).toBe("loading");
    connection.followings[0]!.sink.connected();
    tell(all(group("a", 1)));
    connection.followings[0]!.sink.ended({ kind: "AWAY", message: "" });
    expect(ids(shown())).toEqual(["a"]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(connection.followings).toHaveLength(2);
    tell(all(group("a", 1), group("b", 2)));
    expect(ids(shown())).toEqual(["b", "a"]);
  });

  it("says that it cannot be had, and is there when it can", async () => {
    connection.followings[0]!.sink.ended({ kind: "AWAY", message: "" });
    expect(list.groups.get()).toBe("failed");
    await vi.advanceTimersByTimeAsync(10_000);
    tell(all(group("a", 1)));
    expect(ids(shown())).toEqual(["a"]);
  });

  it("shows at once what one has read, and tells only the newest of it", async () => {
    tell(all(group("a", 9, 3)));
    for (const seq of [4, 2, 6, 9]) list.markRead("a", seq);
    expect(shown()[0]!.reading).toMatchObject({ seq: 9, messages: 0, first: null });
    expect(connection.questions.map(({ variables }) => variables["seq"])).toEqual([4]);
    connection.questions[0]!.answer({ markRead: { group: group("a", 9, 4) } });
    await vi.advanceTimersByTimeAsync(0);
    expect(connection.questions.map(({ variables }) => variables["seq"])).toEqual([4, 9]);
    expect(shown()[0]!.reading).toMatchObject({ seq: 9, messages: 0 });
    connection.questions[1]!.answer({ markRead: { group: group("a", 10, 9) } });
    await vi.advanceTimersByTimeAsync(0);
    expect(shown()[0]!.reading).toMatchObject({ seq: 9, messages: 1 });
    list.markRead("a", 9);
    list.markRead("unknown", 9);
    expect(connection.questions).toHaveLength(2);
  });

  it("tells again what the gateway did not hear, when it is back", async () => {
    connection.followings[0]!.sink.connected();
    tell(all(group("a", 9, 3)));
    list.markRead("a", 9);
    connection.questions[0]!.fail("AWAY");
    connection.followings[0]!.sink.ended({ kind: "AWAY", message: "" });
    await vi.advanceTimersByTimeAsync(10_000);
    connection.followings[1]!.sink.connected();
    expect(connection.questions.map(({ variables }) => variables["seq"])).toEqual([9, 9]);
  });
});
