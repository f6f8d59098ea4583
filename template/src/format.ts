// Numbers, amounts and dates as people write them in their language. What cannot be written so is null.
import { divide, tidy } from "./decimal.ts";

export interface Money {
  /** In the smallest unit of the currency. */
  readonly minor: number;
  /** ISO 4217. */
  readonly currency: string;
}

/** A thousand with its separators, for example `1,234.5`. */
export function formatNumber(value: unknown, locale: string, places?: number): string | null {
  if (typeof value !== "number" || !Number.isFinite(value)) return null;
  const options =
    places === undefined ? {} : { minimumFractionDigits: places, maximumFractionDigits: places };
  return numberFormat(locale, options).format(tidy(value));
}

export function isMoney(value: unknown): value is Money {
  if (typeof value !== "object" || value === null) return false;
  if (!Object.hasOwn(value, "minor") || !Object.hasOwn(value, "currency")) return false;
  const { minor, currency } = value as Record<string, unknown>;
  return Number.isSafeInteger(minor) && typeof currency === "string" && /^[A-Z]{3}$/.test(currency);
}

/** An amount with its currency, without `.00`: `CN¥899`, `¥899` in Chinese. */
export function formatMoney(value: unknown, locale: string): string | null {
  if (!isMoney(value)) return null;
  const { minor, currency } = value;
  const format = numberFormat(locale, { style: "currency", currency, trailingZeroDisplay: "stripIfInteger" });
  const amount = divide(
    minor,
    10 ** kept(digits, currency, () => format.resolvedOptions().maximumFractionDigits ?? 2),
  );
  return amount === null ? null : format.format(amount);
}

/** The day of an instant where the group is. */
export function formatDate(value: unknown, locale: string, timeZone: string): string | null {
  return formatInstant(value, locale, { dateStyle: "medium", timeZone });
}

/** Day, hour and minute of an instant where the group is. */
export function formatTime(value: unknown, locale: string, timeZone: string): string | null {
  return formatInstant(value, locale, { dateStyle: "medium", timeStyle: "short", timeZone });
}

/** A day that is written as an instant at midnight UTC: the same day everywhere. */
export function formatDay(value: unknown, locale: string): string | null {
  return formatInstant(value, locale, { dateStyle: "medium", timeZone: "UTC" });
}

function formatInstant(value: unknown, locale: string, options: Intl.DateTimeFormatOptions): string | null {
  if (typeof value !== "string" || !/^\d{4}-\d\d-\d\d/.test(value)) return null;
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) return null;
  const key = `${locale} ${JSON.stringify(options)}`;
  return kept(dateFormats, key, () => new Intl.DateTimeFormat(locale, options)).format(date);
}

function numberFormat(locale: string, options: NumberOptions): Intl.NumberFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  return kept(numberFormats, key, () => new Intl.NumberFormat(locale, options));
}

type NumberOptions = Intl.NumberFormatOptions & { readonly trailingZeroDisplay?: "auto" | "stripIfInteger" };

// Making a format is slow, using it is fast. Currencies come from data, so the number of formats is bounded.
const numberFormats = new Map<string, Intl.NumberFormat>();
const dateFormats = new Map<string, Intl.DateTimeFormat>();
/** Currency ▸ how many digits its amounts have after the point. */
const digits = new Map<string, number>();
const MAX_KEPT = 200;

function kept<T>(formats: Map<string, T>, key: string, make: () => T): T {
  let format = formats.get(key);
  if (format === undefined) {
    if (formats.size >= MAX_KEPT) formats.clear();
    formats.set(key, (format = make()));
  }
  return format;
}
