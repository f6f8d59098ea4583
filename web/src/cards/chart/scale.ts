// Numbers of a card as lengths of a chart. They come from somebody's data: what is no number is nothing, and none is too
// large to be drawn.
import { elements, text, type Element } from "../json.ts";

/** More would be thinner than a pixel on a phone. */
export const MOST_BARS = 120;

export interface Bar {
  readonly element: Element;
  /** A day, or a word. */
  readonly at: string;
  /** Null: there is none. */
  readonly value: number | null;
  /** The value in words. */
  readonly text: string;
}

/** Bars of a `Chart.Bars`, at most the last `MOST_BARS`. */
export function barsOf(element: Element): readonly Bar[] {
  return elements(element["bars"])
    .slice(-MOST_BARS)
    .map((bar) => ({
      element: bar,
      at: text(bar["at"]),
      value: numberOf(bar["value"]),
      text: text(bar["text"]) || text(bar["value"]),
    }));
}

export function numberOf(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

export interface Scale {
  /** Where a value stands between the least (0) and the greatest (1). */
  at(value: number): number;
  /** Where zero stands. */
  readonly zero: number;
}

/** From zero, or from the least if that is below it, to the greatest. */
export function scaleOf(values: readonly (number | null)[]): Scale {
  const numbers = values.filter((value) => value !== null);
  // Divided first, so that the distance of the largest numbers there are is a number as well.
  const unit = Math.max(...numbers.map(Math.abs), Number.MIN_VALUE);
  const [least, most] = [Math.min(0, ...numbers) / unit, Math.max(0, ...numbers) / unit];
  const range = most - least || 1;
  const at = (value: number): number => (value / unit - least) / range;
  return { at, zero: at(0) };
}

/** The greatest, of several the last. */
export function highestOf(bars: readonly Bar[]): Bar | undefined {
  let highest: Bar | undefined;
  for (const bar of bars)
    if (bar.value !== null && bar.value >= (highest?.value ?? Number.MIN_VALUE)) highest = bar;
  return highest;
}
