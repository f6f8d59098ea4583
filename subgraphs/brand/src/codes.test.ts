import { LegacyError } from "@junto/subgraph";
import { describe, expect, it } from "vitest";
import {
  counterOf,
  customerOf,
  earlier,
  fenOf,
  instantOf,
  isOrderId,
  isProductId,
  isRestockOrderId,
  midnightOf,
  orderStatus,
  rfc3339,
  skuParts,
  stampOf,
} from "./codes.ts";

describe("what IMS writes", () => {
  it.each([
    ["899.00", 89900],
    ["0.05", 5],
    ["1290.10", 129010],
  ])("reads the amount %s without arithmetic on fractions", (amount, fen) => {
    expect(fenOf(amount)).toBe(fen);
  });

  it.each(["899", "899.0", "-1.00", "8,99.00", "", "1e3.00"])("refuses the amount %j", (amount) => {
    expect(() => fenOf(amount)).toThrow(LegacyError);
  });

  it("reads a time by the clock in Beijing", () => {
    expect(rfc3339(instantOf("20261120", "073005"))).toBe("2026-11-19T23:30:05Z");
    expect(stampOf(Date.parse("2026-11-19T23:30:05.900Z"))).toBe("20261120073005");
  });

  it("reads a day as midnight UTC of the same date", () => {
    expect(midnightOf("20261120")).toBe("2026-11-20T00:00:00Z");
    expect(() => midnightOf("2026-11-20")).toThrow(LegacyError);
  });

  it("counts back over minutes, days and years", () => {
    expect(earlier("20261120120003", 4)).toBe("20261120115959");
    expect(earlier("20270101000001", 3)).toBe("20261231235958");
  });

  it("knows four states of an order and refuses a fifth", () => {
    expect(["10", "20", "30", "90"].map(orderStatus)).toEqual([
      "PLACED",
      "CONFIRMED",
      "SHIPPED",
      "CANCELLED",
    ]);
    expect(() => orderStatus("40")).toThrow(LegacyError);
  });

  it("tells the mall's counters from other customers", () => {
    expect(counterOf(customerOf("017"))).toBe("017");
    expect(counterOf("PLZ003")).toBeNull();
  });
});

describe("ids", () => {
  it.each([
    ["BL2481", true],
    ["bl2481", false],
    ["BL2481-38", false],
    ["BL2481%", false],
    ["", false],
  ])("%j is a product's: %s", (id, expected) => {
    expect(isProductId(id)).toBe(expected);
  });

  it("of skus are a style number and a size", () => {
    expect(skuParts("BL2481-38")).toEqual({ productId: "BL2481", size: "38" });
    expect(skuParts("BL2481")).toBeNull();
    expect(skuParts("BL2481-380")).toBeNull();
  });

  it("of orders have their forms", () => {
    expect(isOrderId("PO-2026-000123")).toBe(true);
    expect(isOrderId("PO-2026-123")).toBe(false);
    expect(isRestockOrderId("R00001234")).toBe(true);
    expect(isRestockOrderId("R1234")).toBe(false);
  });
});
