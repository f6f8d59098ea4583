// A subscription of any subgraph works through the gateway, over real sockets: its events come from there, the rest
// of the selection from the others.
import { GraphQLError } from "graphql";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FEED_DOORS } from "../support/story.ts";
import { follow, startLive, type Live } from "./live.ts";

let live: Live;
beforeEach(async () => {
  live = await startLive();
  live.groups.set("g", {
    members: new Map([["shop:ann", "seller"]]),
    granted: new Map([["seller", ["maker.catalog", "store.stock"]]]),
  });
});
afterEach(() => live.close());

const sale = (id: string, pairs = 1, product = "p1") => ({ id, pairs, product: { id: product } });
const IN_GROUP = { as: "shop:ann", group: "g" };

describe("a federated subscription", () => {
  it("is joined from three subgraphs, with arguments, variables, aliases and fragments", async () => {
    const events = await follow(live, {
      ...IN_GROUP,
      query: `
        subscription Sales($shelf: ID!, $least: Int, $stock: Boolean!) {
          ... on Subscription { now: sold(shelf: $shelf, atLeast: $least) { ...Line } }
          now: sold(shelf: $shelf, atLeast: $least) { __typename }
        }
        fragment Line on Sale { number: id pairs product { what: name id: __typename stock @include(if: $stock) } }`,
      variables: { shelf: "7", least: 2, stock: true },
    });
    await live.sales.listeners(1);
    live.sales.publish(sale("few", 1));
    live.sales.publish({ ...sale("elsewhere", 9), shelf: "8" });
    live.sales.publish(sale("s1", 2));
    expect(await events.event()).toEqual({
      data: {
        now: {
          number: "s1",
          pairs: 2,
          product: { what: "shoe p1", id: "Product", stock: 7 },
          __typename: "Sale",
        },
      },
    });
    expect(live.events.get("shop")).toBe(1);
  });

  it("gives each object its own fields where its type is known only when it comes", async () => {
    const events = await follow(live, {
      ...IN_GROUP,
      query: `subscription { happened { id ... on Sale { product { name } } ... on Return { why shelfAgain } } }`,
    });
    await live.happenings.listeners(1);
    live.happenings.publish({ __typename: "Return", id: "r1", why: "too small" });
    live.happenings.publish({ __typename: "Sale", ...sale("s1") });
    expect(await events.event()).toEqual({
      data: { happened: { id: "r1", why: "too small", shelfAgain: true } },
    });
    expect(await events.event()).toEqual({ data: { happened: { id: "s1", product: { name: "shoe p1" } } } });
  });

  it("keeps the order of the events, however long each takes to be joined", async () => {
    const events = await follow(live, {
      ...IN_GROUP,
      query: `subscription { sold(shelf: "7") { id product { name } } }`,
    });
    await live.sales.listeners(1);
    const ids = Array.from({ length: 60 }, (_, n) => `s${n}`);
    for (const [n, id] of ids.entries())
      live.sales.publish(sale(id, 1, n % 7 === 0 ? "unmade" : `p${n % 3}`));
    const came = [];
    for (const _ of ids) came.push((await events.event()).data.sold.id);
    expect(came).toEqual(ids);
  });

  it("tells of what could not be joined with the event, and goes on", async () => {
    const events = await follow(live, {
      ...IN_GROUP,
      query: `subscription { sold(shelf: "7") { id product { name stock } } }`,
    });
    await live.sales.listeners(1);
    live.sales.publish(sale("s1", 1, "unmade"));
    live.sales.publish(sale("s2", 1, "p2"));
    const first = await events.event();
    expect(first.data).toEqual({ sold: { id: "s1", product: { name: null, stock: 7 } } });
    expect(first.errors).toEqual([
      expect.objectContaining({
        path: ["sold", "product"],
        extensions: expect.objectContaining({ subgraph: "maker" }),
      }),
    ]);
    expect(JSON.stringify(first)).not.toContain("canary");
    expect((await events.event()).data.sold.product.name).toBe("shoe p2");
  });

  it("shows null where the subgraph had an error, and what must not be null by the rules", async () => {
    const events = await follow(live, { ...IN_GROUP, query: `subscription { strict { id } }` });
    await live.happenings.listeners(1);
    live.happenings.publish(new Error("canary-4711"));
    const { data, errors } = await events.event();
    expect(data).toBeNull();
    expect(errors).toEqual([
      expect.objectContaining({
        extensions: { code: "SUBGRAPH_ERROR", subgraph: "shop", organization: "shop" },
      }),
    ]);
    expect(JSON.stringify(errors)).not.toContain("canary");
  });

  it("is asked of its subgraph with a token for its operation and audience, and nothing of it over HTTP", async () => {
    const query = `subscription { sold(shelf: "7") { pairs product { name } } }`;
    await follow(live, { ...IN_GROUP, query });
    await live.sales.listeners(1);
    expect(live.subscribed).toEqual([
      { query: expect.stringContaining("sold(shelf:") as string, variables: {} },
    ]);
    const { authorization } = live.inits[0] as { authorization: string };
    expect(JSON.parse(authorization.slice("Bearer ".length))).toEqual({
      subgraph: "shop",
      operation: live.subscribed[0]!.query,
      person: null,
      organization: "shop",
      group: "g",
      policies: ["shop.sales", "shop.price"],
    });
    expect(live.graph.subgraphs.shop!.requests).toEqual([]);
  });

  it("is refused over HTTP with a word of where it is made", async () => {
    const { status, errors } = await live.doors.overHttp({
      query: `subscription { sold(shelf: "7") { id } }`,
    });
    expect(status).toBe(200);
    expect(errors![0].message).toContain("WebSocket");
  });

  it.each([
    ["two fields at the root", `{ a: sold(shelf: "1") { id } b: sold(shelf: "2") { id } }`],
    ["a field at the root that may be left out", `{ sold(shelf: "1") @include(if: true) { id } }`],
    ["a fragment at the root that may be left out", `{ ... @skip(if: false) { sold(shelf: "1") { id } } }`],
    ["nothing but its type", `{ __typename }`],
  ])("with %s is refused, and nothing is asked", async (_what, selection) => {
    const events = await follow(live, { ...IN_GROUP, query: `subscription ${selection}` });
    const { type, payload } = await events.next();
    expect([type, payload[0].extensions.code]).toEqual(["error", "BAD_REQUEST"]);
    expect(live.inits).toEqual([]);
  });

  it("ends when the subgraph completes it", async () => {
    const events = await follow(live, { ...IN_GROUP, query: `subscription { sold(shelf: "7") { id } }` });
    await live.sales.listeners(1);
    live.sales.publish(sale("last"));
    live.sales.complete();
    expect((await events.event()).data.sold.id).toBe("last");
    expect((await events.next()).type).toBe("complete");
    await expect.poll(live.connections).toBe(0);
    expect([live.relays.size(), live.upstreams()]).toEqual([0, 0]);
  });

  it.each([
    [null, "SUBGRAPH_ERROR"],
    ["NOT_SHARED", "NOT_SHARED"],
    ["LEGACY_AWAY", "SUBGRAPH_AWAY"],
  ])("ends with the subgraph's error %s, of which it shows no word", async (reason, code) => {
    live.fail(new GraphQLError("canary-4711", { extensions: { code: reason, secret: "canary-4711" } }));
    const events = await follow(live, { ...IN_GROUP, query: `subscription { sold(shelf: "7") { id } }` });
    const { type, payload } = await events.next();
    expect(type).toBe("error");
    expect(payload).toEqual([
      {
        message: expect.not.stringContaining("canary") as string,
        extensions: { code, subgraph: "shop", organization: "shop", ...(reason && { reason }) },
      },
    ]);
    expect(live.upstreams()).toBe(0);
  });

  it("that cannot begin at the subgraph says so, without its words, and is complete", async () => {
    const events = await follow(live, { ...IN_GROUP, query: `subscription { broken { id } }` });
    const { data, errors } = await events.event();
    expect(data).toEqual({ broken: null });
    expect(errors![0].extensions.code).toBe("SUBGRAPH_ERROR");
    expect(JSON.stringify(errors)).not.toContain("canary");
    expect((await events.next()).type).toBe("complete");
  });

  it.each(FEED_DOORS)(
    "over %s ends at the subgraph when the client completes it, and when it is gone",
    async (over) => {
      const query = `subscription { sold(shelf: "7") { id } }`;
      const first = await follow(live, { ...IN_GROUP, query, over });
      await live.sales.listeners(1);
      first.complete();
      await live.sales.listeners(0);
      const second = await follow(live, { ...IN_GROUP, query, over });
      await live.sales.listeners(1);
      second.cut();
      await live.sales.listeners(0);
      expect([live.relays.size(), live.upstreams()]).toEqual([0, 0]);
    },
  );
});
