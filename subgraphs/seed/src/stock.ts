// What two suppliers hold of each product, in sizes, and how long they take to deliver it.
import { catalogue, skuId, STORY_PRODUCT, type SeedOptions, type SeedProduct } from "./catalogue.ts";
import { random } from "./random.ts";

export interface SeedStock {
  /** Supplier 1 keeps workbooks, supplier 2 sends a CSV. A product comes from one of them. */
  readonly supplier: 1 | 2;
  readonly productId: string;
  /** Days from order to delivery. */
  readonly leadDays: number;
  readonly sizes: readonly { readonly size: string; readonly skuId: string; readonly onHand: number }[];
}

const STORY_ON_HAND: readonly number[] = [4, 9, 14, 6, 5, 2];
const STORY_LEAD_DAYS = 5;

/** One row for every product of the catalogue, in its order. A brand comes from one supplier. */
export function stock(options: SeedOptions = {}): SeedStock[] {
  const { brands, products } = catalogue(options);
  const second = new Set(brands.filter(({ code }) => isOfSecondSupplier(code)).map(({ code }) => code));
  return products.map((product) => stockOf(product, second.has(product.brandCode) ? 2 : 1));
}

function isOfSecondSupplier(brandCode: string): boolean {
  return !STORY_PRODUCT.startsWith(brandCode) && random("supplier", brandCode).next() < 0.35;
}

function stockOf(product: SeedProduct, supplier: 1 | 2): SeedStock {
  const chance = random("stock", product.id);
  const story = product.id === STORY_PRODUCT;
  const leadDays = story ? STORY_LEAD_DAYS : chance.int(2, 15);
  const plenty = chance.int(4, 40);
  const sizes = product.sizes.map((size, index) => {
    const drawn = chance.next() < 0.06 ? 0 : chance.int(0, plenty);
    return { size, skuId: skuId(product.id, size), onHand: story ? STORY_ON_HAND[index]! : drawn };
  });
  return { supplier, productId: product.id, leadDays, sizes };
}
