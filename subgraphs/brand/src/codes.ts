// How IMS writes things down, and what it means: codes, dates of digits in Beijing time, amounts as decimal texts.
import { LegacyError } from "@junto/subgraph";

export type PurchaseOrderStatus = "PLACED" | "CONFIRMED" | "SHIPPED" | "CANCELLED";

const STATUS: Readonly<Record<string, PurchaseOrderStatus>> = {
  "10": "PLACED",
  "20": "CONFIRMED",
  "30": "SHIPPED",
  "90": "CANCELLED",
};

export function orderStatus(code: string): PurchaseOrderStatus {
  return STATUS[code] ?? nonsense(`status ${code}`);
}

/** Riverside Department Store orders as one customer a counter. */
const CUSTOMER = /^RDS(\d{3})$/;

export function customerOf(counterId: string): string {
  return `RDS${counterId}`;
}

/** The counter that a customer code stands for; null for the customers of other malls. */
export function counterOf(customer: string): string | null {
  return CUSTOMER.exec(customer)?.[1] ?? null;
}

export function isProductId(id: string): boolean {
  return /^[A-Z]{2}\d{4}$/.test(id);
}

/** Style number and size of a sku's id, or null if it is none. */
export function skuParts(id: string): { readonly productId: string; readonly size: string } | null {
  const [, productId, size] = /^([A-Z]{2}\d{4})-(\d{2})$/.exec(id) ?? [];
  return productId && size ? { productId, size } : null;
}

export function isOrderId(id: string): boolean {
  return /^PO-\d{4}-\d{6}$/.test(id);
}

export function isRestockOrderId(id: string): boolean {
  return /^R\d{8}$/.test(id);
}

/** Fen of `899.00`. */
export function fenOf(amount: string): number {
  const [, whole, fraction] = /^(\d{1,7})\.(\d{2})$/.exec(amount) ?? [];
  return whole && fraction ? Number(whole) * 100 + Number(fraction) : nonsense("an amount");
}

const HOURS_AHEAD = 8;

/** The instant, in ms, of `yyyyMMdd` and `HHmmss` in Beijing. */
export function instantOf(date: string, time: string): number {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(date) ?? [];
  const [, hour, minute, second] = /^(\d{2})(\d{2})(\d{2})$/.exec(time) ?? [];
  if (!year || !second) return nonsense("a date");
  return Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour) - HOURS_AHEAD,
    Number(minute),
    Number(second),
  );
}

/** RFC 3339 in UTC, to the second. */
export function rfc3339(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`;
}

/** Midnight UTC of `yyyyMMdd`. */
export function midnightOf(date: string): string {
  if (!/^\d{8}$/.test(date)) return nonsense("a date");
  return `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}T00:00:00Z`;
}

/** `yyyyMMddHHmmss` of an instant, in ms, in Beijing. */
export function stampOf(instant: number): string {
  const local = new Date(instant + HOURS_AHEAD * 3_600_000).toISOString();
  return local.slice(0, 19).replace(/[-T:]/g, "");
}

/** A stamp some seconds earlier. */
export function earlier(stamp: string, seconds: number): string {
  return stampOf(instantOf(stamp.slice(0, 8), stamp.slice(8)) - seconds * 1000);
}

function nonsense(what: string): never {
  throw new LegacyError("LEGACY_NONSENSE", "The brand's service answers what nobody can read", {
    cause: new Error(`IMS: ${what} makes no sense`),
  });
}
