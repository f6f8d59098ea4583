// What the log does not say: which counters a key belongs to, and what may have changed while nobody listened.
import type { Database } from "../database.ts";

/** The counters that belong to each key. */
export type CountersOf = ReadonlyMap<string, readonly string[]>;

/** Of these orders those that exist, each with its counter. */
export async function countersOfOrders(db: Database, ids: readonly string[]): Promise<CountersOf> {
  return pairs(
    await db.query<Pair>(
      `SELECT "RPL_NO" AS "KEY", "CNTR_ID" FROM "T_RPL_H"
       WHERE "RPL_NO" = ANY($1::bpchar[]) AND "DEL_FLG" = '0' AND "STS" <> '00'`,
      [ids],
    ),
  );
}

/** Counters that sell these products. `null`: every product that is sold anywhere. */
export async function countersOfProducts(db: Database, ids: readonly string[] | null): Promise<CountersOf> {
  return pairs(
    await db.query<Pair>(
      `SELECT "PRD_ID" AS "KEY", "CNTR_ID" FROM "T_CNTR_PRD"
       WHERE "DEL_FLG" = '0' AND ($1::bpchar[] IS NULL OR "PRD_ID" = ANY($1::bpchar[]))`,
      [ids],
    ),
  );
}

export async function countersOfBrands(db: Database, codes: readonly string[]): Promise<CountersOf> {
  return pairs(
    await db.query<Pair>(
      `SELECT "BRND_CD" AS "KEY", "CNTR_ID" FROM "T_CNTR_M"
       WHERE "BRND_CD" = ANY($1::bpchar[]) AND "DEL_FLG" = '0'`,
      [codes],
    ),
  );
}

export async function everyCounter(db: Database): Promise<readonly string[]> {
  const rows = await db.query<{ CNTR_ID: string }>(`SELECT "CNTR_ID" FROM "T_CNTR_M" ORDER BY "CNTR_ID"`);
  return rows.map(({ CNTR_ID }) => CNTR_ID.trimEnd());
}

/** Skus that sold in the last month: what they sold in "the last 28 days" is another number every day. */
export async function countersOfSoldSkus(db: Database): Promise<CountersOf> {
  return pairs(
    await db.query<Pair>(
      `SELECT DISTINCT rtrim("PRD_ID") || '-' || rtrim("SZ_CD") AS "KEY", "CNTR_ID" FROM "T_SLS_D"
       WHERE "SLS_DT" >= "F_NOW"()::date - 31`,
    ),
  );
}

/** Orders that may have been written to since then: those that say so, and all that wait for a decision. */
export function ordersSince(
  db: Database,
  since: Date,
): Promise<{ RPL_NO: string; CNTR_ID: string; IS_NEW: boolean; IS_GONE: boolean }[]> {
  return db.query(
    `SELECT "RPL_NO", "CNTR_ID",
       ("SBM_DT" >= $1::timestamptz AT TIME ZONE 'Asia/Shanghai') AS "IS_NEW",
       ("DEL_FLG" = '1' OR "STS" = '00') AS "IS_GONE"
     FROM "T_RPL_H"
     WHERE "SBM_DT" IS NOT NULL
       AND ("STS" = '10' OR "UPD_DT" >= $1::timestamptz AT TIME ZONE 'Asia/Shanghai')
     ORDER BY "RPL_NO"`,
    [since.toISOString()],
  );
}

interface Pair {
  readonly KEY: string;
  readonly CNTR_ID: string;
}

function pairs(rows: readonly Pair[]): CountersOf {
  const counters = new Map<string, string[]>();
  for (const row of rows) {
    const key = row.KEY.trimEnd();
    const known = counters.get(key);
    if (known) known.push(row.CNTR_ID.trimEnd());
    else counters.set(key, [row.CNTR_ID.trimEnd()]);
  }
  return counters;
}
