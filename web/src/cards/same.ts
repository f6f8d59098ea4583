// An expanded card beside the one before it: what is equal is the same object again, and is not drawn again.
import { placeOf, readsOf } from "@junto/template";
import { isElement, type Element } from "./json.ts";

/** `after`, with parts of `before` in the place of those that are equal to them. */
export function withSame(before: unknown, after: unknown): unknown {
  if (Object.is(before, after)) return after;
  if (Array.isArray(before) && Array.isArray(after)) {
    const items = after.map((item: unknown, index) => withSame(before[index], item));
    return before.length === items.length && items.every((item, at) => item === before[at]) ? before : items;
  }
  if (!isElement(before) || !isElement(after)) return after;
  const parts = Object.entries(after).map(([name, part]) => [name, withSame(before[name], part)] as const);
  const isSame =
    parts.length === Object.keys(before).length &&
    parts.every(
      ([name, part]) => part === before[name] && isSameList(readsOf(before, name), readsOf(after, name)),
    ) &&
    placeOf(before) === placeOf(after);
  return isSame ? before : withParts(after, parts);
}

/** A copy, with what is not seen of the element: where it stands, and what it was made from. */
function withParts(element: Element, parts: readonly (readonly [string, unknown])[]): Element {
  if (parts.every(([name, part]) => part === element[name])) return element;
  const copy = Object.defineProperties({}, Object.getOwnPropertyDescriptors(element)) as Record<
    string,
    unknown
  >;
  return Object.assign(copy, Object.fromEntries(parts));
}

function isSameList(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b;
  return a === b || (a.length === b.length && a.every((item, at) => isSameList(item, b[at])));
}
