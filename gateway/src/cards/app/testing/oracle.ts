// The reference implementation of Adaptive Cards as a judge: what it has against a card.
import { createRequire } from "node:module";

interface Reference {
  readonly AdaptiveCard: new () => {
    parse(card: unknown, context: unknown): void;
    validateProperties(): { readonly validationEvents: readonly { readonly message: string }[] };
  };
  readonly SerializationContext: new (version: unknown) => {
    readonly eventCount: number;
    getEventAt(index: number): { readonly message: string };
  };
  readonly Versions: { readonly v1_5: unknown };
}

// Its modules do not load in Node; its bundle does.
const reference = createRequire(import.meta.url)("adaptivecards/dist/adaptivecards.js") as Reference;

export function complaints(card: unknown): string[] {
  const { lang, ...rest } = card as { readonly lang?: string };
  // It keeps a position in its own pattern for languages between calls and so refuses every second one.
  const wrongLanguage =
    lang === undefined || /^[a-z]{2}$/.test(lang) ? [] : [`"${lang}" is no language of two letters`];
  const context = new reference.SerializationContext(reference.Versions.v1_5);
  const parsed = new reference.AdaptiveCard();
  parsed.parse(rest, context);
  const events = Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index));
  const all = [...events, ...parsed.validateProperties().validationEvents];
  return [...wrongLanguage, ...all.map(({ message }) => message)];
}
