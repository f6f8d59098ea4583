// From what was touched to what is said: changes of the schema's entities, with the counters that they concern.
import type { Change, ChangeKind, SubjectKey } from "@junto/subgraph";
import type { Database } from "../database.ts";
import * as lookups from "./lookups.ts";
import type { Touched } from "./touched.ts";

/** One change per entity, however often it was touched. */
export async function describe(db: Database, touched: Touched, time: string): Promise<Change[]> {
  const onlyLines = [...touched.orders]
    .filter(([, { counterIds }]) => counterIds.size === 0)
    .map(([id]) => id);
  const [orders, products, brands] = await Promise.all([
    ask(onlyLines, (ids) => lookups.countersOfOrders(db, ids)),
    ask([...touched.products], (ids) => lookups.countersOfProducts(db, ids)),
    ask([...touched.brands], (codes) => lookups.countersOfBrands(db, codes)),
  ]);

  const changes: Change[] = [];
  for (const [id, { kind, counterIds }] of touched.orders) {
    const counters = counterIds.size > 0 ? counterIds : orders.get(id);
    // Lines without an order that exists: a draft's, or a deleted one's.
    if (counters) changes.push(changeOf("RestockOrder", id, kind, counters, time));
  }
  for (const [id, kind] of counterKinds(touched, brands)) {
    changes.push(changeOf("Counter", id, kind, [id], time));
  }
  for (const id of new Set([...touched.products, ...touched.soldProducts.keys()])) {
    const counters = new Set([...(products.get(id) ?? []), ...(touched.soldProducts.get(id) ?? [])]);
    changes.push(changeOf("Product", id, "UPDATED", counters, time));
  }
  for (const [id, counters] of touched.soldSkus) {
    changes.push(changeOf("Sku", id, "UPDATED", counters, time));
  }
  return changes;
}

/** What is another number today than it was yesterday: sales of the last days, prices that begin today. */
export async function describeNewDay(db: Database, time: string): Promise<Change[]> {
  const [products, skus] = await Promise.all([
    lookups.countersOfProducts(db, null),
    lookups.countersOfSoldSkus(db),
  ]);
  return [
    ...[...products].map(([id, counters]) => changeOf("Product", id, "UPDATED", counters, time)),
    ...[...skus].map(([id, counters]) => changeOf("Sku", id, "UPDATED", counters, time)),
  ];
}

/** All that may have changed since then, when the log cannot say it. */
export async function describeEverything(db: Database, since: Date, time: string): Promise<Change[]> {
  const [counters, orders, rest] = await Promise.all([
    lookups.everyCounter(db),
    lookups.ordersSince(db, since),
    describeNewDay(db, time),
  ]);
  return [
    ...counters.map((id) => changeOf("Counter", id, "UPDATED", [id], time)),
    ...orders.map(({ RPL_NO, CNTR_ID, IS_NEW, IS_GONE }) => {
      const kind = IS_GONE ? "DELETED" : IS_NEW ? "CREATED" : "UPDATED";
      return changeOf("RestockOrder", RPL_NO.trimEnd(), kind, [CNTR_ID.trimEnd()], time);
    }),
    ...rest,
  ];
}

function counterKinds(touched: Touched, brands: lookups.CountersOf): Map<string, ChangeKind> {
  const kinds = new Map(touched.counters);
  for (const counters of brands.values()) {
    for (const id of counters) if (!kinds.has(id)) kinds.set(id, "UPDATED");
  }
  return kinds;
}

async function ask(
  keys: readonly string[],
  find: (keys: readonly string[]) => Promise<lookups.CountersOf>,
): Promise<lookups.CountersOf> {
  return keys.length === 0 ? new Map() : find(keys);
}

function changeOf(
  entity: string,
  id: string,
  kind: ChangeKind,
  counters: Iterable<string>,
  time: string,
): Change {
  const subjects = Array.from(counters, (counter): SubjectKey => ({ type: "Counter", id: counter }));
  return { entity, key: { id }, kind, subjects, time };
}
