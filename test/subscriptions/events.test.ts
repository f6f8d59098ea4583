// A group's feed over server-sent events: coming back by the name of the last event, being slow, being counted.
import { createClient } from "graphql-sse";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openEvents, type EventStream, type ServerEvent } from "../support/event-stream.ts";
import { startStory, type Story } from "../support/story.ts";

let story: Story;
let otherGroup: string;
/** Streams that a test may have left open. */
const open: EventStream[] = [];

beforeAll(async () => {
  story = await startStory();
  const { data } = await story.query(
    "mall:lin",
    `mutation { createGroup(input: { scenario: "counter", name: "Counter 018", subjectId: "018", key: "another" }) { group { id } } }`,
  );
  otherGroup = data.createGroup.group.id;
});
afterAll(async () => {
  for (const stream of open) stream.leave();
  await story?.close();
});

interface Following {
  readonly after?: number;
  readonly lastEvent?: string;
  readonly selection?: string;
}

async function follow({ after, lastEvent, selection = "text" }: Following = {}): Promise<EventStream> {
  const query = `subscription ($g: ID!, $after: Int) { groupFeed(groupId: $g, after: $after) { seq ...on MessagePosted { ${selection} } ...on CardChanged { card { data } } } }`;
  const stream = await openEvents(
    `${story.gateway.url}/graphql`,
    {
      headers: {
        accept: "text/event-stream",
        "content-type": "application/json",
        authorization: `Bearer ${await story.token("mall:lin")}`,
        ...(lastEvent !== undefined && { "last-event-id": lastEvent }),
      },
    },
    JSON.stringify({ query, variables: { g: story.group, ...(after !== undefined && { after }) } }),
  );
  open.push(stream);
  return stream;
}

let said = 0;
async function say(more = ""): Promise<string> {
  const text = `message ${++said}${more}`;
  const { data } = await story.query(
    "mall:lin",
    `mutation ($g: ID!, $text: String!, $key: String!) { it: postMessage(groupId: $g, text: $text, key: $key) { userErrors { code } } }`,
    { g: story.group, text, key: `m${said}` },
  );
  expect(data.it.userErrors).toEqual([]);
  return text;
}
const head = async (): Promise<number> =>
  (await story.query("mall:lin", "query ($g: ID!) { group(id: $g) { head } }", { g: story.group })).data.group
    .head as number;

async function until(stream: EventStream, text: string): Promise<ServerEvent[]> {
  const events: ServerEvent[] = [];
  do events.push(await stream.next());
  while (events.at(-1)!.data.data.groupFeed.text !== text);
  return events;
}
const texts = (events: readonly ServerEvent[]): unknown[] =>
  events.map(({ data }) => data.data.groupFeed.text);

describe("I5: a client that comes back with the name of the last event it had", () => {
  it("has everything after it, in order, once, though its operation begins where it began", async () => {
    const start = await head();
    const stream = await follow({ after: start });
    const first = await say();
    const [event] = await until(stream, first);
    expect(event!.id).toBe(`${story.group}/${start + 1}`);
    expect(event!.data.data.groupFeed.seq).toBe(start + 1);
    stream.leave();
    const missed = [await say(), await say(), await say()];
    const again = await follow({ after: start, lastEvent: event!.id! });
    expect(texts(await until(again, missed.at(-1)!))).toEqual(missed);
    const live = await say();
    expect(texts(await until(again, live))).toEqual([live]);
    again.leave();
  });

  it("loses nothing however often it is cut off, and needs to know nothing but the name", async () => {
    const start = await head();
    const authorization = `Bearer ${await story.token("mall:lin")}`;
    let cut = new AbortController();
    let last = `${story.group}/${start}`;
    let connections = 0;
    const client = createClient({
      url: `${story.gateway.url}/graphql`,
      headers: () => ({ authorization, "last-event-id": last }),
      // Under the client's own hands the network breaks.
      fetchFn: (url: string, init: RequestInit) => {
        connections += 1;
        cut = new AbortController();
        return fetch(url, { ...init, signal: AbortSignal.any([init.signal!, cut.signal]) });
      },
      retryAttempts: 1_000,
      retry: async () => undefined,
    });
    const saying = (async () => {
      const all: string[] = [];
      for (let n = 0; n < 100; n++) all.push(await say());
      return all;
    })();
    const got: { seq: number; text: string }[] = [];
    const query = `subscription ($g: ID!) { groupFeed(groupId: $g) { seq ...on MessagePosted { text } } }`;
    for await (const { data } of client.iterate<any>({ query, variables: { g: story.group } })) {
      got.push(data.groupFeed);
      last = `${story.group}/${data.groupFeed.seq}`;
      if (got.length % 10 === 0) cut.abort();
      if (got.length === 100) break;
    }
    client.dispose();
    expect(got.map(({ text }) => text)).toEqual(await saying);
    expect(connections).toBeGreaterThan(9);
  });

  it("has what its operation asks for when that is later, and all without either", async () => {
    const start = await head();
    const [, second, third] = [await say(), await say(), await say()];
    const name = (seq: number): string => `${story.group}/${seq}`;
    const later = await follow({ after: start + 2, lastEvent: name(start) });
    expect(texts(await until(later, third))).toEqual([third]);
    const named = await follow({ after: start, lastEvent: name(start + 1) });
    expect(texts(await until(named, third))).toEqual([second, third]);
    for (const lastEvent of [name(0), ""]) {
      const all = await until(await follow({ lastEvent }), third);
      expect(all.map(({ id }) => id)).toEqual(all.map(({ data }) => name(data.data.groupFeed.seq as number)));
      expect(all[0]!.data.data.groupFeed.seq).toBe(1);
    }
  });

  it.each([
    ["of another group's feed", () => `${otherGroup}/1`],
    ["of an event that has not been", async () => `${story.group}/${(await head()) + 1}`],
    ["that is only a number", () => "1"],
    ["of a number that is none", () => `${story.group}/1e1`],
    ["of a number below all", () => `${story.group}/-1`],
    ["of no number", () => `${story.group}/`],
    ["of a number without end", () => `${story.group}/${"9".repeat(400)}`],
    ["with a wildcard", () => "*/1"],
    ["of two groups", () => `${story.group}/1,${otherGroup}/1`],
  ])("is told so when it is the name %s", async (_what, name) => {
    const events = await (await follow({ lastEvent: await name() })).rest();
    expect(events).toEqual([
      {
        event: "next",
        data: {
          errors: [
            {
              message: expect.stringContaining("Last-Event-ID") as string,
              extensions: { code: "BAD_USER_INPUT" },
            },
          ],
        },
      },
      { event: "complete", data: null },
    ]);
  });
});

it("I6: a slow client keeps nobody waiting, misses no message, and gets of a card the newest state alone", async () => {
  const submit = `mutation ($g: ID!) { act(groupId: $g, verb: "restock.submit", key: "slow", input: { lines: [{ skuId: "BL2481-38", pairs: 3 }] }) { userErrors { code } } }`;
  const watching = story.feed("mall:lin");
  const onHand = (event: any): unknown => event.card?.data.lines[0].sku.onHand;
  await story.query("brand:guo", submit, { g: story.group });
  await watching.next((event) => event.__typename === "CardPosted");
  const start = await head();
  // Each message is 400 KB as this client wants it: more waits for it than any system keeps for a connection.
  const selection = `text ${Array.from({ length: 400 }, (_, n) => `a${n}: text`).join(" ")}`;
  const slow = await follow({ after: start, selection });
  slow.response.pause();
  const messages: string[] = [];
  for (let n = 0; n < 40; n++) messages.push(await say(" ".padEnd(1_000, "x")));
  for (let n = 0; n < 5; n++) {
    await story.clerkSaves("BL2481-38", 50 + n);
    await watching.next((event) => onHand(event) === 50 + n);
  }
  const last = await say();
  await watching.next((event) => event.text === last);
  slow.response.resume();
  const events = (await until(slow, last)).map(({ data }) => data.data.groupFeed);
  expect(events.filter(({ text }) => text).map(({ text }) => text)).toEqual([...messages, last]);
  expect(events.filter(({ card }) => card).map(onHand)).toEqual([54]);
  const seqs = events.map(({ seq }) => seq as number);
  expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
  watching.close();
  slow.leave();
});

it("open streams are counted, and those that are left are not", async () => {
  const count = async (): Promise<[streams: number, subscriptions: number]> => {
    const text = await (await fetch(`${story.gateway.url}/metrics`)).text();
    const gauge = (name: string): number => Number(new RegExp(`^${name} (\\d+)$`, "m").exec(text)![1]);
    return [gauge("junto_event_streams"), gauge("junto_subscriptions")];
  };
  for (const stream of open) stream.leave();
  await expect.poll(count).toEqual([0, 0]);
  const streams = [await follow(), await follow()];
  await expect.poll(count).toEqual([2, 2]);
  for (const stream of streams) stream.leave();
  await expect.poll(count).toEqual([0, 0]);
});
