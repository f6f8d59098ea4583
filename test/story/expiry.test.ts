// I5: a token that ends while a feed is open closes the socket with 4403; the client signs in again, comes back with its
// cursor, and has missed nothing.
import { afterAll, beforeAll, expect, it } from "vitest";
import { connect } from "../../cli/src/connection.ts";
import type { FeedEvent } from "../../cli/src/draw/feed.ts";
import { followFeed } from "../../cli/src/follow.ts";
import { startStory, type Story } from "../support/story.ts";

const SAY = `mutation ($group: ID!, $text: String!) {
  postMessage(groupId: $group, text: $text, key: $text) { message { id } userErrors { code } } }`;

let story: Story;
beforeAll(async () => {
  story = await startStory({ tokenLife: 5 });
});
afterAll(() => story?.close());

it("I5: closes the socket with 4403, for that reason", async () => {
  const feed = story.feed("mall:lin");
  await feed.next((event) => event.seq !== undefined);
  expect(await feed.ended).toMatchObject({ code: 4403, reason: "The token has expired" });
});

it("I5: a watch signs in again and goes on from its cursor, however often", async () => {
  const as = (person: string) =>
    connect({ as: person, url: story.gateway.url, issuers: story.issuers.url, data: story.dir });
  const say = (text: string) => as("brand:guo").ask(SAY, { group: story.group, text });
  const events: FeedEvent[] = [];
  const states: string[] = [];
  const stopped = new AbortController();
  const spoken: Promise<unknown>[] = [];
  const following = followFeed({
    connection: as("mall:lin"),
    group: story.group,
    after: 0,
    signal: stopped.signal,
    onEvent: (event) => void events.push(event),
    // Something is said at every turn: while the socket is there, and while it is not.
    onState(state) {
      states.push(state);
      if (states.length <= 4) spoken.push(say(`${state} ${states.length}`));
    },
  });
  await say("first");
  await expect.poll(() => states.slice(0, 4)).toEqual(["away", "back", "away", "back"]);
  await Promise.all(spoken);
  await say("last");
  const texts = (): string[] =>
    events.flatMap((event) => (event.__typename === "MessagePosted" ? [event.text] : []));
  await expect.poll(texts).toContain("last");
  stopped.abort();
  await following;
  const seqs = events.map(({ seq }) => seq);
  expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, at) => at + 1));
  expect(texts().toSorted()).toEqual(["away 1", "away 3", "back 2", "back 4", "first", "last"]);
});
