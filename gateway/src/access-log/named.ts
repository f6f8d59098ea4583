// By which keys a request names entities to a subgraph. A representation also holds what the subgraph's fields require
// of others, which is data: of it only the fields of a key are taken.
import { Kind, type SelectionSetNode } from "graphql";
import { isObject, type Json } from "../execute/data.ts";
import type { EntityRef } from "../execute/keys.ts";
import { fieldSet } from "../plan/ownership.ts";

export interface Named {
  readonly entities: readonly EntityRef[];
  /** How many there were of which no key was found. */
  readonly unnamed: number;
}

/**
 * @param keysOf the keys of an entity type in a subgraph, as field sets
 * @returns reads the entities of one request, of which `variables` is the JSON text
 */
export function createNamed(
  keysOf: (subgraph: string, type: string) => readonly string[],
): (subgraph: string, variables: string, names: readonly string[]) => Named {
  const known = new Map<string, readonly SelectionSetNode[]>();
  const keySets = (subgraph: string, type: string): readonly SelectionSetNode[] => {
    const place = `${subgraph} ${type}`;
    let sets = known.get(place);
    if (!sets) known.set(place, (sets = keysOf(subgraph, type).map(fieldSet)));
    return sets;
  };
  const refOf = (subgraph: string, representation: unknown): EntityRef | undefined => {
    if (!isObject(representation) || typeof representation["__typename"] !== "string") return undefined;
    const type = representation["__typename"];
    for (const set of keySets(subgraph, type)) {
      const key = pick(set, representation);
      if (key) return { type, key };
    }
    return undefined;
  };
  return (subgraph, variables, names) => {
    const values = JSON.parse(variables) as Json;
    const representations = names.flatMap((name) => (values[name] ?? []) as unknown[]);
    const entities = representations.flatMap((each) => refOf(subgraph, each) ?? []);
    return { entities, unnamed: representations.length - entities.length };
  };
}

/** What a field set names of an object; undefined when something of it is not there. */
function pick({ selections }: SelectionSetNode, object: Json): Record<string, unknown> | undefined {
  const picked: Record<string, unknown> = {};
  for (const node of selections) {
    if (node.kind === Kind.INLINE_FRAGMENT) {
      Object.assign(picked, pick(node.selectionSet, object));
      continue;
    }
    if (node.kind !== Kind.FIELD || node.name.value === "__typename") continue;
    const value = Object.hasOwn(object, node.name.value) ? object[node.name.value] : undefined;
    const part = partOf(value, node.selectionSet);
    if (part === undefined) return undefined;
    picked[node.name.value] = part;
  }
  return picked;
}

function partOf(value: unknown, below: SelectionSetNode | undefined): unknown {
  if (value === undefined) return undefined;
  if (!below) return typeof value === "string" ? value : JSON.stringify(value);
  if (Array.isArray(value)) return value.map((item) => partOf(item, below) ?? null);
  return isObject(value) ? pick(below, value) : undefined;
}
