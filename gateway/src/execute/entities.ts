// Finds the entities that a fetch asks for, each distinct one once.
import type { EntityInput, KeySelection, PathStep } from "../plan/plan.ts";
import { isObject, type Json, type Link, type Target } from "./data.ts";
import { rewrite } from "./rewrite.ts";

export interface Batch {
  /** What is sent: distinct entities, in the order in which they were met. */
  readonly representations: readonly Json[];
  /** For each representation, every object of the result that is that entity. */
  readonly targets: readonly (readonly Target[])[];
}

export function entityBatch(input: EntityInput, data: Json): Batch {
  const representations: Json[] = [];
  const targets: Target[][] = [];
  const places = new Map<string, number>();
  for (const path of input.paths) {
    for (const target of collect(data, path)) {
      const representation = represent(input.requires, target.object);
      if (!representation) continue;
      for (const each of input.inputRewrites) rewrite(each, representation);
      const key = JSON.stringify(representation);
      let place = places.get(key);
      if (place === undefined) {
        places.set(key, (place = representations.length));
        representations.push(representation);
        targets.push([]);
      }
      targets[place]!.push(target);
    }
  }
  return { representations, targets };
}

/** Every object at the end of a path. */
function collect(data: Json, path: readonly PathStep[]): Target[] {
  const found: Target[] = [];
  const go = (value: unknown, step: number, parent: Link | null): void => {
    if (value === null || value === undefined) return;
    const next = path[step];
    if (next === undefined) {
      if (isObject(value)) found.push({ object: value, parent });
    } else if (next === "@") {
      if (Array.isArray(value)) value.forEach((item, index) => go(item, step + 1, { key: index, parent }));
    } else if (!isObject(value)) {
      return;
    } else if ("field" in next) {
      if (Object.hasOwn(value, next.field)) go(value[next.field], step + 1, { key: next.field, parent });
    } else if (typeof value.__typename !== "string" || next.types.includes(value.__typename)) {
      go(value, step + 1, parent);
    }
  };
  go(data, 0, null);
  return found;
}

/** The key of an object as a subgraph wants it; undefined when the object does not hold it. */
function represent(selections: readonly KeySelection[], source: Json): Json | undefined {
  const result: Json = {};
  if (!select(selections, source, result)) return undefined;
  return Object.keys(result).some((key) => key !== "__typename") ? result : undefined;
}

function select(selections: readonly KeySelection[], source: Json, result: Json): boolean {
  for (const selection of selections) {
    if (selection.kind === "type") {
      if (source.__typename === selection.type && !select(selection.selections, source, result)) return false;
      continue;
    }
    const value = Object.hasOwn(source, selection.name) ? source[selection.name] : undefined;
    if (value === undefined) return false;
    result[selection.alias ?? selection.name] = selection.selections
      ? nested(selection.selections, value)
      : value;
  }
  return true;
}

function nested(selections: readonly KeySelection[], value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => nested(selections, item));
  if (!isObject(value)) return value;
  const result: Json = {};
  select(selections, value, result);
  return result;
}
