// Every statement that is sent to the ERP for a request, and the rows as they come: its names, its codes.
// One statement per batch, whatever the number of keys.
import type { Database } from "./database.ts";

export interface CounterRow {
  readonly CNTR_ID: string;
  readonly CNTR_NM: string;
  readonly FLR_CD: string | null;
  readonly BRND_NM: string | null;
}

export interface ProductRow {
  readonly PRD_ID: string;
  readonly PRC_FEN: number | null;
}

export interface SkuRow {
  readonly PRD_ID: string;
  readonly SZ_CD: string;
}

export interface SoldRow {
  readonly PRD_ID: string;
  readonly SZ_CD?: string;
  /** A bigint, as text. */
  readonly QTY: string;
}

/** The days and what was sold on each, in the same order. */
export interface DaysRow {
  readonly PRD_ID: string;
  readonly DAYS: readonly string[];
  readonly QTYS: readonly number[];
}

export interface RestockRow {
  readonly CNTR_ID: string;
  readonly RPL_NO: string;
  readonly STS: string;
  readonly SBM_DT: string | null;
  readonly SBM_USR: string | null;
  readonly DCD_DT: string | null;
  readonly DCD_USR: string | null;
  readonly RJT_RSN: string | null;
  readonly REMARK: string | null;
}

export interface RestockLineRow {
  readonly RPL_NO: string;
  readonly PRD_ID: string;
  readonly SZ_CD: string;
  readonly QTY: number;
}

export interface ShelfRow {
  readonly CNTR_ID: string;
  readonly PRD_ID: string;
}

/** A style and a size, as a sku's id has them. */
export interface StyleSize {
  readonly style: string;
  readonly size: string;
}

export interface NewRestock {
  readonly counterId: string;
  readonly person: string;
  readonly note: string | null;
  readonly reference: string;
  readonly lines: readonly (StyleSize & { readonly pairs: number })[];
}

/** Codes of `T_RPL_H.STS`. */
export const STATUS: {
  readonly submitted: "10";
  readonly approved: "20";
  readonly rejected: "30";
  readonly received: "90";
} = { submitted: "10", approved: "20", rejected: "30", received: "90" };

/** Counters; `null` for ids: all of them, at most `first`. */
export function counters(db: Database, ids: readonly string[] | null, first = 1_000): Promise<CounterRow[]> {
  return db.query<CounterRow>(
    `SELECT c."CNTR_ID", c."CNTR_NM", c."FLR_CD", b."BRND_NM"
     FROM "T_CNTR_M" c LEFT JOIN "T_BRND_M" b ON b."BRND_CD" = c."BRND_CD"
     WHERE c."DEL_FLG" = '0' AND ($1::bpchar[] IS NULL OR c."CNTR_ID" = ANY($1::bpchar[]))
     ORDER BY c."CNTR_ID" LIMIT $2`,
    [ids, first],
  );
}

/** Products with the price that holds today. */
export function products(db: Database, ids: readonly string[]): Promise<ProductRow[]> {
  return db.query<ProductRow>(
    `SELECT p."PRD_ID", s."PRC_FEN"
     FROM "T_PRD_M" p LEFT JOIN LATERAL (
       SELECT "PRC_FEN" FROM "T_PRC_SHLF"
       WHERE "PRD_ID" = p."PRD_ID" AND "EFF_DT" <= "F_NOW"()::date
       ORDER BY "EFF_DT" DESC LIMIT 1
     ) s ON true
     WHERE p."PRD_ID" = ANY($1::bpchar[]) AND p."DEL_FLG" = '0'`,
    [ids],
  );
}

export function skus(db: Database, keys: readonly StyleSize[]): Promise<SkuRow[]> {
  return db.query<SkuRow>(
    `SELECT z."PRD_ID", z."SZ_CD"
     FROM unnest($1::bpchar[], $2::bpchar[]) AS k(style, size)
     JOIN "T_PRD_SZ" z ON z."PRD_ID" = k.style AND z."SZ_CD" = k.size
     JOIN "T_PRD_M" p ON p."PRD_ID" = z."PRD_ID" AND p."DEL_FLG" = '0'`,
    [keys.map(({ style }) => style), keys.map(({ size }) => size)],
  );
}

/** Pairs sold of products in the last days, today included, at these counters; `null`: in the mall. */
export function soldOfProducts(
  db: Database,
  ids: readonly string[],
  days: number,
  counterIds: readonly string[] | null,
): Promise<SoldRow[]> {
  return db.query<SoldRow>(
    `SELECT "PRD_ID", sum("QTY") AS "QTY" FROM "T_SLS_D"
     WHERE "PRD_ID" = ANY($1::bpchar[]) AND ${LAST_DAYS}
       AND ($3::bpchar[] IS NULL OR "CNTR_ID" = ANY($3::bpchar[]))
     GROUP BY "PRD_ID"`,
    [ids, days, counterIds],
  );
}

/** The same, of sizes. */
export function soldOfSkus(
  db: Database,
  keys: readonly StyleSize[],
  days: number,
  counterIds: readonly string[] | null,
): Promise<SoldRow[]> {
  return db.query<SoldRow>(
    `SELECT "PRD_ID", "SZ_CD", sum("QTY") AS "QTY" FROM "T_SLS_D"
     WHERE "PRD_ID" = ANY($1::bpchar[]) AND ${LAST_DAYS}
       AND ($3::bpchar[] IS NULL OR "CNTR_ID" = ANY($3::bpchar[]))
       AND ("PRD_ID", "SZ_CD") IN (SELECT * FROM unnest($1::bpchar[], $4::bpchar[]))
     GROUP BY "PRD_ID", "SZ_CD"`,
    [keys.map(({ style }) => style), days, counterIds, keys.map(({ size }) => size)],
  );
}

/** Pairs sold of products day by day, the oldest first, with 0 where nothing was sold: a row for each product. */
export function soldByDay(
  db: Database,
  ids: readonly string[],
  days: number,
  counterIds: readonly string[] | null,
): Promise<DaysRow[]> {
  return db.query<DaysRow>(
    `SELECT k."PRD_ID", array_agg(d."SLS_DT"::text ORDER BY d."SLS_DT") AS "DAYS",
       array_agg(coalesce(s."QTY", 0) ORDER BY d."SLS_DT") AS "QTYS"
     FROM unnest($1::bpchar[]) AS k("PRD_ID")
     CROSS JOIN (SELECT "F_NOW"()::date - n AS "SLS_DT" FROM generate_series(0, $2::int - 1) n) d
     LEFT JOIN (
       SELECT "PRD_ID", "SLS_DT", sum("QTY")::int AS "QTY" FROM "T_SLS_D"
       WHERE "PRD_ID" = ANY($1::bpchar[]) AND ${LAST_DAYS}
         AND ($3::bpchar[] IS NULL OR "CNTR_ID" = ANY($3::bpchar[]))
       GROUP BY "PRD_ID", "SLS_DT"
     ) s ON s."PRD_ID" = k."PRD_ID" AND s."SLS_DT" = d."SLS_DT"
     GROUP BY k."PRD_ID"`,
    [ids, days, counterIds],
  );
}

const LAST_DAYS = `"SLS_DT" > "F_NOW"()::date - $2::int AND "SLS_DT" <= "F_NOW"()::date`;

/** What is on the shelves of counters, at most `first` each, by what sold most there in the last 28 days. */
export function shelves(db: Database, counterIds: readonly string[], first: number): Promise<ShelfRow[]> {
  return db.query<ShelfRow>(
    `SELECT "CNTR_ID", "PRD_ID" FROM (
       SELECT s."CNTR_ID", s."PRD_ID", row_number() OVER (
         PARTITION BY s."CNTR_ID" ORDER BY coalesce(d."QTY", 0) DESC, s."PRD_ID") AS "POS"
       FROM "T_CNTR_PRD" s
       JOIN "T_PRD_M" p ON p."PRD_ID" = s."PRD_ID" AND p."DEL_FLG" = '0'
       LEFT JOIN (
         SELECT "CNTR_ID", "PRD_ID", sum("QTY") AS "QTY" FROM "T_SLS_D"
         WHERE "CNTR_ID" = ANY($1::bpchar[]) AND "SLS_DT" > "F_NOW"()::date - 28 AND "SLS_DT" <= "F_NOW"()::date
         GROUP BY "CNTR_ID", "PRD_ID"
       ) d ON d."CNTR_ID" = s."CNTR_ID" AND d."PRD_ID" = s."PRD_ID"
       WHERE s."CNTR_ID" = ANY($1::bpchar[]) AND s."DEL_FLG" = '0'
     ) r WHERE "POS" <= $2 ORDER BY "CNTR_ID", "POS"`,
    [counterIds, first],
  );
}

const HEAD = `"CNTR_ID", "RPL_NO", "STS", "SBM_DT", "SBM_USR", "DCD_DT", "DCD_USR", "RJT_RSN", "REMARK"`;
/** Neither deleted nor a draft. */
const EXISTS = `"DEL_FLG" = '0' AND "STS" <> '00'`;

export function restocks(db: Database, ids: readonly string[]): Promise<RestockRow[]> {
  return db.query<RestockRow>(
    `SELECT ${HEAD} FROM "T_RPL_H" WHERE "RPL_NO" = ANY($1::bpchar[]) AND ${EXISTS}`,
    [ids],
  );
}

/** Orders of counters, the newest first, at most `first` each; in one status or in any. */
export function restocksOf(
  db: Database,
  counterIds: readonly string[],
  status: string | null,
  first: number,
): Promise<RestockRow[]> {
  return db.query<RestockRow>(
    `SELECT ${HEAD} FROM (
       SELECT *, row_number() OVER (PARTITION BY "CNTR_ID" ORDER BY "SBM_DT" DESC, "RPL_NO" DESC) AS "POS"
       FROM "T_RPL_H"
       WHERE "CNTR_ID" = ANY($1::bpchar[]) AND ${EXISTS} AND ($2::bpchar IS NULL OR "STS" = $2::bpchar)
     ) r WHERE "POS" <= $3 ORDER BY "CNTR_ID", "POS"`,
    [counterIds, status, first],
  );
}

export function linesOf(db: Database, orderIds: readonly string[]): Promise<RestockLineRow[]> {
  return db.query<RestockLineRow>(
    `SELECT "RPL_NO", "PRD_ID", "SZ_CD", "QTY" FROM "T_RPL_L"
     WHERE "RPL_NO" = ANY($1::bpchar[]) ORDER BY "RPL_NO", "LN_NO"`,
    [orderIds],
  );
}

/** Of these sizes, those that a counter sells. No row at all: there is no such counter. */
export async function sellable(
  db: Database,
  counterId: string,
  keys: readonly StyleSize[],
): Promise<SkuRow[] | null> {
  const rows = await db.query<{ PRD_ID: string | null; SZ_CD: string | null }>(
    `SELECT z."PRD_ID", z."SZ_CD" FROM "T_CNTR_M" c
     LEFT JOIN (
       "T_CNTR_PRD" s
       JOIN "T_PRD_M" p ON p."PRD_ID" = s."PRD_ID" AND p."DEL_FLG" = '0'
       JOIN "T_PRD_SZ" z ON z."PRD_ID" = s."PRD_ID"
     ) ON s."CNTR_ID" = c."CNTR_ID" AND s."DEL_FLG" = '0'
       AND (z."PRD_ID", z."SZ_CD") IN (SELECT * FROM unnest($2::bpchar[], $3::bpchar[]))
     WHERE c."CNTR_ID" = $1::bpchar AND c."DEL_FLG" = '0'`,
    [counterId, keys.map(({ style }) => style), keys.map(({ size }) => size)],
  );
  return rows.length === 0 ? null : rows.filter((row): row is SkuRow => row.PRD_ID !== null);
}

export function restockByReference(db: Database, reference: string): Promise<RestockRow[]> {
  return db.query<RestockRow>(`SELECT ${HEAD} FROM "T_RPL_H" WHERE "REF_NO" = $1 AND ${EXISTS}`, [reference]);
}

/** Head and lines in one statement. Nothing comes back when the reference is there already. */
export function insertRestock(db: Database, order: NewRestock): Promise<RestockRow[]> {
  return db.query<RestockRow>(
    `WITH h AS (
       INSERT INTO "T_RPL_H" ("CNTR_ID", "STS", "SBM_DT", "SBM_USR", "REF_NO", "REMARK")
       VALUES ($1, '${STATUS.submitted}', "F_NOW"(), $2, $3, $4)
       ON CONFLICT ("REF_NO") WHERE "REF_NO" IS NOT NULL DO NOTHING
       RETURNING ${HEAD}
     ), l AS (
       INSERT INTO "T_RPL_L" ("RPL_NO", "LN_NO", "PRD_ID", "SZ_CD", "QTY")
       SELECT h."RPL_NO", k.no, k.style, k.size, k.pairs
       FROM h, unnest($5::bpchar[], $6::bpchar[], $7::smallint[]) WITH ORDINALITY AS k(style, size, pairs, no)
     )
     SELECT * FROM h`,
    [
      order.counterId,
      order.person,
      order.reference,
      order.note,
      order.lines.map(({ style }) => style),
      order.lines.map(({ size }) => size),
      order.lines.map(({ pairs }) => pairs),
    ],
  );
}

/** Decides an order of a counter, if it still waits for it. Nothing comes back when it does not. */
export function decideRestock(
  db: Database,
  order: { readonly id: string; readonly counterId: string },
  decision: { readonly status: "20" | "30"; readonly person: string; readonly reason: string | null },
): Promise<RestockRow[]> {
  return db.query<RestockRow>(
    `UPDATE "T_RPL_H" SET "STS" = $3, "DCD_DT" = "F_NOW"(), "DCD_USR" = $4, "RJT_RSN" = $5
     WHERE "RPL_NO" = $1::bpchar AND "CNTR_ID" = $2::bpchar AND "STS" = '${STATUS.submitted}' AND "DEL_FLG" = '0'
     RETURNING ${HEAD}`,
    [order.id, order.counterId, decision.status, decision.person, decision.reason],
  );
}

export async function ping(db: Database): Promise<void> {
  await db.query("SELECT 1");
}
