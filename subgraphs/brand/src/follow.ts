// Finds what changed in IMS, which says little: keys and seconds since a watermark, and nothing of what was deleted.
//
// The second that a watermark names may not be over, so each poll reads again from some seconds before it, and what
// was told already is known by its digest. What the list leaves out is found by comparing all keys and their stamps
// from time to time.
import {
  LegacyError,
  type Change,
  type ChangeKind,
  type ChangeSink,
  type Logger,
  type SubjectKey,
} from "@junto/subgraph";
import { earlier } from "./codes.ts";
import type { Ims, ImsChange, OrderSummary, Page, Product, PurchaseOrder } from "./ims.ts";

export interface FollowOptions {
  /** Seconds before the watermark that are read again. */
  readonly overlap: number;
  /** Changes in one answer; IMS gives 500 at most. */
  readonly pageSize: number;
  /** Items and orders looked at together. */
  readonly atOnce: number;
}

export interface Follower {
  /** Tells what changed since the last time. The first time of all, it only notes what there is. */
  poll(signal: AbortSignal): Promise<void>;
  /** Compares all keys and stamps: finds what was deleted, and whatever was missed. */
  scan(signal: AbortSignal): Promise<void>;
}

/** Name of the cursor, and of the tables of digests. */
const CURSOR = "watermark";
const ITEMS = "items";
const ORDERS = "orders";
const ITEM_STAMPS = "item-stamps";
const ORDER_STAMPS = "order-stamps";

export function createFollower(ims: Ims, sink: ChangeSink, log: Logger, options: FollowOptions): Follower {
  const { overlap, pageSize, atOnce } = options;
  /** Changes that were told when their second was over. */
  const settled = new Map<string, string>();

  const scan = (signal: AbortSignal): Promise<void> => compareAll(ims, sink, log, signal);

  const poll = async (signal: AbortSignal): Promise<void> => {
    const watermark = await sink.cursor(CURSOR);
    if (watermark === undefined) return begin(signal);
    const from = earlier(watermark, overlap);
    const { changes, next, incomplete } = await changesSince(ims, from, pageSize, signal);
    const fresh = [...changes.values()].filter((change) => settled.get(nameOf(change)) !== change.changed);
    await tell(fresh, { from, next }, signal);
    if (incomplete) await scan(signal);
    if (next !== watermark) await sink.emit([], { name: CURSOR, value: next });
    for (const [name, changed] of settled) if (changed <= from) settled.delete(name);
  };

  const begin = async (signal: AbortSignal): Promise<void> => {
    const { next } = await ims.changesSince(undefined, pageSize, signal);
    await scan(signal);
    await sink.emit([], { name: CURSOR, value: next });
  };

  const tell = async (changes: readonly ImsChange[], window: Window, signal: AbortSignal): Promise<void> => {
    const looked = new Map<string, Promise<void>>();
    const look = (change: ImsChange): Promise<void> => {
      // An item and its price are looked at together.
      const name = change.type === "order" ? `order ${change.id}` : `item ${change.id}`;
      const begun = looked.get(name) ?? lookAt(ims, sink, log, change, window, signal);
      looked.set(name, begun);
      return begun;
    };
    await forEach(changes, atOnce, look);
    for (const change of changes)
      if (change.changed < window.next) settled.set(nameOf(change), change.changed);
  };

  return { poll, scan };
}

interface Window {
  /** After this stamp. */
  readonly from: string;
  /** IMS's clock when the changes were listed: what was changed in an earlier second is seen in full. */
  readonly next: string;
}

function nameOf({ type, id }: ImsChange): string {
  return `${type} ${id}`;
}

interface Listed {
  readonly changes: ReadonlyMap<string, ImsChange>;
  readonly next: string;
  /** There were more changes in one second than IMS lists. */
  readonly incomplete: boolean;
}

/** All pages. A page may end within a second, so the next one begins before it. */
async function changesSince(ims: Ims, from: string, pageSize: number, signal: AbortSignal): Promise<Listed> {
  const changes = new Map<string, ImsChange>();
  let incomplete = false;
  for (let at = from; ;) {
    const page = await ims.changesSince(at, pageSize, signal);
    for (const change of page.changes) changes.set(nameOf(change), change);
    if (!page.more) return { changes, next: page.next, incomplete };
    const again = earlier(page.next, 1);
    if (again > at) at = again;
    else {
      incomplete = true;
      at = page.next;
    }
  }
}

async function lookAt(
  ims: Ims,
  sink: ChangeSink,
  log: Logger,
  change: ImsChange,
  window: Window,
  signal: AbortSignal,
): Promise<void> {
  try {
    if (change.type === "order") await lookAtOrder(ims, sink, change.id, window, signal);
    else await lookAtItem(ims, sink, change.id, window, signal);
  } catch (error) {
    if (!(error instanceof LegacyError) || error.code !== "LEGACY_NONSENSE") throw error;
    // One that cannot be read must not hold up the others. That it changed is all there is to tell.
    log.warn({ type: change.type, id: change.id }, "a change in IMS cannot be looked at");
    const entity = change.type === "order" ? "PurchaseOrder" : "Product";
    await sink.emit([{ entity, key: { id: change.id }, kind: "UPDATED" }]);
  }
}

async function lookAtItem(
  ims: Ims,
  sink: ChangeSink,
  id: string,
  window: Window,
  signal: AbortSignal,
): Promise<void> {
  const [product, price] = await Promise.all([ims.product(id, signal), ims.suggestedPrice(id, signal)]);
  const entered = product?.entered ?? "";
  await sink.reconcile({
    table: ITEMS,
    within: `${id}/`,
    rows: itemRows(id, product, price),
    first: "announce",
    change: (key, kind) => itemChange(id, key, kindOf(kind, entered, window)),
  });
  if (product) await noteStamp(sink, ITEM_STAMPS, id, product.changed, window);
}

/** The item at `BL2481/`, its skus at `BL2481/BL2481-38`: they change each on its own. */
function itemRows(id: string, product: Product | null, price: number | null): Map<string, unknown> {
  const rows = new Map<string, unknown>();
  if (!product) return rows;
  const { skus, changed: _changed, ...rest } = product;
  rows.set(`${id}/`, { ...rest, price, skus: skus.map((sku) => sku.id) });
  for (const sku of skus) rows.set(`${id}/${sku.id}`, sku);
  return rows;
}

function itemChange(id: string, key: string, kind: ChangeKind): Change {
  const sku = key.slice(id.length + 1);
  return sku ? { entity: "Sku", key: { id: sku }, kind } : { entity: "Product", key: { id }, kind };
}

async function lookAtOrder(
  ims: Ims,
  sink: ChangeSink,
  id: string,
  window: Window,
  signal: AbortSignal,
): Promise<void> {
  const order = await ims.order(id, signal);
  if (!order) return;
  const { changed: _changed, ...row } = order;
  await sink.reconcile<Omit<PurchaseOrder, "changed">>({
    table: ORDERS,
    rows: new Map([[id, row]]),
    partial: true,
    first: "announce",
    change: (_key, kind) => orderChanges(order, kindOf(kind, order.placed, window)),
  });
  await noteStamp(sink, ORDER_STAMPS, id, order.changed, window);
}

/** What is seen for the first time is new only if it was made in the time that is looked at. */
function kindOf(kind: ChangeKind, made: string, { from }: Window): ChangeKind {
  return kind === "CREATED" && made <= from ? "UPDATED" : kind;
}

/** The mall's restock order shows its purchase order: for whoever looks at it, it changed as well. */
function orderChanges(order: OrderSummary, kind: ChangeKind): Change[] {
  const subjects: SubjectKey[] = [{ type: "Counter", id: order.counterId }];
  return [
    { entity: "PurchaseOrder", key: { id: order.id }, kind, subjects },
    { entity: "RestockOrder", key: { id: order.restockOrderId }, kind: "UPDATED", subjects },
  ];
}

/** So that the next scan does not tell it again. */
async function noteStamp(
  sink: ChangeSink,
  table: string,
  id: string,
  changed: string,
  { next }: Window,
): Promise<void> {
  if (changed >= next) return;
  await sink.reconcile({ table, rows: new Map([[id, changed]]), partial: true, change: () => undefined });
}

async function compareAll(ims: Ims, sink: ChangeSink, log: Logger, signal: AbortSignal): Promise<void> {
  // What happens in this second or later is for the next poll.
  const now = await ims.time(signal);
  const stampOf = ({ changed }: { changed: string }): string | undefined =>
    changed < now ? changed : undefined;

  const products = await listAll((page) => ims.listProducts(page, signal));
  const orders = await listAll((page) => ims.listOrders(page, signal));
  if (!products || !orders) {
    log.warn({}, "IMS was changed while it was listed: compared next time");
    return;
  }
  await sink.reconcile({
    table: ITEM_STAMPS,
    rows: new Map([...products].map(([id, row]) => [id, stampOf(row)])),
    change: (id, kind) => ({ entity: "Product", key: { id }, kind }),
  });
  await sink.reconcile({
    table: ORDER_STAMPS,
    rows: new Map([...orders].map(([id, row]) => [id, stampOf(row)])),
    change(id, kind) {
      const order = orders.get(id);
      return order ? orderChanges(order, kind) : { entity: "PurchaseOrder", key: { id }, kind };
    },
  });
}

const TRIES = 3;

/** All rows by id, or null: pages shift when something is added or deleted while they are read. */
async function listAll<Row extends { readonly id: string }>(
  list: (page: number) => Promise<Page<Row>>,
): Promise<Map<string, Row> | null> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const rows = await listOnce(list);
    if (rows) return rows;
  }
  return null;
}

async function listOnce<Row extends { readonly id: string }>(
  list: (page: number) => Promise<Page<Row>>,
): Promise<Map<string, Row> | null> {
  const rows = new Map<string, Row>();
  const first = await list(1);
  let seen = 0;
  let ours = 0;
  for (let number = 1, page = first; ; page = await list(++number)) {
    if (page.count !== first.count) return null;
    seen += page.size;
    ours += page.rows.length;
    for (const row of page.rows) rows.set(row.id, row);
    if (page.size === 0 || seen >= page.count) break;
  }
  return seen === first.count && rows.size === ours ? rows : null;
}

/** Some at a time. The first that fails ends it. */
async function forEach<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
}
