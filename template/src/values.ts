// What expressions work on: the joined data of a card with the place where each part of it stands, and texts that
// know how to print themselves.
import { spend, type Budget } from "./budget.ts";
import { escapeMarkdown } from "./markdown.ts";

/** Where something stands in a card's data: `["lines", 0, "product"]`. */
export type DataPath = readonly (string | number)[];

/** A part of the data, and where it stands. */
export interface Located {
  readonly value: unknown;
  readonly path: DataPath;
}

/** What an expression comes out as: JSON, or a text whose words are the app's own. Nothing is ever undefined. */
export type Value = unknown;

const PRINT: unique symbol = Symbol("print");

/** Whether the place where a text is shown reads Markdown. */
export type Medium = "markdown" | "plain";

/** A text with words of the app in it: what stands in it of the data is escaped, the app's own words are not. */
export interface Text {
  readonly [PRINT]: (medium: Medium) => string;
}

export function text(print: (medium: Medium) => string): Text {
  return { [PRINT]: print };
}

/** Data cannot pass for a text: no JSON has this property. */
export function isText(value: unknown): value is Text {
  return typeof value === "object" && value !== null && PRINT in value;
}

export function printText(value: Text, medium: Medium): string {
  return value[PRINT](medium);
}

/** A string of the data, as it may stand in a place of this medium. @throws CardTooLargeError */
export function printData(value: string, { budget }: Pick<Scope, "budget">, medium: Medium): string {
  if (medium === "plain") return value;
  spend(budget, "characters", value.length);
  return escapeMarkdown(value);
}

/** A card's data and how to speak of it, for as long as one evaluation takes. */
export interface Scope {
  readonly root: Located;
  /** What plain names are looked up in. */
  readonly data: Located;
  /** Position within the list that is being repeated. */
  readonly index: number | null;
  /** `$subject`, `$key` and the like, by name with the dollar sign. */
  readonly names: Readonly<Record<string, unknown>>;
  readonly speech: Speech;
  readonly budget: Budget;
  /** Collects the places where nothing was found, while somebody wants to know. */
  readonly misses?: DataPath[];
  /** Collects the places of single values that were looked at, while somebody wants to know. */
  readonly reads?: DataPath[];
}

/** Words in the language of who reads. */
export interface Speech {
  readonly locale: string;
  readonly timeZone: string;
  /** The message of this key; null when there is none. */
  message(key: string, args: Readonly<Record<string, string | number>>): string | null;
  /** Why nothing stands at these places, in words; null when there is simply nothing. */
  whyMissing(places: readonly DataPath[], medium: Medium): string | null;
  /** A person's name by id; null when unknown. */
  personName(id: string): string | null;
}

/** An own property or an item; null when there is none. What objects inherit does not count. */
export function step(value: unknown, segment: string | number): unknown {
  if (typeof value !== "object" || value === null || isText(value)) return null;
  if (Array.isArray(value) !== (typeof segment === "number") || !Object.hasOwn(value, segment)) return null;
  return (value as Record<string | number, unknown>)[segment] ?? null;
}

/** Nothing, false, 0, an empty text and an empty list do not hold. */
export function holds(value: Value): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return Boolean(value);
}
