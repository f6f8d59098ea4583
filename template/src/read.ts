// What a client does with a template that it has fetched: it makes it ready for `expand`.
import { compileTemplate } from "./compile-template.ts";
import { compileMessages, type Locale } from "./messages.ts";
import { UNKNOWN } from "./shape.ts";
import type { Json, Template } from "./template.ts";

/**
 * A template as `CardTemplate.body(locale)` gives it: `{ card, messages }`. A gateway has checked it; what this engine
 * does not know all the same, because the gateway is newer or is none of ours, is left out or is its `fallback`.
 * Null: it is no template at all.
 */
export function readTemplate(ref: string, body: unknown, locale: Locale): Template | null {
  if (!isObject(body)) return null;
  // A card that has no template (its app is gone) comes expanded.
  const source = (isObject(body["card"]) ? body["card"] : body) as Json;
  const words = isObject(body["messages"]) ? body["messages"] : {};
  const messages = compileMessages({ en: {}, "zh-CN": {}, [locale]: words }, () => undefined);
  const scope = { root: UNKNOWN, data: UNKNOWN, repeated: true, names: {}, speaks: true, uses: [] };
  const root = compileTemplate(source, { scope, inForm: true, report: () => undefined });
  return root ? { ref, source, words: { en: {}, "zh-CN": {} }, root, messages } : null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
