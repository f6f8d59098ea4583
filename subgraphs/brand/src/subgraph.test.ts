import { purchaseOrders } from "@junto/seed";
import { conformance, type QueryResult, type TestViewer } from "@junto/subgraph/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startBrand, type Brand } from "./brand.fixture.ts";

let brand: Brand;

beforeAll(async () => {
  brand = await startBrand();
});
afterAll(() => brand.close());

const EVERYTHING = ["brand.catalog", "brand.price", "brand.orders"];
const chen: TestViewer = { person: "brand:chen", organization: "brand", policies: EVERYTHING };
const lin: TestViewer = {
  person: "mall:lin",
  organization: "mall",
  group: "g-017",
  role: "manager",
  subjects: ["Counter:017"],
  policies: EVERYTHING,
};

function ask(
  query: string,
  viewer: TestViewer,
  variables: Record<string, unknown> = {},
): Promise<QueryResult> {
  return brand.gateway.query(brand.subgraph, query, variables, viewer);
}

/** What IMS was filled with. */
const ORDERS = purchaseOrders({ size: "small", today: new Date() });
const OURS = ORDERS.find(({ counterId }) => counterId === "017")!;
const ELSEWHERE = ORDERS.find(({ counterId }) => counterId !== "017")!;

describe("a product", () => {
  const PRODUCT = `{ product(id: "BL2481") {
    id name brand category image suggestedPrice { minor currency } skus { id size barcode product { id } } } }`;

  it("comes with what IMS holds of it", async () => {
    const { data, errors } = await ask(PRODUCT, lin);
    expect(errors).toBeUndefined();
    expect(data.product).toMatchObject({
      id: "BL2481",
      name: "Black Nappa Loafer",
      brand: "Belle",
      category: "Loafers",
      suggestedPrice: { minor: 89900, currency: "CNY" },
    });
    expect(data.product.skus).toHaveLength(6);
    expect(data.product.skus[3]).toEqual({
      id: "BL2481-38",
      size: "38",
      barcode: "6901002481382",
      product: { id: "BL2481" },
    });
  });

  it("has a picture where its address says", async () => {
    const { data } = await ask(PRODUCT, lin);
    const answer = await fetch(data.product.image);
    expect(answer.headers.get("content-type")).toBe("image/svg+xml");
    expect(await answer.text()).toContain("BL2481");
  });

  it.each(["ZZ9999", "bl2481", "BL2481'--", "'; DROP TABLE ITM", "🥿"])(
    "that IMS does not have is null: %s",
    async (id) => {
      const { data, errors } = await ask("query ($id: ID!) { product(id: $id) { id } }", lin, { id });
      expect(errors).toBeUndefined();
      expect(data.product).toBeNull();
    },
  );

  it("shows only what its policies open, and says so beside the rest", async () => {
    const { data, errors } = await ask(PRODUCT, { ...lin, policies: ["brand.catalog"] });
    expect(data.product.name).toBe("Black Nappa Loafer");
    expect(data.product.suggestedPrice).toBeNull();
    expect(errors).toMatchObject([
      { path: ["product", "suggestedPrice"], extensions: { code: "NOT_SHARED" } },
    ]);
  });

  it("is not even asked of IMS for someone who may not see it", async () => {
    const before = brand.legacy.traffic.calls.get("GetItem");
    const { errors } = await ask(PRODUCT, { ...lin, policies: [] });
    expect(errors?.[0]?.extensions.code).toBe("NOT_SHARED");
    expect(brand.legacy.traffic.calls.get("GetItem")).toBe(before);
  });
});

describe("a search", () => {
  const SEARCH =
    "query ($search: String, $brand: String, $first: Int) { products(search: $search, brand: $brand, first: $first) { id brand } }";
  const idsOf = ({ data }: QueryResult): string[] => data.products.map(({ id }: { id: string }) => id);

  it.each([
    [{ search: "nappa loafer", brand: "belle" }, "BL2481"],
    [{ search: "2481" }, "BL2481"],
    [{ search: "乐福鞋", brand: "BL" }, "BL2481"],
  ])("finds by %j", async (variables, expected) => {
    expect(idsOf(await ask(SEARCH, lin, variables))).toContain(expected);
  });

  it("takes % and _ for what they are", async () => {
    expect(idsOf(await ask(SEARCH, lin, { search: "%" }))).toEqual([]);
    expect(idsOf(await ask(SEARCH, lin, { search: "_" }))).toEqual([]);
  });

  it("gives no more than asked for", async () => {
    expect(idsOf(await ask(SEARCH, lin, { first: 3 }))).toHaveLength(3);
    expect(idsOf(await ask(SEARCH, lin, { first: 0 }))).toEqual([]);
    expect(idsOf(await ask(SEARCH, lin, { first: -4 }))).toEqual([]);
  });
});

describe("entities, joined to what others have of them", () => {
  const JOIN = `query ($r: [_Any!]!) { _entities(representations: $r) {
    ... on Product { id name suggestedPrice { minor } } ... on Sku { id size product { name } } } }`;

  it("come in one batch, with one call to IMS for each item", async () => {
    brand.legacy.traffic.calls.clear();
    const sizes = ["35", "36", "37", "38", "39", "40"];
    const r = [
      { __typename: "Product", id: "BL2481" },
      ...sizes.map((size) => ({ __typename: "Sku", id: `BL2481-${size}` })),
      { __typename: "Product", id: "BL1026" },
      { __typename: "Sku", id: "BL2481-99" },
      { __typename: "Product", id: "BL2481" },
    ];
    const { data, errors } = await ask(JOIN, lin, { r });
    expect(errors).toBeUndefined();
    expect(data._entities.map((entity: { id: string } | null) => entity?.id ?? null)).toEqual([
      "BL2481",
      ...sizes.map((size) => `BL2481-${size}`),
      "BL1026",
      null,
      "BL2481",
    ]);
    expect(brand.legacy.traffic.calls.get("GetItem")).toBe(2);
    expect(brand.legacy.traffic.calls.get("GetPrice")).toBe(2);
  });

  it("never ask IMS for more at once than it can bear", async () => {
    const listed = await ask("{ products(first: 24) { id } }", lin);
    const r = listed.data.products.map(({ id }: { id: string }) => ({ __typename: "Product", id }));
    brand.legacy.delayMs = 20;
    brand.legacy.traffic.atOnce = 0;
    const { data, errors } = await ask(JOIN, lin, { r });
    brand.legacy.delayMs = 0;
    expect(errors).toBeUndefined();
    expect(data._entities).toHaveLength(24);
    expect(brand.legacy.traffic.atOnce).toBeGreaterThan(1);
    expect(brand.legacy.traffic.atOnce).toBeLessThanOrEqual(8);
  });
});

describe("purchase orders", () => {
  const ORDER = `query ($id: ID!) { purchaseOrder(id: $id) {
    id counterId status placedAt expectedAt lines { pairs sku { id size } } } }`;
  const FOR = `query ($r: [_Any!]!) { _entities(representations: $r) {
    ... on RestockOrder { id purchaseOrder { id counterId status } } } }`;

  it("are there for the counter that the group is about", async () => {
    const { id, restockOrderId } = OURS;
    const { data, errors } = await ask(ORDER, lin, { id });
    expect(errors).toBeUndefined();
    expect(data.purchaseOrder).toMatchObject({ id, counterId: "017" });
    expect(data.purchaseOrder.placedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(data.purchaseOrder.expectedAt).toMatch(/T00:00:00Z$/);
    expect(data.purchaseOrder.lines[0]).toMatchObject({
      pairs: expect.any(Number),
      sku: { id: expect.any(String) },
    });

    const joined = await ask(FOR, lin, { r: [{ __typename: "RestockOrder", id: restockOrderId }] });
    expect(joined.data._entities[0].purchaseOrder).toMatchObject({ id, counterId: "017" });
  });

  it("of another counter do not exist in the group, directly or joined", async () => {
    const { id, restockOrderId } = ELSEWHERE;
    expect((await ask(ORDER, chen, { id })).data.purchaseOrder.id).toBe(id);
    expect((await ask(ORDER, lin, { id })).data.purchaseOrder).toBeNull();
    const joined = await ask(FOR, lin, { r: [{ __typename: "RestockOrder", id: restockOrderId }] });
    expect(joined.data._entities[0]).toEqual({ id: restockOrderId, purchaseOrder: null });
  });

  it("do not exist for a stranger without a group, whatever policies he has", async () => {
    const { id } = OURS;
    const mo: TestViewer = { person: "plaza:mo", organization: "plaza", policies: EVERYTHING };
    expect((await ask(ORDER, mo, { id })).data.purchaseOrder).toBeNull();
  });

  it("are null where the restock order has none yet", async () => {
    const r = [{ __typename: "RestockOrder", id: "R00009999" }];
    expect((await ask(FOR, lin, { r })).data._entities).toEqual([{ id: "R00009999", purchaseOrder: null }]);
  });
});

describe("what every subgraph must hold", () => {
  const checks = conformance({
    subgraph: () => brand.subgraph,
    gateway: () => brand.gateway,
    entities: {
      Product: { key: "BL2481", field: "name", policies: ["brand.catalog"] },
      Sku: { key: "BL2481-38", field: "barcode", policies: ["brand.catalog"] },
      PurchaseOrder: { key: OURS.id, field: "status", policies: ["brand.orders"], subject: "Counter:017" },
    },
  });
  it.each(checks)("$name", async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });
});
