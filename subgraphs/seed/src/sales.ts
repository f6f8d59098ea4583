// A year of sales, by day, counter, product and size: more at weekends and before holidays, boots in winter.
import {
  catalogue,
  STORY_PRODUCT,
  type SeedCounter,
  type SeedOptions,
  type SeedProduct,
} from "./catalogue.ts";
import { DAY, dayOf, lastDay, type DayOptions } from "./days.ts";
import { random, runningTotals, weighted } from "./random.ts";

export interface SeedSale {
  /** `2026-11-20`, by the mall's clock. */
  readonly day: string;
  readonly counterId: string;
  readonly productId: string;
  readonly size: string;
  readonly pairs: number;
  /** What one pair was sold for, in fen. */
  readonly priceFen: number;
}

interface Shelf {
  readonly products: readonly SeedProduct[];
  /** Running totals of how well each sells, by month. */
  readonly byMonth: readonly Float64Array[];
  /** Running totals over a product's sizes: the middle ones sell most. */
  readonly sizes: readonly Float64Array[];
}

/** Sales that a counter makes on an average day. */
const A_DAY = { full: 8.64, small: 1.2 };
const DAYS = { full: 365, small: 60 };

// January to December: before Spring Festival, the May and October holidays, the November sales.
const MONTHS = [1.15, 0.85, 0.9, 0.95, 1.1, 1.05, 0.85, 0.9, 1, 1.1, 1.2, 1.15];
// Sunday to Saturday.
const WEEKDAYS = [1.45, 0.75, 0.75, 0.78, 0.82, 1.1, 1.55];
const SEASONS = {
  ALL: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
  AW: [1.8, 1.4, 0.8, 0.4, 0.2, 0.1, 0.1, 0.3, 0.9, 1.5, 1.9, 2],
  SS: [0.1, 0.3, 0.8, 1.3, 1.7, 2, 2, 1.6, 0.9, 0.4, 0.2, 0.1],
};

/** About 190,000 rows (`small`: some 250), oldest first. A day comes out the same whatever `today` is. */
export function* sales(options: SeedOptions & DayOptions = {}): Generator<SeedSale> {
  const size = options.size ?? "full";
  const { counters, products } = catalogue({ size });
  const byId = new Map(products.map((product) => [product.id, product]));
  const shelves = counters.map((counter) => shelfOf(counter, byId));
  const last = lastDay(options);
  for (let midnight = last - (DAYS[size] - 1) * DAY; midnight <= last; midnight += DAY) {
    for (const [index, counter] of counters.entries()) {
      yield* salesOfDay(midnight, counter.id, shelves[index]!, A_DAY[size]);
    }
  }
}

function* salesOfDay(midnight: number, counterId: string, shelf: Shelf, usual: number): Generator<SeedSale> {
  const day = dayOf(midnight);
  const month = Number(day.slice(5, 7)) - 1;
  const chance = random("sales", day, counterId);
  const customers = chance.count(usual * MONTHS[month]! * WEEKDAYS[new Date(midnight).getUTCDay()]!);
  const pairs = new Map<string, { product: SeedProduct; size: string; pairs: number }>();
  for (let customer = 0; customer < customers; customer += 1) {
    const at = weighted(shelf.byMonth[month]!, chance.next());
    const product = shelf.products[at]!;
    const size = product.sizes[weighted(shelf.sizes[at]!, chance.next())]!;
    const bought = chance.next() < 0.03 ? 2 : 1;
    const sku = `${product.id}-${size}`;
    const row = pairs.get(sku);
    if (row) row.pairs += bought;
    else pairs.set(sku, { product, size, pairs: bought });
  }
  for (const { product, size, pairs: sold } of pairs.values()) {
    const priceFen =
      chance.next() < 0.12 ? Math.round((product.shelfFen * 0.88) / 100) * 100 : product.shelfFen;
    yield { day, counterId, productId: product.id, size, pairs: sold, priceFen };
  }
}

function shelfOf(counter: SeedCounter, byId: ReadonlyMap<string, SeedProduct>): Shelf {
  const products = counter.productIds.map((id) => byId.get(id)!);
  const liked = products.map((product) => popularity(product, counter.id, products.length));
  const byMonth = MONTHS.map((_, month) =>
    runningTotals(products.map((product, index) => liked[index]! * SEASONS[product.season][month]!)),
  );
  return { products, byMonth, sizes: products.map(({ sizes }) => sizeTotals(sizes.length)) };
}

/** A few products sell very well and most of them seldom. The story's product is among the few. */
function popularity(product: SeedProduct, counterId: string, shelfLength: number): number {
  if (product.id === STORY_PRODUCT) return 4 + shelfLength / 8;
  return 0.2 + random("popularity", product.id, counterId).next() ** 3 * 4;
}

function sizeTotals(count: number): Float64Array {
  const middle = (count - 1) / 2;
  return runningTotals(
    Array.from({ length: count }, (_, index) => Math.exp(-(((index - middle) / (count / 3.5)) ** 2))),
  );
}
