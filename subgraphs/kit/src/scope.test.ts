import { describe, expect, it } from "vitest";
import { everything, member, owner, startShop } from "./shop.fixture.ts";
import type { TestViewer } from "./testing/index.ts";

/** Of another organization, in no group, and yet with every policy: as no gateway would send it. */
const outsider: TestViewer = { organization: "brand", policies: everything };
const forbidden = expect.objectContaining({ extensions: { code: "FORBIDDEN" } });

describe("rows of a type with @scope", () => {
  it("are all there for a person of the owner without a group", async () => {
    const { gateway, subgraph } = await startShop();
    const { data } = await gateway.query(subgraph, "{ orders { id } counters { id } }", {}, owner);
    expect(data).toEqual({
      orders: [{ id: "R1" }, { id: "R2" }, { id: "R3" }],
      counters: [{ id: "017" }, { id: "018" }],
    });
  });

  it("are those of the group's subject for the owner's people too, when they ask in a group", async () => {
    const { gateway, subgraph } = await startShop();
    const viewer = { ...owner, group: "g1", subjects: ["Counter:017"] };
    const { data } = await gateway.query(subgraph, "{ orders { id } counters { id } }", {}, viewer);
    expect(data).toEqual({ orders: [{ id: "R1" }], counters: [{ id: "017" }] });
  });

  it("do not exist for a person of another organization without a group", async () => {
    const { gateway, subgraph } = await startShop();
    const query = `{ orders { id } order(id: "R1") { id } counter(id: "017") { id } }`;
    const { data } = await gateway.query(subgraph, query, {}, outsider);
    expect(data).toEqual({ orders: [], order: null, counter: null });
  });

  it("do not exist in a group about something else, nor one about nothing", async () => {
    const { gateway, subgraph } = await startShop();
    for (const subjects of [["Counter:999"], ["Elevator:017"], []]) {
      const { data } = await gateway.query(
        subgraph,
        `{ orders { id } order(id: "R1") { id } }`,
        {},
        { ...member, subjects },
      );
      expect(data).toEqual({ orders: [], order: null });
    }
  });

  it("are those of every subject, when a group has several", async () => {
    const { gateway, subgraph } = await startShop();
    const viewer = { ...member, subjects: ["Counter:017", "Counter:018"] };
    expect((await gateway.query(subgraph, "{ orders { id } }", {}, viewer)).data.orders).toHaveLength(2);
  });

  it("are filtered at every place: root, nested, lists of lists, promises in lists, unions, payloads", async () => {
    const { gateway, subgraph } = await startShop();
    const query = `{
      order(id: "R2") { id }
      counter(id: "017") { orders { id counter { id } } products { id } }
      grid { id }
      found { __typename ... on Order { id } ... on Product { order { id } } }
      named { name }
    }`;
    const { data, errors } = await gateway.query(subgraph, query, {}, member);
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      order: null,
      counter: {
        orders: [{ id: "R1", counter: { id: "017" } }],
        products: [{ id: "BL1" }, { id: "BL2" }, { id: "BL1" }],
      },
      grid: [[{ id: "R1" }], [], null],
      found: [{ __typename: "Order", id: "R1" }, { __typename: "Product", order: null }, null],
      named: [{ name: "Belle" }, { name: "Shoe 1" }],
    });
    const sold = await gateway.query(
      subgraph,
      `mutation { sell(counterId: "017") { order { id } } }`,
      {},
      member,
    );
    expect(sold.data).toEqual({ sell: { order: null } });
  });

  it("are null as references", async () => {
    const { gateway, subgraph } = await startShop();
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Order { id } ... on Counter { id } } }`;
    const r = ["R1", "R2", "R3", "R9"].map((id) => ({ __typename: "Order", id }));
    const counters = ["017", "018"].map((id) => ({ __typename: "Counter", id }));
    const { data, errors } = await gateway.query(subgraph, query, { r: [...r, ...counters] }, member);
    expect(errors).toBeUndefined();
    expect(data._entities).toEqual([{ id: "R1" }, null, null, null, { id: "017" }, null]);
  });

  it("are FORBIDDEN where the schema says that there must be one", async () => {
    const { gateway, subgraph } = await startShop();
    const { data, errors } = await gateway.query(subgraph, `{ mustHave(id: "R2") { id } }`, {}, member);
    expect(data).toBeNull();
    expect(errors).toEqual([forbidden]);
  });

  it("fail when they do not say what they belong to, even for those who may see all", async () => {
    const { gateway, subgraph, shop, log } = await startShop();
    delete (shop.orders.R1 as { counterId?: unknown }).counterId;
    for (const viewer of [member, owner]) {
      const { data, errors } = await gateway.query(subgraph, `{ order(id: "R1") { id } }`, {}, viewer);
      expect(data).toEqual({ order: null });
      expect(errors).toMatchObject([{ message: "Internal error", extensions: { code: "INTERNAL" } }]);
    }
    expect(log.text()).toContain('A row of Order has no \\"counterId\\"');
  });

  it("are compared as text, and nothing else passes for an id", async () => {
    const { gateway, subgraph, shop } = await startShop();
    const order = shop.orders.R1 as { counterId: unknown };
    const viewer = {
      ...member,
      subjects: ["Counter:17", "Counter:null", "Counter:[object Object]", "Counter:a,b"],
    };
    const ask = async (counterId: unknown): Promise<unknown> => {
      order.counterId = counterId;
      return (await gateway.query(subgraph, `{ order(id: "R1") { id } }`, {}, viewer)).data.order;
    };
    expect(await ask(17)).toEqual({ id: "R1" });
    expect(await ask("017")).toBeNull();
    expect(await ask(null)).toBeNull();
    expect(await ask({})).toBeNull();
    expect(await ask(["a", "b"])).toBeNull();
  });
});

describe("an action", () => {
  const sell = `mutation ($id: ID!) { sell(counterId: $id) { order { id } } }`;

  it("runs for a subject of the request, with the gateway's idempotency key", async () => {
    const { gateway, subgraph, shop } = await startShop();
    await gateway.query(subgraph, sell, { id: "017" }, member, { "idempotency-key": "k1" });
    expect(shop.sold).toEqual(["017 k1"]);
  });

  it("does not run for another subject", async () => {
    const { gateway, subgraph, shop } = await startShop();
    const { data, errors } = await gateway.query(subgraph, sell, { id: "018" }, member);
    expect(data).toEqual({ sell: null });
    expect(errors).toEqual([forbidden]);
    expect(errors?.[0]?.message).toBe("This request is not about that Counter");
    expect(shop.sold).toEqual([]);
  });

  it("runs for any subject for a person of the owner without a group", async () => {
    const { gateway, subgraph, shop } = await startShop();
    await gateway.query(subgraph, sell, { id: "018" }, owner);
    expect(shop.sold).toHaveLength(1);
  });
});
