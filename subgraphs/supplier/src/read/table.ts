// Reads a table of stock, wide (a column for each size) or long (a row for each size), into styles and sizes.
// A row that says something impossible is left out and reported; the others are kept.
import { isStyleHeading, isTotals, type Headings, type LongLayout, type WideLayout } from "./headings.ts";
import { filled, type Sheet } from "./sheet.ts";
import { leadDaysOf, pairsOf, sizeOf, styleOf, textOf, type Said } from "./values.ts";

/** Something in a file that a person should put right. It says where and why, and holds no figures. */
export interface Problem {
  readonly file: string;
  readonly sheet?: string;
  /** As the spreadsheet program counts: from 1. */
  readonly row?: number;
  readonly reason: string;
}

/** What a table says of one style, by warehouse and size. A size with `null`: its row was left out. */
export interface StyleEntry {
  leadDays: number | null;
  readonly parts: Map<string, Map<string, number | null>>;
}

export interface Tally {
  readonly file: string;
  readonly styles: Map<string, StyleEntry>;
  readonly problems: Problem[];
}

/** Stands for "some size that could not be read". */
export const SOME_SIZE = "?";

/** Adds what the sheet says to the tally. */
export function readTable(sheet: Sheet, headings: Headings, tally: Tally): void {
  const table = { sheet, headings, tally };
  const styleOfAbove = { style: undefined as string | undefined };
  for (let row = headings.row + 1; row < sheet.rows; row++) {
    if (isEmpty(sheet, row) || isStyleHeading(filled(sheet, row, headings.style))) continue;
    const own = styleOf(sheet.at(row, headings.style));
    if (!own && isTotalsRow(sheet, row)) continue;
    const style = own ?? carriedDown(table, row, styleOfAbove.style);
    styleOfAbove.style = style ?? styleOfAbove.style;
    const line: Line = { ...table, row, carried: !own };
    if (style) addRow(line, style);
    else if (saysPairs(line)) report(line, "has quantities, but no style number that is one");
  }
}

interface Table {
  readonly sheet: Sheet;
  readonly headings: Headings;
  readonly tally: Tally;
}

interface Line extends Table {
  readonly row: number;
  /** The style number stands in a row above. */
  readonly carried: boolean;
}

/** A style's number counts for the rows below it if its cell is merged, or if they name another warehouse. */
function carriedDown({ sheet, headings }: Table, row: number, above: string | undefined): string | undefined {
  const merged = styleOf(filled(sheet, row, headings.style));
  if (merged) return merged;
  const isBlank = textOf(filled(sheet, row, headings.style)) === "";
  const namesWarehouse = headings.warehouse !== undefined && textOf(sheet.at(row, headings.warehouse)) !== "";
  return isBlank && namesWarehouse ? above : undefined;
}

function addRow(line: Line, style: string): void {
  const entry = line.tally.styles.get(style) ?? { leadDays: null, parts: new Map() };
  line.tally.styles.set(style, entry);
  const { layout } = line.headings;
  if (layout.kind === "wide") addWide(line, layout, style, entry);
  else addLong(line, layout, style, entry);
  addLeadDays(line, entry);
}

function addWide(line: Line, { sizes }: WideLayout, style: string, entry: StyleEntry): void {
  const said = sizes.map(({ size, column }) => ({ size, said: pairsOf(line.sheet.at(line.row, column)) }));
  const wrong = said.flatMap(({ size, said }) =>
    "reason" in said ? [`quantity of size ${size} ${said.reason}`] : [],
  );
  if (wrong.length > 0) report(line, `${wrong.join(", ")}: the row of ${style} is left out`);
  const part = partOf(line);
  if (entry.parts.has(part)) report(line, `has ${style} again: this row counts, the one above does not`);
  const known = said.filter(({ said }) => "reason" in said || said.value !== null);
  entry.parts.set(
    part,
    new Map(known.map(({ size, said }) => [size, wrong.length > 0 ? null : valueOf(said)])),
  );
}

function addLong(line: Line, layout: LongLayout, style: string, entry: StyleEntry): void {
  const size = sizeOf(line.sheet.at(line.row, layout.size));
  const said = pairsOf(line.sheet.at(line.row, layout.pairs));
  if (!size) report(line, `size of ${style} is not a size: the row is left out`);
  else if ("reason" in said) report(line, `quantity of ${style}-${size} ${said.reason}: the row is left out`);
  else if (said.value === null) return;
  const part = line.headings.warehouse === undefined ? "" : partOf(line);
  const sizes = entry.parts.get(part) ?? new Map<string, number | null>();
  entry.parts.set(part, sizes);
  if (size && sizes.has(size))
    report(line, `has ${style}-${size} again: this row counts, the one above does not`);
  sizes.set(size ?? SOME_SIZE, size ? valueOf(said) : null);
}

/** A style that is on several rows takes as long as its slowest. */
function addLeadDays(line: Line, entry: StyleEntry): void {
  if (line.headings.leadDays === undefined) return;
  const said = leadDaysOf(filled(line.sheet, line.row, line.headings.leadDays));
  if ("reason" in said) report(line, `lead time ${said.reason}: it is left out`);
  else if (said.value !== null) entry.leadDays = Math.max(entry.leadDays ?? 0, said.value);
}

/** Rows of one style with different parts are added up: a style may lie in two warehouses. */
function partOf({ sheet, headings, row, carried }: Line): string {
  if (headings.warehouse !== undefined) return textOf(filled(sheet, row, headings.warehouse));
  return carried ? `${row - sheet.anchor(row, headings.style).row} rows below` : "";
}

function valueOf(said: Said): number | null {
  return "value" in said ? said.value : null;
}

function isEmpty(sheet: Sheet, row: number): boolean {
  for (let column = 0; column < sheet.columns; column++) {
    const cell = sheet.at(row, column);
    if (cell !== null && textOf(cell) !== "") return false;
    if (cell !== null && typeof cell === "object") return false;
  }
  return true;
}

function isTotalsRow(sheet: Sheet, row: number): boolean {
  for (let column = 0; column < sheet.columns; column++) if (isTotals(sheet.at(row, column))) return true;
  return false;
}

function saysPairs({ sheet, headings: { layout }, row }: Line): boolean {
  const columns = layout.kind === "wide" ? layout.sizes.map(({ column }) => column) : [layout.pairs];
  return columns.some((column) => valueOf(pairsOf(sheet.at(row, column))) !== null);
}

function report({ tally, sheet, row }: Line, reason: string): void {
  tally.problems.push({ file: tally.file, ...(sheet.name && { sheet: sheet.name }), row: row + 1, reason });
}
