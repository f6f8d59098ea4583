// Which rows of a long timeline are drawn: those on the screen and near to it. The others keep their place by their height,
// and cost nothing while they change. Pure: where things stand on the screen is told from outside.
import type { Row } from "./rows.ts";

export interface Heights {
  /** As it was measured; before that, as rows of its kind are. What was told once stands until it is measured. */
  of(row: Row): number;
  measured(row: Row, height: number): void;
}

/** Pixels, before any row of a kind was measured. */
const USUAL: Readonly<Record<Row["kind"], number>> = {
  new: 32,
  day: 48,
  message: 56,
  card: 420,
  asides: 44,
  changes: 36,
};

export function createHeights(): Heights {
  const known = new Map<string, number>();
  const seen = new Map<Row["kind"], { readonly rows: number; readonly sum: number }>();
  const measured = new Set<string>();
  return {
    of({ key, kind }) {
      const height = known.get(key);
      if (height !== undefined) return height;
      const { rows, sum } = seen.get(kind) ?? { rows: 0, sum: 0 };
      const guess = rows === 0 ? USUAL[kind] : sum / rows;
      known.set(key, guess);
      return guess;
    },
    measured({ key, kind }, height) {
      known.set(key, height);
      if (measured.has(key)) return;
      measured.add(key);
      const { rows, sum } = seen.get(kind) ?? { rows: 0, sum: 0 };
      seen.set(kind, { rows: rows + 1, sum: sum + height });
    },
  };
}

/** What of the rows can be seen: pixels from where the first of them begins. */
export interface View {
  readonly top: number;
  readonly height: number;
}

/** Screens above and below that are drawn, and those in which what is drawn stays so. */
const NEAR = 1.5;
const STAY = 3;

/** So much is drawn in one frame: a card, or a screen of messages. */
export const A_FRAME = 16;
const COST: Readonly<Record<Row["kind"], number>> = {
  new: 1,
  day: 1,
  message: 1,
  card: A_FRAME,
  asides: 3,
  changes: 1,
};

export interface Looking {
  readonly rows: readonly Row[];
  readonly heights: Heights;
  readonly view: View;
  /** Keys of rows that are drawn now. */
  readonly drawn: ReadonlySet<string>;
  /** Keys of rows that are drawn wherever they are. */
  readonly kept: ReadonlySet<string>;
  /** How much more may be drawn; one row may be in any case. */
  readonly budget: number;
}

export interface Look {
  /** The same set when nothing changes. */
  readonly drawn: ReadonlySet<string>;
  /** More is to be drawn than could be now. */
  readonly isShort: boolean;
}

/** What is drawn next: the nearest first. */
export function nextDrawn({ rows, heights, view, drawn, kept, budget }: Looking): Look {
  const next = new Set<string>();
  const missing: { readonly row: Row; readonly away: number }[] = [];
  let top = 0;
  for (const row of rows) {
    const height = heights.of(row);
    const away = distance(top, height, view);
    top += height;
    if (kept.has(row.key) || (drawn.has(row.key) && away <= STAY * view.height)) next.add(row.key);
    else if (away <= NEAR * view.height) missing.push({ row, away });
  }
  missing.sort((a, b) => a.away - b.away);
  let left = budget;
  let taken = 0;
  for (const { row } of missing) {
    if (taken > 0 && COST[row.kind] > left) break;
    next.add(row.key);
    left -= COST[row.kind];
    taken += 1;
  }
  const isSame = next.size === drawn.size && [...next].every((key) => drawn.has(key));
  return { drawn: isSame ? drawn : next, isShort: taken < missing.length };
}

/** Pixels from the screen to the row; 0: it can be seen. */
function distance(top: number, height: number, view: View): number {
  return Math.max(0, view.top - (top + height), top - (view.top + view.height));
}

export type Part =
  | { readonly kind: "row"; readonly row: Row }
  /** Rows that are not drawn, one after another. */
  | { readonly kind: "gap"; readonly key: string; readonly height: number };

export function partsOf(
  rows: readonly Row[],
  heights: Heights,
  isDrawn: (key: string) => boolean,
): readonly Part[] {
  const parts: Part[] = [];
  let gap: { readonly kind: "gap"; readonly key: string; height: number } | null = null;
  for (const row of rows) {
    if (isDrawn(row.key)) {
      gap = null;
      parts.push({ kind: "row", row });
    } else if (gap) gap.height += heights.of(row);
    else parts.push((gap = { kind: "gap", key: `before ${row.key}`, height: heights.of(row) }));
  }
  return parts;
}

/** A row that is an entry: what one steps through by keyboard. */
export function isEntry({ kind }: Row): boolean {
  return kind === "message" || kind === "card" || kind === "asides";
}

/** The entry at this row, and the ones before and after it: there one steps to next. */
export function around(rows: readonly Row[], key: string): readonly string[] {
  const at = rows.findIndex((row) => row.key === key);
  if (at === -1) return [];
  const before = rows.slice(0, at).findLast(isEntry);
  const after = rows.slice(at + 1).find(isEntry);
  return [key, ...(before ? [before.key] : []), ...(after ? [after.key] : [])];
}

/** All rows from one to another, in whichever order. */
export function between(rows: readonly Row[], one: string, other: string): readonly string[] {
  const ends = [one, other].map((key) => rows.findIndex((row) => row.key === key));
  const [from = -1, to = -1] = ends.toSorted((a, b) => a - b);
  return from === -1 ? [] : rows.slice(from, to + 1).map(({ key }) => key);
}
