// What the subgraph asks of IMS, in the words of the schema: rows come out, or null where there is nothing.
import { LegacyError } from "@junto/subgraph";
import {
  counterOf,
  customerOf,
  fenOf,
  instantOf,
  midnightOf,
  orderStatus,
  rfc3339,
  stampOf,
  type PurchaseOrderStatus,
} from "./codes.ts";
import { connect, ImsFault, type Call, type ConnectionOptions, type Element } from "./connection.ts";

export interface Sku {
  readonly id: string;
  readonly productId: string;
  readonly size: string;
  readonly barcode: string;
}

export interface Product {
  readonly id: string;
  readonly name: string;
  readonly brand: string;
  readonly category: string;
  readonly image: string;
  readonly skus: readonly Sku[];
  /** Stamps: when it was entered, when it was changed last. */
  readonly entered: string;
  readonly changed: string;
}

export interface OrderLine {
  readonly skuId: string;
  readonly pairs: number;
}

export interface PurchaseOrder {
  readonly id: string;
  readonly restockOrderId: string;
  readonly counterId: string;
  readonly status: PurchaseOrderStatus;
  readonly placedAt: string;
  readonly expectedAt: string | null;
  readonly lines: readonly OrderLine[];
  /** Stamps: when it was placed, when it was changed last. */
  readonly placed: string;
  readonly changed: string;
}

/** What lists say of an order. */
export interface OrderSummary {
  readonly id: string;
  readonly restockOrderId: string;
  readonly counterId: string;
  readonly status: PurchaseOrderStatus;
  readonly changed: string;
}

export interface ImsChange {
  readonly type: "item" | "price" | "order";
  readonly id: string;
  readonly changed: string;
}

interface ChangePage {
  readonly changes: readonly ImsChange[];
  /** The watermark to go on with. The second that it names may not be over. */
  readonly next: string;
  readonly more: boolean;
}

export interface Page<Row> {
  /** Of all pages together. */
  readonly count: number;
  /** How many were on this page, those that are none of ours included. */
  readonly size: number;
  readonly rows: readonly Row[];
}

interface NewOrder {
  readonly restockOrderId: string;
  readonly counterId: string;
  readonly lines: readonly OrderLine[];
  /** The same for a repetition. */
  readonly request: string;
}

/** IMS. All of it rejects with a `LegacyError`. */
export interface Ims {
  /** The stamp of its clock. */
  time(signal?: AbortSignal): Promise<string>;
  product(id: string, signal?: AbortSignal): Promise<Product | null>;
  /** Ids only, by text and brand. */
  search(text: string, brand: string, first: number, signal?: AbortSignal): Promise<readonly string[]>;
  /** The suggested price today, in fen. */
  suggestedPrice(productId: string, signal?: AbortSignal): Promise<number | null>;
  order(id: string, signal?: AbortSignal): Promise<PurchaseOrder | null>;
  /** Oldest first. */
  ordersFor(restockOrderId: string, signal?: AbortSignal): Promise<readonly OrderSummary[]>;
  /** Its number. Rejects with an `ImsFault`: 0404 a line is unknown, 0409 request used, 0410 there is an order. */
  createOrder(order: NewOrder, signal?: AbortSignal): Promise<string>;
  /** Without a watermark: only where to begin. */
  changesSince(watermark: string | undefined, most: number, signal?: AbortSignal): Promise<ChangePage>;
  listProducts(page: number, signal?: AbortSignal): Promise<Page<{ id: string; changed: string }>>;
  listOrders(page: number, signal?: AbortSignal): Promise<Page<OrderSummary>>;
}

const PAGE = 500;

export function createIms(options: ConnectionOptions): Ims {
  const call = connect(options);
  return {
    async time(signal) {
      return textOf(await call("GetSysTm", {}, signal), "SysTm");
    },
    async product(id, signal) {
      const found = await orNull(call("GetItem", { ItemNo: id }, signal));
      return found && productOf(childOf(found, "Item"), id);
    },
    async search(text, brand, first, signal) {
      const asked = { ...(text && { Txt: text }), ...(brand && { Brd: brand }), MaxCnt: first };
      return listOf(await call("SearchItems", asked, signal), "ItemNo").map(String);
    },
    async suggestedPrice(productId, signal) {
      const asked = { ItemNo: productId, PrcLst: "RRP", Dt: stampOf(Date.now()).slice(0, 8) };
      const found = await orNull(call("GetPrice", asked, signal));
      if (!found) return null;
      const price = childOf(found, "Prc");
      if (textOf(price, "CurCd") !== "CNY") throw nonsense("a price in another currency");
      return fenOf(textOf(price, "Amt"));
    },
    ...orderCalls(call),
    async changesSince(watermark, most, signal) {
      const asked = { ...(watermark && { Wm: watermark }), MaxCnt: most };
      return changePageOf(await call("GetChangesSince", asked, signal));
    },
    async listProducts(page, signal) {
      const answer = await call("ListItems", { PgNo: page, PgSz: PAGE }, signal);
      const rows = elementsOf(answer, "Itm").map((row) => ({
        id: textOf(row, "ItemNo"),
        changed: textOf(row, "ChgTm"),
      }));
      return { count: numberOf(answer, "Cnt"), size: rows.length, rows };
    },
  };
}

type OrderCalls = Pick<Ims, "order" | "ordersFor" | "createOrder" | "listOrders">;

function orderCalls(call: Call): OrderCalls {
  return {
    async order(id, signal) {
      const found = await orNull(call("GetPurchaseOrder", { PONo: id }, signal));
      return found && orderOf(childOf(found, "PO"), id);
    },
    async ordersFor(restockOrderId, signal) {
      const answer = await call("FindPurchaseOrders", { CustRef: restockOrderId }, signal);
      return elementsOf(answer, "PO").flatMap(summaryOf);
    },
    async createOrder({ restockOrderId, counterId, lines, request }, signal) {
      const asked = {
        CustRef: restockOrderId,
        CustCd: customerOf(counterId),
        RqId: request,
        Ln: lines.map(({ skuId, pairs }) => {
          const [ItemNo, SzCd] = skuId.split("-");
          return { ItemNo, SzCd, Qty: pairs };
        }),
      };
      return textOf(await call("CreatePurchaseOrder", asked, signal), "PONo");
    },
    async listOrders(page, signal) {
      const answer = await call("ListPurchaseOrders", { PgNo: page, PgSz: PAGE }, signal);
      const rows = elementsOf(answer, "PO");
      return { count: numberOf(answer, "Cnt"), size: rows.length, rows: rows.flatMap(summaryOf) };
    },
  };
}

/** Null where IMS says that there is no such thing. */
async function orNull<T>(call: Promise<T>): Promise<T | null> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ImsFault && error.fault === "IMS-0404") return null;
    throw error;
  }
}

function productOf(item: Element, asked: string): Product {
  const id = textOf(item, "ItemNo");
  if (id !== asked) throw nonsense("an item that nobody asked for");
  const skus = elementsOf(item, "Sz").map((row) => {
    const size = textOf(row, "SzCd");
    return { id: `${id}-${size}`, productId: id, size, barcode: textOf(row, "EanCd") };
  });
  return {
    id,
    name: textOf(item, "DscE"),
    brand: textOf(item, "BrdNm"),
    category: textOf(item, "CatNm"),
    image: textOf(item, "ImgUrl"),
    skus,
    entered: textOf(item, "CrtTm"),
    changed: textOf(item, "ChgTm"),
  };
}

/** Null for an order of another mall. */
function orderOf(row: Element, asked: string): PurchaseOrder | null {
  const [summary] = summaryOf(row);
  if (!summary) return null;
  if (summary.id !== asked) throw nonsense("an order that nobody asked for");
  const placed = `${textOf(row, "OrdDt")}${textOf(row, "OrdTm")}`;
  const expected = row["ExpDt"];
  return {
    ...summary,
    placedAt: rfc3339(instantOf(placed.slice(0, 8), placed.slice(8))),
    expectedAt: expected ? midnightOf(textOf(row, "ExpDt")) : null,
    lines: elementsOf(row, "Ln").map((line) => ({
      skuId: `${textOf(line, "ItemNo")}-${textOf(line, "SzCd")}`,
      pairs: numberOf(line, "Qty"),
    })),
    placed,
  };
}

/** Empty for an order of another mall. */
function summaryOf(row: Element): OrderSummary[] {
  const counterId = counterOf(textOf(row, "CustCd"));
  if (counterId === null) return [];
  return [
    {
      id: textOf(row, "PONo"),
      restockOrderId: textOf(row, "CustRef"),
      counterId,
      status: orderStatus(textOf(row, "StsCd")),
      changed: textOf(row, "ChgTm"),
    },
  ];
}

const TYPES: Readonly<Record<string, ImsChange["type"]>> = { I: "item", P: "price", O: "order" };

function changePageOf(answer: Element | null): ChangePage {
  const changes = elementsOf(answer, "Chg").map((row) => {
    const type = TYPES[textOf(row, "Typ")];
    if (!type) throw nonsense("a kind of change");
    return { type, id: textOf(row, "KeyNo"), changed: textOf(row, "ChgTm") };
  });
  const next = textOf(answer, "NxtWm");
  if (!/^\d{14}$/.test(next)) throw nonsense("a watermark");
  return { changes, next, more: textOf(answer, "More") === "Y" };
}

function textOf(element: Element | null, name: string): string {
  const value = element?.[name];
  if (typeof value !== "string" || value === "") throw nonsense(`no ${name}`);
  return value;
}

function numberOf(element: Element | null, name: string): number {
  const value = Number(element?.[name]);
  if (!Number.isInteger(value)) throw nonsense(`no ${name}`);
  return value;
}

function childOf(element: Element, name: string): Element {
  const value = element[name];
  if (typeof value !== "object" || value === null) throw nonsense(`no ${name}`);
  return value as Element;
}

/** One of it is not a list, and none is nothing at all. */
function listOf(element: Element | null, name: string): readonly unknown[] {
  const value = element?.[name] ?? [];
  return Array.isArray(value) ? (value as unknown[]) : [value];
}

function elementsOf(element: Element | null, name: string): readonly Element[] {
  return listOf(element, name) as readonly Element[];
}

function nonsense(what: string): LegacyError {
  return new LegacyError("LEGACY_NONSENSE", "The brand's service answers what nobody can read", {
    cause: new Error(`IMS: ${what}`),
  });
}
