// Templates: Adaptive Cards whose texts hold expressions. Compiled once, expanded for each reader.
//
//   "text": "${name}"                     a value; a setting that is only one expression keeps its type
//   "text": "${t('order.title', id: id)}" words of the app, in the reader's language
//   "text": "${show(product.stock)}"      a value, or in words why it is not there
//   "$data": "${lines}"                   repeats the element for each item of a list; an object is gone into
//   "$when": "${exists(note)}"            leaves the element out when it does not hold
//
// What is expanded is never read again as a template: a `${…}` in the data stays as it is.
import { spend } from "./budget.ts";
import type { CompiledExpression, CompiledText } from "./expression.ts";
import { printCompiled, rootScope } from "./expression.ts";
import { addressOf } from "./markdown.ts";
import type { Locale, Messages } from "./messages.ts";
import { createSpeech, type View } from "./speech.ts";
import { holds, isText, printText, type DataPath, type Medium, type Scope } from "./values.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A template that was found to be in order. See `compileTemplate`. */
export interface Template {
  /** Digest of what follows: the same ref is the same template for ever. */
  readonly ref: string;
  /** As its author wrote it. */
  readonly source: Json;
  /** The messages that it uses, in each language, as their authors wrote them. */
  readonly words: Readonly<Record<Locale, Readonly<Record<string, string>>>>;
  readonly root: ObjectNode;
  readonly messages: Messages;
}

export type Node =
  | { readonly kind: "constant"; readonly value: Json }
  | { readonly kind: "scalar"; readonly text: CompiledText }
  | { readonly kind: "text"; readonly text: CompiledText; readonly medium: Medium }
  | { readonly kind: "url"; readonly text: CompiledText; readonly isLink: boolean }
  | { readonly kind: "list"; readonly items: readonly Node[] }
  | ObjectNode;

export interface ObjectNode {
  readonly kind: "object";
  readonly data: CompiledExpression | undefined;
  readonly when: CompiledExpression | undefined;
  readonly properties: readonly (readonly [name: string, node: Node])[];
  /** Without these there is no such element: an image without an address is left out. */
  readonly required: readonly string[];
  /** What is required must not be empty either: a choice without words cannot be chosen, a set without actions shows none. */
  readonly filled: boolean;
  /** An action of the app, by its name in app.yaml. */
  readonly verb?: string;
  /** Not one of Adaptive Cards' own elements: who does not know this type gets the fallback. */
  readonly extension?: { readonly type: string; readonly fallback: ObjectNode | undefined };
}

/** Data and reader of an expansion. */
export interface ExpandOptions extends View {
  /** The joined data, as the fragment asks for it; null when nothing could be joined. */
  readonly data: unknown;
  /** Types of extensions that the reader knows; others are their standard fallback. */
  readonly knows?: ReadonlySet<string>;
  /** The action of this name as it is drawn; undefined: the reader is not offered it now. Default: nothing is offered. */
  readonly offered?: (verb: string) => Json | undefined;
  /** `readsOf` tells of the card's texts and values what they were made from. */
  readonly traced?: boolean;
}

interface Expansion {
  readonly knows: ReadonlySet<string>;
  readonly traced: boolean;
  readonly offered: (verb: string) => Json | undefined;
}

/**
 * The standard Adaptive Card for this data and reader.
 *
 * @throws CardTooLargeError when the data repeats elements without measure, or is longer than anybody could read
 */
export function expand(template: Template, options: ExpandOptions): Json {
  const scope = rootScope(options.data, createSpeech(options, template.messages));
  const { knows = new Set<string>(), traced = false, offered = () => undefined } = options;
  const expansion = { knows, traced, offered };
  const [card = {}] = expandObject(template.root, scope, expansion);
  // The format wants two letters here.
  return { ...(card as Record<string, Json>), lang: options.locale.slice(0, 2) };
}

/** These actions (`<app>.<name>`) by the names that a template of their app has for them. */
export function offering<Action extends { readonly verb: string }>(
  actions: readonly Action[],
  drawn: (action: Action) => Json,
): (name: string) => Json | undefined {
  const named = new Map(actions.map((action) => [action.verb.slice(action.verb.indexOf(".") + 1), action]));
  return (name) => {
    const action = named.get(name);
    return action && drawn(action);
  };
}

/** A text with expressions, such as a card's summary, for this data and reader. @throws CardTooLargeError */
export function expandText(compiled: CompiledText, messages: Messages, options: ExpandOptions): string {
  const scope = rootScope(options.data, createSpeech(options, messages));
  return printCompiled(compiled, scope, "plain");
}

/** What a client fetches once by `ref`, to expand the template itself. */
export function templateBody(template: Template, locale: Locale): Json {
  return { card: template.source, messages: template.words[locale] };
}

function expandNode(node: Node, scope: Scope, expansion: Expansion): Json | undefined {
  spend(scope.budget, "nodes", 1);
  switch (node.kind) {
    case "constant":
      return node.value;
    case "text":
      return printCompiled(node.text, scope, node.medium);
    case "url":
      return addressOf(printCompiled(node.text, scope, "plain"), node.isLink) ?? undefined;
    case "scalar":
      return expandScalar(node.text, scope);
    case "list":
      return node.items.flatMap((item, at) =>
        item.kind === "object"
          ? expandObject(item, scope, expansion).map((element, index) => placed(element, `${at}.${index}`))
          : (expandNode(item, scope, expansion) ?? []),
      );
    case "object":
      return expandObject(node, scope, expansion)[0];
  }
}

const PLACE: unique symbol = Symbol("place");

/**
 * Where an element of an expanded card stands in its template: it is the same element as that of another expansion at
 * this place, whatever was left out before it. JSON does not show it.
 */
export function placeOf(element: object): string | undefined {
  return (element as { readonly [PLACE]?: string })[PLACE];
}

function placed(element: Json, place: string): Json {
  return Object.defineProperty(element as object, PLACE, { value: place }) as Json;
}

const READS: unique symbol = Symbol("reads");

/** Places in the data that a property of an element was made from, when the expansion was `traced`. */
export function readsOf(element: object, property: string): readonly DataPath[] {
  const reads = (element as { readonly [READS]?: ReadonlyMap<string, readonly DataPath[]> })[READS];
  return reads?.get(property) ?? [];
}

/** Data can be a value, never a piece of a card: objects and lists do not come through. */
function expandScalar(text: CompiledText, scope: Scope): Json | undefined {
  const { only } = text;
  if (!only) return printCompiled(text, scope, "plain");
  const value = only.evaluate(scope);
  if (isText(value)) return printText(value, "plain");
  return typeof value === "object" ? undefined : (value as Json);
}

/** The element, as often as its data says: not at all, once, or for each item. */
function expandObject(node: ObjectNode, scope: Scope, expansion: Expansion): Json[] {
  const expanded: Json[] = [];
  for (const inner of scopesOf(node, scope)) {
    spend(scope.budget, "steps", 1); // what is left out was looked at, too
    if (node.when && !holds(node.when.evaluate(inner))) continue;
    if (node.extension && !expansion.knows.has(node.extension.type)) {
      if (node.extension.fallback) expanded.push(...expandObject(node.extension.fallback, inner, expansion));
      continue;
    }
    if (node.verb !== undefined) {
      const action = expansion.offered(node.verb);
      if (action !== undefined) expanded.push({ ...(action as Record<string, Json>) });
      continue;
    }
    const element: Record<string, Json> = {};
    const reads = new Map<string, readonly DataPath[]>();
    for (const [name, property] of node.properties) {
      const read: DataPath[] = [];
      const isTraced = expansion.traced && (property.kind === "text" || property.kind === "scalar");
      const value = expandNode(property, isTraced ? { ...inner, reads: read } : inner, expansion);
      if (value !== undefined) element[name] = value;
      if (read.length > 0) reads.set(name, read);
    }
    if (reads.size > 0) Object.defineProperty(element, READS, { value: reads });
    const isThere = (name: string): boolean =>
      Object.hasOwn(element, name) && !(node.filled && isEmpty(element[name]));
    if (node.required.every(isThere)) expanded.push(element);
  }
  return expanded;
}

function isEmpty(value: Json | undefined): boolean {
  return value === "" || (Array.isArray(value) && value.length === 0);
}

/**
 * Verbs of the actions that are drawn in an expanded card: not those in what is hidden, or in the fallback of something
 * that is known.
 *
 * @param visible ids that were shown or hidden since
 */
export function verbsIn(card: unknown, visible: ReadonlyMap<unknown, boolean> = new Map()): string[] {
  if (Array.isArray(card)) return card.flatMap((item) => verbsIn(item, visible));
  if (typeof card !== "object" || card === null) return [];
  const { id, isVisible, type, verb, fallback: _, ...rest } = card as Record<string, unknown>;
  if (!(visible.get(id) ?? isVisible !== false)) return [];
  if (type === "Action.Execute") return typeof verb === "string" ? [verb] : [];
  return verbsIn(Object.values(rest), visible);
}

function scopesOf({ data }: ObjectNode, scope: Scope): Scope[] {
  if (!data) return [scope];
  const items = data.locate?.(scope);
  if (items) return items.map((item, index) => ({ ...scope, data: item, index }));
  const place = data.place?.(scope);
  return typeof place?.value === "object" && place.value !== null ? [{ ...scope, data: place }] : [];
}
