// Reads a workbook (.xlsx, .xlsm, .xls) into sheets. Formulas are never computed: the value that the
// spreadsheet program stored with them is used.
import * as XLSX from "@e965/xlsx";
import { openArchive } from "./archive.ts";
import { MAX_COLUMNS, MAX_ROWS, placeKey, sheetOf, type Cell, type Place, type Sheet } from "./sheet.ts";
import { UnreadableFile } from "./unreadable.ts";

/** The visible sheets of a workbook, in their order. Throws `UnreadableFile`. */
export function readWorkbook(bytes: Buffer): Sheet[] {
  const book = parse(bytes);
  return book.SheetNames.filter((_, index) => !book.Workbook?.Sheets?.[index]?.Hidden).flatMap((name) => {
    const sheet = Object.hasOwn(book.Sheets, name) ? book.Sheets[name] : undefined;
    return sheet ? [toSheet(name, sheet)] : [];
  });
}

function parse(bytes: Buffer): XLSX.WorkBook {
  const content = isArchive(bytes) ? repacked(bytes) : bytes;
  if (!isArchive(content) && !isCompoundFile(content)) throw new UnreadableFile("is not a workbook");
  try {
    return XLSX.read(content, {
      type: "buffer",
      dense: true,
      cellText: false,
      cellHTML: false,
      // A formula without a value is a stub: without them it could not be told from an empty cell.
      cellFormula: true,
      sheetStubs: true,
      sheetRows: MAX_ROWS + 1,
    });
  } catch (cause) {
    const locked = cause instanceof Error && /password|encrypt/i.test(cause.message);
    throw new UnreadableFile(locked ? "is encrypted" : "is not a workbook that can be read", { cause });
  }
}

function isArchive(bytes: Buffer): boolean {
  return bytes.length >= 4 && bytes.readUInt32LE(0) === 0x04034b50;
}

function isCompoundFile(bytes: Buffer): boolean {
  return bytes.length >= 8 && bytes.readUInt32BE(0) === 0xd0cf11e0;
}

interface Container {
  readonly utils: {
    cfb_new(): unknown;
    cfb_add(container: unknown, name: string, content: Uint8Array): void;
  };
  write(container: unknown, options: { type: "buffer"; fileType: "zip"; compression: false }): Buffer;
}

/** The same parts, checked and not packed: the workbook reader itself knows no limits when it unpacks. */
function repacked(bytes: Buffer): Buffer {
  const cfb = XLSX.CFB as Container;
  const container = cfb.utils.cfb_new();
  for (const part of openArchive(bytes)) {
    if (!part.name.endsWith("/")) cfb.utils.cfb_add(container, part.name, part.bytes);
  }
  return cfb.write(container, { type: "buffer", fileType: "zip", compression: false });
}

function toSheet(name: string, sheet: XLSX.WorkSheet): Sheet {
  const rows = (sheet["!data"] ?? []) as readonly (readonly (XLSX.CellObject | undefined)[] | undefined)[];
  const cells = Array.from(rows, (row) => row && Array.from(row.slice(0, MAX_COLUMNS), toCell));
  // Rows that are only formatted.
  while (cells.length > 0 && !cells.at(-1)?.some((cell) => cell !== null)) cells.pop();
  return sheetOf(name, cells, anchorsOf(sheet["!merges"] ?? [], cells.length));
}

function toCell(cell: XLSX.CellObject | undefined): Cell {
  if (!cell) return null;
  if (cell.t === "e") return { fault: "is an error of the spreadsheet" };
  if (cell.v === undefined || cell.t === "z") {
    return cell.f === undefined ? null : { fault: "is a formula without a value" };
  }
  return cell.v instanceof Date ? cell.v.toISOString() : cell.v;
}

const MAX_MERGED = 1_000_000;

/** Every merged cell but the first of its area. Areas may name whole columns: only what is in use counts. */
function anchorsOf(merges: readonly XLSX.Range[], rows: number): Map<number, Place> {
  const anchors = new Map<number, Place>();
  let seen = 0;
  for (const { s: start, e: end } of merges) {
    const anchor = { row: start.r, column: start.c };
    for (let row = start.r; row <= Math.min(end.r, rows - 1); row++) {
      for (let column = start.c; column <= Math.min(end.c, MAX_COLUMNS - 1); column++) {
        if (++seen > MAX_MERGED) throw new UnreadableFile(`has more than ${MAX_MERGED} merged cells`);
        const isFirst = row === start.r && column === start.c;
        const key = placeKey(row, column);
        if (!isFirst && !anchors.has(key)) anchors.set(key, anchor);
      }
    }
  }
  return anchors;
}
