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
  const wrongLanguages: string[] = [];
  // It keeps a position in its own pattern for languages between calls and so refuses every second one.
  const rest: unknown = JSON.parse(JSON.stringify(card), (name, value: unknown) => {
    if (name !== "lang") return value;
    if (typeof value !== "string" || !/^[a-z]{2}$/.test(value))
      wrongLanguages.push(`${JSON.stringify(value)} is no language of two letters`);
    return undefined;
  });
  const context = new reference.SerializationContext(reference.Versions.v1_5);
  const parsed = new reference.AdaptiveCard();
  parsed.parse(rest, context);
  const events = Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index));
  const all = [...events, ...parsed.validateProperties().validationEvents];
  return [...wrongLanguages, ...all.map(({ message }) => message)];
}
