// One open group: what comes is shown when it is time to, and nothing of it is lost on the way; and it is read further back,
// page by page, without a hole.
import { afterEach, beforeEach, expect, it } from "vitest";
import { openGroup, type OpenGroup } from "./group.ts";
import { cardEvent, message, said, scriptedConnection, type ScriptedConnection } from "./testing.ts";
import type { FeedEvent } from "./types.ts";

let connection: ScriptedConnection;
let group: OpenGroup;

beforeEach(() => {
  connection = scriptedConnection();
  group = openGroup({ connection, group: "g", locale: "en" });
});
afterEach(() => group.close());

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const messages = (from: number, to: number): FeedEvent[] =>
  Array.from({ length: to - from + 1 }, (_, at) => message(from + at));
const timeline = () => group.view.get().timeline;

/** Answers the question that waits. */
async function answer(feed: readonly FeedEvent[]): Promise<Readonly<Record<string, unknown>>> {
  const question = connection.questions.shift()!;
  question.answer({ group: { head: 1_000, members: [], grants: [], actions: [], closed: false, feed } });
  await settle();
  return question.variables;
}

it("goes back to a place by as many pages as it takes, and says that it is there", async () => {
  await answer(messages(941, 1_000));
  const jump = group.jumpTo(650);
  await settle();
  expect(await answer(messages(741, 940))).toMatchObject({ before: 941, first: 200 });
  expect(await answer(messages(541, 740))).toMatchObject({ before: 741 });
  expect(await jump).toBe(true);
  expect(timeline().entries.map(({ seq }) => seq)).toEqual(messages(541, 1_000).map(({ seq }) => seq));
  expect(connection.questions).toEqual([]);
});

it("waits for the timeline when one comes for a place in it", async () => {
  const jump = group.jumpTo(950);
  await answer(messages(941, 1_000));
  expect(await jump).toBe(true);
});

it("says that it could not get there, and can try again", async () => {
  await answer(messages(941, 1_000));
  const jump = group.jumpTo(900);
  await settle();
  connection.questions.shift()!.fail("AWAY");
  expect(await jump).toBe(false);
  const again = group.jumpTo(900);
  await settle();
  await answer(messages(741, 940));
  expect(await again).toBe(true);
});

it("goes further back by itself when the newest events are changes of what stands there", async () => {
  await answer(Array.from({ length: 60 }, (_, at) => cardEvent(941 + at, at)));
  await answer(messages(881, 940));
  expect(timeline().entries).toHaveLength(60);
  expect(connection.questions).toEqual([]);
});

it("is at the beginning when a page is not full", async () => {
  await answer(messages(941, 1_000));
  const older = group.loadOlder();
  await settle();
  await answer(messages(930, 940));
  await older;
  expect(timeline().from).toBe(1);
});

it("knows the thread on a card whose beginning it has not reached", async () => {
  await answer(messages(941, 1_000));
  const thread = group.loadThread({ card: "c1" });
  connection.questions.shift()!.answer({ group: { thread: [said(5, { cardId: "c1" })] } });
  expect(await thread).toBe(false);
  expect(timeline().messages.get("m5")).toMatchObject({ cardId: "c1" });
  expect(timeline().from).toBe(941);
});

async function live(soon: (show: () => void) => void): Promise<[OpenGroup, ScriptedConnection]> {
  const connection = scriptedConnection();
  const open = openGroup({ connection, group: "g", locale: "en", soon });
  const around = { closed: false, actions: [], members: [], grants: [] };
  connection.questions.shift()!.answer({ group: { head: 2, feed: [message(1), message(2)], ...around } });
  await expect.poll(() => connection.followings.length).toBe(1);
  return [open, connection];
}

it("shows together what comes until it is time to", async () => {
  const shows: (() => void)[] = [];
  const [open, { followings }] = await live((show) => shows.push(show));
  const before = open.view.get();
  for (const event of [cardEvent(3, 1, "CardPosted"), cardEvent(4, 2), message(5)])
    followings[0]!.sink.next({ groupFeed: event });
  expect(open.view.get()).toBe(before);
  let times = 0;
  open.view.subscribe(() => (times += 1));
  for (const show of shows) show();
  expect(times).toBe(1);
  const { timeline } = open.view.get();
  expect(timeline.to).toBe(5);
  expect(timeline.cards.get("c1")!.card.revision).toBe(2);
});

it("shows what came and was not shown yet, when its language changes", async () => {
  const [open, { followings }] = await live(() => undefined);
  followings[0]!.sink.next({ groupFeed: message(3) });
  open.speak("zh_CN");
  expect(open.view.get().timeline.to).toBe(3);
});
