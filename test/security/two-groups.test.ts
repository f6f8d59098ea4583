// Two groups about two counters of one mall, with three people who are in both: what belongs to one counter is not to be had
// in the other's group, in none of the ways in which something comes out of a group or into it.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { beginGoingOn, makeDemoGroup, SECOND_GROUP } from "@junto/cli";
import { FEED_DOORS, startStory, type Answer, type Story } from "../support/story.ts";

let story: Story;
/** A group, its counter and its guide, and what is there: a restock order with its card, and a message of the buyer. */
interface Place {
  readonly group: string;
  readonly counter: string;
  readonly guide: string;
  readonly order: string;
  readonly card: string;
  readonly message: string;
  /** A size that the counter sells. */
  readonly sku: string;
}
const PLACES = ["017", "025"] as const;
type Name = (typeof PLACES)[number];
const places = {} as Record<Name, Place>;
const other = (name: Name): Place => places[name === "017" ? "025" : "017"];
/** Each of the two, with the other. */
const EACH = PLACES.map((name) => [name] as const);
const IN_BOTH = ["mall:lin", "brand:chen", "supplier:wang"];

const DOORS = ["http", ...FEED_DOORS] as const;
const mutation = (field: string, args: string): string =>
  `mutation { it: ${field}(${args}) { userErrors { field code } } }`;

/** Why it is refused, if it is: by the same code at every door. */
async function refusals(person: string, query: string): Promise<string[]> {
  const answers = await Promise.all(
    DOORS.map((door) =>
      door === "http" ? story.query(person, query) : story.queryOver(door, person, query),
    ),
  );
  const codes = answers.map(({ data, errors }) =>
    (data?.it?.userErrors ?? errors).map((error: any) =>
      [...(error.field ?? []), error.code ?? error.extensions.code].join(" "),
    ),
  );
  for (const each of codes) expect(each).toEqual(codes[0]);
  return codes[0]!;
}

/** What is said in a group, and all that its feed holds by then. */
async function feedOf(person: string, { group }: Place): Promise<any[]> {
  const all = [];
  for (const over of FEED_DOORS) {
    const feed = story.feed(person, { group, over });
    const text = `marker ${over} ${person}`;
    const key = `${text} ${group}`;
    await story.query(person, mutation("postMessage", `groupId: "${group}", text: "${text}", key: "${key}"`));
    await feed.next((event) => event.text === text);
    all.push(...feed.events);
    feed.close();
  }
  return all;
}

async function settle(name: Name, group: string, guide: string): Promise<void> {
  const feed = story.feed("mall:lin", { group });
  const { card } = await feed.next((event) => event.card?.type === "restock.order");
  feed.close();
  const { data } = await story.query(
    "brand:chen",
    `mutation { it: postMessage(groupId: "${group}", text: "words about ${name}", key: "words ${name}") { message { id } } }`,
  );
  places[name] = {
    group,
    counter: name,
    guide,
    order: card.about.key.id,
    card: card.id,
    message: data.it.message.id,
    sku: card.data.lines[0].sku.id,
  };
}

beforeAll(async () => {
  story = await startStory();
  const demo = { gateway: story.gateway.url, issuers: story.issuers.url };
  const { id } = await makeDemoGroup({ ...demo, group: SECOND_GROUP });
  await beginGoingOn(demo, id);
  await settle("025", id, "brand:hu");
  await story.query(
    "brand:guo",
    `mutation { act(groupId: "${story.group}", verb: "restock.submit", key: "k", input: { lines: [{ skuId: "BL2481-38", pairs: 12 }] }) { action { id } } }`,
  );
  await settle("017", story.group, "brand:guo");
});
afterAll(() => story?.close());

/** Whatever tells that there is such an order, or such a card. */
const traces = ({ order, card, message }: Place): RegExp => new RegExp(`${order}|${card}|${message}`);

describe.each(EACH)("I2: in the group of counter %s", (name) => {
  it("who is in both groups is told of this counter, by every door, and of nothing of the other", async () => {
    for (const person of IN_BOTH) {
      const told = JSON.stringify(await feedOf(person, places[name]));
      expect(told).toMatch(traces(places[name]));
      expect(told).not.toMatch(traces(other(name)));
      expect(told).not.toContain(`words about ${other(name).counter}`);
    }
  });

  it("the guide of the other counter is nobody", async () => {
    const { group, guide } = { ...places[name], guide: other(name).guide };
    const { data } = await story.query(guide, "{ groups { id } }");
    expect(data.groups).toEqual([{ id: other(name).group }]);
    for (const over of FEED_DOORS)
      expect(JSON.stringify(await story.feed(guide, { group, over }).ended)).toMatch(/NOT_FOUND/);
    for (const door of FEED_DOORS) {
      const answer = await story.queryOver(door, guide, `{ group(id: "${group}") { cards { id } } }`);
      expect(answer.data?.group ?? null).toBeNull();
    }
  });

  it("there are no cards, threads and messages of the other", async () => {
    const { card, message } = other(name);
    const here = `group(id: "${places[name].group}")`;
    for (const person of IN_BOTH) {
      const all = await story.query(
        person,
        `{ ${here} { cards(first: 100) { id data summary } feed(before: 2147483647) { __typename ... on MessagePosted { id text } ... on CardPosted { card { id } } } } }`,
      );
      expect(JSON.stringify(all.data)).toMatch(traces(places[name]));
      expect(JSON.stringify(all.data)).not.toMatch(traces(other(name)));
      for (const selection of [
        `card(id: "${card}") { data }`,
        `thread(cardId: "${card}") { text }`,
        `message(id: "${message}") { text }`,
        `thread(messageId: "${message}") { text }`,
      ]) {
        const { data } = await story.query(person, `{ ${here} { it: ${selection} } }`);
        expect(data?.group?.it ?? []).toEqual([]);
      }
    }
  });

  it("nothing of the other is found", async () => {
    const found = async (person: string, text: string, kind: string): Promise<any[]> => {
      const query = `{ group(id: "${places[name].group}") { search(text: "${text}", kind: ${kind}) { card { id } message { id } } } }`;
      return (await story.query(person, query)).data.group.search;
    };
    for (const person of IN_BOTH) {
      expect(await found(person, places[name].order, "CARD")).toEqual([
        { card: { id: places[name].card }, message: null },
      ]);
      expect(await found(person, other(name).order, "CARD")).toEqual([]);
      expect(await found(person, "words about", "MESSAGE")).toEqual([
        { card: null, message: { id: places[name].message } },
      ]);
    }
    const { data } = await story.query(
      places[name].guide,
      `{ search(text: "words about") { group { id } message { id } } }`,
    );
    expect(data.search).toEqual([
      { group: { id: places[name].group }, message: { id: places[name].message } },
    ]);
  });

  it("rows of the other counter do not exist, for the mall's own people neither", async () => {
    const { counter, order } = other(name);
    for (const person of ["mall:lin", "brand:chen"]) {
      const ask = (query: string): Promise<Answer> => story.query(person, query, {}, places[name].group);
      const answer = await ask(
        `{ counter(id: "${counter}") { name restockOrders { id } } restockOrder(id: "${order}") { id note } }`,
      );
      expect(answer.data).toEqual({ counter: null, restockOrder: null });
      const own = await ask(`{ counter(id: "${name}") { restockOrders(first: 200) { id counter { id } } } }`);
      const orders: any[] = own.data.counter.restockOrders;
      expect(orders.map(({ id }) => id)).toContain(places[name].order);
      expect(new Set(orders.map((each) => each.counter.id))).toEqual(new Set([name]));
    }
  });

  it("nothing is done with a card, an order or a message of the other", async () => {
    const { group, sku } = places[name];
    const { card, order, counter, message } = other(name);
    const act = (verb: string, input: string, more = ""): string =>
      mutation("act", `groupId: "${group}", verb: "${verb}", input: ${input}, key: "x ${verb}"${more}`);
    for (let seen = 1; seen <= 3; seen++)
      expect(
        await refusals("mall:lin", act("restock.approve", "{}", `, cardId: "${card}", seen: ${seen}`)),
      ).toEqual(["cardId NOT_FOUND"]);
    const line = `lines: [{ skuId: "${sku}", pairs: 1 }]`;
    expect(
      await refusals(places[name].guide, act("restock.submit", `{ counterId: "${counter}", ${line} }`)),
    ).toEqual(["counterId BOUND_FIELD"]);
    // Past the actions, at the mall's own mutations.
    const direct = async (person: string, call: string): Promise<any> =>
      story.query(person, `mutation { it: ${call} { userErrors { code } } }`, {}, group);
    const approved = await direct("mall:lin", `approveRestock(input: { id: "${order}" })`);
    expect(approved.data.it.userErrors).toEqual([{ code: "ORDER_UNKNOWN" }]);
    const asked = await direct(
      places[name].guide,
      `submitRestock(input: { counterId: "${counter}", ${line}, key: "y" })`,
    );
    expect(asked.errors[0].extensions.code).toBe("FORBIDDEN");

    const say = (more: string): string =>
      mutation("postMessage", `groupId: "${group}", text: "x", key: "z", ${more}`);
    expect(await refusals("brand:chen", say(`cardId: "${card}"`))).toEqual(["cardId NOT_FOUND"]);
    expect(await refusals("brand:chen", say(`replyTo: "${message}"`))).toEqual(["replyTo NOT_FOUND"]);
    expect(await refusals("mall:lin", say(`mentions: ["${other(name).guide}"]`))).toEqual([
      "mentions 0 NOT_A_MEMBER",
    ]);
    // What chen said there, chen does not change here.
    for (const [field, args] of [
      ["editMessage", `, text: "x"`],
      ["deleteMessage", ""],
    ] as const)
      expect(
        await refusals("brand:chen", mutation(field, `groupId: "${group}", messageId: "${message}"${args}`)),
      ).toEqual(["messageId NOT_FOUND"]);
    for (const field of ["finishCard", "returnCard"])
      expect(await refusals(places[name].guide, mutation(field, `cardId: "${card}"`))).toEqual([
        "cardId NOT_FOUND",
      ]);
  });
});

describe("of what the two have in common", () => {
  it("the inbox has each card in its own group, and nothing of the group that one is not in", async () => {
    const INBOX = "{ inbox { waiting cards { group { id } card { id } } } }";
    const cards = async (person: string): Promise<string[]> =>
      (await story.query(person, INBOX)).data.inbox.cards.map(
        ({ group, card }: any) => `${group.id} ${card.id}`,
      );
    const all = PLACES.map((name) => `${places[name].group} ${places[name].card}`);
    await expect.poll(() => cards("mall:lin")).toEqual(expect.arrayContaining(all));
    for (const name of PLACES)
      expect(JSON.stringify(await cards(places[name].guide))).not.toMatch(traces(other(name)));
  });

  it("I8: a grant that is withdrawn in one of them holds in the other", async () => {
    const price = async ({ group, card }: Place): Promise<unknown> => {
      const query = `{ group(id: "${group}") { card(id: "${card}") { withheld { policy } } } }`;
      return (await story.query("brand:chen", query)).data.group.card.withheld;
    };
    await story.query(
      "mall:lin",
      mutation("withdraw", `groupId: "${places["017"].group}", policy: "mall.price", role: "buyer"`),
    );
    expect(await price(places["017"])).toContainEqual({ policy: "mall.price" });
    expect(await price(places["025"])).not.toContainEqual({ policy: "mall.price" });
  });

  it("nothing has changed by all of this in either", async () => {
    for (const name of PLACES) {
      const { group, card, order } = places[name];
      const { data } = await story.query(
        "mall:lin",
        `{ group(id: "${group}") { card(id: "${card}") { open data actions { verb } } } }`,
      );
      expect(data.group.card).toMatchObject({ open: true, data: { id: order, status: "SUBMITTED" } });
    }
    const { rows } = await story.database.query("select count(*)::int from action");
    expect(rows).toEqual([{ count: 2 }]);
  });
});
