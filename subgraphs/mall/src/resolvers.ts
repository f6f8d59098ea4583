// Who answers which field. Fields that the row has under their own name are not named here.
import { inOrder, RequestError, type EntityDefinition, type Resolvers } from "@junto/subgraph";
import type { Database } from "./database.ts";
import * as erp from "./erp.ts";
import { loadersOf, type MallContext } from "./loaders.ts";
import {
  codeOf,
  counterOf,
  isKey,
  productOf,
  restockOf,
  restockStatus,
  skuIdOf,
  styleSizeOf,
  type Counter,
  type Product,
  type RestockLine,
  type RestockOrder,
  type RestockStatus,
  type Sku,
} from "./map.ts";
import { approveRestock, rejectRestock, submitRestock } from "./restock.ts";

interface First {
  readonly first: number;
}

interface Days {
  readonly days: number;
}

export const resolvers: Resolvers<Database> = {
  Query: {
    counter: (_, { id }: { id: string }, context) => context.load("Counter", id),
    counters: (_, { first }: First, context) => everyCounter(inRange(first, "first", 1000), context),
    restockOrder: (_, { id }: { id: string }, context) => context.load("RestockOrder", id),
  },
  Mutation: {
    submitRestock: (_, { input }, context) => submitRestock(input, context),
    approveRestock: (_, { input }, context) => approveRestock(input, context),
    rejectRestock: (_, { input }, context) => rejectRestock(input, context),
  },
  Counter: {
    products: async ({ id }: Counter, { first }: First, context): Promise<Product[]> => {
      const ids = await loadersOf(context)
        .shelf(inRange(first, "first", 1000))
        .load(id);
      return ids.map((product) => ({ id: product }));
    },
    restockOrders: (
      { id }: Counter,
      { status, first }: First & { status?: RestockStatus | null },
      context,
    ): Promise<readonly RestockOrder[]> =>
      loadersOf(context)
        .orders(status ? codeOf(status) : null, inRange(first, "first", 200))
        .load(id),
  },
  RestockOrder: {
    counter: ({ counterId }: RestockOrder, _, context) => context.load("Counter", counterId),
    status: ({ statusCode }: RestockOrder) => restockStatus(statusCode),
    lines: ({ id }: RestockOrder, _, context) => linesOf(id, context),
    pairs: async ({ id }: RestockOrder, _, context) =>
      (await linesOf(id, context)).reduce((sum, { pairs }) => sum + pairs, 0),
  },
  Product: {
    shelfPrice: async (product: Product, _, context) =>
      product.shelfPrice === undefined
        ? (await context.load<Product>("Product", product.id))?.shelfPrice
        : product.shelfPrice,
    sold: ({ id }: Product, { days }: Days, context) =>
      loadersOf(context)
        .soldOfProduct(inRange(days, "days", 366))
        .load(id),
    soldPerDay: async ({ id }: Product, _, context) => {
      const sold = await loadersOf(context).soldOfProduct(28).load(id);
      return sold === null ? null : sold / 28;
    },
    salesByDay: ({ id }: Product, { days }: Days, context) =>
      loadersOf(context)
        .salesByDay(inRange(days, "days", 366))
        .load(id),
  },
  Sku: {
    sold: ({ id }: Sku, { days }: Days, context) =>
      loadersOf(context)
        .soldOfSku(inRange(days, "days", 366))
        .load(id),
  },
};

export const entities: Readonly<Record<string, EntityDefinition<Database>>> = {
  Counter: {
    load: async (keys, { legacy }) =>
      byId(keys, (await erp.counters(legacy, keys.filter(isKeyOf("Counter")))).map(counterOf)),
  },
  Product: {
    load: async (keys, { legacy }) =>
      byId(keys, (await erp.products(legacy, keys.filter(isKeyOf("Product")))).map(productOf)),
  },
  Sku: {
    load: async (keys, { legacy }) => {
      const known = keys.map(styleSizeOf).filter((key) => key !== null);
      return byId(
        keys,
        (await erp.skus(legacy, known)).map((row): Sku => ({ id: skuIdOf(row) })),
      );
    },
  },
  RestockOrder: {
    load: async (keys, { legacy }) =>
      byId(keys, (await erp.restocks(legacy, keys.filter(isKeyOf("RestockOrder")))).map(restockOf)),
  },
};

function byId<Row extends { readonly id: string }>(keys: readonly string[], rows: Row[]): (Row | null)[] {
  return inOrder(keys, rows, ({ id }) => id);
}

function isKeyOf(type: Parameters<typeof isKey>[0]): (key: string) => boolean {
  return (key) => isKey(type, key);
}

/** The kit lets only the mall's own people ask: all counters, or in a group about one, that one. */
async function everyCounter(first: number, context: MallContext): Promise<Counter[]> {
  return (await erp.counters(context.legacy, context.subjectIds("Counter"), first)).map(counterOf);
}

function linesOf(id: string, context: MallContext): Promise<readonly RestockLine[]> {
  return loadersOf(context).lines.load(id);
}

function inRange(value: number, name: string, most: number): number {
  if (value >= 1 && value <= most) return value;
  throw new RequestError("BAD_USER_INPUT", `\`${name}\` must be 1 to ${most}`);
}
