// Days of the data: the last one is `today`, and everything else is counted back from it.

/** The data's last day, unless a caller names another. */
export const TODAY: string = "2026-11-20";

export interface DayOptions {
  /** The data's last day (its UTC date). Servers pass `new Date()`, so that the last 28 days are never empty. */
  readonly today?: Date;
}

export const DAY: number = 86_400_000;

/** Midnight UTC of the data's last day, in ms. */
export function lastDay(options: DayOptions): number {
  const today = options.today ?? new Date(TODAY);
  return Math.floor(today.getTime() / DAY) * DAY;
}

/** `2026-11-20` of an instant in ms. */
export function dayOf(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10);
}
