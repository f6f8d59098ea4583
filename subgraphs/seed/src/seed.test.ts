import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  barcode,
  BRANDS,
  catalogue,
  LAST_RESTOCK,
  purchaseOrders,
  restocks,
  sales,
  skuId,
  stock,
  type SeedSize,
} from "./index.ts";

const SIZES: readonly SeedSize[] = ["full", "small"];

describe("the catalogue", () => {
  it("is of the size of a department store", () => {
    const { brands, products, counters } = catalogue();
    expect(brands).toHaveLength(40);
    expect(products).toHaveLength(3000);
    expect(counters).toHaveLength(60);
    const shelf = counters.map(({ productIds }) => productIds.length);
    expect(Math.min(...shelf)).toBeGreaterThanOrEqual(45);
    expect(Math.max(...shelf)).toBeLessThanOrEqual(55);
  });

  it("gives every brand, product, name within a brand and barcode once", () => {
    const { products } = catalogue();
    expect(new Set(BRANDS.map(({ code }) => code)).size).toBe(40);
    expect(new Set(products.map(({ id }) => id)).size).toBe(3000);
    expect(new Set(products.map(({ brandCode, name }) => `${brandCode} ${name}`)).size).toBe(3000);
    const barcodes = products.flatMap(({ id, sizes }) => sizes.map((size) => barcode(id, size)));
    expect(new Set(barcodes).size).toBe(barcodes.length);
  });

  it.each(SIZES)("has the story's product at the story's counter (%s)", (size) => {
    const { products, counters } = catalogue({ size });
    const product = products.find(({ id }) => id === "BL2481");
    expect(product).toMatchObject({ brand: "Belle", sizes: ["35", "36", "37", "38", "39", "40"] });
    expect(counters.find(({ id }) => id === "017")).toMatchObject({ brand: "Belle" });
    expect(counters.find(({ id }) => id === "017")?.productIds).toContain("BL2481");
  });

  it("puts on a counter's shelf only products of the counter's brand", () => {
    for (const size of SIZES) {
      const { products, counters } = catalogue({ size });
      const brandOf = new Map(products.map(({ id, brand }) => [id, brand]));
      for (const { brand, productIds } of counters) {
        expect(new Set(productIds.map((id) => brandOf.get(id)))).toEqual(new Set([brand]));
      }
    }
  });

  it("writes barcodes with the check digit of EAN-13", () => {
    const digits = Array.from(barcode("BL2481", "38"), Number);
    expect(digits).toHaveLength(13);
    expect(digits.reduce((sum, digit, index) => sum + digit * (index % 2 ? 3 : 1), 0) % 10).toBe(0);
  });

  it("is, when small, a part of the full one", () => {
    const full = new Map(catalogue().products.map((product) => [product.id, product]));
    const { products } = catalogue({ size: "small" });
    expect(products.length).toBeLessThan(30);
    for (const product of products) expect(product).toEqual(full.get(product.id));
  });
});

describe("sales", () => {
  it("are a year of about 190,000 rows, made in seconds", () => {
    const rows = [...sales()];
    expect(rows.length).toBeGreaterThan(180_000);
    expect(rows.length).toBeLessThan(200_000);
    expect(new Set(rows.map(({ day }) => day)).size).toBe(365);
    const keys = new Set(rows.map((row) => `${row.day} ${row.counterId} ${row.productId} ${row.size}`));
    expect(keys.size).toBe(rows.length);
  });

  it("sell more at weekends, and boots in winter", () => {
    const categories = new Map(catalogue().products.map(({ id, category }) => [id, category]));
    const byWeekday = [0, 0, 0, 0, 0, 0, 0];
    const boots = { winter: 0, summer: 0 };
    for (const { day, productId, pairs } of sales()) {
      byWeekday[new Date(day).getUTCDay()]! += pairs;
      const month = day.slice(5, 7);
      if (categories.get(productId) !== "Boots") continue;
      if (["12", "01"].includes(month)) boots.winter += pairs;
      if (["06", "07"].includes(month)) boots.summer += pairs;
    }
    expect(byWeekday[6]!).toBeGreaterThan(byWeekday[2]! * 1.5);
    expect(boots.winter).toBeGreaterThan(boots.summer * 5);
  });

  it.each(SIZES)("are never missing for the story in the 28 days before any today (%s)", (size) => {
    for (const today of ["2026-11-20", "2027-02-28", "2028-07-01"].map(
      (day) => new Date(`${day}T09:30:00Z`),
    )) {
      const rows = [...sales({ size, today })];
      const since = new Date(today.getTime() - 28 * 86_400_000).toISOString().slice(0, 10);
      const sold = rows.filter(
        (row) => row.counterId === "017" && row.productId === "BL2481" && row.day > since,
      );
      expect(sold.length).toBeGreaterThan(5);
      expect(rows.at(-1)!.day).toBe(today.toISOString().slice(0, 10));
    }
  });

  it("of one day come out the same, whatever today is", () => {
    const onDay = (today: string): unknown[] =>
      [...sales({ size: "small", today: new Date(today) })].filter(({ day }) => day === "2026-11-14");
    expect(onDay("2026-11-20").length).toBeGreaterThan(0);
    expect(onDay("2026-12-05")).toEqual(onDay("2026-11-20"));
  });
});

describe("orders", () => {
  it.each(SIZES)("exist in all states, oldest first, with numbers up to the last one (%s)", (size) => {
    const orders = restocks({ size });
    expect(new Set(orders.map(({ status }) => status))).toEqual(
      new Set(["SUBMITTED", "APPROVED", "REJECTED", "RECEIVED"]),
    );
    expect(orders.at(-1)?.id).toBe(`R${String(LAST_RESTOCK).padStart(8, "0")}`);
    expect(orders.map(({ id }) => id)).toEqual(orders.map(({ id }) => id).toSorted());
    expect(orders.map(({ submittedAt }) => submittedAt)).toEqual(
      orders.map(({ submittedAt }) => submittedAt).toSorted(),
    );
    expect(orders.at(-1)!.submittedAt < "2026-11-20").toBe(true);
  });

  it.each(SIZES)("of the brand answer restock orders of the mall, line by line (%s)", (size) => {
    const asked = new Map(restocks({ size }).map((order) => [order.id, order]));
    const placed = purchaseOrders({ size });
    expect(placed.length).toBeGreaterThan(5);
    for (const order of placed) {
      const restock = asked.get(order.restockOrderId);
      expect(restock?.counterId).toBe(order.counterId);
      expect(restock?.lines).toEqual(order.lines);
      expect(order.placedAt > restock!.decidedAt!).toBe(true);
      expect(order.expectedDay > order.placedAt.slice(0, 10)).toBe(true);
    }
    expect(new Set(placed.map(({ restockOrderId }) => restockOrderId)).size).toBe(placed.length);
  });

  it("of the full data are some hundreds, and the brand's in all states", () => {
    expect(restocks().length).toBeGreaterThan(300);
    expect(purchaseOrders().length).toBeGreaterThan(250);
    expect(new Set(purchaseOrders().map(({ status }) => status)).size).toBe(4);
  });
});

describe("stock", () => {
  it("covers every sku once, from one of two suppliers, the story's from the first", () => {
    const rows = stock();
    const skus = catalogue().products.flatMap(({ id, sizes }) => sizes.map((size) => skuId(id, size)));
    expect(rows.flatMap(({ sizes }) => sizes.map((row) => row.skuId))).toEqual(skus);
    expect(rows.filter(({ supplier }) => supplier === 2).length).toBeGreaterThan(500);
    expect(rows.find(({ productId }) => productId === "BL2481")).toMatchObject({ supplier: 1, leadDays: 5 });
  });

  it.each(SIZES)("comes from both suppliers (%s)", (size) => {
    expect(new Set(stock({ size }).map(({ supplier }) => supplier))).toEqual(new Set([1, 2]));
  });
});

describe("the seed", () => {
  it("does not drift: what was generated once is generated again, anywhere", () => {
    const digest = (value: unknown): string =>
      createHash("sha256").update(JSON.stringify(value)).digest("hex");
    expect(digest([catalogue(), restocks(), purchaseOrders(), stock()]).slice(0, 16)).toBe(
      "d3fe35bfebd59640",
    );
    expect(digest([...sales({ size: "small" })]).slice(0, 16)).toBe("98dffce04a8aea8b");
  });
});
