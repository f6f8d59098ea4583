// From the ERP's rows to the schema's: codes to enums, fen to money, the shop's clock to UTC, no padding.
import { LegacyError } from "@junto/subgraph";
import type {
  CounterRow,
  DaysRow,
  ProductRow,
  RestockLineRow,
  RestockRow,
  SkuRow,
  StyleSize,
} from "./erp.ts";
import { STATUS } from "./erp.ts";

export interface Money {
  readonly minor: number;
  readonly currency: "CNY";
}

export interface Counter {
  readonly id: string;
  readonly name: string;
  readonly floor: string | null;
  readonly brand: string | null;
}

/** `shelfPrice` is absent when only the id is known so far. */
export interface Product {
  readonly id: string;
  readonly shelfPrice?: Money | null;
}

export interface DaySales {
  /** `2026-11-20` by the shop's calendar. */
  readonly day: string;
  readonly pairs: number;
}

export interface Sku {
  readonly id: string;
}

export type RestockStatus = "SUBMITTED" | "APPROVED" | "REJECTED" | "RECEIVED";

export interface RestockOrder {
  readonly id: string;
  readonly counterId: string;
  /** The ERP's code: `restockStatus` reads it. */
  readonly statusCode: string;
  readonly note: string | null;
  readonly submittedAt: string | null;
  readonly submittedBy: string | null;
  readonly decidedAt: string | null;
  readonly decidedBy: string | null;
  readonly reason: string | null;
}

export interface RestockLine {
  readonly product: Product;
  readonly sku: Sku;
  readonly pairs: number;
}

export function counterOf(row: CounterRow): Counter {
  return {
    id: row.CNTR_ID.trimEnd(),
    name: row.CNTR_NM,
    floor: row.FLR_CD?.trimEnd() ?? null,
    brand: row.BRND_NM,
  };
}

export function productOf(row: ProductRow): Product {
  const shelfPrice = row.PRC_FEN === null ? null : ({ minor: row.PRC_FEN, currency: "CNY" } as const);
  return { id: row.PRD_ID.trimEnd(), shelfPrice };
}

export function daySalesOf({ DAYS, QTYS }: DaysRow): DaySales[] {
  return DAYS.map((day, index) => ({ day, pairs: QTYS[index]! }));
}

/** `BL2481-38`. */
export function skuIdOf(row: SkuRow): string {
  return `${row.PRD_ID.trimEnd()}-${row.SZ_CD.trimEnd()}`;
}

export function restockOf(row: RestockRow): RestockOrder {
  return {
    id: row.RPL_NO.trimEnd(),
    counterId: row.CNTR_ID.trimEnd(),
    statusCode: row.STS,
    note: row.REMARK,
    submittedAt: instantOf(row.SBM_DT),
    submittedBy: row.SBM_USR?.trimEnd() ?? null,
    decidedAt: instantOf(row.DCD_DT),
    decidedBy: row.DCD_USR?.trimEnd() ?? null,
    reason: row.RJT_RSN,
  };
}

export function lineOf(row: RestockLineRow): RestockLine {
  return { product: { id: row.PRD_ID.trimEnd() }, sku: { id: skuIdOf(row) }, pairs: row.QTY };
}

/** What a code means. A code that nobody told us of is an error, not a guess. */
export function restockStatus(code: string): RestockStatus {
  const status = STATUS_OF_CODE[code];
  if (!status) throw new LegacyError("LEGACY_NONSENSE", "The mall's ERP gave a status that is not known");
  return status;
}

export function codeOf(status: RestockStatus): string {
  return Object.entries(STATUS_OF_CODE).find(([, one]) => one === status)![0];
}

const STATUS_OF_CODE: Readonly<Record<string, RestockStatus>> = {
  [STATUS.submitted]: "SUBMITTED",
  [STATUS.approved]: "APPROVED",
  [STATUS.rejected]: "REJECTED",
  [STATUS.received]: "RECEIVED",
};

/** `2026-11-20 18:03:21` by the shop's clock as an instant. Shanghai has kept UTC+8 since 1991. */
export function instantOf(local: string | null): string | null {
  if (local === null) return null;
  const instant = Date.parse(`${local.replace(" ", "T")}+08:00`);
  if (Number.isNaN(instant)) {
    throw new LegacyError("LEGACY_NONSENSE", "The mall's ERP gave a time that is none");
  }
  return new Date(instant).toISOString();
}

/** The parts of a sku's id, or `null` when it cannot be one. */
export function styleSizeOf(skuId: string): StyleSize | null {
  const [, style, size] = /^([0-9A-Z]{1,12})-([0-9A-Z]{1,4})$/.exec(skuId) ?? [];
  return style && size ? { style, size } : null;
}

/** Can this be the key of such a row? What cannot is not asked for: blanks would be padded, `\0` refused. */
export function isKey(type: "Counter" | "Product" | "RestockOrder", id: string): boolean {
  return KEYS[type].test(id);
}

const KEYS = { Counter: /^[0-9A-Z]{1,6}$/, Product: /^[0-9A-Z]{1,12}$/, RestockOrder: /^R[0-9]{1,11}$/ };
