import type { QueryResult, TestViewer } from "@junto/subgraph/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startBrand, type Brand } from "./brand.fixture.ts";

let brand: Brand;

beforeAll(async () => {
  brand = await startBrand({ callTimeout: 300 });
});
afterAll(() => brand.close());

const chen: TestViewer = {
  person: "brand:chen",
  organization: "brand",
  group: "g-017",
  role: "buyer",
  subjects: ["Counter:017"],
  policies: ["brand.catalog", "brand.orders", "brand.orders.place"],
};

const PLACE = `mutation ($input: PlacePurchaseOrderInput!) { placePurchaseOrder(input: $input) {
  purchaseOrder { id counterId status lines { pairs sku { id } } } userErrors { field code message } } }`;

let restocks = 5000;
let input: {
  restockOrderId: string;
  counterId: string;
  key: string;
  lines: { skuId: string; pairs: number }[];
};

beforeEach(() => {
  restocks += 1;
  const lines = [
    { skuId: "BL2481-37", pairs: 4 },
    { skuId: "BL2481-38", pairs: 8 },
  ];
  input = { restockOrderId: `R0000${restocks}`, counterId: "017", key: `key ${restocks}`, lines };
});

function place(other: Partial<typeof input> = {}, viewer = chen): Promise<QueryResult> {
  return brand.gateway.query(brand.subgraph, PLACE, { input: { ...input, ...other } }, viewer);
}

const created = (): number => brand.legacy.traffic.calls.get("CreatePurchaseOrder") ?? 0;

describe("placing a purchase order", () => {
  it("writes it into IMS and gives it back", async () => {
    const { data, errors } = await place();
    expect(errors).toBeUndefined();
    expect(data.placePurchaseOrder).toEqual({
      purchaseOrder: {
        id: expect.stringMatching(/^PO-\d{4}-\d{6}$/),
        counterId: "017",
        status: "PLACED",
        lines: [
          { pairs: 4, sku: { id: "BL2481-37" } },
          { pairs: 8, sku: { id: "BL2481-38" } },
        ],
      },
      userErrors: [],
    });
  });

  it("orders once, however often and however simultaneously it is sent with one key", async () => {
    const answers = await Promise.all([place(), place(), place()]);
    answers.push(await place());
    const ids = answers.map(({ data }) => data.placePurchaseOrder.purchaseOrder.id);
    expect(new Set(ids).size).toBe(1);
  });

  it("orders once when the answer to the first attempt was lost", async () => {
    brand.legacy.delayMs = 400;
    const lost = await place();
    brand.legacy.delayMs = 0;
    expect(lost.errors?.[0]?.extensions.code).toBe("LEGACY_TIMEOUT");
    const first = await place();
    const second = await place();
    expect(first.data.placePurchaseOrder.userErrors).toEqual([]);
    expect(second.data.placePurchaseOrder).toEqual(first.data.placePurchaseOrder);
  });

  it("refuses a key that was used for something else, and takes the same key from another person", async () => {
    await place();
    const reused = await place({ lines: [{ skuId: "BL2481-38", pairs: 1 }] });
    expect(reused.data.placePurchaseOrder).toMatchObject({
      purchaseOrder: null,
      userErrors: [{ field: ["key"], code: "KEY_REUSED" }],
    });
    const other = await place({ restockOrderId: "R00007001" }, { ...chen, person: "brand:ding" });
    expect(other.data.placePurchaseOrder.userErrors).toEqual([]);
  });

  it("refuses a second order for one restock order, until the first is cancelled", async () => {
    const first = await place();
    const second = await place({ key: "another key" });
    expect(second.data.placePurchaseOrder.userErrors).toMatchObject([
      { field: ["restockOrderId"], code: "ORDER_EXISTS" },
    ]);
    await brand.staff.setOrderStatus(first.data.placePurchaseOrder.purchaseOrder.id, "CANCELLED");
    const third = await place({ key: "another key" });
    expect(third.data.placePurchaseOrder.userErrors).toEqual([]);
  });

  it.each([
    ["no lines", { lines: [] }, ["lines"], "LINES_MISSING"],
    [
      "no pairs",
      { lines: [{ skuId: "BL2481-38", pairs: 0 }] },
      ["lines", "0", "pairs"],
      "PAIRS_OUT_OF_RANGE",
    ],
    [
      "1,000 pairs",
      { lines: [{ skuId: "BL2481-38", pairs: 1000 }] },
      ["lines", "0", "pairs"],
      "PAIRS_OUT_OF_RANGE",
    ],
    ["no sku's id", { lines: [{ skuId: "shoes", pairs: 1 }] }, ["lines", "0", "skuId"], "SKU_UNKNOWN"],
    [
      "a size that is not made",
      { lines: [{ skuId: "BL2481-50", pairs: 1 }] },
      ["lines", "0", "skuId"],
      "SKU_UNKNOWN",
    ],
    ["no restock order", { restockOrderId: "17" }, ["restockOrderId"], "RESTOCK_ORDER_INVALID"],
    ["no key", { key: " " }, ["key"], "KEY_INVALID"],
    [
      "a sku twice",
      {
        lines: [
          { skuId: "BL2481-38", pairs: 1 },
          { skuId: "BL2481-38", pairs: 1 },
        ],
      },
      ["lines", "1", "skuId"],
      "SKU_TWICE",
    ],
  ])("says what is wrong with %s, and orders nothing", async (_what, other, field, code) => {
    const before = created();
    const { data, errors } = await place(other);
    expect(errors).toBeUndefined();
    expect(data.placePurchaseOrder.purchaseOrder).toBeNull();
    expect(data.placePurchaseOrder.userErrors).toMatchObject([{ field, code }]);
    expect(created()).toBe(before);
  });

  it("is refused for a counter that the group is not about, before IMS hears of it", async () => {
    const before = brand.legacy.traffic.calls.get("GetItem");
    const { data, errors } = await place({ counterId: "003" });
    expect(errors?.[0]?.extensions.code).toBe("FORBIDDEN");
    expect(data?.placePurchaseOrder ?? null).toBeNull();
    expect(brand.legacy.traffic.calls.get("GetItem")).toBe(before);
  });

  it("is refused without its policy, to the brand's own people as well", async () => {
    const before = created();
    const { errors } = await place({}, { ...chen, policies: ["brand.catalog", "brand.orders"] });
    expect(errors?.[0]?.extensions.code).toBe("NOT_SHARED");
    expect(created()).toBe(before);
  });
});
