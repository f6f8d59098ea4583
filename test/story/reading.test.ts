// Who has read what, who is here, and what is new for whom, over two gateways on one database and both doors.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Gateway } from "@junto/gateway";
import { FEED_DOORS, startStory, type Feed, type Story } from "../support/story.ts";

let story: Story;
let other: Gateway;
const open: Feed[] = [];

beforeAll(async () => {
  story = await startStory();
  other = await story.anotherGateway();
});
afterAll(() => story?.close());

const PRESENCE = `subscription ($group: ID!) { groupPresence(groupId: $group) {
  here { id } typing { id } seen { organization { id } seq people { person { id } seq } } } }`;
const MY_GROUPS = `subscription { myGroups { all left groups { id name head reading { seq messages cards changes first waiting } } } }`;

const follow = (...asked: Parameters<Story["follow"]>): Feed => {
  const feed = story.follow(...asked);
  open.push(feed);
  return feed;
};
const ids = (people: { id: string }[]): string[] => people.map(({ id }) => id);
const mutate = async (person: string, call: string): Promise<any> => {
  const { data } = await story.query(
    person,
    `mutation ($g: ID!) { it: ${call.replace("(", "(groupId: $g, ")} { userErrors { code } } }`,
    { g: story.group },
  );
  expect(data.it.userErrors).toEqual([]);
};
let said = 0;
const say = (person: string) => mutate(person, `postMessage(text: "hello", key: "reading ${++said}")`);
const head = async (): Promise<number> =>
  (await story.query("mall:lin", "query ($g: ID!) { group(id: $g) { head } }", { g: story.group })).data.group
    .head;
const reading = async (person: string): Promise<any> =>
  (
    await story.query(
      person,
      "query ($g: ID!) { group(id: $g) { reading { seq messages cards changes first waiting more } } }",
      { g: story.group },
    )
  ).data.group.reading;

describe("presence", () => {
  it.each(FEED_DOORS)("is the same at every gateway, from the first event on, over %s", async (over) => {
    const guo = follow("brand:guo", PRESENCE, { over, gateway: other });
    await guo.next(({ here }) => ids(here).includes("brand:guo"));
    const lin = follow("mall:lin", PRESENCE, { over });
    const both = ({ here }: any): boolean => ids(here).join() === "brand:guo,mall:lin";
    await Promise.all([lin.next(both), guo.next(both)]);
    lin.cut();
    await guo.next((state) => guo.events.findIndex(both) < guo.events.indexOf(state) && !both(state));
    guo.close();
  });

  it("says who is writing, until they have said it", async () => {
    const wang = follow("supplier:wang", PRESENCE, { gateway: other });
    await wang.next(({ here }) => here.length > 0);
    await mutate("mall:lin", "setTyping(typing: true)");
    await wang.next(({ typing }) => ids(typing).join() === "mall:lin");
    const before = wang.events.length;
    await say("mall:lin");
    await expect.poll(() => wang.events.slice(before).some(({ typing }) => typing.length === 0)).toBe(true);
    wang.close();
  });

  it("says how far each organization's people have read", async () => {
    const wang = follow("supplier:wang", PRESENCE, { gateway: other });
    await say("mall:lin");
    const seq = await head();
    await mutate("brand:guo", `markRead(seq: ${seq})`);
    const { seen } = await wang.next((state) => state.seen.some((each: any) => each.seq === seq));
    expect(seen[0]).toEqual({
      organization: { id: "brand" },
      seq,
      people: [
        { person: { id: "brand:guo" }, seq },
        expect.objectContaining({ person: { id: "brand:chen" } }),
      ],
    });
    const { data } = await story.query(
      "mall:lin",
      "query ($g: ID!) { group(id: $g) { seen { organization { id } seq } } }",
      { g: story.group },
    );
    expect(data.group.seen).toContainEqual({ organization: { id: "brand" }, seq });
    wang.close();
  });
});

describe("one's list of groups", () => {
  it.each(FEED_DOORS)("tells of all at first, then of what happens in each, over %s", async (over) => {
    await mutate("brand:guo", `markRead(seq: ${await head()})`);
    const guo = follow("brand:guo", MY_GROUPS, { over, gateway: other });
    const first = await guo.next(({ all }) => all);
    expect(first.groups).toEqual([
      expect.objectContaining({ id: story.group, reading: expect.objectContaining({ messages: 0 }) }),
    ]);
    await say("mall:lin");
    const seq = await head();
    const news = await guo.next(({ all, groups }) => !all && groups[0]?.reading.messages === 1);
    expect(news).toMatchObject({ left: [], groups: [{ head: seq, reading: { first: seq } }] });
    // On another device.
    await mutate("brand:guo", `markRead(seq: ${seq})`);
    await guo.next(({ groups }) => groups[0]?.reading.seq === seq);
    await say("brand:guo");
    const own = await guo.next(({ groups }) => groups[0]?.head === seq + 1);
    expect(own.groups[0].reading.messages).toBe(0);
    guo.close();
  });

  it("says what waits for one: a card that is open and addressed to one's role", async () => {
    const lin = follow("mall:lin", MY_GROUPS);
    await lin.next(({ all }) => all);
    await story.query(
      "brand:guo",
      `mutation ($g: ID!) { act(groupId: $g, verb: "restock.submit", input: {lines: [{skuId: "BL2481-38", pairs: 6}]}, key: "waits") { action { id } userErrors { code } } }`,
      { g: story.group },
    );
    await lin.next(({ groups }) => groups[0]?.reading.waiting === 1);
    expect(await reading("mall:lin")).toMatchObject({ waiting: 1 });
    expect(await reading("supplier:wang")).toMatchObject({ waiting: 0 });
    lin.close();
  });

  it("tells of groups that one is added to, and removed from", async () => {
    await story.query("mall:zhao", "{ me { id } }");
    const zhao = follow("mall:zhao", MY_GROUPS, { gateway: other });
    expect((await zhao.next(({ all }) => all)).groups).toEqual([]);
    await mutate("mall:lin", 'addMember(personId: "mall:zhao", role: "manager")');
    await zhao.next(({ groups }) => groups.some(({ id }: any) => id === story.group));
    await mutate("mall:lin", 'removeMember(personId: "mall:zhao")');
    const gone = await zhao.next(({ left }) => left.includes(story.group));
    expect(gone.groups).toEqual([]);
    zhao.close();
  });
});

describe("a gateway that closes", () => {
  it("takes those with it who were at it", async () => {
    for (const each of open) each.close();
    const lin = follow("mall:lin", PRESENCE);
    await lin.next(({ here }) => ids(here).join() === "mall:lin");
    const guo = follow("brand:guo", PRESENCE, { gateway: other });
    await lin.next(({ here }) => ids(here).length === 2);
    const before = lin.events.length;
    await other.close();
    await guo.ended;
    await expect
      .poll(() => lin.events.slice(before).some(({ here }) => ids(here).join() === "mall:lin"))
      .toBe(true);
  });
});
