// From the stock as it is now to changes: row by row, against what was known last time, also before a restart.
import { createHash } from "node:crypto";
import type { Change, ChangeSink } from "@junto/subgraph";
import type { HeldStyle, Stock } from "./folder.ts";

const TABLE = "stock";

type Rows = Map<string, unknown>;

/** Returns what emits a change for every product and sku that is different from last time. */
export function createAnnounce(sink: ChangeSink): (stock: Stock) => Promise<void> {
  let last: Stock | undefined;
  /** Digest of each brand's rows as they were compared last; absent while not everything was. */
  let compared: Map<string, string> | undefined;

  const compareAll = async (stock: Stock, brands: ReadonlyMap<string, Rows>): Promise<void> => {
    const rows = new Map([...brands.values()].flatMap((each) => [...each]));
    // What an unread file holds is not known, so nothing may be taken for gone.
    await sink.reconcile({ table: TABLE, rows, partial: stock.incomplete, change: changeOf });
    compared = stock.incomplete
      ? undefined
      : new Map([...brands].map(([brand, each]) => [brand, digestOf(each)]));
  };
  const compareBrands = async (
    known: Map<string, string>,
    brands: ReadonlyMap<string, Rows>,
  ): Promise<void> => {
    for (const brand of new Set([...known.keys(), ...brands.keys()])) {
      const rows: Rows = brands.get(brand) ?? new Map();
      const digest = digestOf(rows);
      if (known.get(brand) === digest) continue;
      await sink.reconcile({ table: TABLE, within: brand, rows, change: changeOf });
      known.set(brand, digest);
    }
  };
  return async (stock) => {
    if (stock === last) return;
    const brands = rowsByBrand(stock.styles.values());
    if (compared && !stock.incomplete) await compareBrands(compared, brands);
    else await compareAll(stock, brands);
    last = stock;
  };
}

/** Rows by their key, `BL2481` for a product and `BL2481-38` for a sku, by brand: the first two letters. */
function rowsByBrand(styles: Iterable<HeldStyle>): Map<string, Rows> {
  const brands = new Map<string, Rows>();
  for (const { style, pairs, leadDays, sizes } of styles) {
    const brand = style.slice(0, 2);
    const rows: Rows = brands.get(brand) ?? new Map();
    brands.set(brand, rows);
    rows.set(style, { pairs, leadDays });
    for (const [size, onHand] of sizes) rows.set(`${style}-${size}`, onHand);
  }
  return brands;
}

/** The supplier neither makes products nor ends them: whatever happens to a row, the product has changed. */
function changeOf(key: string): Change {
  return { entity: key.includes("-") ? "Sku" : "Product", key: { id: key }, kind: "UPDATED", subjects: [] };
}

function digestOf(rows: Rows): string {
  return createHash("sha256")
    .update(JSON.stringify([...rows]))
    .digest("base64url");
}
