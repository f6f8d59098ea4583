// The supplier's subgraph: stock and lead days of products and skus, from the files in a folder.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  LegacyError,
  RequestError,
  startSubgraph,
  type Context,
  type EntityDefinition,
  type Logger,
  type Resolvers,
  type Subgraph,
} from "@junto/subgraph";
import { openStockFolder, type HeldStyle, type Stock, type StockFolder } from "./folder.ts";
import { watchStock } from "./watch.ts";

export interface SupplierOptions {
  /** Where the workbooks and CSVs are. */
  readonly folder: string;
  readonly gateway: { readonly url: string; readonly issuer?: string };
  /** The subgraph's own folder: outbox, digests, keys. Not the folder of the files. */
  readonly stateDir: string;
  readonly host?: string;
  readonly port?: number;
  readonly log?: Logger;
  /** Milliseconds between looks at the folder when nothing tells of a change; 10,000 when absent. */
  readonly lookAgainEvery?: number;
}

/** Starts it. The files may be away or damaged: what can be read is answered, and the rest is said to be away. */
export async function startSupplierSubgraph(options: SupplierOptions): Promise<Subgraph> {
  const { folder, lookAgainEvery, ...rest } = options;
  const legacy = openStockFolder(folder);
  return startSubgraph<StockFolder>({
    ...rest,
    name: "supplier",
    organization: "supplier",
    typeDefs: await readSchema(),
    resolvers,
    entities: { Product: product, Sku: sku },
    legacy,
    ping: () => isAllRead(legacy),
    watch: (sink, { log }) =>
      watchStock({ stock: legacy, sink, log, ...(lookAgainEvery !== undefined && { lookAgainEvery }) }),
  });
}

interface ProductRow {
  readonly id: string;
  readonly stock: number | null;
  readonly leadDays: number | null;
  readonly stockAsOf: string;
}

interface SkuRow {
  readonly id: string;
  readonly onHand: number | null;
}

const MOST_PRODUCTS = 1_000;

const resolvers: Resolvers<StockFolder> = {
  Query: {
    async stockList(_parent, { first }: { first: number | null }, { legacy }: Context<StockFolder>) {
      const count = first ?? 50;
      if (count < 0 || count > MOST_PRODUCTS) {
        throw new RequestError("BAD_USER_INPUT", `first is a number from 0 to ${MOST_PRODUCTS}`);
      }
      const { styles } = await legacy.current();
      return [...styles.values()].sort(byStock).slice(0, count).map(toProduct);
    },
  },
};

const product: EntityDefinition<StockFolder, ProductRow | LegacyError> = {
  async load(ids, { legacy }) {
    const stock = await legacy.current();
    return ids.map((id) => {
      const held = stock.styles.get(id);
      return held ? toProduct(held) : unknown(stock);
    });
  },
};

const sku: EntityDefinition<StockFolder, SkuRow | LegacyError> = {
  async load(ids, { legacy }) {
    const stock = await legacy.current();
    return ids.map((id) => {
      const [style = "", size = ""] = id.split("-");
      const held = stock.styles.get(style);
      if (!held) return unknown(stock);
      const onHand = held.sizes.get(size);
      return onHand === undefined ? null : { id, onHand };
    });
  },
};

function toProduct({ style, pairs, leadDays, savedAt }: HeldStyle): ProductRow {
  return { id: style, stock: pairs, leadDays, stockAsOf: savedAt.toISOString() };
}

/** No file holds it; but as long as a file could not be read, that is not known. An error fails this key only. */
function unknown({ incomplete }: Stock): LegacyError | null {
  return incomplete ? new LegacyError("LEGACY_NONSENSE", "A file of the supplier cannot be read") : null;
}

/** Least first; what is not known comes last. */
function byStock(a: HeldStyle, b: HeldStyle): number {
  return (a.pairs ?? Infinity) - (b.pairs ?? Infinity) || (a.style < b.style ? -1 : 1);
}

async function isAllRead(folder: StockFolder): Promise<void> {
  const { faults } = await folder.current();
  if (faults.length === 0) return;
  throw new LegacyError("LEGACY_NONSENSE", faults.map(({ file, reason }) => `${file} ${reason}`).join("; "));
}

/** Found from the source as well as from its build. */
async function readSchema(): Promise<string> {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return readFile(join(folder, "schema.graphql"), "utf8");
}
