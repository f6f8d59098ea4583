// Dates and times as IMS writes them: digits only, by the clock on the wall in Beijing (UTC+8, all year).

const AHEAD = 8 * 3_600_000;

/** `yyyyMMddHHmmss` of an instant. */
export function stamp(at: Date): string {
  const local = new Date(at.getTime() + AHEAD).toISOString();
  return local.slice(0, 19).replace(/[-T:]/g, "");
}

/** `yyyyMMdd` of a stamp. */
export function dateOf(tm14: string): string {
  return tm14.slice(0, 8);
}

/** `HHmmss` of a stamp. */
export function timeOf(tm14: string): string {
  return tm14.slice(8);
}
