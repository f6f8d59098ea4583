// I8: whatever takes a right away takes it from open screens within two seconds: a date that has come, a grant that is
// taken back again and again, another role, an organization that leaves; on every gateway, whatever the client selects.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startStory, type Feed, type FeedOptions, type Story } from "../support/story.ts";

let story: Story;
let card: string;
const feeds: Feed[] = [];

const open = (person: string, options?: FeedOptions): Feed => {
  const feed = story.feed(person, options);
  feeds.push(feed);
  return feed;
};
const change = async (person: string, call: string): Promise<void> => {
  const query = `mutation ($g: ID!) { it: ${call.replace("(", "(groupId: $g, ")} { userErrors { code } } }`;
  const { data, errors } = await story.query(person, query, { g: story.group });
  expect(errors ?? data.it.userErrors).toEqual([]);
};
const GRANT = 'grant(policy: "mall.price", role: "guide")';
const WITHDRAW = 'withdraw(policy: "mall.price", role: "guide")';

/** The order's card, with the price or without it, in an event that came after so many. */
const shows = (price: boolean, feed: Feed, after = 0): Promise<any> =>
  feed.next(
    (event) =>
      feed.events.indexOf(event, after) >= after &&
      event.card?.id === card &&
      (event.card.data.lines[0].product.shelfPrice !== null) === price,
  );

beforeAll(async () => {
  story = await startStory();
  const feed = story.feed("mall:lin");
  await change(
    "brand:guo",
    'act(verb: "restock.submit", key: "first", input: { lines: [{ skuId: "BL2481-38", pairs: 12 }] })',
  );
  card = (await feed.next((event) => event.__typename === "CardPosted")).card.id;
  feed.close();
});
afterEach(() => {
  for (const feed of feeds.splice(0)) feed.close();
});
afterAll(() => story?.close());

describe("I8: a grant", () => {
  it("whose date comes is gone from open cards within two seconds, and once from the feed", async () => {
    const other = await story.anotherGateway();
    const [here, there] = [open("brand:guo"), open("brand:guo", { gateway: other })];
    await Promise.all([shows(true, here), shows(true, there)]);
    const { rows } = await story.database.query<{ until: Date }>(
      "select clock_timestamp() + interval '1 second' as until",
    );
    const until = rows[0]!.until.toISOString();
    await change("mall:lin", `grant(policy: "mall.price", role: "guide", until: "${until}")`);
    await Promise.all([shows(false, here), shows(false, there)]);
    const { rows: late } = await story.database.query<{ seconds: number }>(
      "select extract(epoch from clock_timestamp() - $1::timestamptz)::float8 as seconds",
      [until],
    );
    expect(late[0]!.seconds).toBeLessThan(2);
    const ends = here.events.filter(({ end }) => end === "EXPIRED");
    expect(ends).toMatchObject([
      { __typename: "GrantChanged", actor: null, granted: false, policy: "mall.price" },
    ]);
    await change("mall:lin", GRANT);
    await Promise.all(
      [here, there].map((feed) =>
        shows(
          true,
          feed,
          feed.events.findIndex(({ end }) => end === "EXPIRED"),
        ),
      ),
    );
  });

  it("that is taken back, given and taken back is gone each time, also from what only this client selects", async () => {
    const selection = `__typename seq ...on CardPosted { card { ...C } } ...on CardChanged { card { ...C } } ...on GrantChanged { granted }`;
    const typed = `card { id entity { ... on RestockOrder { lines { product { shelfPrice { minor } } } } } }`;
    const feed = open("brand:guo", { selection: selection.replaceAll("card { ...C }", typed) });
    const priced = (event: any): boolean | null =>
      event.card?.id === card ? event.card.entity.lines[0].product.shelfPrice !== null : null;
    await feed.next((event) => priced(event) === true);
    for (const call of [WITHDRAW, GRANT, WITHDRAW, GRANT, WITHDRAW]) {
      const before = feed.events.length;
      await change("mall:lin", call);
      const wanted = call === GRANT;
      await feed.next((event) => feed.events.indexOf(event) >= before && priced(event) === wanted);
    }
    await change("mall:lin", GRANT);
  });
});

describe("I8: a member", () => {
  it("who comes into a role in which others have the card already gets it as they have it", async () => {
    await change("mall:lin", 'withdraw(policy: "mall.price", role: "buyer")');
    const [guo, chen] = [open("brand:guo"), open("brand:chen")];
    await Promise.all([shows(true, guo), shows(false, chen)]);
    // Both are live when both have what was said last.
    await change("mall:lin", 'postMessage(text: "all here?", key: "roll-call")');
    await Promise.all([guo, chen].map((feed) => feed.next(({ text }) => text === "all here?")));
    for (const [role, price] of [
      ["buyer", false],
      ["guide", true],
      ["buyer", false],
      ["guide", true],
    ] as const) {
      const before = guo.events.length;
      await change("brand:chen", `addMember(personId: "brand:guo", role: "${role}")`);
      await shows(price, guo, before);
    }
    expect(chen.events.some(({ card: shown }) => shown?.data.lines[0].product.shelfPrice)).toBe(false);
    await change("mall:lin", 'grant(policy: "mall.price", role: "buyer")');
  });
});

describe("an action that is not one's own", () => {
  const CLOSED = "closedActions { verb title organization { id } policy policyTitle }";
  const closedOf = async (person: string): Promise<any> => {
    const { data } = await story.query(
      person,
      `query ($g: ID!, $c: ID!) { group(id: $g) { actions { verb } ${CLOSED} card(id: $c) { actions { verb } ${CLOSED} } } }`,
      { g: story.group, c: card },
    );
    return data.group;
  };
  const approve = {
    verb: "restock.approve",
    title: "Approve",
    organization: { id: "mall" },
    policy: "mall.restock.approve",
    policyTitle: "Decide on a restock",
  };
  const verbs = (actions: readonly { readonly verb: string }[]) => actions.map(({ verb }) => verb);

  it("is told with who decides, as long as it applies, and never beside the same as one's own", async () => {
    const [guo, lin] = await Promise.all([closedOf("brand:guo"), closedOf("mall:lin")]);
    expect(guo.card.closedActions).toEqual([
      approve,
      { ...approve, verb: "restock.reject", title: "Reject" },
    ]);
    expect(verbs(guo.card.actions)).toEqual([]);
    // The order waits: to order it from the brand does not apply yet, to nobody.
    expect([verbs(lin.card.actions), lin.card.closedActions]).toEqual([
      ["restock.approve", "restock.reject"],
      [],
    ]);
    expect([verbs(guo.actions), guo.closedActions]).toEqual([["restock.submit"], []]);
    expect([verbs(lin.actions), verbs(lin.closedActions)]).toEqual([[], ["restock.submit"]]);
  });

  it("I2: tells nothing by being there that is withheld", async () => {
    await change("mall:lin", 'withdraw(policy: "mall.restock", role: "supplier")');
    const { card: shown } = await closedOf("supplier:wang");
    // Whether the order waits is not theirs to know, so neither is what could be done with it.
    expect([shown.actions, shown.closedActions]).toEqual([[], []]);
    await change("mall:lin", 'grant(policy: "mall.restock", role: "supplier")');
    expect(verbs((await closedOf("supplier:wang")).card.closedActions)).toEqual([
      "restock.approve",
      "restock.reject",
    ]);
  });

  it("I4: is the same for everybody of an audience, in what is pushed too; and opens with its grant", async () => {
    const shown = `card { id actions { verb } ${CLOSED} }`;
    const feed = open("brand:guo", {
      selection: `__typename ... on CardPosted { ${shown} } ... on CardChanged { ${shown} }`,
    });
    const pushed = (closed: number, after: number): Promise<any> =>
      feed.next(
        (event) =>
          feed.events.indexOf(event) >= after &&
          event.card?.id === card &&
          event.card.closedActions.length === closed,
      );
    expect((await pushed(2, 0)).card.closedActions[0]).toEqual(approve);
    let before = feed.events.length;
    await change("mall:lin", 'grant(policy: "mall.restock.approve", role: "guide")');
    expect(verbs((await pushed(0, before)).card.actions)).toEqual(["restock.approve", "restock.reject"]);
    before = feed.events.length;
    await change("mall:lin", 'withdraw(policy: "mall.restock.approve", role: "guide")');
    expect((await pushed(2, before)).card.actions).toEqual([]);
  });
});

it("I8: an organization that leaves is cut off with the reason, and what it shared is gone from the others' cards", async () => {
  const other = await story.anotherGateway();
  const lin = open("mall:lin", { gateway: other });
  const wang = open("supplier:wang", { gateway: other });
  const stock = (event: any): unknown => event.card?.id === card && event.card.data.lines[0].sku?.onHand;
  await Promise.all([
    lin.next((event) => typeof stock(event) === "number"),
    wang.next((event) => event.card?.id === card),
  ]);
  const { data } = await story.query(
    "supplier:wang",
    "mutation ($g: ID!) { leaveGroup(groupId: $g) { group { id } userErrors { code } } }",
    { g: story.group },
  );
  expect(data.leaveGroup).toEqual({ group: null, userErrors: [] });
  expect(await wang.ended).toEqual([expect.objectContaining({ extensions: { code: "FORBIDDEN" } })]);
  await lin.next((event) => event.card?.id === card && stock(event) === null);
  const again = open("supplier:wang");
  expect(await again.ended).toEqual([expect.objectContaining({ extensions: { code: "NOT_FOUND" } })]);
});
