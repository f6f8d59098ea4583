// An expanded card is JSON that somebody else made. What is read of it is looked at first.
import { placeOf } from "@junto/template";

export type Element = Readonly<Record<string, unknown>>;

export function isElement(value: unknown): value is Element {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function elements(value: unknown): readonly Element[] {
  return Array.isArray(value) ? value.filter(isElement) : [];
}

/** Texts, and numbers as texts; anything else is nothing. */
export function text(value: unknown): string {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

/** One of these words, in whatever letters; otherwise the first. */
export function oneOf<Word extends string>(value: unknown, ...words: readonly [Word, ...Word[]]): Word {
  const wanted = text(value).toLowerCase();
  return words.find((word) => word.toLowerCase() === wanted) ?? words[0];
}

/** A length in pixels that fits on a screen. */
export function pixels(value: unknown): string | undefined {
  const match = /^(\d{1,4})(px)?$/.exec(text(value));
  return match ? `${match[1]}px` : undefined;
}

/** A width in pixels, written as such; a bare number is a share of what there is. */
export function fixedWidth(value: unknown): string | undefined {
  return typeof value === "string" && value.endsWith("px") ? pixels(value) : undefined;
}

/** The same element of the next state has the same key. */
export function keyOf(element: Element, index: number): string {
  return typeof element["id"] === "string" ? `id ${element["id"]}` : (placeOf(element) ?? `at ${index}`);
}

/** A text that reads Markdown, without its marks. */
export function plain(source: string): string {
  return source.replace(/\*\*/g, "").replace(/\\([!-/:-@[-`{-~])/g, "$1");
}
