// One open group: what comes is shown when it is time to, and nothing of it is lost on the way.
import { expect, it } from "vitest";
import { openGroup, type OpenGroup } from "./group.ts";
import { cardEvent, message, scriptedConnection, type ScriptedConnection } from "./testing.ts";

async function live(soon: (show: () => void) => void): Promise<[OpenGroup, ScriptedConnection]> {
  const connection = scriptedConnection();
  const open = openGroup({ connection, group: "g", locale: "en", head: 2, soon });
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
