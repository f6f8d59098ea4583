// What the fields of many rows ask for, gathered into one statement each. Loaders live as long as a request.
import type { Context } from "@junto/subgraph";
import DataLoader from "dataloader";
import type { Database } from "./database.ts";
import * as erp from "./erp.ts";
import {
  daySalesOf,
  lineOf,
  restockOf,
  skuIdOf,
  styleSizeOf,
  type DaySales,
  type RestockLine,
  type RestockOrder,
} from "./map.ts";

export type MallContext = Context<Database>;

export interface Loaders {
  /** Pairs sold of a product, by its id. `null`: the request is about no counter, so there is no such number. */
  soldOfProduct(days: number): DataLoader<string, number | null>;
  soldOfSku(days: number): DataLoader<string, number | null>;
  /** Day by day, the oldest first. `null` as above. */
  salesByDay(days: number): DataLoader<string, readonly DaySales[] | null>;
  /** Ids of the products on a counter's shelf. */
  shelf(first: number): DataLoader<string, readonly string[]>;
  /** By counter; `status` is the ERP's code. */
  orders(status: string | null, first: number): DataLoader<string, readonly RestockOrder[]>;
  readonly lines: DataLoader<string, readonly RestockLine[]>;
}

export function loadersOf(context: MallContext): Loaders {
  let loaders = made.get(context);
  if (!loaders) made.set(context, (loaders = makeLoaders(context)));
  return loaders;
}

const made = new WeakMap<MallContext, Loaders>();

function makeLoaders(context: MallContext): Loaders {
  const db = context.legacy;
  const counters = context.subjectIds("Counter");
  const nowhere = counters !== null && counters.length === 0;
  return {
    soldOfProduct: perArguments((days: number) =>
      batched(async (ids) => {
        if (nowhere) return () => null;
        const sold = totals(await erp.soldOfProducts(db, ids, days, counters), ({ PRD_ID }) =>
          PRD_ID.trimEnd(),
        );
        return (id) => sold.get(id) ?? 0;
      }),
    ),
    soldOfSku: perArguments((days: number) =>
      batched(async (ids) => {
        if (nowhere) return () => null;
        const keys = ids.map(styleSizeOf).filter((key) => key !== null);
        const sold = totals(await erp.soldOfSkus(db, keys, days, counters), (row) =>
          skuIdOf(row as erp.SkuRow),
        );
        return (id) => sold.get(id) ?? 0;
      }),
    ),
    salesByDay: perArguments((days: number) =>
      batched(async (ids) => {
        if (nowhere) return () => null;
        const rows = await erp.soldByDay(db, ids, days, counters);
        const byProduct = new Map(rows.map((row) => [row.PRD_ID.trimEnd(), daySalesOf(row)]));
        return (id) => byProduct.get(id)!;
      }),
    ),
    shelf: perArguments((first: number) =>
      batched(async (ids) => {
        const rows = grouped(await erp.shelves(db, ids, first), ({ CNTR_ID }) => CNTR_ID.trimEnd());
        return (id) => (rows.get(id) ?? []).map(({ PRD_ID }) => PRD_ID.trimEnd());
      }),
    ),
    orders: perArguments((status: string | null, first: number) =>
      batched(async (ids) => {
        const rows = grouped(await erp.restocksOf(db, ids, status, first), ({ CNTR_ID }) =>
          CNTR_ID.trimEnd(),
        );
        return (id) => (rows.get(id) ?? []).map(restockOf);
      }),
    ),
    lines: batched(async (ids) => {
      const rows = grouped(await erp.linesOf(db, ids), ({ RPL_NO }) => RPL_NO.trimEnd());
      return (id) => (rows.get(id) ?? []).map(lineOf);
    }),
  };
}

/** A loader from a function that asks for many keys at once and then knows each one's value. */
function batched<Value>(
  find: (ids: readonly string[]) => Promise<(id: string) => Value>,
): DataLoader<string, Value> {
  return new DataLoader(async (ids) => ids.map(await find(ids)));
}

/** One loader for each combination of arguments: keys can share a statement only if those are the same. */
function perArguments<Arguments extends readonly (string | number | null)[], Loader>(
  make: (...args: Arguments) => Loader,
): (...args: Arguments) => Loader {
  const loaders = new Map<string, Loader>();
  return (...args) => {
    const key = JSON.stringify(args);
    let loader = loaders.get(key);
    if (!loader) loaders.set(key, (loader = make(...args)));
    return loader;
  };
}

function totals(rows: readonly erp.SoldRow[], keyOf: (row: erp.SoldRow) => string): Map<string, number> {
  return new Map(rows.map((row) => [keyOf(row), Number(row.QTY)]));
}

function grouped<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}
