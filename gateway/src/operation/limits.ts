// How large an operation may be. Counted before validation and planning, whose cost grows faster than the text.
import { Kind, type DocumentNode, type FieldNode, type SelectionSetNode } from "graphql";
import type { DoorLimitName, LimitName, Limits } from "../config/index.ts";
import { JuntoError } from "../errors/index.ts";
import { fragmentsOf, type Fragments } from "./fragments.ts";

type Counted = Exclude<
  LimitName,
  DoorLimitName | "listSize" | "persisted" | "planTime" | "plansAtOnce" | "plansWaiting"
>;

/** What is counted of an operation: how the error says it, and what makes it smaller. */
const COUNTED: Readonly<Record<Counted, readonly [said: string, remedy: string]>> = {
  characters: ["has %d characters", "Send less at a time."],
  tokens: ["has %d tokens or more", "Send less at a time."],
  fragments: ["has %d fragments", "Use fewer, or several operations."],
  fields: ["selects %d fields", "Select fewer, or send several operations."],
  rootFields: ["selects %d fields at its root", "Send several operations."],
  aliases: ["has %d aliases", "Ask for a list instead, or send several operations."],
  directives: ["has %d directives", "Use fewer, or several operations."],
  depth: ["is %d levels deep", "Select fewer levels."],
  nesting: ["is %d levels deep with its fragments", "Nest fewer fragments."],
  pairs: ["selects the same fields again and again, %d pairs of them or more", "Select each once."],
  values: ["comes with %d values in its variables or more", "Send fewer at a time."],
  valueDepth: ["comes with variables that are %d levels deep or more", "Nest fewer values."],
  cost: ["costs %d with these variables", "Ask for shorter lists, or for fewer fields."],
};

/** @throws JuntoError TOO_LARGE */
export function allow(name: Counted, count: number, limits: Limits): void {
  if (count <= limits[name]) return;
  const [said, remedy] = COUNTED[name];
  throw tooLarge(name, `The operation ${said.replace("%d", String(count))}`, count, limits, remedy);
}

function tooLarge(name: LimitName, said: string, count: number, limits: Limits, remedy: string): JuntoError {
  const limit = limits[name];
  return new JuntoError("TOO_LARGE", `${said}; at most ${limit} are allowed. ${remedy}`, {
    details: { limit: { name, most: limit, counted: count } },
  });
}

/**
 * Measures every operation as if fragments were replaced, each fragment once, so that a bomb costs nothing.
 * The document's fragments must be known and free of cycles.
 * @throws JuntoError TOO_LARGE
 */
export function checkSize(document: DocumentNode, limits: Limits): void {
  const fragments = fragmentsOf(document);
  allow("fragments", fragments.size, limits);
  const measure = createMeasure(fragments);
  for (const node of document.definitions) {
    if (node.kind !== Kind.OPERATION_DEFINITION) continue;
    const size = measure(node.selectionSet);
    const ofVariables = (node.variableDefinitions ?? []).reduce(
      (sum, { directives }) => sum + (directives?.length ?? 0),
      node.directives?.length ?? 0,
    );
    allow("fields", size.fields, limits);
    allow("rootFields", size.top, limits);
    allow("aliases", size.aliases, limits);
    allow("directives", size.directives + ofVariables, limits);
    allow("depth", size.depth, limits);
    allow("nesting", size.nesting, limits);
    allow("pairs", pairsIn([node.selectionSet], fragments, limits.pairs), limits);
  }
}

/** Values from outside, before anything walks them. @throws JuntoError TOO_LARGE */
export function checkValues(variables: Readonly<Record<string, unknown>>, limits: Limits): void {
  let values = 0;
  const count = (value: unknown, depth: number): void => {
    if (++values > limits.values) allow("values", values, limits);
    if (typeof value !== "object" || value === null) return;
    if (depth > limits.valueDepth) allow("valueDepth", depth, limits);
    if (Array.isArray(value)) for (const each of value as unknown[]) count(each, depth + 1);
    else for (const name in value) count((value as Record<string, unknown>)[name], depth + 1);
  };
  for (const name in variables) count(variables[name], 1);
}

interface Size {
  readonly fields: number;
  /** Fields of the selection set itself, whatever fragments they stand in. */
  readonly top: number;
  readonly aliases: number;
  readonly directives: number;
  readonly depth: number;
  readonly nesting: number;
}

const NOTHING: Size = { fields: 0, top: 0, aliases: 0, directives: 0, depth: 0, nesting: 0 };

function createMeasure(fragments: Fragments): (set: SelectionSetNode) => Size {
  const measured = new Map<string, Size>();
  const measure = (set: SelectionSetNode): Size => {
    let [fields, top, aliases, directives, depth, nesting] = [0, 0, 0, 0, 0, 0];
    for (const node of set.selections) {
      const inner =
        node.kind === Kind.FRAGMENT_SPREAD
          ? spread(node.name.value)
          : node.selectionSet
            ? measure(node.selectionSet)
            : NOTHING;
      const own = node.kind === Kind.FIELD ? 1 : 0;
      fields += own + inner.fields;
      top += own || inner.top;
      aliases += inner.aliases + (node.kind === Kind.FIELD && node.alias ? 1 : 0);
      directives += inner.directives + (node.directives?.length ?? 0);
      depth = Math.max(depth, own + inner.depth);
      nesting = Math.max(nesting, 1 + inner.nesting);
    }
    return { fields, top, aliases, directives, depth, nesting };
  };
  const spread = (name: string): Size => {
    let size = measured.get(name);
    if (!size) {
      const { selectionSet, directives } = fragments.get(name)!;
      const inner = measure(selectionSet);
      measured.set(name, (size = { ...inner, directives: inner.directives + (directives?.length ?? 0) }));
    }
    return size;
  };
  return measure;
}

/** Pairs of fields with one response key, at all levels of selection sets that are merged. Stops above `most`. */
function pairsIn(sets: readonly SelectionSetNode[], fragments: Fragments, most: number): number {
  const byKey = new Map<string, FieldNode[]>();
  const collect = (set: SelectionSetNode): void => {
    for (const node of set.selections) {
      if (node.kind === Kind.FRAGMENT_SPREAD) collect(fragments.get(node.name.value)!.selectionSet);
      else if (node.kind === Kind.INLINE_FRAGMENT) collect(node.selectionSet);
      else {
        const key = node.alias?.value ?? node.name.value;
        const nodes = byKey.get(key);
        if (nodes) nodes.push(node);
        else byKey.set(key, [node]);
      }
    }
  };
  sets.forEach(collect);
  let pairs = 0;
  for (const nodes of byKey.values()) {
    pairs += (nodes.length * (nodes.length - 1)) / 2;
    if (pairs > most) return pairs;
    const inner = nodes.flatMap((node) => node.selectionSet ?? []);
    if (inner.length > 0) pairs += pairsIn(inner, fragments, most - pairs);
  }
  return pairs;
}
