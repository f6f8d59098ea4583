// Loads the ERP's tables with the data of the story: once, in one transaction, by COPY.
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { catalogue, LAST_RESTOCK, restocks, sales, STORY_PRODUCT, type SeedRestock } from "@junto/seed";
import type { Client } from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { packageFile } from "../src/package-file.ts";

export interface LoadedSeed {
  /** `loaded`: just now. `reused`: by an earlier start. `foreign`: the tables were there, and not from here. */
  readonly how: "loaded" | "reused" | "foreign";
  /** Rows that were loaded just now. */
  readonly rows: number;
}

type Value = string | number | null;
type Size = "full" | "small";

/** Loads a database that has no tables of the ERP; leaves any other as it is. */
export async function loadSeed(client: Client, size: Size): Promise<LoadedSeed> {
  await client.query("BEGIN");
  try {
    // Two starts at once: the second waits here, and then finds what the first has loaded.
    await client.query("SELECT pg_advisory_xact_lock(hashtext('rms-load'))");
    const found = await whatIsThere(client);
    if (found) {
      await client.query("COMMIT");
      return { how: found, rows: 0 };
    }
    const rows = await load(client, size);
    await client.query("COMMIT");
    await client.query("ANALYZE");
    return { how: "loaded", rows };
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw new Error("The mall's tables could not be loaded; nothing of them was kept", { cause: error });
  }
}

async function whatIsThere(client: Client): Promise<"reused" | "foreign" | undefined> {
  const exists = await client.query<{ params: boolean; counters: boolean }>(
    `SELECT to_regclass('"T_SYS_PARAM"') IS NOT NULL AS params, to_regclass('"T_CNTR_M"') IS NOT NULL AS counters`,
  );
  const { params, counters } = exists.rows[0]!;
  if (!params) return counters ? "foreign" : undefined;
  const marker = await client.query(`SELECT 1 FROM "T_SYS_PARAM" WHERE "PRM_CD" = 'SEED'`);
  return marker.rowCount ? "reused" : "foreign";
}

async function load(client: Client, size: Size): Promise<number> {
  await client.query(await packageFile("legacy/tables.sql"));
  let rows = 0;
  for (const [table, columns, values] of tables(size)) {
    rows += await copy(client, table, columns, values);
  }
  await client.query(await packageFile("legacy/keys.sql"));
  return rows;
}

/** Every table with its columns and rows, in the order in which they are loaded. */
function tables(size: Size): [table: string, columns: string, rows: Iterable<readonly Value[]>][] {
  const now = new Date(Date.now() + SHANGHAI);
  const { brands, products, counters } = catalogue({ size });
  const orders = restocks({ size, today: now });
  return [
    ["T_SYS_PARAM", "PRM_CD PRM_VAL REMARK", parameters(size)],
    ["T_SEQ_NO", "SEQ_CD CUR_NO", [["RPL", LAST_RESTOCK]]],
    ["T_BRND_M", "BRND_CD BRND_NM", brands.map((brand) => [brand.code, brand.name])],
    [
      "T_CNTR_M",
      "CNTR_ID CNTR_NM FLR_CD BRND_CD OPN_DT UPD_USR REMARK",
      counters.map((one) => [one.id, one.name, one.floor, one.brandCode, "2006-09-28", "SYS", one.nameZh]),
    ],
    [
      "T_PRD_M",
      "PRD_ID BRND_CD PRD_NM CTGR_NM SSN_CD",
      products.map((one) => [one.id, one.brandCode, one.nameZh, one.categoryZh, one.season]),
    ],
    ["T_PRD_SZ", "PRD_ID SZ_CD", products.flatMap(({ id, sizes }) => sizes.map((one) => [id, one]))],
    [
      "T_CNTR_PRD",
      "CNTR_ID PRD_ID UPD_USR",
      counters.flatMap(({ id, productIds }) => productIds.map((product) => [id, product, "SYS"])),
    ],
    ["T_PRC_SHLF", "PRD_ID EFF_DT PRC_FEN CRT_USR REMARK", prices(size, now)],
    ["T_SLS_D", "CNTR_ID SLS_DT PRD_ID SZ_CD QTY UNT_PRC AMT", soldRows(size, now)],
    [
      "T_RPL_H",
      "CNTR_ID RPL_NO STS SBM_DT SBM_USR DCD_DT DCD_USR RJT_RSN REMARK",
      orders.map((order) => headOf(order)),
    ],
    [
      "T_RPL_L",
      "RPL_NO LN_NO PRD_ID SZ_CD QTY",
      orders.flatMap(({ id, lines }) =>
        lines.map((line, index) => [id, index + 1, line.productId, line.size, line.pairs]),
      ),
    ],
  ];
}

const SHANGHAI = 8 * 3_600_000;
const DAY = 86_400_000;

function parameters(size: Size): Value[][] {
  return [
    ["CMPNY_NM", "江畔百货", null],
    ["VER", "3.2.17", null],
    ["SEED", size, "data of the demonstration"],
  ];
}

/** What the shelf said last year and says now; of every twentieth product also what it will say next month. */
function* prices(size: Size, now: Date): Generator<Value[]> {
  const day = (ago: number): string => new Date(now.getTime() - ago * DAY).toISOString().slice(0, 10);
  for (const [index, product] of catalogue({ size }).products.entries()) {
    yield [product.id, day(400), product.suggestedFen, "SYS", null];
    yield [product.id, day(20 + (index % 60)), product.shelfFen, "M01", null];
    if (index % 20 === 7 && product.id !== STORY_PRODUCT) {
      yield [product.id, day(-30), Math.round((product.shelfFen * 0.8) / 100) * 100, "M01", "换季"];
    }
  }
}

function* soldRows(size: Size, now: Date): Generator<Value[]> {
  for (const { day, counterId, productId, size: shoe, pairs, priceFen } of sales({ size, today: now })) {
    yield [counterId, day, productId, shoe, pairs, priceFen, pairs * priceFen];
  }
}

const STATUS: Readonly<Record<SeedRestock["status"], string>> = {
  SUBMITTED: "10",
  APPROVED: "20",
  REJECTED: "30",
  RECEIVED: "90",
};

function headOf(order: SeedRestock): Value[] {
  return [
    order.counterId,
    order.id,
    STATUS[order.status],
    local(order.submittedAt),
    order.submittedBy,
    order.decidedAt && local(order.decidedAt),
    order.decidedBy,
    order.reason,
    order.note,
  ];
}

/** An instant as the shop's clock shows it. */
function local(instant: string): string {
  return new Date(Date.parse(instant) + SHANGHAI).toISOString().slice(0, 19).replace("T", " ");
}

async function copy(
  client: Client,
  table: string,
  columns: string,
  rows: Iterable<readonly Value[]>,
): Promise<number> {
  const names = columns.split(" ").map((name) => `"${name}"`);
  const target = client.query(copyFrom(`COPY "${table}" (${names.join(", ")}) FROM STDIN`));
  await pipeline(Readable.from(chunks(rows)), target);
  return target.rowCount;
}

/** Rows in PostgreSQL's text format, some thousand at a time. */
function* chunks(rows: Iterable<readonly Value[]>): Generator<string> {
  let text = "";
  for (const row of rows) {
    text += `${row.map(copyText).join("\t")}\n`;
    if (text.length > 65_536) {
      yield text;
      text = "";
    }
  }
  if (text) yield text;
}

function copyText(value: Value): string {
  if (value === null) return "\\N";
  if (typeof value === "number") return String(value);
  return value.replace(/[\\\t\n\r]/g, (special) => ESCAPED[special]!);
}

const ESCAPED: Readonly<Record<string, string>> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };
