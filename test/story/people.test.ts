// One group and many people: who gets nothing, what is joined how often, who was away, who does not answer.
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createBrandStaff } from "@junto/brand";
import { WebSocket } from "ws";
import { FEED_DOORS, startStory, type Feed, type Story } from "../support/story.ts";

let story: Story;
const SUBMIT = `mutation ($group: ID!, $key: String!, $pairs: Int!) {
  act(groupId: $group, verb: "restock.submit", key: $key, input: { lines: [{ skuId: "BL2481-38", pairs: $pairs }] }) { action { id } userErrors { code message } }
}`;
const SAY = `mutation ($group: ID!, $text: String!, $key: String!) { postMessage(groupId: $group, text: $text, key: $key) { userErrors { code } } }`;

/** The newest restock order's card, as everyone who is asked sees it. */
let order: { card: string; id: string };

beforeAll(async () => {
  story = await startStory();
  const feed = story.feed("mall:lin");
  await story.query("brand:guo", SUBMIT, { group: story.group, key: "first", pairs: 12 });
  const posted = await feed.next((event) => event.__typename === "CardPosted");
  order = { card: posted.card.id, id: posted.card.data.id };
  feed.close();
  // From here on subgraphs are asked only what somebody asks for: it is known whose turn it is.
  await vi.waitFor(
    async () => {
      const open = await story.database.query("select from card where weighed < touched");
      expect(open.rowCount).toBe(0);
    },
    { timeout: 30_000 },
  );
});
afterAll(() => story?.close());

describe("I2: whoever is not in the group gets nothing", () => {
  const outsiders = ["plaza:mo", "comet:tang", "mall:zhao", null];
  const asked = () => [...story.gateway.requests.values()].reduce((sum, count) => sum + count, 0);

  it.each(outsiders)("not the group, not the card, not a field: %s over HTTP", async (person) => {
    const before = asked();
    const nothing = async (query: string, variables: object = {}, group?: string): Promise<void> => {
      const { data, errors } = await story.query(
        person,
        query,
        { group: story.group, card: order.card, id: order.id, ...variables },
        group,
      );
      const values = Object.values(data ?? {}).filter(
        (value) => value !== null && !(Array.isArray(value) && value.length === 0),
      );
      expect(values, `${query} for ${person}: ${JSON.stringify(errors)}`).toEqual([]);
    };
    await nothing("query ($group: ID!) { group(id: $group) { name } }");
    await nothing("query ($group: ID!, $card: ID!) { group(id: $group) { card(id: $card) { data } } }");
    await nothing("{ groups { id } }");
    await nothing("{ groups { id } }", {}, story.group);
    await nothing(
      `query ($id: ID!, $group: ID!) { entity(type: "RestockOrder", key: { id: $id }, groupId: $group) { ...on Product { name } ...on Counter { name } } }`.replace(
        "{ ...on Product",
        "{ ...on Sku { onHand } ...on Product",
      ),
    );
    if (person === "mall:zhao") return; // of the organization that owns what follows
    await nothing("query ($id: ID!) { restockOrder(id: $id) { id status } }");
    await nothing(`{ counter(id: "017") { name } }`);
    await nothing(`{ product(id: "BL2481") { name shelfPrice { minor } stock } }`);
    await nothing(
      `query ($id: ID!) { a: restockOrder(id: $id) { ...F } } fragment F on RestockOrder { lines { product { stock } } }`,
    );
    expect(asked()).toBe(before);
  });

  it.each(outsiders.filter((each) => each !== null))(
    "nothing in a subscription either, at any door: %s",
    async (person) => {
      for (const over of FEED_DOORS) {
        const feed = story.feed(person, { over });
        expect(await feed.ended).toEqual([expect.objectContaining({ extensions: { code: "NOT_FOUND" } })]);
        expect(feed.events).toEqual([]);
      }
    },
  );

  it("and nobody at all does not get in", async () => {
    const socket = new WebSocket(
      `${story.gateway.url.replace("http", "ws")}/graphql`,
      "graphql-transport-ws",
    );
    const closed = new Promise<number>((resolve) => socket.on("close", resolve));
    socket.on("open", () => socket.send(`{"type":"connection_init"}`));
    expect(await closed).toBe(4403);
  });

  it("may not do anything there", async () => {
    for (const person of ["plaza:mo", "comet:tang", "mall:zhao"]) {
      const { data } = await story.query(person, SAY, { group: story.group, text: "hello", key: "x" });
      expect(data.postMessage.userErrors[0].code).toBe("NOT_FOUND");
      const acted = await story.query(person, SUBMIT, { group: story.group, key: "y", pairs: 1 });
      expect(acted.data.act.userErrors[0].code).toBe("NOT_FOUND");
    }
  });
});

describe("I3: rows", () => {
  it("of another counter do not exist in this group", async () => {
    const { rows } = await story.erp.query(
      `select trim("RPL_NO") as id from "T_RPL_H" where trim("CNTR_ID") <> '017' and "DEL_FLG" = '0' limit 1`,
    );
    expect(rows).toHaveLength(1);
    const { data } = await story.query(
      "brand:chen",
      "query ($id: ID!) { restockOrder(id: $id) { id status } }",
      { id: rows[0].id },
      story.group,
    );
    expect(data.restockOrder).toBeNull();
    const own = await story.query(
      "brand:chen",
      "query ($id: ID!) { restockOrder(id: $id) { id status } }",
      { id: order.id },
      story.group,
    );
    expect(own.data.restockOrder.id).toBe(order.id);
  });
});

describe("I4: one join for each audience", () => {
  it("however many subscribe, at whichever door: 200 subscribers in 3 roles, 3 joins", async () => {
    const people = ["mall:lin", "brand:guo", "brand:chen"];
    const feeds: Feed[] = [];
    for (let n = 0; n < 200; n++)
      feeds.push(story.feed(people[n % people.length]!, { over: FEED_DOORS[n % FEED_DOORS.length]! }));
    const isOrder = (event: any) => event.card?.id === order.card;
    await Promise.all(feeds.map((feed) => feed.next(isOrder)));
    // Everyone is live when everyone has what was said last.
    await story.query("brand:guo", SAY, { group: story.group, text: "are we all here?", key: "roll-call" });
    await Promise.all(feeds.map((feed) => feed.next((event) => event.text === "are we all here?")));

    const before = new Map(story.gateway.requests);
    await story.erp.query(
      `update "T_RPL_H" set "REMARK" = 'two more men to carry it' where trim("RPL_NO") = $1`,
      [order.id],
    );
    const changed = await Promise.all(
      feeds.map((feed) =>
        feed.next((event) => isOrder(event) && event.card.data.note === "two more men to carry it"),
      ),
    );
    expect(changed).toHaveLength(200);
    const asked = (subgraph: string) => story.gateway.requests.get(subgraph)! - before.get(subgraph)!;
    expect({ mall: asked("mall"), supplier: asked("supplier") }).toEqual({ mall: 3, supplier: 3 });
    for (const feed of feeds) feed.close();
  });
});

describe("I5: who was cut off", () => {
  it("in the middle of 500 events has every one after coming back, in order, once", async () => {
    const selection = "__typename seq ...on MessagePosted { text }";
    const start = (
      await story.query("mall:lin", "query ($g: ID!) { group(id: $g) { head } }", { g: story.group })
    ).data.group.head as number;
    const saying = (async () => {
      for (let n = 1; n <= 500; n++)
        await story.query("brand:guo", SAY, { group: story.group, text: `event ${n}`, key: `event-${n}` });
    })();
    let feed = story.feed("mall:lin", { after: start, selection });
    const got: any[] = [];
    // A cursor is worth the same at every door.
    for (const [turn, cutAt] of [90, 230, 231, 400].entries()) {
      await feed.next((event) => event.text === `event ${cutAt}`);
      feed.cut();
      await feed.ended;
      got.push(...feed.events);
      const over = FEED_DOORS[(turn + 1) % FEED_DOORS.length]!;
      feed = story.feed("mall:lin", { over, after: got.at(-1).seq, selection });
    }
    await feed.next((event) => event.text === "event 500");
    got.push(...feed.events);
    await saying;
    const seqs = got.map(({ seq }) => seq as number);
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    expect(new Set(seqs).size).toBe(seqs.length);
    expect(got.map(({ text }) => text).filter((text) => text?.startsWith("event "))).toEqual(
      Array.from({ length: 500 }, (_, n) => `event ${n + 1}`),
    );
    feed.close();
  });
});

describe("I9: one silent system does not silence the group", () => {
  it("the card comes with what there is, says who did not answer, and completes itself", async () => {
    const feed = story.feed("mall:lin", {
      after: (await story.query("mall:lin", "query ($g: ID!) { group(id: $g) { head } }", { g: story.group }))
        .data.group.head,
    });
    await story.stopBrand();
    await story.query("brand:guo", SUBMIT, { group: story.group, key: "while-away", pairs: 7 });
    const partial = (
      await feed.next((event) => event.__typename === "CardPosted" && event.card.data.pairs === 7)
    ).card;
    expect(partial.data.lines[0].product.name).toBeNull();
    expect(partial.data.lines[0].product.shelfPrice.minor).toEqual(expect.any(Number));
    expect(partial.data.lines[0].sku.onHand).toEqual(expect.any(Number));
    const gives = ["lines.sku.size", "lines.product.name", "lines.product.image"];
    expect(partial.provenance).toContainEqual({
      organization: { id: "brand" },
      system: "brand",
      status: "AWAY",
      paths: expect.arrayContaining(gives),
      missing: expect.arrayContaining(gives),
    });
    const { data } = await story.query(
      "mall:lin",
      "query ($g: ID!, $c: ID!) { group(id: $g) { card(id: $c) { adaptiveCard } } }",
      { g: story.group, c: partial.id },
    );
    expect(JSON.stringify(data.group.card.adaptiveCard)).toContain("no answer from Aurora Footwear");

    await story.startBrand();
    const complete = (
      await feed.next(
        (event) => event.card?.id === partial.id && event.card.data.lines[0].product.name !== null,
      )
    ).card;
    expect(complete.provenance).toContainEqual({
      organization: { id: "brand" },
      system: "brand",
      status: "OK",
      paths: expect.arrayContaining(gives),
      missing: [],
    });
    expect(complete.revision).toBeGreaterThan(partial.revision);
    feed.close();
  });
});

describe("a change in the brand's SOAP system", () => {
  it("reaches the card too", async () => {
    const feed = story.feed("mall:lin");
    await feed.next((event) => event.card?.id === order.card);
    await createBrandStaff({ wsdlUrl: story.brand.url }).updateItem("BL2481", { name: "Renamed Loafer" });
    const changed = await feed.next(
      (event) => event.card?.id === order.card && event.card.data.lines[0].product.name === "Renamed Loafer",
    );
    expect(changed.__typename).toMatch(/^Card/);
    feed.close();
  });
});

describe("I8: a grant that is withdrawn", () => {
  it.each(FEED_DOORS)(
    "over %s is gone from open cards at once, and comes back with the grant",
    async (over) => {
      const feed = story.feed("brand:guo", { over });
      const shown = (await feed.next((event) => event.card?.id === order.card)).card;
      expect(shown.data.lines[0].product.shelfPrice).not.toBeNull();
      const change = (what: string) =>
        story.query(
          "mall:lin",
          `mutation ($g: ID!) { ${what}(groupId: $g, policy: "mall.price", role: "guide") { userErrors { code } } }`,
          { g: story.group },
        );
      expect((await change("withdraw")).data.withdraw.userErrors).toEqual([]);
      const without = (
        await feed.next(
          (event) => event.card?.id === order.card && event.card.data.lines[0].product.shelfPrice === null,
        )
      ).card;
      expect(without.withheld).toContainEqual({
        path: "lines.product.shelfPrice",
        organization: { id: "mall" },
        policy: "mall.price",
      });
      await change("grant");
      const seen = feed.events.length;
      await expect
        .poll(
          () =>
            feed.events
              .slice(seen - 1)
              .some(
                (event) =>
                  event.card?.id === order.card && event.card.data.lines[0].product.shelfPrice !== null,
              ),
          { timeout: 20_000 },
        )
        .toBe(true);
      feed.close();
    },
  );

  it.each(FEED_DOORS)("and a removed member's feed over %s ends with the reason", async (over) => {
    const feed = story.feed("supplier:wang", { over });
    await feed.next((event) => event.card !== undefined);
    const { data } = await story.query(
      "supplier:wang",
      `mutation ($g: ID!) { removeMember(groupId: $g, personId: "supplier:wang") { userErrors { code } } }`,
      { g: story.group },
    );
    expect(data.removeMember.userErrors).toEqual([]);
    expect(await feed.ended).toEqual([expect.objectContaining({ extensions: { code: "FORBIDDEN" } })]);
    await story.query(
      "supplier:wang",
      `mutation ($g: ID!) { addMember(groupId: $g, personId: "supplier:wang", role: "supplier") { userErrors { code } } }`,
      { g: story.group },
    );
  });
});
