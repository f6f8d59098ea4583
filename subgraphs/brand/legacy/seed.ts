// Fills the tables of IMS, once: the catalogue, two price lists, and the orders that exist already.
import { barcode, catalogue, purchaseOrders, type SeedProduct, type SeedSize } from "@junto/seed";
import { dateOf, stamp, timeOf } from "./clock.ts";
import type { Store } from "./store.ts";

const STATUS = { PLACED: "10", CONFIRMED: "20", SHIPPED: "30", CANCELLED: "90" } as const;
const DAY = 86_400_000;

/** Does nothing when the tables have been filled before. All of it or nothing. */
export function seed(store: Store, size: SeedSize, today: Date): void {
  store.transaction(() => {
    if (store.query("SELECT VAL FROM SYS_PRM WHERE NM = 'SEEDED'").get()) return;
    for (const product of catalogue({ size }).products) addItem(store, product, today);
    addOrders(store, size, today);
    store.run("INSERT INTO SYS_PRM VALUES ('SEEDED', ?)", `${size} ${stamp(today)}`);
  });
}

function addItem(store: Store, product: SeedProduct, today: Date): void {
  // Everything was entered long before the data's last day.
  const entered = stamp(new Date(today.getTime() - 400 * DAY));
  const { id, name, nameZh, brandCode, brand, category, season } = product;
  const sql = "INSERT INTO ITM VALUES (?, ?, ?, ?, ?, ?, ?, 'A', ?, ?)";
  store.run(sql, id, name, nameZh, brandCode, brand, category, season, entered, entered);
  for (const size of product.sizes) {
    store.run("INSERT INTO ITM_SZ VALUES (?, ?, ?)", id, size, barcode(id, size));
  }
  const wholesale = Math.round(product.suggestedFen * 0.45);
  for (const [list, fen] of [
    ["RRP", product.suggestedFen],
    ["WHS", wholesale],
  ] as const) {
    store.run("INSERT INTO PRC VALUES (?, ?, ?, ?)", id, list, dateOf(entered), amount(fen));
  }
}

function addOrders(store: Store, size: SeedSize, today: Date): void {
  for (const order of purchaseOrders({ size, today })) {
    const placed = stamp(new Date(order.placedAt));
    store.run(
      "INSERT INTO PO_H VALUES (?, ?, ?, ?, ?, ?, ?, NULL, ?)",
      order.id,
      order.restockOrderId,
      `RDS${order.counterId}`,
      STATUS[order.status],
      dateOf(placed),
      timeOf(placed),
      order.expectedDay.replaceAll("-", ""),
      placed,
    );
    order.lines.forEach(({ productId, size: sizeCode, pairs }, index) => {
      store.run("INSERT INTO PO_L VALUES (?, ?, ?, ?, ?)", order.id, index + 1, productId, sizeCode, pairs);
    });
  }
}

/** `899.00` of an amount in fen. */
function amount(fen: number): string {
  return `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, "0")}`;
}
