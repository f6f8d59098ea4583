// The owner's last word: what is asked, before what, and what becomes of what it refuses.
import { setTimeout as later } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { RequestError } from "./errors.ts";
import { createShop, member, owner, shopOptions, startShop, type Shop } from "./shop.fixture.ts";
import type { Asked, Authorize, Viewer } from "./types.ts";

const refused = (message: string, code: string, path?: readonly (string | number)[]) =>
  expect.objectContaining({ message, extensions: { code }, ...(path && { path }) });
const notShared = refused("This is not shared with you", "NOT_SHARED");

function recording(decide: (asked: Asked) => boolean = () => true) {
  const asked: Asked[] = [];
  const callers: Viewer[] = [];
  const authorize: Authorize<Shop> = (caller, what) => {
    asked.push(what);
    callers.push(caller);
    return decide(what);
  };
  return { asked, callers, authorize };
}

describe("the owner's last word", () => {
  it("is asked of root fields, of fields with a resolver, and once of each entity, with who asks", async () => {
    const { authorize, asked, callers } = recording();
    const { gateway, subgraph } = await startShop({ authorize });
    await gateway.query(
      subgraph,
      `{ counter(id: "017") { name orders { id } products { id name } } }`,
      {},
      {
        ...owner,
        group: "g1",
        role: "guide",
        subjects: ["Counter:017"],
        scopes: ["orders:read"],
      },
    );
    expect(asked.slice(0, 2)).toEqual([
      { kind: "query", field: "counter", args: { id: "017" } },
      { kind: "entity", type: "Counter", key: "017" },
    ]);
    expect(asked.slice(2)).toEqual(
      expect.arrayContaining([
        { kind: "field", type: "Counter", field: "orders", args: {}, key: "017" },
        { kind: "field", type: "Counter", field: "products", args: {}, key: "017" },
        { kind: "entity", type: "Order", key: "R1" },
        { kind: "entity", type: "Product", key: "BL1" },
        { kind: "entity", type: "Product", key: "BL2" },
      ]),
    );
    expect(new Set(asked.map((each) => JSON.stringify(each))).size).toBe(asked.length);
    expect(callers[0]).toEqual({
      person: "shop:lin",
      organization: "shop",
      group: "g1",
      role: "guide",
      subjects: [{ type: "Counter", id: "017" }],
      policies: new Set(owner.policies),
      scopes: new Set(["orders:read"]),
    });
  });

  it("comes after policies, and before anything runs in the old system", async () => {
    const { authorize, asked } = recording(() => false);
    const { gateway, subgraph, shop } = await startShop({ authorize });
    const closed = await gateway.query(
      subgraph,
      `{ order(id: "R1") { id } }`,
      {},
      { ...member, policies: [] },
    );
    expect(closed.errors).toEqual([notShared]);
    expect(asked).toEqual([]);
    const { data, errors } = await gateway.query(subgraph, `{ counter(id: "017") { name } }`, {}, member);
    expect(data).toEqual({ counter: null });
    expect(errors).toEqual([notShared]);
    const sell = `mutation { sell(counterId: "017") { order { id } } }`;
    expect((await gateway.query(subgraph, sell, {}, member)).errors).toEqual([notShared]);
    expect([shop.asked, shop.sold]).toEqual([[], []]);
  });

  it("may take its time, and be said in the owner's own words", async () => {
    const authorize: Authorize<Shop> = async (caller, asked, { legacy, signal }) => {
      await later(1, undefined, { signal });
      if (asked.kind === "mutation" && caller.role !== "buyer")
        throw new RequestError("FORBIDDEN", `Only buyers sell at ${legacy.counters["017"]!.name}`);
      return true;
    };
    const { gateway, subgraph, shop } = await startShop({ authorize });
    const sell = `mutation { sell(counterId: "017") { order { id } } }`;
    const guide = await gateway.query(subgraph, sell, {}, member);
    expect(guide).toMatchObject({ status: 200, data: { sell: null } });
    expect(guide.errors).toEqual([refused("Only buyers sell at Belle", "FORBIDDEN", ["sell"])]);
    expect(shop.sold).toEqual([]);
    await gateway.query(subgraph, sell, {}, { ...member, role: "buyer" });
    expect(shop.sold).toHaveLength(1);
  });

  it("is asked for each reference, and refuses it alone", async () => {
    const { authorize } = recording((what) => what.kind !== "entity" || what.key !== "BL2");
    const { gateway, subgraph, shop } = await startShop({ authorize });
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Product { name } } }`;
    const r = ["BL1", "BL2", "BL3", "BL2"].map((id) => ({ __typename: "Product", id }));
    const { data, errors } = await gateway.query(subgraph, query, { r }, member);
    expect(data._entities).toEqual([{ name: "Shoe 1" }, null, { name: "Shoe 3" }, null]);
    expect(errors?.map(({ path }) => path)).toEqual([
      ["_entities", 1],
      ["_entities", 3],
    ]);
    expect(shop.asked).toEqual([{ type: "Product", keys: ["BL1", "BL3"] }]);
  });

  it("leaves what it refuses out of lists, loaded or given as rows", async () => {
    const { authorize } = recording((what) => what.kind !== "entity" || !["BL2", "R1"].includes(what.key));
    const { gateway, subgraph } = await startShop({ authorize });
    const query = `{ counter(id: "017") { products { id } } orders { id } found { __typename } named { name } }`;
    const { data, errors } = await gateway.query(subgraph, query, {}, owner);
    expect(data.counter).toEqual({ products: [{ id: "BL1" }, { id: "BL1" }] });
    expect(data.orders).toEqual([{ id: "R2" }, { id: "R3" }]);
    expect(data.found).toHaveLength(4);
    expect(data.named).toHaveLength(3);
    expect(errors).toBeUndefined();
  });

  it.each<[string, Authorize<Shop>]>([
    ["says nothing", (() => undefined) as unknown as Authorize<Shop>],
    ["says something else", (() => "yes") as unknown as Authorize<Shop>],
    ["promises nothing", (async () => undefined) as unknown as Authorize<Shop>],
  ])("that %s refuses", async (_, authorize) => {
    const { gateway, subgraph } = await startShop({ authorize });
    const { data, errors } = await gateway.query(subgraph, `{ orders { id } }`, {}, owner);
    expect(data ?? null).toBeNull();
    expect(errors).toEqual([notShared]);
  });

  it("that fails refuses, and is not shown", async () => {
    const authorize: Authorize<Shop> = () => {
      throw new Error("canary: the list of the rights office is away");
    };
    const { gateway, subgraph, log } = await startShop({ authorize });
    const { errors } = await gateway.query(subgraph, `{ counter(id: "017") { name } }`, {}, owner);
    expect(errors).toEqual([refused("Internal error", "INTERNAL")]);
    expect(log.text()).toContain("canary");
  });

  it("that takes too long refuses", async () => {
    const authorize: Authorize<Shop> = () => new Promise(() => undefined);
    const { gateway, subgraph } = await startShop({ authorize, deadline: 50 });
    const { errors } = await gateway.query(subgraph, `{ counter(id: "017") { name } }`, {}, owner);
    expect(errors).toEqual([refused("The old system did not answer in time", "LEGACY_TIMEOUT")]);
  });

  it("is asked again after a mutation", async () => {
    const { authorize, asked } = recording();
    const { gateway, subgraph } = await startShop({ authorize });
    await gateway.query(
      subgraph,
      `mutation { rename(id: "BL1", name: "x") { before product { id } } }`,
      {},
      { ...member, group: "g1" },
    );
    expect(asked.filter(({ kind }) => kind === "entity")).toHaveLength(2);
  });

  it("is asked when a subscription begins, and of each event's entity, which is not sent when it is refused", async () => {
    const { typeDefs, resolvers } = shopOptions(createShop());
    const { authorize, asked } = recording((what) =>
      what.kind === "subscription"
        ? what.args["counterId"] === "017"
        : what.kind !== "entity" || what.key !== "R1",
    );
    const { gateway, subgraph } = await startShop({
      authorize,
      typeDefs: `${typeDefs} type Subscription { ordered(counterId: ID!): [Order!] @policy(policies: [["shop.orders"]]) }`,
      resolvers: {
        ...resolvers,
        Subscription: {
          ordered: {
            async *subscribe() {
              yield* [["R1"], ["R1", "R3"], ["R3"]];
            },
            resolve: (ids: string[], _args, { legacy }) => ids.map((id) => legacy.orders[id]),
          },
        },
      },
    });
    const follow = (counterId: string) =>
      gateway.subscribe(subgraph, `subscription { ordered(counterId: "${counterId}") { id } }`, {}, owner);
    const refusedOne = await follow("018");
    await expect(refusedOne.next()).rejects.toMatchObject({
      errors: [expect.objectContaining({ extensions: { code: "NOT_SHARED" } })],
    });
    const events = await follow("017");
    const came: unknown[] = [];
    for await (const { data } of events) came.push(data?.["ordered"]);
    expect(came).toEqual([[{ id: "R3" }], [{ id: "R3" }]]);
    expect(asked).toContainEqual({ kind: "entity", type: "Order", key: "R1" });
  });
});
