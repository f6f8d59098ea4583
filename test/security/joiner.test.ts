// Joiner not checked, topic injection, and subscriptions that are made to break: who joins an audience that is being
// served is looked at as the first was, ids name one group or none, and the others' subscriptions live on.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openEvents } from "../support/event-stream.ts";
import { FEED_DOORS, startStory, type Feed, type FeedDoor, type Story } from "../support/story.ts";
import { openSocket, type Client } from "./doors.ts";

let story: Story;
let otherGroup: string;
/** Of the manager: open all the time. */
let watching: Feed;

const mutate = async (person: string, call: string, group: string): Promise<any> => {
  const { data } = await story.query(
    person,
    `mutation ($g: ID!) { it: ${call.replace("(", "(groupId: $g, ")} { userErrors { code } } }`,
    { g: group },
  );
  return data?.it.userErrors;
};
let said = 0;
const say = async (group = story.group): Promise<string> => {
  const text = `message ${++said}`;
  expect(await mutate("mall:lin", `postMessage(text: "${text}", key: "${text}")`, group)).toEqual([]);
  return text;
};
const hears = (feed: Feed, text: string): Promise<unknown> => feed.next((event) => event.text === text);

beforeAll(async () => {
  story = await startStory();
  const { data } = await story.query(
    "mall:lin",
    `mutation { createGroup(input: { scenario: "counter", name: "Counter 018", subjectId: "018", key: "another" }) { group { id } } }`,
  );
  otherGroup = data.createGroup.group.id;
  await story.query("mall:zhao", "{ me { id } }");
  watching = story.feed("mall:lin");
  await hears(watching, await say());
});
afterAll(() => story?.close());

const ADD = 'addMember(personId: "mall:zhao", role: "manager")';
const REMOVE = 'removeMember(personId: "mall:zhao")';

describe.each(FEED_DOORS)("who is no member any more, over %s", (over) => {
  beforeEach(async () => {
    expect(await mutate("mall:lin", ADD, story.group)).toEqual([]);
  });

  it("is out of a running audience, and does not come in again with the same token and operation", async () => {
    const feed = story.feed("mall:zhao", { over });
    await hears(feed, await say());
    expect(await mutate("mall:lin", REMOVE, story.group)).toEqual([]);
    expect(await feed.ended).toEqual([expect.objectContaining({ extensions: { code: "FORBIDDEN" } })]);
    const after = await say();
    const again = story.feed("mall:zhao", { over });
    expect(await again.ended).toEqual([expect.objectContaining({ extensions: { code: "NOT_FOUND" } })]);
    await hears(watching, after);
    expect([...feed.events, ...again.events].map(({ text }) => text)).not.toContain(after);
    expect(again.events).toEqual([]);
  });

  it("does not come in while being removed", async () => {
    const feeds: Feed[] = [];
    const joining = (async () => {
      for (let n = 0; n < 30; n++) feeds.push(story.feed("mall:zhao", { over }));
    })();
    const removed = mutate("mall:lin", REMOVE, story.group);
    await joining;
    expect(await removed).toEqual([]);
    for (let n = 0; n < 10; n++) feeds.push(story.feed("mall:zhao", { over }));
    const after = await say();
    await hears(watching, after);
    const reasons = await Promise.all(feeds.map((feed) => feed.ended));
    for (const reason of reasons)
      expect((reason as any)[0].extensions.code).toMatch(/^(FORBIDDEN|NOT_FOUND)$/);
    expect(feeds.flatMap(({ events }) => events).map(({ text }) => text)).not.toContain(after);
  });

  it("has the role that they have now, not the one of their audience before", async () => {
    const submit = `mutation ($g: ID!) { act(groupId: $g, verb: "restock.submit", key: "for-roles-${over}", input: { lines: [{ skuId: "BL2481-38", pairs: 3 }] }) { userErrors { code } } }`;
    await story.query("brand:guo", submit, { g: story.group });
    const feed = story.feed("brand:guo", { over });
    const withPrice = (event: any): boolean =>
      event.card?.type === "restock.order" && event.card.data.lines[0].product.shelfPrice !== null;
    await feed.next(withPrice);
    // The price is shared with guides; from here on with buyers only.
    expect(await mutate("mall:lin", 'withdraw(policy: "mall.price", role: "guide")', story.group)).toEqual(
      [],
    );
    const joiner = story.feed("brand:guo", { over });
    const text = await say();
    await hears(joiner, text);
    expect(joiner.events.filter(({ card }) => card).length).toBeGreaterThan(0);
    expect(joiner.events.filter(withPrice)).toEqual([]);
    const buyer = story.feed("brand:chen", { over });
    await buyer.next(withPrice);
    expect(await mutate("mall:lin", 'grant(policy: "mall.price", role: "guide")', story.group)).toEqual([]);
    for (const each of [feed, joiner, buyer]) each.close();
  });
});

describe.each(FEED_DOORS)("who is here, and who has read what, over %s", (over) => {
  const PRESENCE = `subscription ($group: ID!) { groupPresence(groupId: $group) { here { id } typing { id } seen { seq people { person { id } } } } }`;
  const MINE = "subscription { myGroups { all left groups { id reading { seq messages } seen { seq } } } }";
  beforeEach(async () => {
    expect(await mutate("mall:lin", REMOVE, story.group)).toEqual([]);
  });
  const NOT_FOUND = [expect.objectContaining({ extensions: { code: "NOT_FOUND" } })];

  it.each(["mall:zhao", "plaza:mo"])("is not for %s, who is no member", async (person) => {
    const presence = story.follow(person, PRESENCE, { over });
    expect(await presence.ended).toEqual(NOT_FOUND);
    expect(presence.events).toEqual([]);
    const asked = await story.queryOver(
      over,
      person,
      "query ($g: ID!) { group(id: $g) { reading { seq waiting } seen { seq } } }",
      { g: story.group },
    );
    expect(asked.data?.group ?? null).toBeNull();
    for (const call of ["markRead(seq: 1)", "setTyping(typing: true)"])
      expect(await mutate(person, call, story.group)).toEqual([{ code: "NOT_FOUND" }]);
    const mine = story.follow(person, MINE, { over });
    expect((await mine.next(({ all }) => all)).groups).toEqual([]);
    await hears(watching, await say());
    expect(mine.events).toHaveLength(1);
    mine.close();
  });

  it("ends for a member who is removed, and they are not seen any more", async () => {
    expect(await mutate("mall:lin", ADD, story.group)).toEqual([]);
    const lin = story.follow("mall:lin", PRESENCE, { over });
    const [presence, mine] = [PRESENCE, MINE].map((query) => story.follow("mall:zhao", query, { over }));
    const isHere = (people: { id: string }[]): boolean => people.some(({ id }) => id === "mall:zhao");
    await lin.next(({ here }) => isHere(here));
    await mine!.next(({ groups }) => groups.length === 1);
    expect(await mutate("mall:zhao", "setTyping(typing: true)", story.group)).toEqual([]);
    await lin.next(({ typing }) => isHere(typing));
    expect(await mutate("mall:lin", REMOVE, story.group)).toEqual([]);
    expect(await presence!.ended).toEqual([expect.objectContaining({ extensions: { code: "FORBIDDEN" } })]);
    const { groups } = await mine!.next(({ left }) => left.includes(story.group));
    expect(groups).toEqual([]);
    await expect
      .poll(() => {
        const { here, typing, seen } = lin.events.at(-1);
        return [isHere(here), isHere(typing), JSON.stringify(seen).includes("mall:zhao")];
      })
      .toEqual([false, false, false]);
    const before = mine!.events.length;
    await hears(watching, await say());
    expect(mine!.events).toHaveLength(before);
    for (const each of [lin, mine!]) each.close();
  });

  it("is said by each for themselves", async () => {
    const seqOf = async (person: string): Promise<number> =>
      (
        await story.query(person, "query ($g: ID!) { group(id: $g) { reading { seq } } }", {
          g: story.group,
        })
      ).data.group.reading.seq as number;
    const before = await seqOf("brand:guo");
    expect(await mutate("mall:lin", "markRead(seq: 2147483647)", story.group)).toEqual([]);
    expect(await seqOf("brand:guo")).toBe(before);
    const forged = await story.query(
      "mall:lin",
      'mutation ($g: ID!) { markRead(groupId: $g, seq: 9, personId: "brand:guo") { userErrors { code } } }',
      { g: story.group },
    );
    expect(forged.errors![0].extensions.code).toBe("BAD_REQUEST");
  });
});

describe("an id of a group", () => {
  const SAY = `mutation ($g: ID!) { postMessage(groupId: $g, text: "injected", key: "injected") { userErrors { code } } }`;
  /** How something that is nearly the group's id could be written. */
  const odd = (id: string): readonly string[] => [
    "*",
    ">",
    "%",
    "_".repeat(36),
    "",
    " ",
    "__proto__",
    id.toUpperCase() === id ? `${id}A` : id.toUpperCase(),
    `${id}\n`,
    ` ${id}`,
    `${id}\0`,
    `${id}:0`,
    `${id},${otherGroup}`,
    `${id}' or '1'='1`,
    `{${id}}`,
    id.replaceAll("-", ""),
    `${id}\u200b`,
    id.slice(0, -1),
    `${id.slice(0, -1)}*`,
    `urn:uuid:${id}`,
  ];

  it("that is not exactly one is of no group: over HTTP, in the header, over a socket, in a subscription", async () => {
    for (const id of odd(story.group)) {
      const { data } = await story.query("mall:lin", "query ($g: ID!) { group(id: $g) { name } }", { g: id });
      expect(data?.group ?? null, JSON.stringify(id)).toBeNull();
      const posted = await story.query("mall:lin", SAY, { g: id });
      expect(posted.data?.postMessage.userErrors[0].code ?? "NOT_FOUND", JSON.stringify(id)).toBe(
        "NOT_FOUND",
      );
      const entity = await story.query(
        "brand:guo",
        `query ($g: ID!) { entity(type: "Counter", key: { id: "017" }, groupId: $g) { ... on Counter { name } } }`,
        { g: id },
      );
      expect(entity.data?.entity ?? null, JSON.stringify(id)).toBeNull();
      for (const over of FEED_DOORS) {
        const feed = story.feed("mall:lin", { over, group: id });
        expect(((await feed.ended) as any)[0].extensions.code, JSON.stringify(id)).toBe("NOT_FOUND");
        expect(feed.events).toEqual([]);
        const presence = story.follow(
          "mall:lin",
          "subscription ($group: ID!) { groupPresence(groupId: $group) { here { id } } }",
          { over, group: id },
        );
        expect(((await presence.ended) as any)[0].extensions.code, JSON.stringify(id)).toBe("NOT_FOUND");
      }
      if (/^[\x21-\x7e]+$/.test(id)) {
        const inHeader = await story.query("brand:guo", `{ counter(id: "017") { name } }`, {}, id);
        expect(inHeader.errors?.[0].extensions.code, JSON.stringify(id)).toBe("NOT_FOUND");
      }
    }
    expect(watching.events.map(({ text }) => text)).not.toContain("injected");
  });

  it("is one id: a list, a number, an object or two of them are none", async () => {
    for (const g of [[story.group, otherGroup], [story.group], 7, { id: story.group }, null]) {
      const { data, errors } = await story.query("mall:lin", "query ($g: ID!) { group(id: $g) { name } }", {
        g: g as never,
      });
      // A list of one, and a number, are coerced to an id by the specification; neither is a group's.
      if (Array.isArray(g) && g.length === 1) continue;
      expect(data?.group ?? null, JSON.stringify(g)).toBeNull();
      if (typeof g !== "number") expect(errors![0].extensions.code).toBe("BAD_USER_INPUT");
    }
    const both = await story.query(
      "mall:lin",
      "query ($a: ID!, $b: ID!) { a: group(id: $a) { name } b: group(id: $b) { name } }",
      { a: story.group, b: otherGroup },
    );
    expect(both.errors![0].extensions.code).toBe("BAD_REQUEST");
    const besides = await story.query(
      "mall:lin",
      "query ($a: ID!) { group(id: $a) { name } }",
      { a: story.group },
      otherGroup,
    );
    expect(besides.errors![0].extensions.code).toBe("BAD_REQUEST");
  });

  it.each(FEED_DOORS)("over %s brings what happens in that group and in no other", async (over) => {
    const before = (
      await story.query("mall:lin", "query ($g: ID!) { group(id: $g) { head } }", { g: otherGroup })
    ).data.group.head as number;
    const [here, there] = [
      story.feed("mall:lin", { over }),
      story.feed("mall:lin", { over, group: otherGroup, after: before }),
    ];
    const [textHere, textThere] = [await say(), await say(otherGroup)];
    const [lastHere, lastThere] = [await say(), await say(otherGroup)];
    await Promise.all([hears(here, lastHere), hears(there, lastThere)]);
    const texts = (feed: Feed): unknown[] => feed.events.map(({ text }) => text).filter(Boolean);
    expect(texts(here)).toContain(textHere);
    expect(texts(there)).toEqual([textThere, lastThere]);
    expect(texts(here)).not.toContain(textThere);
    here.close();
    there.close();
  });
});

describe("a subscription", () => {
  const connect = async (): Promise<Client> => {
    const client = await openSocket(`${story.gateway.url.replace("http", "ws")}/graphql`);
    client.send({
      type: "connection_init",
      payload: { authorization: `Bearer ${await story.token("mall:lin")}` },
    });
    expect(await client.next()).toEqual({ type: "connection_ack" });
    return client;
  };
  const feed = (rest: string, head = "subscription"): string =>
    `${head} { groupFeed(groupId: "${story.group}"${rest} }`;

  const open = async (): Promise<number> =>
    ((await (await fetch(`${story.gateway.url}/health`)).json()) as { subscriptions: number }).subscriptions;

  /** The type of the first message, and the errors when it has any and no data. */
  const FIRST: Readonly<Record<FeedDoor, (query: string) => Promise<{ type: string; errors?: any[] }>>> = {
    async socket(query) {
      const client = await connect();
      client.send({ id: "1", type: "subscribe", payload: { query } });
      const { type, payload } = await client.next();
      client.socket.terminate();
      return { type, errors: type === "error" ? payload : undefined };
    },
    async events(query) {
      const stream = await openEvents(
        `${story.gateway.url}/graphql`,
        {
          headers: {
            accept: "text/event-stream",
            "content-type": "application/json",
            authorization: `Bearer ${await story.token("mall:lin")}`,
          },
        },
        JSON.stringify({ query }),
      );
      const { data } = await stream.next();
      stream.leave();
      return { type: data.data === undefined ? "error" : "next", errors: data.errors };
    },
  };

  const ODD: readonly [string, () => string, string][] = [
    ["without a name", () => feed(") { seq }"), "next"],
    ["under another key", () => feed(") { seq }").replace("groupFeed", "__x: groupFeed"), "next"],
    ["of the type alone", () => feed(") { __typename }"), "next"],
    ["that is left out", () => feed(") @include(if: false) { seq }"), "next|error"],
    ["in a fragment", () => `subscription { ... ${feed(") { seq }").slice(13)} }`, "next"],
    [
      "to two things",
      () =>
        `subscription { a: groupFeed(groupId: "${story.group}") { seq } b: groupFeed(groupId: "${story.group}") { seq } }`,
      "error",
    ],
    ["to the schema", () => "subscription { __typename }", "error"],
    ["to nothing", () => "subscription { nothing }", "error"],
    ["with a cursor that is none", () => feed(', after: "1") { seq }'), "error"],
    ["with a cursor before the beginning", () => feed(", after: -1) { seq }"), "error"],
    ["with a cursor of 2^31", () => feed(", after: 2147483648) { seq }"), "error"],
    [
      "with a variable that is missing",
      () => feed(", after: $x) { seq }", "subscription ($x: Int!)"),
      "error",
    ],
    ["without an end", () => feed(") { seq "), "error"],
    ["to a bomb", () => feed(`) { ${"actor { id } ".repeat(900)} }`), "error"],
    ["that writes", () => `mutation { groupFeed(groupId: "${story.group}") { seq } }`, "error"],
  ];
  it.each(ODD)("%s is answered alike at each door, and the others' live on", async (_what, query, types) => {
    const first = await Promise.all(FEED_DOORS.map((over) => FIRST[over](query())));
    for (const { type, errors } of first) {
      expect(type).toMatch(new RegExp(`^(${types})$`));
      if (type === "error")
        expect(errors![0].extensions.code).toMatch(/^(BAD_REQUEST|BAD_USER_INPUT|TOO_LARGE|PLAN_FAILED)$/);
    }
    expect(first[0]).toEqual(first[1]);
    await hears(watching, await say());
  });

  it("can be begun and left hundreds of times over events, and none is left over", async () => {
    const before = await open();
    const authorization = `Bearer ${await story.token("mall:lin")}`;
    const body = JSON.stringify({ query: feed(") { seq }") });
    const begin = async (n: number): Promise<void> => {
      const headers = { accept: "text/event-stream", "content-type": "application/json", authorization };
      const stream = await openEvents(`${story.gateway.url}/graphql`, { headers }, body);
      // Some are left when they have begun, others before.
      if (n % 2 === 0) await stream.next();
      stream.leave();
    };
    for (let round = 0; round < 10; round++)
      await Promise.all(Array.from({ length: 40 }, (_, n) => begin(n)));
    await expect.poll(open, { timeout: 20_000 }).toBe(before);
    await hears(watching, await say());
  });

  it("can be begun and ended hundreds of times, and none is left over", async () => {
    const before = await open();
    const clients = await Promise.all(Array.from({ length: 10 }, connect));
    for (const [index, client] of clients.entries()) {
      for (let n = 0; n < 300; n++) {
        const id = String(n);
        client.send({ id, type: "subscribe", payload: { query: feed(") { seq }") } });
        client.send({ id, type: "complete" });
      }
      // Half of them say nothing, and go.
      if (index % 2 === 0) client.socket.terminate();
      else client.send({ type: "ping" });
    }
    for (const [index, client] of clients.entries()) {
      if (index % 2 === 0) continue;
      let message = await client.next();
      while (message.type !== "pong") message = await client.next();
    }
    await expect.poll(open, { timeout: 20_000 }).toBe(before);
    for (const client of clients) client.socket.terminate();
    await hears(watching, await say());
  });
});
