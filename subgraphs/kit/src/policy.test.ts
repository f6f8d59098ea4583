import { describe, expect, it } from "vitest";
import { everything, member, owner, startShop } from "./shop.fixture.ts";
import type { TestViewer } from "./testing/index.ts";

const without = (...policies: readonly string[]): TestViewer => ({
  ...member,
  policies: everything.filter((policy) => !policies.includes(policy)),
});
const notShared = (...path: readonly (string | number)[]): object =>
  expect.objectContaining({
    path,
    message: "This is not shared with you",
    extensions: { code: "NOT_SHARED" },
  });

describe("a field with @policy", () => {
  it("comes to whoever holds the policy, and as null with the reason to others", async () => {
    const { gateway, subgraph } = await startShop();
    const query = `{ counter(id: "017") { products { id name price { minor } } } }`;
    const shown = await gateway.query(subgraph, query, {}, member);
    expect(shown.data.counter.products[0]).toEqual({ id: "BL1", name: "Shoe 1", price: { minor: 100 } });
    const hidden = await gateway.query(subgraph, query, {}, without("shop.price"));
    expect(hidden.data.counter.products[0]).toEqual({ id: "BL1", name: "Shoe 1", price: null });
    expect(hidden.errors).toHaveLength(3);
    expect(hidden.errors).toContainEqual(notShared("counter", "products", 0, "price"));
  });

  const table: [held: string[], value: number | null][] = [
    [["a", "b"], 1],
    [["c"], 1],
    [["a", "b", "c"], 1],
    [["a"], null],
    [["b"], null],
    [[], null],
  ];
  it.each(table)("needs one of its lists in full: with %j it is %j", async (policies, either) => {
    const { gateway, subgraph } = await startShop();
    const { data } = await gateway.query(subgraph, "{ either }", {}, { ...member, policies });
    expect(data).toEqual({ either });
  });

  it("needs its policy of the owner's own people as well: whether they hold it is the gateway's to say", async () => {
    const { gateway, subgraph } = await startShop();
    const { data } = await gateway.query(subgraph, "{ either }", {}, { ...owner, policies: [] });
    expect(data).toEqual({ either: null });
  });

  it("is hidden before the old system is asked", async () => {
    const { gateway, subgraph, shop } = await startShop();
    const { data, errors } = await gateway.query(
      subgraph,
      `{ counter(id: "017") { id } }`,
      {},
      without("shop.counter"),
    );
    expect(data).toEqual({ counter: null });
    expect(errors).toEqual([notShared("counter")]);
    expect(shop.asked).toEqual([]);
  });

  it("is hidden under an alias, in a fragment and behind an interface", async () => {
    const { gateway, subgraph } = await startShop();
    const viewer = without("shop.price");
    const query = `{
      counter(id: "017") { products { cheap: price { minor } ...P ... on Product { price { minor } } } }
      named { name ... on Product { it: price { minor } } }
    } fragment P on Product { p: price { minor } }`;
    const { data } = await gateway.query(subgraph, query, {}, viewer);
    expect(data.counter.products[0]).toEqual({ cheap: null, p: null, price: null });
    expect(data.named).toEqual([{ name: "Belle" }, { name: "Shoe 1", it: null }]);
  });
});

describe("a type with @policy", () => {
  it("hides every field that returns it, and every field of its own, beside their own policies", async () => {
    const { gateway, subgraph } = await startShop();
    const { data, errors } = await gateway.query(
      subgraph,
      `{ counter(id: "017") { name orders { id } } orders { id } }`,
      {},
      without("shop.counter"),
    );
    expect(data).toEqual({ counter: null, orders: [{ id: "R1" }] });
    expect(errors).toEqual([notShared("counter")]);
  });

  it("hides a field that has no policy of its own", async () => {
    const { gateway, subgraph } = await startShop();
    const query = `{ orders { id counter { name } } }`;
    const { data, errors } = await gateway.query(subgraph, query, {}, without("shop.counter"));
    expect(data).toEqual({ orders: [{ id: "R1", counter: null }] });
    expect(errors).toEqual([notShared("orders", 0, "counter")]);
  });

  it("hides its rows behind an interface and a union, even what type they are", async () => {
    const { gateway, subgraph } = await startShop();
    const { data, errors } = await gateway.query(
      subgraph,
      `{ found { __typename } named { __typename } }`,
      {},
      { ...without("shop.orders"), subjects: ["Counter:017", "Counter:018"] },
    );
    expect(data).toEqual({
      found: [null, null, null, { __typename: "Product" }, null],
      named: [{ __typename: "Counter" }, { __typename: "Counter" }, { __typename: "Product" }],
    });
    expect(errors).toEqual([notShared("found", 0), notShared("found", 1), notShared("found", 2)]);
  });

  it("hides its entities, each with its own error", async () => {
    const { gateway, subgraph, shop } = await startShop();
    const representations = [
      { __typename: "Order", id: "R1" },
      { __typename: "Product", id: "BL1" },
    ];
    const { data, errors } = await gateway.query(
      subgraph,
      `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Order { pairs } ... on Product { name } } }`,
      { r: representations },
      without("shop.orders"),
    );
    expect(data._entities).toEqual([null, { name: "Shoe 1" }]);
    expect(errors).toEqual([notShared("_entities", 0)]);
    expect(shop.asked.map(({ type }) => type)).toEqual(["Product"]);
  });
});

describe("what has no policy", () => {
  it("is for the owner's own people when it is a root field", async () => {
    const { gateway, subgraph } = await startShop();
    expect(await gateway.query(subgraph, "{ counters { id } }", {}, owner)).toMatchObject({
      data: { counters: [{ id: "017" }, { id: "018" }] },
    });
    const foreign = await gateway.query(subgraph, "{ counters { id } }", {}, member);
    expect(foreign).toMatchObject({ data: { counters: null }, errors: [notShared("counters")] });
  });

  it("is for the owner's own people when it is a mutation", async () => {
    const { gateway, subgraph } = await startShop();
    expect((await gateway.query(subgraph, "mutation { reset }", {}, owner)).data).toEqual({ reset: true });
    expect((await gateway.query(subgraph, "mutation { reset }", {}, member)).data).toEqual({ reset: null });
  });

  it("is for the owner's own people when it is a field of an entity", async () => {
    const { gateway, subgraph } = await startShop();
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Product { id cost } } }`;
    const variables = { r: [{ __typename: "Product", id: "BL2" }] };
    const own = await gateway.query(subgraph, query, variables, owner);
    expect(own.data._entities).toEqual([{ id: "BL2", cost: 100 }]);
    const foreign = await gateway.query(subgraph, query, variables, member);
    expect(foreign.data._entities).toEqual([{ id: "BL2", cost: null }]);
  });
});

describe("a field that is for whoever is signed in", () => {
  const stranger: TestViewer = { organization: "plaza" };

  it("comes to people of every organization, without a policy and without a group", async () => {
    const { gateway, subgraph } = await startShop();
    const query = "{ forAnyone member { name } }";
    for (const viewer of [stranger, owner, member])
      expect(await gateway.query(subgraph, query, {}, viewer)).toMatchObject({
        data: { forAnyone: 1, member: { name: "Lin" } },
      });
  });

  it("still asks what else is asked: of a field, of what it returns, and of what it takes, deep in an input", async () => {
    const { gateway, subgraph } = await startShop();
    const query = `{ member { name points } code byLevel byInput(input: { inner: [] }) }`;
    expect((await gateway.query(subgraph, query, {}, stranger)).data).toEqual({
      member: { name: "Lin", points: null },
      code: null,
      byLevel: null,
      byInput: null,
    });
    const priced = { ...stranger, policies: ["shop.price"] };
    expect((await gateway.query(subgraph, query, {}, priced)).data).toEqual({
      member: { name: "Lin", points: 7 },
      code: "c",
      byLevel: null,
      byInput: 1,
    });
  });
});

describe("a field with @requiresScopes", () => {
  const scopes: [scopes: string[], value: number | null][] = [
    [["read", "write"], 1],
    [["audit"], 1],
    [["read"], null],
    [["write", "other"], null],
    [[], null],
  ];
  it.each(scopes)("needs one of its lists in full: with %j it is %j", async (held, scoped) => {
    const { gateway, subgraph } = await startShop();
    const viewer = { ...owner, scopes: held };
    expect((await gateway.query(subgraph, "{ scoped }", {}, viewer)).data).toEqual({ scoped });
  });

  it("counts what the owner says of its own people, whatever another issuer says, and whatever is granted", async () => {
    const { gateway, subgraph } = await startShop();
    const viewer = { ...member, scopes: ["read", "write", "audit"] };
    const { data, errors } = await gateway.query(subgraph, "{ scoped both byLevel }", {}, viewer);
    expect(data).toEqual({ scoped: null, both: null, byLevel: null });
    expect(errors).toEqual([notShared("scoped"), notShared("both"), notShared("byLevel")]);
  });

  it("needs its policy as well", async () => {
    const { gateway, subgraph } = await startShop();
    const ask = async (over: Partial<TestViewer>): Promise<unknown> =>
      (await gateway.query(subgraph, "{ both }", {}, { ...owner, ...over })).data.both;
    expect(await ask({ scopes: ["read"] })).toBe(1);
    expect(await ask({ scopes: ["read"], policies: [] })).toBeNull();
    expect(await ask({ scopes: [] })).toBeNull();
  });
});

it("a mutation without its policy does not run", async () => {
  const { gateway, subgraph, shop } = await startShop();
  const mutation = `mutation { sell(counterId: "017") { order { id } } }`;
  const { data, errors } = await gateway.query(subgraph, mutation, {}, without("shop.sell"));
  expect(data).toEqual({ sell: null });
  expect(errors).toEqual([notShared("sell")]);
  expect(shop.sold).toEqual([]);
});
