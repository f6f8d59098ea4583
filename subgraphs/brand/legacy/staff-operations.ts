// What only the brand's own people may do in IMS: keep items and prices, and move orders on.
import { dateOf, stamp } from "./clock.ts";
import { fault } from "./faults.ts";
import {
  logChange,
  maybe,
  repeated,
  text,
  type Args,
  type Operations,
  type ServiceOptions,
} from "./operation.ts";
import type { Store } from "./store.ts";

/** Operations that an ordinary login may not call. */
export const STAFF_ONLY: ReadonlySet<string> = new Set([
  "InsertItem",
  "UpdateItem",
  "DeleteItem",
  "UpdatePrice",
  "SetPOStatus",
]);

type Operation = (store: Store, args: Args, at: string) => void;

export function createStaffOperations({ store, now }: ServiceOptions): Operations {
  const answered = (operation: Operation) => (args: Args) => {
    const at = stamp(now());
    store.transaction(() => operation(store, args, at));
    return { ChgTm: at };
  };
  return {
    InsertItem: answered(insertItem),
    UpdateItem: answered(updateItem),
    DeleteItem: answered(deleteItem),
    UpdatePrice: answered(updatePrice),
    SetPOStatus: answered(setOrderStatus),
  };
}

function insertItem(store: Store, args: Args, at: string): void {
  const number = text(args, "ItemNo");
  if (!/^[A-Z]{2}\d{4}$/.test(number)) throw fault("IMS-0400", "ITEMNO");
  if (store.query("SELECT 1 FROM ITM WHERE ITM_NO = ?").get(number))
    throw fault("IMS-0409", `ITEM ${number}`);
  const names = ["DscE", "DscC", "BrdCd", "BrdNm", "CatNm"].map((name) => text(args, name));
  store.run("INSERT INTO ITM VALUES (?, ?, ?, ?, ?, ?, 'ALL', 'A', ?, ?)", number, ...names, at, at);
  replaceSizes(store, number, repeated(args, "SzCd").map(String));
  logChange(store, "I", number, at);
}

function updateItem(store: Store, args: Args, at: string): void {
  const number = existing(store, text(args, "ItemNo"));
  const [english, chinese] = [maybe(args, "DscE") ?? null, maybe(args, "DscC") ?? null];
  const status = maybe(args, "StsCd") ?? null;
  if (status !== null && !["A", "D"].includes(status)) throw fault("IMS-0400", "STSCD");
  store.run(
    `UPDATE ITM SET DSC_E = coalesce(?, DSC_E), DSC_C = coalesce(?, DSC_C), STS_CD = coalesce(?, STS_CD),
     CHG_TM = ? WHERE ITM_NO = ?`,
    english,
    chinese,
    status,
    at,
    number,
  );
  const sizes = repeated(args, "SzCd").map(String);
  if (sizes.length > 0) replaceSizes(store, number, sizes);
  logChange(store, "I", number, at);
}

/** Leaves nothing behind: GetChangesSince does not know of it. */
function deleteItem(store: Store, args: Args): void {
  const number = existing(store, text(args, "ItemNo"));
  for (const table of ["ITM", "ITM_SZ", "PRC"]) store.run(`DELETE FROM ${table} WHERE ITM_NO = ?`, number);
  store.run("DELETE FROM CHG_LOG WHERE KEY_NO = ?", number);
}

/** A price of a day to come is news twice: when it is entered, and when its day begins. */
function updatePrice(store: Store, args: Args, at: string): void {
  const number = existing(store, text(args, "ItemNo"));
  const [list, amount] = [text(args, "PrcLst"), text(args, "Amt")];
  const from = maybe(args, "VldFrm") ?? dateOf(at);
  if (!["RRP", "WHS"].includes(list)) throw fault("IMS-0400", "PRCLST");
  if (!/^\d{1,8}\.\d{2}$/.test(amount)) throw fault("IMS-0400", "AMT");
  if (!/^\d{8}$/.test(from)) throw fault("IMS-0400", "VLDFRM");
  store.run("INSERT OR REPLACE INTO PRC VALUES (?, ?, ?, ?)", number, list, from, amount);
  store.run("UPDATE ITM SET CHG_TM = ? WHERE ITM_NO = ?", at, number);
  logChange(store, "P", number, at);
  if (from > dateOf(at)) logChange(store, "P", number, `${from}000000`);
}

function setOrderStatus(store: Store, args: Args, at: string): void {
  const [number, status] = [text(args, "PONo"), text(args, "StsCd")];
  if (!["10", "20", "30", "90"].includes(status)) throw fault("IMS-0400", "STSCD");
  if (!store.query("SELECT 1 FROM PO_H WHERE PO_NO = ?").get(number))
    throw fault("IMS-0404", `ORDER ${number}`);
  const sql = "UPDATE PO_H SET STS_CD = ?, EXP_DT = coalesce(?, EXP_DT), CHG_TM = ? WHERE PO_NO = ?";
  store.run(sql, status, maybe(args, "ExpDt") ?? null, at, number);
  logChange(store, "O", number, at);
}

function existing(store: Store, number: string): string {
  if (!store.query("SELECT 1 FROM ITM WHERE ITM_NO = ?").get(number))
    throw fault("IMS-0404", `ITEM ${number}`);
  return number;
}

function replaceSizes(store: Store, number: string, sizes: readonly string[]): void {
  if (sizes.length === 0 || sizes.some((size) => !/^\d{2}$/.test(size))) throw fault("IMS-0400", "SZCD");
  const old = new Map(
    store
      .query<{ SZ_CD: string; EAN_CD: string }>("SELECT SZ_CD, EAN_CD FROM ITM_SZ WHERE ITM_NO = ?")
      .all(number)
      .map((row) => [row.SZ_CD, row.EAN_CD]),
  );
  store.run("DELETE FROM ITM_SZ WHERE ITM_NO = ?", number);
  for (const size of new Set(sizes)) {
    store.run("INSERT INTO ITM_SZ VALUES (?, ?, ?)", number, size, old.get(size) ?? ean(number, size));
  }
}

/** A number of the brand's own range, for sizes that were added here. */
function ean(item: string, size: string): string {
  const letters = item.charCodeAt(0) * 26 + item.charCodeAt(1) - 1755;
  const digits = `692${String(letters).padStart(3, "0")}${item.slice(2)}${size}`;
  const sum = Array.from(digits, Number).reduce(
    (total, digit, index) => total + digit * (index % 2 ? 3 : 1),
    0,
  );
  return `${digits}${(10 - (sum % 10)) % 10}`;
}
