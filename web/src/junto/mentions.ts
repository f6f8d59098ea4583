// Who is meant by what is written: `@` and a member's name. What is sent are the persons; the text stays as it was typed.
import type { Person } from "./types.ts";

type Named = Pick<Person, "id" | "name">;

export interface TextPart {
  readonly text: string;
  /** Who is mentioned by it; null: it is only text. */
  readonly person: string | null;
}

/** The text in parts: mentions of these people, and what is between them. Of two names the longer one is meant. */
export function partsOf(text: string, people: readonly Named[]): TextPart[] {
  const byLength = [...people]
    .filter(({ name }) => name !== "")
    .sort((a, b) => b.name.length - a.name.length);
  const parts: TextPart[] = [];
  let plain = 0;
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    const meant = byLength.find(({ name }) => text.startsWith(name, at + 1));
    if (!meant) continue;
    const end = at + 1 + meant.name.length;
    if (at > plain) parts.push({ text: text.slice(plain, at), person: null });
    parts.push({ text: text.slice(at, end), person: meant.id });
    plain = end;
    at = end - 1;
  }
  if (plain < text.length || parts.length === 0) parts.push({ text: text.slice(plain), person: null });
  return parts;
}

/**
 * Persons whom a text mentions. Of two of one name the one is meant who was chosen from the list, or else both.
 *
 * @param chosen persons who were chosen while it was written
 */
export function mentionsIn(text: string, people: readonly Named[], chosen: readonly string[]): string[] {
  const names = new Map(people.map(({ id, name }) => [id, name]));
  const mentioned = new Set<string>();
  for (const { person } of partsOf(text, people)) {
    if (person === null) continue;
    const namesakes = people.filter(({ name }) => name === names.get(person)).map(({ id }) => id);
    const meant = namesakes.filter((id) => chosen.includes(id));
    for (const id of meant.length > 0 ? meant : namesakes) mentioned.add(id);
  }
  return [...mentioned];
}

/** What is being typed after an `@` before the caret: where the `@` stands, and what one looks for. */
export function mentionAt(
  text: string,
  caret: number,
): { readonly from: number; readonly query: string } | null {
  const from = text.lastIndexOf("@", caret - 1);
  if (from < 0 || caret <= from) return null;
  const query = text.slice(from + 1, caret);
  // An address is no mention; before a mention may be Chinese, which has no spaces.
  const isAddress = /[\w.]/.test(text.charAt(from - 1));
  return isAddress || query.length > 30 || /\s/.test(query) ? null : { from, query };
}

/** Members whose name, id or organization has in it what was typed; those whose name begins with it come first. */
export function suggested(query: string, people: readonly Person[]): Person[] {
  const wanted = query.toLowerCase();
  const begins = ({ name }: Person): boolean => name.toLowerCase().startsWith(wanted);
  const found = people.filter(({ id, name, organization: { en, zh } }) =>
    [name, id, en, zh].some((each) => each.toLowerCase().includes(wanted)),
  );
  return [...found.filter(begins), ...found.filter((person) => !begins(person))];
}
