import type { ReceivedChange } from "@junto/subgraph/testing";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startBrand, type Brand } from "./brand.fixture.ts";
import type { BrandSubgraphOptions } from "./subgraph.ts";

let brand: Brand;

beforeEach(async () => {
  brand = await startBrand();
});
afterEach(() => brand.close());

const MARKER = "BL1310";
let markers = 10_000;

function next(entity: string, id: string, kind?: string): Promise<ReceivedChange> {
  return brand.gateway.change(
    (change) => change.entity === entity && change.key["id"] === id && (!kind || change.kind === kind),
  );
}

/** Changes that the gateway does not have yet. */
async function waiting(): Promise<number> {
  const answer = await fetch(`${brand.subgraph.origin}/health`);
  return ((await answer.json()) as { outbox: number }).outbox;
}

function told(entity: string, id: string): string[] {
  return brand.gateway.changes
    .filter((change) => change.entity === entity && change.key["id"] === id)
    .map(({ kind }) => kind);
}

/** Lets IMS's clock go on, and waits until a change of that later time has come through: all before it has, too. */
async function settle(seconds = 10): Promise<void> {
  const isMarker = ({ entity, key }: ReceivedChange): boolean => entity === "Product" && key["id"] === MARKER;
  const known = new Set(brand.gateway.changes.filter(isMarker).map(({ id }) => id));
  brand.clock.now += seconds * 1000;
  await brand.staff.setSuggestedPrice(MARKER, (markers += 100));
  await brand.gateway.change((change) => isMarker(change) && !known.has(change.id));
}

describe("what changes in IMS", () => {
  it("is told once, though it is read several times", async () => {
    await brand.staff.setSuggestedPrice("BL2481", 85000);
    await next("Product", "BL2481");
    await settle(1);
    await settle(10);
    expect(told("Product", "BL2481")).toEqual(["UPDATED"]);
  });

  it("is told again when it changes within the second in which it was read", async () => {
    await brand.staff.setSuggestedPrice("BL2481", 85000);
    await next("Product", "BL2481");
    for (const fen of [84000, 83000, 82000]) {
      brand.gateway.forget();
      await brand.staff.setSuggestedPrice("BL2481", fen);
      await next("Product", "BL2481");
    }
    brand.gateway.forget();
    await settle();
    expect(told("Product", "BL2481")).toEqual([]);
  });

  it("is not told when what it shows stayed the same", async () => {
    await brand.staff.setSuggestedPrice("BL2481", 85000);
    await next("Product", "BL2481");
    await settle();
    brand.gateway.forget();
    await brand.staff.setSuggestedPrice("BL2481", 85000);
    await settle();
    expect(told("Product", "BL2481")).toEqual([]);
  });

  const IDS = ["BL1026", "BL1119", "BL1174", "BL1190", "BL2481"];

  /** Started again, and its first comparison of all keys is over: from now on only polls find anything. */
  async function restarted(options: Partial<BrandSubgraphOptions>): Promise<void> {
    await brand.subgraph.close();
    const { calls } = brand.legacy.traffic;
    calls.clear();
    await brand.startSubgraph({ ...options, scanEvery: 3_600_000 });
    await vi.waitFor(() => expect(calls.get("ListPurchaseOrders")).toBe(1), { interval: 5 });
    calls.clear();
    await vi.waitFor(() => expect(calls.get("GetChangesSince")).toBeGreaterThan(0), { interval: 5 });
  }

  it("is told though it was more in one second than IMS lists", async () => {
    await restarted({ pageSize: 2 });
    for (const id of IDS) await brand.staff.setSuggestedPrice(id, 55500);
    brand.clock.now += 1000;
    const found = await Promise.all(IDS.map((id) => next("Product", id)));
    expect(found.map(({ kind }) => kind)).toEqual(IDS.map(() => "UPDATED"));
  });

  it("is told over many pages, where a page ends within a second", async () => {
    await restarted({ pageSize: 3, pollEvery: 300 });
    for (const [index, id] of IDS.entries()) {
      if (index % 2 === 0) brand.clock.now += 1000;
      await brand.staff.setSuggestedPrice(id, 55500);
    }
    await Promise.all(IDS.map((id) => next("Product", id)));
    expect(brand.legacy.traffic.calls.get("ListItems")).toBeUndefined();
  });

  it("while the subgraph is stopped is told when it runs again, and nothing else", async () => {
    await brand.staff.setSuggestedPrice("BL1026", 44400);
    await next("Product", "BL1026");
    await settle();
    await brand.subgraph.close();
    brand.gateway.forget();
    await brand.staff.setSuggestedPrice("BL2481", 85000);
    brand.clock.now += 3_600_000;
    await brand.staff.updateItem("BL1119", { name: "Another name" });
    await brand.startSubgraph();
    await next("Product", "BL2481");
    await next("Product", "BL1119");
    await settle();
    expect(told("Product", "BL1026")).toEqual([]);
    expect(told("Product", "BL2481").length).toBeGreaterThan(0);
  });

  it("while the gateway is away is told when it is back", async () => {
    await brand.gateway.away();
    await brand.staff.setSuggestedPrice("BL2481", 85000);
    await vi.waitFor(async () => expect(await waiting()).toBeGreaterThan(0));
    await brand.gateway.back();
    expect((await next("Product", "BL2481")).kind).toBe("UPDATED");
  });

  it("is nothing at the first start: there is only what there is", async () => {
    await settle();
    expect(new Set(brand.gateway.changes.map(({ key }) => key["id"]?.slice(0, 6)))).toEqual(
      new Set([MARKER]),
    );
  });
});

describe("items", () => {
  const NEW = {
    id: "BL9001",
    name: "Red Suede Loafer",
    nameZh: "红色绒面乐福鞋",
    brandCode: "BL",
    brand: "Belle",
    category: "Loafers",
    sizes: ["36", "37"],
  };

  it("that are new are told as created, with their sizes", async () => {
    await brand.staff.addItem(NEW);
    expect(await next("Product", "BL9001")).toMatchObject({ kind: "CREATED", subjects: [] });
    expect((await next("Sku", "BL9001-36")).kind).toBe("CREATED");
    expect((await next("Sku", "BL9001-37")).kind).toBe("CREATED");
  });

  it("that get and lose a size are told size by size", async () => {
    await brand.staff.addItem(NEW);
    await next("Sku", "BL9001-37");
    await settle();
    brand.gateway.forget();
    await brand.staff.updateItem("BL9001", { sizes: ["37", "38"] });
    await next("Sku", "BL9001-36", "DELETED");
    await next("Sku", "BL9001-38");
    await next("Product", "BL9001", "UPDATED");
    expect(told("Sku", "BL9001-37")).toEqual([]);
  });

  it("that are deleted, which IMS says nowhere, are found by comparing all keys", async () => {
    await brand.subgraph.close();
    await brand.startSubgraph({ scanEvery: 50 });
    await brand.staff.deleteItem("BL1174");
    expect(await next("Product", "BL1174")).toMatchObject({ kind: "DELETED" });
  });

  it("that were deleted while the subgraph was stopped are found at its start", async () => {
    await brand.subgraph.close();
    await brand.staff.deleteItem("BL1174");
    await brand.startSubgraph();
    expect(await next("Product", "BL1174")).toMatchObject({ kind: "DELETED" });
  });
});

describe("orders", () => {
  const PLACE = `mutation ($input: PlacePurchaseOrderInput!) { placePurchaseOrder(input: $input) { purchaseOrder { id } } }`;

  it("that are placed and moved on are told for their counter, and the restock order with them", async () => {
    const input = {
      restockOrderId: "R00001234",
      counterId: "017",
      key: "k",
      lines: [{ skuId: "BL2481-38", pairs: 3 }],
    };
    const chen = {
      organization: "brand",
      group: "g",
      subjects: ["Counter:017"],
      policies: ["brand.catalog", "brand.orders", "brand.orders.place"],
    };
    const { data } = await brand.gateway.query(brand.subgraph, PLACE, { input }, chen);
    const { id } = data.placePurchaseOrder.purchaseOrder as { id: string };
    const subjects = [{ type: "Counter", id: "017" }];
    expect(await next("PurchaseOrder", id)).toMatchObject({ kind: "CREATED", subjects });
    expect(await next("RestockOrder", "R00001234")).toMatchObject({ kind: "UPDATED", subjects });

    brand.gateway.forget();
    await brand.staff.setOrderStatus(id, "CONFIRMED");
    expect(await next("PurchaseOrder", id)).toMatchObject({ kind: "UPDATED", subjects });
    expect(await next("RestockOrder", "R00001234")).toMatchObject({ kind: "UPDATED", subjects });
  });
});
