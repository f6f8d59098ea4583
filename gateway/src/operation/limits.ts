// How large an operation may be. Counted before validation and planning, whose cost grows faster than the text.
import { Kind, type DocumentNode, type FieldNode, type SelectionSetNode } from "graphql";
import { JuntoError } from "../errors/index.ts";
import { fragmentsOf, type Fragments } from "./fragments.ts";

export interface Limits {
  /** Characters of the text. */
  readonly characters: number;
  readonly tokens: number;
  /** Fragments of one document. */
  readonly fragments: number;
  /** Fields, after fragments are replaced. */
  readonly fields: number;
  /** Levels of fields. */
  readonly depth: number;
  /** Levels of fields and fragments. */
  readonly nesting: number;
  /** Pairs of fields with one response key at one place: validation compares each with each. */
  readonly pairs: number;
}

export const DEFAULT_LIMITS: Limits = {
  characters: 100_000,
  tokens: 10_000,
  fragments: 300,
  fields: 2_000,
  depth: 30,
  nesting: 45,
  pairs: 10_000,
};

/**
 * Measures every operation as if fragments were replaced, each fragment once, so that a bomb costs nothing.
 * The document's fragments must be known and free of cycles.
 * @throws JuntoError TOO_LARGE
 */
export function checkSize(document: DocumentNode, limits: Limits): void {
  const fragments = fragmentsOf(document);
  const allow = (what: keyof Limits, count: number, said: string): void => {
    if (count > limits[what])
      throw new JuntoError("TOO_LARGE", `The operation ${said}; at most ${limits[what]} are allowed.`);
  };
  allow("fragments", fragments.size, `has ${fragments.size} fragments`);
  const measure = createMeasure(fragments);
  for (const node of document.definitions) {
    if (node.kind !== Kind.OPERATION_DEFINITION) continue;
    const { fields, depth, nesting } = measure(node.selectionSet);
    allow("fields", fields, `selects ${fields} fields`);
    allow("depth", depth, `is ${depth} levels deep`);
    allow("nesting", nesting, `is ${nesting} levels deep with its fragments`);
    const pairs = pairsIn([node.selectionSet], fragments, limits.pairs);
    allow("pairs", pairs, `selects the same fields again and again, ${pairs} pairs of them or more`);
  }
}

interface Size {
  readonly fields: number;
  readonly depth: number;
  readonly nesting: number;
}

function createMeasure(fragments: Fragments): (set: SelectionSetNode) => Size {
  const measured = new Map<string, Size>();
  const measure = (set: SelectionSetNode): Size => {
    let [fields, depth, nesting] = [0, 0, 0];
    for (const node of set.selections) {
      const inner =
        node.kind === Kind.FRAGMENT_SPREAD
          ? spread(node.name.value)
          : node.selectionSet && measure(node.selectionSet);
      const own = node.kind === Kind.FIELD ? 1 : 0;
      fields += own + (inner?.fields ?? 0);
      depth = Math.max(depth, own + (inner?.depth ?? 0));
      nesting = Math.max(nesting, 1 + (inner?.nesting ?? 0));
    }
    return { fields, depth, nesting };
  };
  const spread = (name: string): Size => {
    let size = measured.get(name);
    if (!size) measured.set(name, (size = measure(fragments.get(name)!.selectionSet)));
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
