// The operations of IMS, as ims-catalogue.wsdl names them: one thing a call, and everything a string.
import { dateOf, stamp, timeOf } from "./clock.ts";
import { fault } from "./faults.ts";
import { createStaffOperations } from "./staff-operations.ts";
import {
  integer,
  logChange,
  maybe,
  repeated,
  text,
  type Args,
  type Operations,
  type ServiceOptions,
} from "./operation.ts";
import type { Store } from "./store.ts";

interface ItemRow {
  readonly ITM_NO: string;
  readonly DSC_E: string;
  readonly DSC_C: string;
  readonly BRD_CD: string;
  readonly BRD_NM: string;
  readonly CAT_NM: string;
  readonly SSN_CD: string;
  readonly STS_CD: string;
  readonly CRT_TM: string;
  readonly CHG_TM: string;
}

interface OrderRow {
  readonly PO_NO: string;
  readonly CUST_REF: string;
  readonly CUST_CD: string;
  readonly STS_CD: string;
  readonly ORD_DT: string;
  readonly ORD_TM: string;
  readonly EXP_DT: string | null;
  readonly CHG_TM: string;
}

interface LineRow {
  readonly LN_NO: number;
  readonly ITM_NO: string;
  readonly SZ_CD: string;
  readonly QTY: number;
}

/** All operations, by name. They throw an `ImsFault`. */
export function createOperations(options: ServiceOptions): Operations {
  return {
    GetSysTm: () => ({ SysTm: stamp(options.now()) }),
    ...itemOperations(options),
    ...orderOperations(options),
    GetChangesSince: (args) => changesSince(options, args),
    ...createStaffOperations(options),
  };
}

function itemOperations({ store, origin }: ServiceOptions): Operations {
  return {
    GetItem(args) {
      const number = text(args, "ItemNo");
      const row = store.query<ItemRow>("SELECT * FROM ITM WHERE ITM_NO = ?").get(number);
      if (!row) throw fault("IMS-0404", `ITEM ${number}`);
      const sizes = store
        .query<{ SZ_CD: string; EAN_CD: string }>(
          "SELECT SZ_CD, EAN_CD FROM ITM_SZ WHERE ITM_NO = ? ORDER BY SZ_CD",
        )
        .all(number);
      return { Item: item(row, sizes, origin) };
    },
    ListItems(args) {
      const { size, offset } = page(args);
      const rows = store
        .query<{ ITM_NO: string; CHG_TM: string }>(
          "SELECT ITM_NO, CHG_TM FROM ITM ORDER BY ITM_NO LIMIT ? OFFSET ?",
        )
        .all(size, offset);
      const Itm = rows.map((row) => ({ ItemNo: row.ITM_NO, ChgTm: row.CHG_TM }));
      return { Cnt: count(store, "ITM"), Itm };
    },
    SearchItems(args) {
      const like = `%${(maybe(args, "Txt") ?? "").replace(/[\\%_]/g, "\\$&")}%`;
      const brand = maybe(args, "Brd") ?? "";
      const rows = store
        .query<{ ITM_NO: string }>(
          `SELECT ITM_NO FROM ITM
         WHERE (DSC_E LIKE ?1 ESCAPE '\\' OR DSC_C LIKE ?1 ESCAPE '\\' OR ITM_NO LIKE ?1 ESCAPE '\\')
           AND (?2 = '' OR BRD_CD = ?2 COLLATE NOCASE OR BRD_NM = ?2 COLLATE NOCASE)
         ORDER BY ITM_NO LIMIT ?3`,
        )
        .all(like, brand, Math.min(integer(args, "MaxCnt", 1), 100));
      return { ItemNo: rows.map((row) => row.ITM_NO) };
    },
    GetPrice(args) {
      const [number, list, day] = [text(args, "ItemNo"), text(args, "PrcLst"), text(args, "Dt")];
      const row = store
        .query<{ VLD_FRM: string; AMT: string }>(
          "SELECT VLD_FRM, AMT FROM PRC WHERE ITM_NO = ? AND PRC_LST = ? AND VLD_FRM <= ? ORDER BY VLD_FRM DESC LIMIT 1",
        )
        .get(number, list, day);
      if (!row) throw fault("IMS-0404", `PRICE ${number} ${list} ${day}`);
      return { Prc: { ItemNo: number, PrcLst: list, CurCd: "CNY", Amt: row.AMT, VldFrm: row.VLD_FRM } };
    },
  };
}

function orderOperations(options: ServiceOptions): Operations {
  const { store } = options;
  return {
    GetPurchaseOrder(args) {
      const number = text(args, "PONo");
      const row = store.query<OrderRow>("SELECT * FROM PO_H WHERE PO_NO = ?").get(number);
      if (!row) throw fault("IMS-0404", `ORDER ${number}`);
      const lines = linesOf(store, number).map((line) => ({
        LnNo: line.LN_NO,
        ItemNo: line.ITM_NO,
        SzCd: line.SZ_CD,
        Qty: line.QTY,
      }));
      const expected = row.EXP_DT ? { ExpDt: row.EXP_DT } : {};
      const { CUST_REF: CustRef, CUST_CD: CustCd, STS_CD: StsCd, ORD_DT: OrdDt, ORD_TM: OrdTm } = row;
      return {
        PO: { PONo: number, CustRef, CustCd, StsCd, OrdDt, OrdTm, ...expected, ChgTm: row.CHG_TM, Ln: lines },
      };
    },
    FindPurchaseOrders(args) {
      const sql = "SELECT * FROM PO_H WHERE CUST_REF = ? ORDER BY PO_NO";
      return { PO: store.query<OrderRow>(sql).all(text(args, "CustRef")).map(orderReference) };
    },
    ListPurchaseOrders(args) {
      const { size, offset } = page(args);
      const rows = store
        .query<OrderRow>("SELECT * FROM PO_H ORDER BY PO_NO LIMIT ? OFFSET ?")
        .all(size, offset);
      return { Cnt: count(store, "PO_H"), PO: rows.map(orderReference) };
    },
    CreatePurchaseOrder: (args) => ({ PONo: createOrder(options, args) }),
  };
}

/**
 * Changes after the watermark, to the second that is under way. Their second is all that is known of them, and the
 * next watermark is the second under way, or that of the last change if there are more: whoever asks with it
 * misses what happens in the rest of that second.
 */
function changesSince({ store, now }: ServiceOptions, args: Args): object {
  const current = stamp(now());
  const since = maybe(args, "Wm");
  if (since === undefined) return { NxtWm: current, More: "N" };
  const most = Math.min(integer(args, "MaxCnt", 1), 500);
  const rows = store
    .query<{ TYP: string; KEY_NO: string; CHG_TM: string }>(
      "SELECT * FROM CHG_LOG WHERE CHG_TM > ? AND CHG_TM <= ? ORDER BY CHG_TM, TYP, KEY_NO LIMIT ?",
    )
    .all(since, current, most + 1);
  const more = rows.length > most;
  const told = rows.slice(0, most);
  return {
    Chg: told.map((row) => ({ Typ: row.TYP, KeyNo: row.KEY_NO, ChgTm: row.CHG_TM })),
    NxtWm: more ? told.at(-1)!.CHG_TM : current,
    More: more ? "Y" : "N",
  };
}

interface NewLine {
  readonly item: string;
  readonly size: string;
  readonly quantity: number;
}

function createOrder({ store, now }: ServiceOptions, args: Args): string {
  const [reference, customer] = [text(args, "CustRef"), text(args, "CustCd")];
  const request = text(args, "RqId");
  const lines = repeated(args, "Ln").map((line) => lineOf(line as Args));
  if (lines.length === 0) throw fault("IMS-0400", "LN");
  return store.transaction(() => {
    const known = store.query<OrderRow>("SELECT * FROM PO_H WHERE RQ_ID = ?").get(request);
    if (known) {
      if (isSame(store, known, reference, customer, lines)) return known.PO_NO;
      throw fault("IMS-0409", `RQID ${request}`);
    }
    const live = store
      .query<OrderRow>("SELECT * FROM PO_H WHERE CUST_REF = ? AND CUST_CD = ? AND STS_CD <> '90'")
      .get(reference, customer);
    if (live) throw fault("IMS-0410", `CUSTREF ${reference} ORDER ${live.PO_NO}`);
    for (const { item: number, size } of lines) {
      const found = store.query("SELECT 1 FROM ITM_SZ WHERE ITM_NO = ? AND SZ_CD = ?").get(number, size);
      if (!found) throw fault("IMS-0404", `ITEM ${number} SIZE ${size}`);
    }
    const at = stamp(now());
    const number = nextNumber(store, at);
    const expected = dateOf(stamp(new Date(now().getTime() + 5 * 86_400_000)));
    const sql = "INSERT INTO PO_H VALUES (?, ?, ?, '10', ?, ?, ?, ?, ?)";
    store.run(sql, number, reference, customer, dateOf(at), timeOf(at), expected, request, at);
    lines.forEach((line, index) => {
      store.run(
        "INSERT INTO PO_L VALUES (?, ?, ?, ?, ?)",
        number,
        index + 1,
        line.item,
        line.size,
        line.quantity,
      );
    });
    logChange(store, "O", number, at);
    return number;
  });
}

function lineOf(line: Args): NewLine {
  return { item: text(line, "ItemNo"), size: text(line, "SzCd"), quantity: integer(line, "Qty", 1) };
}

function isSame(
  store: Store,
  order: OrderRow,
  reference: string,
  customer: string,
  lines: readonly NewLine[],
): boolean {
  const asked = lines.map(({ item: number, size, quantity }) => `${number}-${size}x${quantity}`).join();
  const held = linesOf(store, order.PO_NO).map((line) => `${line.ITM_NO}-${line.SZ_CD}x${line.QTY}`);
  return order.CUST_REF === reference && order.CUST_CD === customer && held.join() === asked;
}

function nextNumber(store: Store, at: string): string {
  const row = store
    .query<{ LAST: number | null }>("SELECT max(CAST(substr(PO_NO, 9) AS INTEGER)) AS LAST FROM PO_H")
    .get();
  return `PO-${at.slice(0, 4)}-${String((row?.LAST ?? 0) + 1).padStart(6, "0")}`;
}

function linesOf(store: Store, order: string): LineRow[] {
  return store.query<LineRow>("SELECT * FROM PO_L WHERE PO_NO = ? ORDER BY LN_NO").all(order);
}

function item(row: ItemRow, sizes: readonly { SZ_CD: string; EAN_CD: string }[], origin: string): object {
  return {
    ItemNo: row.ITM_NO,
    DscE: row.DSC_E,
    DscC: row.DSC_C,
    BrdCd: row.BRD_CD,
    BrdNm: row.BRD_NM,
    CatNm: row.CAT_NM,
    SsnCd: row.SSN_CD,
    StsCd: row.STS_CD,
    ImgUrl: `${origin}/img/${row.ITM_NO}.svg`,
    CrtTm: row.CRT_TM,
    ChgTm: row.CHG_TM,
    Sz: sizes.map((size) => ({ SzCd: size.SZ_CD, EanCd: size.EAN_CD })),
  };
}

function orderReference(row: OrderRow): object {
  const { PO_NO: PONo, CUST_REF: CustRef, CUST_CD: CustCd, STS_CD: StsCd, CHG_TM: ChgTm } = row;
  return { PONo, CustRef, CustCd, StsCd, ChgTm };
}

function page(args: Args): { readonly size: number; readonly offset: number } {
  const size = Math.min(integer(args, "PgSz", 1), 500);
  return { size, offset: (integer(args, "PgNo", 1) - 1) * size };
}

function count(store: Store, table: "ITM" | "PO_H"): number {
  return store.query<{ CNT: number }>(`SELECT count(*) AS CNT FROM ${table}`).get()!.CNT;
}
