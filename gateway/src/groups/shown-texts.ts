// The words that a card shows: what stands in its texts and facts, not what it could be asked to do.

/** @param card an expanded Adaptive Card */
export function shownTexts(card: unknown): string[] {
  const texts: string[] = [];
  collect(card, texts);
  return texts;
}

/** Properties of elements that are words to read. */
const WORDS: ReadonlySet<string> = new Set(["text", "title", "value", "altText"]);

function collect(value: unknown, texts: string[]): void {
  if (Array.isArray(value)) return value.forEach((each) => collect(each, texts));
  if (typeof value !== "object" || value === null) return;
  if ("type" in value && /^(Input|Action)\./.test(String(value.type))) return;
  for (const [name, each] of Object.entries(value)) {
    if (typeof each !== "string") collect(each, texts);
    else if (WORDS.has(name) && each !== "") texts.push(each);
  }
}
