// The brand's entities, each found by its key. IMS has no batch operations: a batch is many single calls, few at a time.
import { LegacyError, type Context, type EntityDefinition } from "@junto/subgraph";
import { isOrderId, isProductId, isRestockOrderId, skuParts } from "./codes.ts";
import type { Ims, Product, PurchaseOrder, Sku } from "./ims.ts";

export type BrandContext = Context<Ims>;

export interface RestockOrder {
  readonly id: string;
}

type Found<Row> = Row | null | Error;

export const entities: Readonly<Record<string, EntityDefinition<Ims>>> = {
  Product: {
    load: (ids, { legacy, signal }): Promise<Found<Product>[]> =>
      eachKey(ids, signal, async (id, stopped) => (isProductId(id) ? legacy.product(id, stopped) : null)),
  },
  Sku: {
    load: (ids, context): Promise<Found<Sku>[]> => Promise.all(ids.map((id) => skuOf(id, context))),
  },
  PurchaseOrder: {
    load: (ids, { legacy, signal }): Promise<Found<PurchaseOrder>[]> =>
      eachKey(ids, signal, async (id, stopped) => (isOrderId(id) ? legacy.order(id, stopped) : null)),
  },
  // The mall's. IMS knows it by its number only, so nothing is asked until somebody wants the purchase order.
  RestockOrder: {
    load: async (ids): Promise<(RestockOrder | null)[]> =>
      ids.map((id) => (isRestockOrderId(id) ? { id } : null)),
  },
};

/** A sku is a part of its item: skus of one item are one call. */
async function skuOf(id: string, context: BrandContext): Promise<Found<Sku>> {
  const parts = skuParts(id);
  if (!parts) return null;
  try {
    const product = await context.load<Product>("Product", parts.productId);
    return product?.skus.find((sku) => sku.id === id) ?? null;
  } catch (error) {
    return error as Error;
  }
}

/**
 * What is found for each key; an error in place of what failed, so that the others still come. When the service is
 * away or too slow for one, those that wait are given up.
 */
async function eachKey<Row>(
  keys: readonly string[],
  signal: AbortSignal,
  find: (key: string, signal: AbortSignal) => Promise<Row | null>,
): Promise<Found<Row>[]> {
  const givenUp = new AbortController();
  const stopped = AbortSignal.any([signal, givenUp.signal]);
  const findOne = async (key: string): Promise<Found<Row>> => {
    try {
      return await find(key, stopped);
    } catch (error) {
      if (error instanceof LegacyError && error.code !== "LEGACY_NONSENSE") givenUp.abort(error);
      return error as Error;
    }
  };
  return Promise.all(keys.map(findOne));
}
