// What the table reader sees of a workbook's sheet or of a CSV: cells by row and column, and which are merged.
import { UnreadableFile } from "./unreadable.ts";

/** A cell that holds no value that could be used, such as `#REF!`, and why. */
interface CellFault {
  readonly fault: string;
}
export type Cell = string | number | boolean | null | CellFault;

export interface Place {
  readonly row: number;
  readonly column: number;
}

/** Rows and columns count from 0. */
export interface Sheet {
  /** Empty for a CSV. */
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  at(row: number, column: number): Cell;
  /** The first cell of the merged area that this cell is part of; the cell itself if it is not merged. */
  anchor(row: number, column: number): Place;
}

/** A sheet with more rows is refused; columns beyond are not looked at. */
export const MAX_ROWS: number = 50_000;
export const MAX_COLUMNS: number = 256;

/**
 * A sheet of these cells; `anchors` holds the merged cells that are not the first of their area.
 * Throws `UnreadableFile` for too many rows.
 */
export function sheetOf(
  name: string,
  cells: readonly (readonly Cell[] | undefined)[],
  anchors: ReadonlyMap<number, Place> = new Map(),
): Sheet {
  if (cells.length > MAX_ROWS) throw new UnreadableFile(`has more than ${MAX_ROWS} rows`);
  const widest = cells.reduce((width, row) => Math.max(width, row?.length ?? 0), 0);
  return {
    name,
    rows: cells.length,
    columns: Math.min(widest, MAX_COLUMNS),
    at: (row, column) => cells[row]?.[column] ?? null,
    anchor: (row, column) => anchors.get(placeKey(row, column)) ?? { row, column },
  };
}

/** A number for a place, to look it up by. */
export function placeKey(row: number, column: number): number {
  return row * MAX_COLUMNS + column;
}

/** The value of a cell, where a merged area has its first cell's value everywhere. */
export function filled(sheet: Sheet, row: number, column: number): Cell {
  const place = sheet.anchor(row, column);
  return sheet.at(place.row, place.column);
}
