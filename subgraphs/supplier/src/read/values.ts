// What a cell means: numbers that were typed as text, full-width digits, units behind a figure, stray blanks.
import type { Cell } from "./sheet.ts";

/** What a cell says (`null`: nothing), or why it cannot be used. The reason completes "quantity of size 38 …". */
export type Said = { readonly value: number | null } | { readonly reason: string };

/** More pairs than this in one cell is a slip of the hand. */
const MAX_PAIRS = 1_000_000;
const MAX_LEAD_DAYS = 3_650;

const NOTHING: ReadonlySet<string> = new Set(["", "-", "--", "—", "——", "/", "\\"]);
const NONE_LEFT: ReadonlySet<string> = new Set(["无", "无货", "缺", "缺货", "断码", "售罄"]);

/** The text of a cell as a person reads it: full-width characters made plain, blanks only inside and single. */
export function textOf(cell: Cell): string {
  if (cell === null || typeof cell === "object") return "";
  return String(cell)
    .normalize("NFKC")
    .replace(/[\s\u200b\ufeff]+/g, " ")
    .trim();
}

/** `BL2481`, also if written `bl 2481` or `ＢＬ-２４８１`. Undefined: not a style number. */
export function styleOf(cell: Cell): string | undefined {
  const text = textOf(cell).replace(/[ -]/g, "").toUpperCase();
  return /^[A-Z]{2}\d{4}$/.test(text) ? text : undefined;
}

/** `38` or `38.5`, also if written `38码`, `EU38` or `３８`. Undefined: not a size. */
export function sizeOf(cell: Cell): string | undefined {
  const size = /^(?:EUR?)?(\d{2}(?:\.[05])?)(?:码|号|#)?$/.exec(
    textOf(cell).replace(/ /g, "").toUpperCase(),
  )?.[1];
  return size === undefined || Number(size) < 15 || Number(size) > 55 ? undefined : size.replace(/\.0$/, "");
}

/** Pairs in stock: a whole number, also if written `１２`, `1,200` or `12双`. `无`, `断码`: 0. `-`: nothing said. */
export function pairsOf(cell: Cell): Said {
  if (cell !== null && typeof cell === "object") return { reason: cell.fault };
  if (typeof cell === "boolean") return { reason: "is not a number" };
  const text = textOf(cell).replace(/ /g, "");
  if (NOTHING.has(text)) return { value: null };
  if (NONE_LEFT.has(text)) return { value: 0 };
  const pairs = typeof cell === "number" ? cell : numberIn(text, /(?:双|对|pairs?|prs?)$/i);
  if (pairs === undefined || !Number.isFinite(pairs)) return { reason: "is not a number" };
  if (pairs < 0) return { reason: "is negative" };
  if (!Number.isInteger(pairs)) return { reason: "is not a whole number" };
  return pairs > MAX_PAIRS ? { reason: "is too large" } : { value: pairs };
}

/** Days from order to delivery, also if written `7天`. Of `7-10天` the longer. */
export function leadDaysOf(cell: Cell): Said {
  if (cell !== null && typeof cell === "object") return { reason: cell.fault };
  const text = textOf(cell).replace(/ /g, "");
  if (NOTHING.has(text)) return { value: null };
  const longest = /^\d+[-~至](\d+.*)$/.exec(text)?.[1] ?? text;
  const days = numberIn(longest, /(?:个?工作日|天|日|days?)$/i);
  const valid = days !== undefined && Number.isInteger(days) && days >= 0 && days <= MAX_LEAD_DAYS;
  return valid ? { value: days } : { reason: "is not a number of days" };
}

function numberIn(text: string, unit: RegExp): number | undefined {
  const figure = text.replace(unit, "").replace(/^\+/, "");
  const plain = /^-?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(figure) ? figure.replaceAll(",", "") : figure;
  return /^-?\d{1,15}(?:\.\d{1,15})?$/.test(plain) ? Number(plain) : undefined;
}
