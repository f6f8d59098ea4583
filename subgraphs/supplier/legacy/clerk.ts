// The clerk: opens the file that holds a style, types a figure over the one in the cell, and saves.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as XLSX from "@e965/xlsx";
import iconv from "iconv-lite";
import { editFile } from "./save.ts";
import { recalculate } from "./workbook.ts";

export interface SavedStock {
  /** Name of the file in the folder. */
  readonly file: string;
  /** For example `库存!G12`, or `line 7` of a CSV. */
  readonly cell: string;
  /** What stood in the cell. */
  readonly before: string;
  /** What stands there now. */
  readonly after: number;
}

/**
 * Sets the pairs on hand of one sku, for example `BL2481-38`, in the file that holds it.
 * Rejects when no file does, and when the file is open elsewhere.
 *
 *     await saveStock({ folder: ".junto/supplier", skuId: "BL2481-38", onHand: 0 });
 */
export async function saveStock(options: {
  readonly folder: string;
  readonly skuId: string;
  readonly onHand: number;
}): Promise<SavedStock> {
  const { folder, skuId, onHand } = options;
  if (!Number.isSafeInteger(onHand) || onHand < 0) throw new RangeError("onHand is a whole number from 0 on");
  const [style, size] = skuId.split("-");
  if (!style || !size) throw new RangeError(`${skuId} is not a sku, such as BL2481-38`);
  return afterEarlierSaves(folder, () => saveIn(folder, { style, size, onHand }));
}

interface Wanted {
  readonly style: string;
  readonly size: string;
  readonly onHand: number;
}

interface Edited {
  readonly bytes: Uint8Array;
  readonly cell: string;
  readonly before: string;
}

const lastSave = new Map<string, Promise<unknown>>();

/** One pair of hands: the next file is opened when the one before is saved. */
async function afterEarlierSaves<T>(folder: string, save: () => Promise<T>): Promise<T> {
  const saving = (lastSave.get(folder) ?? Promise.resolve()).then(save, save);
  lastSave.set(folder, saving);
  try {
    return await saving;
  } finally {
    if (lastSave.get(folder) === saving) lastSave.delete(folder);
  }
}

async function saveIn(folder: string, wanted: Wanted): Promise<SavedStock> {
  for (const file of (await readdir(folder)).sort()) {
    const edit = editorOf(file);
    const path = join(folder, file);
    const bytes = await readFile(path);
    if (!edit || !opens(() => edit(bytes, wanted))) continue;
    let edited: Edited | undefined;
    await editFile(path, (bytes) => {
      edited = edit(bytes, wanted);
      return edited?.bytes ?? bytes;
    });
    if (edited) return { file, cell: edited.cell, before: edited.before, after: wanted.onHand };
  }
  throw new Error(`No file in ${folder} holds ${wanted.style} in size ${wanted.size}`);
}

/** A file that does not open is somebody else's trouble: what is looked for is in another, or nowhere. */
function opens(edit: () => unknown): boolean {
  try {
    return edit() !== undefined;
  } catch {
    return false;
  }
}

function editorOf(file: string): ((bytes: Buffer, wanted: Wanted) => Edited | undefined) | undefined {
  if (file.startsWith("~$")) return undefined;
  if (file.endsWith(".xlsx")) return editWorkbook;
  return file.endsWith(".csv") ? editCsv : undefined;
}

function editWorkbook(bytes: Buffer, { style, size, onHand }: Wanted): Edited | undefined {
  const book = XLSX.read(bytes, { type: "buffer", cellStyles: true, cellNF: true });
  const name = book.SheetNames[0]!;
  const sheet = book.Sheets[name]!;
  const found = locate(sheet, style, size);
  if (!found) return undefined;
  const { column, rows } = found;
  const cells = rows.map((r) => XLSX.utils.encode_cell({ r, c: column }));
  const before = sheet[cells[0]!] as XLSX.CellObject | undefined;
  // Of a style in two warehouses the clerk counts all pairs in the first.
  for (const [index, cell] of cells.entries()) sheet[cell] = { t: "n", v: index === 0 ? onHand : 0 };
  recalculate(sheet);
  return {
    bytes: XLSX.write(book, {
      type: "buffer",
      bookType: "xlsx",
      cellStyles: true,
      compression: true,
    }) as Buffer,
    cell: `${name}!${cells[0]}`,
    before: String(before?.v ?? ""),
  };
}

/** Where the pairs of a style in a size stand: the clerk knows the sheet by its headings. */
function locate(
  sheet: XLSX.WorkSheet,
  style: string,
  size: string,
): { column: number; rows: number[] } | undefined {
  const range = XLSX.utils.decode_range(sheet["!ref"] ?? "A1");
  const text = (r: number, c: number): string =>
    String((sheet[XLSX.utils.encode_cell({ r, c })] as XLSX.CellObject | undefined)?.v ?? "").trim();
  const columns = Array.from({ length: range.e.c + 1 }, (_, c) => c);
  const rows = Array.from({ length: range.e.r + 1 }, (_, r) => r);
  const headingRow = rows.find((r) => columns.some((c) => /^[货款]号$/.test(text(r, c))));
  if (headingRow === undefined) return undefined;
  const styles = columns.find((c) => /^[货款]号$/.test(text(headingRow, c)))!;
  const row = rows.find((r) => text(r, styles) === style);
  const column = columns.find((c) =>
    [0, 1].some((below) => text(headingRow + below, c).replace("码", "") === size),
  );
  if (row === undefined || column === undefined || text(row, column) === "") return undefined;
  const merged = sheet["!merges"]?.find(({ s }) => s.r === row && s.c === styles);
  return { column, rows: rows.slice(row, (merged?.e.r ?? row) + 1) };
}

function editCsv(bytes: Buffer, { style, size, onHand }: Wanted): Edited | undefined {
  const lines = iconv.decode(bytes, "gbk").split("\r\n");
  const index = lines.findIndex((line) => {
    const fields = line.split(",");
    return fields[0]?.trim() === style && fields[1] === size;
  });
  if (index < 0) return undefined;
  const fields = lines[index]!.split(",");
  const before = fields[2] ?? "";
  fields[2] = String(onHand);
  lines[index] = fields.join(",");
  return { bytes: iconv.encode(lines.join("\r\n"), "gbk"), cell: `line ${index + 1}`, before };
}
