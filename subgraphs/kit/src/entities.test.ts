import { describe, expect, it } from "vitest";
import { inOrder } from "./entities.ts";
import { member, owner, startShop } from "./shop.fixture.ts";

const query = `query ($r: [_Any!]!) {
  _entities(representations: $r) { __typename ... on Product { id name postage } ... on Counter { id name } }
}`;
const products = (...ids: readonly unknown[]): object => ({
  r: ids.map((id) => ({ __typename: "Product", id })),
});

describe("references", () => {
  it("are loaded in one call, each key once, and come back in their order", async () => {
    const { gateway, subgraph, shop } = await startShop();
    const { data } = await gateway.query(
      subgraph,
      query,
      { ...products("BL3", "BL1", "nope", "BL3") },
      member,
    );
    expect(data._entities.map((row: { id: string } | null) => row?.id)).toEqual([
      "BL3",
      "BL1",
      undefined,
      "BL3",
    ]);
    expect(shop.asked).toEqual([{ type: "Product", keys: ["BL3", "BL1", "nope"] }]);
  });

  it("are loaded in several calls, when an entity takes no more at once", async () => {
    const { gateway, subgraph, shop } = await startShop();
    const ids = Array.from({ length: 50 }, (_, n) => `BL${n}`);
    const { data } = await gateway.query(subgraph, query, { ...products(...ids) }, member);
    expect(data._entities.map(({ id }: { id: string }) => id)).toEqual(ids);
    expect(shop.asked.map(({ keys }) => keys.length)).toEqual([20, 20, 10]);
  });

  it("share their batch with the loads of resolvers, within a request and not between requests", async () => {
    const { gateway, subgraph, shop } = await startShop();
    const both = `query ($r: [_Any!]!) { a: _entities(representations: $r) { ... on Product { name } } b: _entities(representations: $r) { ... on Product { name } } }`;
    await gateway.query(subgraph, both, { ...products("BL1", "BL2") }, member);
    expect(shop.asked).toEqual([{ type: "Product", keys: ["BL1", "BL2"] }]);
    await gateway.query(subgraph, both, { ...products("BL1") }, member);
    expect(shop.asked).toHaveLength(2);
  });

  it("see the scope of their own request only, however many there are at once", async () => {
    const { gateway, subgraph } = await startShop();
    const counters = { r: ["017", "018"].map((id) => ({ __typename: "Counter", id })) };
    const ask = (subject: string): Promise<unknown> =>
      gateway
        .query(subgraph, query, counters, { ...member, subjects: [subject] })
        .then(({ data }) => data._entities);
    const [seventeen, eighteen] = await Promise.all([ask("Counter:017"), ask("Counter:018")]);
    expect(seventeen).toEqual([{ __typename: "Counter", id: "017", name: "Belle" }, null]);
    expect(eighteen).toEqual([null, { __typename: "Counter", id: "018", name: "Daphne" }]);
  });

  it("bring along what @requires asked elsewhere, and nothing else", async () => {
    const { gateway, subgraph } = await startShop();
    const r = [{ __typename: "Product", id: "BL1", weight: 7, name: "Forged", fen: 1 }];
    const { data } = await gateway.query(subgraph, query, { r }, member);
    expect(data._entities).toEqual([{ __typename: "Product", id: "BL1", name: "Shoe 1", postage: 70 }]);
  });

  it.each([
    ["of a type that is no entity", { __typename: "Price", minor: 1 }],
    ["of an unknown type", { __typename: "Nope", id: "1" }],
    ["of a type named like a property of every object", { __typename: "constructor", id: "1" }],
    ["without a type", { id: "BL1" }],
    ["without a key", { __typename: "Product" }],
    ["with a key that is no text", { __typename: "Product", id: { $ne: null } }],
    ["that are no objects", 7],
  ])("%s fail alone", async (_, bad) => {
    const { gateway, subgraph } = await startShop();
    const r = [bad, { __typename: "Product", id: "BL1" }];
    const { data, errors } = await gateway.query(subgraph, query, { r }, member);
    expect(data._entities[0]).toBeNull();
    expect(data._entities[1]).toMatchObject({ id: "BL1" });
    expect(errors?.filter(({ path }) => path?.[1] === 0)).toMatchObject([
      { extensions: { code: "BAD_USER_INPUT" } },
    ]);
  });

  it("do not touch the rows of the old system", async () => {
    const { gateway, subgraph, shop } = await startShop();
    Object.freeze(shop.products.BL1);
    const { data } = await gateway.query(subgraph, query, { ...products("BL1") }, member);
    expect(data._entities[0]).toMatchObject({ __typename: "Product", id: "BL1" });
    expect(Object.keys(shop.products.BL1!)).toEqual(["id", "name", "fen"]);
  });
});

it("what a mutation changed is loaded anew: what it forgets at once, everything when it is done", async () => {
  const { gateway, subgraph, shop } = await startShop();
  const rename = `mutation { rename(id: "BL1", name: "New") { before after product { name } } }`;
  const { data } = await gateway.query(subgraph, rename, {}, member);
  expect(data.rename).toEqual({ before: "Shoe 1", after: "New", product: { name: "New!" } });
  expect(shop.asked.filter(({ type }) => type === "Product")).toHaveLength(3);
});

it("an entity that gives too few rows is an error, not somebody else's row", async () => {
  const { gateway, subgraph, log } = await startShop({
    entities: {
      Counter: { load: async () => [] },
      Order: { load: async () => [] },
      Product: { load: async () => [{ id: "BL2", name: "Another" }] },
    },
  });
  const { data, errors } = await gateway.query(subgraph, query, { ...products("BL1", "BL2") }, owner);
  expect(data._entities).toEqual([null, null]);
  expect(errors).toMatchObject([{ extensions: { code: "INTERNAL" } }, { extensions: { code: "INTERNAL" } }]);
  expect(log.text()).toContain("was asked for 2 rows and gave 1");
});

it("inOrder puts rows into the order of the keys", () => {
  const rows = [{ id: "b" }, { id: "a" }];
  expect(inOrder(["a", "x", "b", "a"], rows, ({ id }) => id)).toEqual([
    { id: "a" },
    null,
    { id: "b" },
    { id: "a" },
  ]);
});
