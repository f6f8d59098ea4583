// The brand's fields that are not simply a property of a row.
import type { Resolvers } from "@junto/subgraph";
import type { BrandContext, RestockOrder } from "./entities.ts";
import type { Ims, OrderLine, OrderSummary, Product, PurchaseOrder, Sku } from "./ims.ts";
import { placePurchaseOrder, type PlacePurchaseOrderInput } from "./place.ts";

interface Money {
  readonly minor: number;
  readonly currency: "CNY";
}

interface ProductsArguments {
  readonly search?: string | null;
  readonly brand?: string | null;
  readonly first?: number | null;
}

const MOST_PRODUCTS = 100;

export const resolvers: Resolvers<Ims> = {
  Query: {
    product: (_parent, { id }: { id: string }, context) => context.load("Product", id),
    products: (_parent, args: ProductsArguments, context) => searchProducts(args, context),
    purchaseOrder: (_parent, { id }: { id: string }, context) => context.load("PurchaseOrder", id),
  },
  Mutation: {
    placePurchaseOrder: (_parent, { input }: { input: PlacePurchaseOrderInput }, context) =>
      placePurchaseOrder(input, context),
  },
  Product: {
    suggestedPrice: ({ id }: Product, _args, context) => suggestedPrice(id, context),
  },
  Sku: {
    product: ({ productId }: Sku, _args, context) => context.load("Product", productId),
  },
  PurchaseOrderLine: {
    sku: ({ skuId }: OrderLine, _args, context) => context.load("Sku", skuId),
  },
  RestockOrder: {
    purchaseOrder: ({ id }: RestockOrder, _args, context) => purchaseOrderFor(id, context),
  },
};

async function searchProducts(args: ProductsArguments, context: BrandContext): Promise<Product[]> {
  const first = Math.min(args.first ?? 20, MOST_PRODUCTS);
  if (first < 1) return [];
  const [text, brand] = [args.search?.trim() ?? "", args.brand?.trim() ?? ""];
  const ids = await context.legacy.search(text, brand, first, context.signal);
  const products = await Promise.all(ids.map((id) => context.load<Product>("Product", id)));
  return products.filter((product) => product !== null);
}

/** The order that counts: the newest that is not cancelled, of the counters that the request is about. */
async function purchaseOrderFor(id: string, context: BrandContext): Promise<PurchaseOrder | null> {
  const counters = context.subjectIds("Counter");
  const isMeant = ({ counterId }: OrderSummary): boolean => counters === null || counters.includes(counterId);
  const orders = (await context.legacy.ordersFor(id, context.signal)).filter(isMeant);
  const order = orders.findLast(({ status }) => status !== "CANCELLED") ?? orders.at(-1);
  return order ? context.load<PurchaseOrder>("PurchaseOrder", order.id) : null;
}

/** A product may be in an answer many times; its price is asked for once a request. */
const prices = new WeakMap<BrandContext, Map<string, Promise<Money | null>>>();

function suggestedPrice(id: string, context: BrandContext): Promise<Money | null> {
  const known = prices.get(context) ?? new Map<string, Promise<Money | null>>();
  prices.set(context, known);
  let price = known.get(id);
  if (!price) {
    price = context.legacy
      .suggestedPrice(id, context.signal)
      .then((minor) => (minor === null ? null : { minor, currency: "CNY" }));
    known.set(id, price);
  }
  return price;
}
