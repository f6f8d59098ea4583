// The words around what was found, in parts: no markup, so that nothing has to be escaped.

export interface SnippetPart {
  readonly text: string;
  readonly marked: boolean;
}

/** Characters of a snippet, and of those how many come before what was found. */
const LENGTH = 120;
const BEFORE = 24;

/** Finds any of the words, upper or lower case alike. */
export function findWords(words: readonly string[]): RegExp {
  const escaped = words.map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
  return new RegExp(escaped.sort((a, b) => b.length - a.length).join("|"), "giu");
}

/** Whether all of them are in the text. */
export function hasWords(text: string, words: readonly string[]): boolean {
  return words.every((word) => text.search(findWords([word])) >= 0);
}

/** Of a long text what is around the first place. */
export function snippetOf(text: string, finder: RegExp): SnippetPart[] {
  const line = text.replace(/\s+/gu, " ").trim();
  const first = Math.max(0, line.search(finder));
  const from = first <= BEFORE ? 0 : whole(line, first - BEFORE);
  const to = whole(line, Math.min(line.length, from + LENGTH));
  const shown = `${from > 0 ? "…" : ""}${line.slice(from, to)}${to < line.length ? "…" : ""}`;
  const parts: SnippetPart[] = [];
  let at = 0;
  for (const match of shown.matchAll(finder)) {
    if (match.index > at) parts.push({ text: shown.slice(at, match.index), marked: false });
    parts.push({ text: match[0], marked: true });
    at = match.index + match[0].length;
  }
  if (at < shown.length) parts.push({ text: shown.slice(at), marked: false });
  return parts;
}

/** Not in the middle of a character of two halves. */
function whole(text: string, at: number): number {
  return /[\uDC00-\uDFFF]/.test(text.charAt(at)) ? at - 1 : at;
}
