// What a transaction of the ERP has touched, as far as the schema knows it: keys only, each once. Which
// counters a key belongs to is noted where the row says so; the rest is looked up afterwards.
import type { ChangeKind } from "@junto/subgraph";
import type { Pgoutput } from "pg-logical-replication";

export interface Touched {
  /** By order: what happened, and the counters that its rows named. None: only its lines were touched. */
  readonly orders: Map<string, { readonly kind: ChangeKind; readonly counterIds: ReadonlySet<string> }>;
  readonly counters: Map<string, ChangeKind>;
  /** Sold: by product and by sku, the counters where. */
  readonly soldProducts: Map<string, Set<string>>;
  readonly soldSkus: Map<string, Set<string>>;
  /** Products with another price, or that came or went: every counter that sells them is concerned. */
  readonly products: Set<string>;
  /** Codes of brands with another name. */
  readonly brands: Set<string>;
  /** Tables were emptied: what was touched cannot be said. */
  everything: boolean;
}

export function nothingTouched(): Touched {
  return {
    orders: new Map(),
    counters: new Map(),
    soldProducts: new Map(),
    soldSkus: new Map(),
    products: new Set(),
    brands: new Set(),
    everything: false,
  };
}

/** Notes what one message of the log says. */
export function touch(touched: Touched, message: Pgoutput.Message): void {
  switch (message.tag) {
    case "truncate":
      touched.everything = true;
      return;
    case "insert":
      noteRow(touched, message.relation.name, { kind: "CREATED", now: message.new });
      return;
    case "update":
      // Of the row as it was only the key comes, and only if it is another one now.
      if (message.key) noteRow(touched, message.relation.name, { kind: "DELETED", before: message.key });
      noteRow(touched, message.relation.name, { kind: "UPDATED", now: message.new });
      return;
    case "delete":
      noteRow(touched, message.relation.name, { kind: "DELETED", before: message.key ?? message.old ?? {} });
  }
}

/** Adds what a later transaction touched. */
export function merge(into: Touched, later: Touched): void {
  for (const [id, { kind, counterIds }] of later.orders) noteOrder(into, id, kind, counterIds);
  for (const [id, kind] of later.counters) noteCounter(into, id, kind);
  for (const [id, counters] of later.soldProducts) noteSold(into.soldProducts, id, counters);
  for (const [id, counters] of later.soldSkus) noteSold(into.soldSkus, id, counters);
  for (const id of later.products) into.products.add(id);
  for (const code of later.brands) into.brands.add(code);
  into.everything ||= later.everything;
}

type Columns = Readonly<Record<string, unknown>>;
type RowChange =
  | { readonly kind: "CREATED" | "UPDATED"; readonly now: Columns }
  | { readonly kind: "DELETED"; readonly before: Columns };

function noteRow(touched: Touched, table: string, change: RowChange): void {
  const columns = "now" in change ? change.now : change.before;
  const text = (name: string): string => String(columns[name]).trimEnd();
  switch (table) {
    case "T_RPL_H": {
      const kind = kindOfHead(change);
      if (kind) noteOrder(touched, text("RPL_NO"), kind, [text("CNTR_ID")]);
      return;
    }
    case "T_RPL_L":
      return noteOrder(touched, text("RPL_NO"), "UPDATED", []);
    case "T_SLS_D":
      noteSold(touched.soldProducts, text("PRD_ID"), [text("CNTR_ID")]);
      return noteSold(touched.soldSkus, `${text("PRD_ID")}-${text("SZ_CD")}`, [text("CNTR_ID")]);
    case "T_PRC_SHLF":
    case "T_PRD_M":
      touched.products.add(text("PRD_ID"));
      return;
    case "T_CNTR_M":
      return noteCounter(touched, text("CNTR_ID"), isDeleted(change) ? "DELETED" : change.kind);
    case "T_CNTR_PRD":
      return noteCounter(touched, text("CNTR_ID"), "UPDATED");
    case "T_BRND_M":
      touched.brands.add(text("BRND_CD"));
  }
}

/** What happened to an order, for those who see neither drafts nor what is marked as deleted. */
function kindOfHead(change: RowChange): ChangeKind | undefined {
  if (isDeleted(change) || !("now" in change)) return "DELETED";
  const { STS, SBM_DT, UPD_DT } = change.now;
  // Taken back to be changed; or a draft still, of which nobody has heard.
  if (STS === "00") return SBM_DT === null ? undefined : "DELETED";
  // A draft that is submitted comes into being. It is known by its times: the row does not say what it was.
  return change.kind === "UPDATED" && STS === "10" && sameTime(SBM_DT, UPD_DT) ? "CREATED" : change.kind;
}

function isDeleted(change: RowChange): boolean {
  return !("now" in change) || change.now.DEL_FLG === "1";
}

function sameTime(a: unknown, b: unknown): boolean {
  return a instanceof Date && b instanceof Date && a.getTime() === b.getTime();
}

function noteOrder(touched: Touched, id: string, kind: ChangeKind, counterIds: Iterable<string>): void {
  const known = touched.orders.get(id);
  const counters = new Set(counterIds);
  if (known && counters.size === 0) return;
  touched.orders.set(id, {
    kind: after(known?.kind, kind),
    // An order that moved concerns the counter that it left, too.
    counterIds: known ? new Set([...known.counterIds, ...counters]) : counters,
  });
}

function noteCounter(touched: Touched, id: string, kind: ChangeKind): void {
  touched.counters.set(id, after(touched.counters.get(id), kind));
}

/** One thing that happened after another, seen as one. */
function after(earlier: ChangeKind | undefined, later: ChangeKind): ChangeKind {
  if (earlier === "CREATED" && later === "UPDATED") return "CREATED";
  if (earlier === "DELETED" && later === "CREATED") return "UPDATED";
  return later;
}

function noteSold(sold: Map<string, Set<string>>, id: string, counters: Iterable<string>): void {
  const known = sold.get(id) ?? new Set();
  sold.set(id, known);
  for (const counter of counters) known.add(counter);
}
