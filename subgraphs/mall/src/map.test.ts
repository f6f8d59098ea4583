import { describe, expect, it } from "vitest";
import {
  counterOf,
  instantOf,
  isKey,
  lineOf,
  productOf,
  restockOf,
  restockStatus,
  styleSizeOf,
} from "./map.ts";

describe("from the ERP's rows", () => {
  it("takes the blanks off codes, and leaves those of names", () => {
    const row = { CNTR_ID: "017   ", CNTR_NM: "Belle ", FLR_CD: "2F  ", BRND_NM: "Belle" };
    expect(counterOf(row)).toEqual({ id: "017", name: "Belle ", floor: "2F", brand: "Belle" });
  });

  it("makes money of fen, and nothing of no price", () => {
    const price = { minor: 80900, currency: "CNY" };
    expect(productOf({ PRD_ID: "BL2481      ", PRC_FEN: 80900 })).toEqual({
      id: "BL2481",
      shelfPrice: price,
    });
    expect(productOf({ PRD_ID: "BL2481      ", PRC_FEN: null }).shelfPrice).toBeNull();
  });

  it("makes a sku of style and size", () => {
    expect(lineOf({ RPL_NO: "R00001234   ", PRD_ID: "BL2481      ", SZ_CD: "38  ", QTY: 12 })).toEqual({
      product: { id: "BL2481" },
      sku: { id: "BL2481-38" },
      pairs: 12,
    });
  });

  it("reads an order", () => {
    const row = {
      CNTR_ID: "017   ",
      RPL_NO: "R00001234   ",
      STS: "10",
      SBM_DT: "2026-11-20 18:03:21",
      SBM_USR: "G017      ",
      DCD_DT: null,
      DCD_USR: null,
      RJT_RSN: null,
      REMARK: null,
    };
    expect(restockOf(row)).toMatchObject({
      id: "R00001234",
      counterId: "017",
      submittedAt: "2026-11-20T10:03:21.000Z",
      submittedBy: "G017",
      decidedAt: null,
    });
  });
});

describe("the shop's clock", () => {
  it.each([
    ["2026-11-20 07:59:59", "2026-11-19T23:59:59.000Z"],
    ["2026-11-20 08:00:00", "2026-11-20T00:00:00.000Z"],
    ["2026-07-01 00:00:00", "2026-06-30T16:00:00.000Z"],
    ["2024-02-29 12:00:00.5", "2024-02-29T04:00:00.500Z"],
  ])("%s is %s", (local, instant) => expect(instantOf(local)).toBe(instant));

  it("takes a time that is none for nonsense", () => {
    expect(() => instantOf("infinity")).toThrow(expect.objectContaining({ code: "LEGACY_NONSENSE" }));
  });
});

describe("codes", () => {
  it.each([
    ["10", "SUBMITTED"],
    ["20", "APPROVED"],
    ["30", "REJECTED"],
    ["90", "RECEIVED"],
  ])("%s means %s", (code, status) => expect(restockStatus(code)).toBe(status));

  it("takes a status that nobody told us of for nonsense", () => {
    expect(() => restockStatus("77")).toThrow(expect.objectContaining({ code: "LEGACY_NONSENSE" }));
  });

  it.each(["", "BL2481", "BL2481-", "-38", "BL2481-38 ", "bl2481-38", "BL2481-38-1", "BL2481-38\0", "'; --"])(
    "%j is no sku",
    (id) => expect(styleSizeOf(id)).toBeNull(),
  );

  it.each(["", "017 ", " 017", "0000017", "017\0", "01'7", "０１７"])("%j is no counter", (id) =>
    expect(isKey("Counter", id)).toBe(false),
  );
});
