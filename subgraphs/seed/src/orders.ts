// Orders that exist already: the counters' restock orders, and what the brand was asked for because of them.
import {
  catalogue,
  skuId,
  STORY_COUNTER,
  STORY_PRODUCT,
  type SeedOptions,
  type SeedProduct,
} from "./catalogue.ts";
import { DAY, lastDay, type DayOptions } from "./days.ts";
import { random, type Random } from "./random.ts";

export interface SeedLine {
  readonly skuId: string;
  readonly productId: string;
  readonly size: string;
  readonly pairs: number;
}

export interface SeedRestock {
  /** For example `R00001233`. */
  readonly id: string;
  readonly counterId: string;
  readonly status: "SUBMITTED" | "APPROVED" | "REJECTED" | "RECEIVED";
  /** Instants, RFC 3339 in UTC. */
  readonly submittedAt: string;
  /** The ERP's own user codes: a guide of the counter `G017`, a manager of the floor `M02`. */
  readonly submittedBy: string;
  readonly decidedAt: string | null;
  readonly decidedBy: string | null;
  readonly reason: string | null;
  readonly note: string | null;
  readonly lines: readonly SeedLine[];
}

export interface SeedPurchaseOrder {
  /** For example `PO-2026-000123`. */
  readonly id: string;
  readonly restockOrderId: string;
  readonly counterId: string;
  readonly status: "PLACED" | "CONFIRMED" | "SHIPPED" | "CANCELLED";
  /** An instant, RFC 3339 in UTC. */
  readonly placedAt: string;
  /** A day, `2026-11-20`. */
  readonly expectedDay: string;
  readonly lines: readonly SeedLine[];
}

/** Number of the newest restock order: the next one is `R00001234`. */
export const LAST_RESTOCK: number = 1233;

const COUNT = { full: 420, small: 24 };
const SPAN_DAYS = { full: 150, small: 30 };
const HOUR = 3_600_000;
const REASONS = ["Too many on the shelf already", "Season ends", "Wrong sizes", "Ask again next month"];
const NOTES = ["Weekend is coming", "Best seller", "A customer waits for it", "Sizes in the middle ran out"];

/** Some hundreds (`small`: two dozen), oldest first, in all states. None is from `today` itself. */
export function restocks(options: SeedOptions & DayOptions = {}): SeedRestock[] {
  const size = options.size ?? "full";
  const { counters, products } = catalogue({ size });
  const byId = new Map(products.map((product) => [product.id, product]));
  const count = COUNT[size];
  return Array.from({ length: count }, (_, index) => {
    const number = LAST_RESTOCK - (count - 1) + index;
    const chance = random("restock", number);
    const story = (count - index) % 12 === 2;
    const counter = story ? counters.find(({ id }) => id === STORY_COUNTER)! : chance.pick(counters);
    const daysAgo = 0.01 + ((count - 1 - index) / count) ** 1.5 * SPAN_DAYS[size];
    const product = byId.get(story ? STORY_PRODUCT : chance.pick(counter.productIds))!;
    const second = chance.next() < 0.35 ? byId.get(chance.pick(counter.productIds))! : product;
    const lines = [...new Set([product, second])].flatMap((one) => linesOf(one, chance));
    return {
      id: restockId(number),
      counterId: counter.id,
      ...course(daysAgo, counter, chance, options),
      lines,
    };
  });
}

/** What the brand holds: for most of the approved and all the received restock orders, oldest first. */
export function purchaseOrders(options: SeedOptions & DayOptions = {}): SeedPurchaseOrder[] {
  const orders: SeedPurchaseOrder[] = [];
  for (const restock of restocks(options)) {
    const chance = random("purchase", restock.id);
    if (!restock.decidedAt || restock.status === "REJECTED") continue;
    if (restock.status === "APPROVED" && chance.next() < 0.25) continue;
    const placed = Date.parse(restock.decidedAt) + chance.int(5, 110) * 60_000;
    const placedAt = instant(placed);
    orders.push({
      id: `PO-${placedAt.slice(0, 4)}-${String(orders.length + 1).padStart(6, "0")}`,
      restockOrderId: restock.id,
      counterId: restock.counterId,
      status: restock.status === "RECEIVED" ? "SHIPPED" : chance.pick(UNDER_WAY),
      placedAt,
      expectedDay: instant(placed + chance.int(3, 9) * DAY).slice(0, 10),
      lines: restock.lines,
    });
  }
  return orders;
}

const UNDER_WAY: readonly SeedPurchaseOrder["status"][] = [
  "PLACED",
  "CONFIRMED",
  "CONFIRMED",
  "SHIPPED",
  "CANCELLED",
];

function restockId(number: number): string {
  return `R${String(number).padStart(8, "0")}`;
}

type Course = Omit<SeedRestock, "id" | "counterId" | "lines">;

/** What became of an order: the older, the more likely that it is done. */
function course(
  daysAgo: number,
  counter: { readonly id: string; readonly floor: string },
  chance: Random,
  options: DayOptions,
): Course {
  // Orders are written between 10:00 and 18:00 in Shanghai, and decided before the shop closes at 22:00.
  const ago = Math.ceil(daysAgo);
  const submitted = lastDay(options) - ago * DAY + 2 * HOUR + (ago - daysAgo) * 8 * HOUR;
  const decided = submitted + chance.int(5, 230) * 60_000;
  const status = statusAfter(daysAgo, chance);
  const open = status === "SUBMITTED";
  return {
    status,
    submittedAt: instant(submitted),
    submittedBy: `G${counter.id}`,
    decidedAt: open ? null : instant(decided),
    decidedBy: open ? null : `M0${counter.floor.slice(0, 1)}`,
    reason: status === "REJECTED" ? chance.pick(REASONS) : null,
    note: chance.next() < 0.3 ? chance.pick(NOTES) : null,
  };
}

function statusAfter(daysAgo: number, chance: Random): SeedRestock["status"] {
  const drawn = chance.next();
  if (drawn < 0.12) return "REJECTED";
  if (daysAgo > 10) return "RECEIVED";
  if (daysAgo > 3) return drawn < 0.4 ? "RECEIVED" : "APPROVED";
  return drawn < 0.65 ? "SUBMITTED" : "APPROVED";
}

function linesOf(product: SeedProduct, chance: Random): SeedLine[] {
  const count = chance.int(1, Math.min(4, product.sizes.length));
  const first = chance.int(0, product.sizes.length - count);
  return product.sizes.slice(first, first + count).map((size) => ({
    skuId: skuId(product.id, size),
    productId: product.id,
    size,
    pairs: chance.int(1, 12),
  }));
}

/** RFC 3339 in UTC, to the second. */
function instant(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
