// Reads one file of stock, a workbook or a CSV, into rows, a style each, and the problems that were met.
import { readCsv } from "./csv.ts";
import { findHeadings } from "./headings.ts";
import type { Sheet } from "./sheet.ts";
import { readTable, SOME_SIZE, type Problem, type StyleEntry, type Tally } from "./table.ts";
import { UnreadableFile } from "./unreadable.ts";
import { readWorkbook } from "./workbook.ts";

/** Bytes. A workbook of 3,000 styles takes about 300 kB. */
export const MAX_FILE_SIZE: number = 8 * 1024 * 1024;

/** What a file says of one style. */
export interface StockRow {
  /** Style number, for example `BL2481`. */
  readonly style: string;
  /** Pairs by size, over all warehouses. `null`: the file says something, but it could not be used. */
  readonly sizes: ReadonlyMap<string, number | null>;
  /** Pairs over all sizes; `null` when one of them is not known, or none is said. */
  readonly pairs: number | null;
  readonly leadDays: number | null;
}

export interface Reading {
  readonly rows: readonly StockRow[];
  readonly problems: readonly Problem[];
}

const KINDS: Readonly<Record<string, (bytes: Buffer) => Sheet[]>> = {
  xlsx: readWorkbook,
  xlsm: readWorkbook,
  xls: readWorkbook,
  csv: (bytes) => [readCsv(bytes)],
};

/** Is a file of this name one that holds stock? Not what programs leave behind while they save. */
export function isStockFile(name: string): boolean {
  return !/^(~\$|\.)/.test(name) && kindOf(name) !== undefined;
}

/** Reads what is in a file of this name. Throws `UnreadableFile` if nothing in it can be used. */
export function readStockFile(file: string, bytes: Buffer): Reading {
  const read = kindOf(file);
  if (!read) throw new UnreadableFile("is neither a workbook nor a CSV");
  if (bytes.length === 0) throw new UnreadableFile("is empty");
  if (bytes.length > MAX_FILE_SIZE) throw new UnreadableFile(`is larger than ${MAX_FILE_SIZE} bytes`);
  const tally: Tally = { file, styles: new Map(), problems: [] };
  const tables = read(bytes).flatMap((sheet) => {
    const headings = findHeadings(sheet);
    return headings ? [{ sheet, headings }] : [];
  });
  if (tables.length === 0) throw new UnreadableFile("has no row of headings with a style number and sizes");
  for (const { sheet, headings } of tables) readTable(sheet, headings, tally);
  return { rows: [...tally.styles].map(([style, entry]) => toRow(style, entry)), problems: tally.problems };
}

function kindOf(name: string): ((bytes: Buffer) => Sheet[]) | undefined {
  const extension = /\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase() ?? "";
  return Object.hasOwn(KINDS, extension) ? KINDS[extension] : undefined;
}

function toRow(style: string, { leadDays, parts }: StyleEntry): StockRow {
  const sums = new Map<string, number | null>();
  for (const [size, pairs] of [...parts.values()].flatMap((part) => [...part])) {
    const before = sums.has(size) ? sums.get(size)! : 0;
    sums.set(size, before === null || pairs === null ? null : before + pairs);
  }
  const said = [...sums.values()];
  const known = said.filter((pairs) => pairs !== null);
  const pairs =
    said.length > 0 && known.length === said.length ? known.reduce((sum, each) => sum + each, 0) : null;
  sums.delete(SOME_SIZE);
  return { style, sizes: sums, pairs, leadDays };
}
