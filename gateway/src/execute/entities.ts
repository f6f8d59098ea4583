// What one fetch asks entities by: finds the objects at its paths, writes each distinct representation once.
import type { EntityInput, PathStep } from "../plan/plan.ts";
import { isObject, visitOnce, type Json, type ResponsePath } from "./data.ts";
import type { Position, Positions } from "./positions.ts";
import type { Objects } from "./read.ts";
import { compileRepresentation, type Represent } from "./representation.ts";

/** The entities of one input, in one run. */
export interface Batch {
  /** JSON texts, distinct, in the order in which they were met. */
  readonly representations: readonly string[];
  /** By path of the input, then by representation: every object that is that entity. */
  readonly targets: readonly (readonly (readonly Json[])[])[];
  /** The first object that does not hold what the subgraph has to be given, and which of the paths it is on. */
  readonly incomplete: { readonly object: Json; readonly path: number } | undefined;
}

export type Batching = (data: Json, objects: Objects) => Batch;

/** @param whole only entities that cannot be represented by this are meant */
export function compileBatching(input: EntityInput, positions: Positions, whole?: EntityInput): Batching {
  const represent = whole ? besides(represented(whole), represented(input)) : represented(input);
  const collectors = input.paths.map((path) => compileCollector(path, positions.at(path)));
  return (data, objects) => {
    const representations: string[] = [];
    const places = new Map<string, number>();
    let incomplete: Batch["incomplete"];
    const targets = collectors.map((collect, path) => {
      const found: Json[][] = [];
      collect(data, objects, (object) => {
        const representation = represent(object);
        if (representation === undefined) return;
        if (representation === null) {
          incomplete ??= { object, path };
          return;
        }
        let place = places.get(representation);
        if (place === undefined) {
          places.set(representation, (place = representations.length));
          representations.push(representation);
        }
        const same = found[place];
        if (same) same.push(object);
        else found[place] = [object];
      });
      return found;
    });
    return { representations, targets, incomplete };
  };
}

function represented({ requires, inputRewrites }: EntityInput): Represent {
  return compileRepresentation(requires, inputRewrites);
}

function besides(whole: Represent, represent: Represent): Represent {
  return (object) => (whole(object) === null ? represent(object) : undefined);
}

type Collector = (data: Json, objects: Objects, found: (object: Json) => void) => void;

/** Gives every object at the end of a path, each once. */
function compileCollector(path: readonly PathStep[], { pooling }: Position): Collector {
  const end = path.at(-1);
  const types = end !== undefined && end !== "@" && "types" in end ? end.types : null;
  const isConditional = (step: PathStep): boolean => step !== "@" && "types" in step;
  // A condition on the way, not at the end, leaves out some of what the pool holds.
  if (!pooling || path.slice(0, types ? -1 : undefined).some(isConditional))
    return (data, { shared }, found) => walk(data, path, 0, found, visitOnce(shared));
  return (_data, { pools }, found) => {
    for (const object of pools[pooling.pool]?.distinct ?? [])
      if (!types || isOfType(object, types)) found(object);
  };
}

function walk(
  value: unknown,
  path: readonly PathStep[],
  step: number,
  found: (object: Json) => void,
  enter: (value: unknown) => boolean,
): void {
  const next = path[step];
  if (next !== undefined && next !== "@" && "types" in next) {
    if (isObject(value) && isOfType(value, next.types)) walk(value, path, step + 1, found, enter);
    return;
  }
  if (value === null || value === undefined || !enter(value)) return;
  if (next === undefined) {
    if (isObject(value)) found(value);
  } else if (next === "@") {
    // One step stands for all the levels of a list of lists.
    if (Array.isArray(value))
      for (const item of value) walk(item, path, Array.isArray(item) ? step : step + 1, found, enter);
  } else if (isObject(value) && Object.hasOwn(value, next.field)) {
    walk(value[next.field], path, step + 1, found, enter);
  }
}

/** What does not say its type is not left out for it. */
function isOfType({ __typename: name }: Json, types: readonly string[]): boolean {
  return typeof name !== "string" || types.includes(name);
}

/** Where an object stands in the result, with the list indexes, as errors name it: at most so many places. */
export function pathsTo(
  object: Json,
  path: readonly PathStep[],
  { data, shared }: { readonly data: Json; readonly shared: ReadonlySet<unknown> },
  most: number,
): ResponsePath[] {
  const paths: ResponsePath[] = [];
  const at: (string | number)[] = [];
  /** What stands at several places is gone into again only when the object is in it. */
  const without = new Set<unknown>();
  const below = (key: string | number, value: unknown, step: number): void => {
    at.push(key);
    search(value, step);
    at.pop();
  };
  const search = (value: unknown, step: number): void => {
    if (value === null || value === undefined || paths.length >= most || without.has(value)) return;
    const before = paths.length;
    const next = path[step];
    if (next === undefined) {
      if (value === object) paths.push([...at]);
    } else if (next === "@") {
      if (Array.isArray(value))
        value.forEach((item, index) => below(index, item, Array.isArray(item) ? step : step + 1));
    } else if (isObject(value)) {
      if (!("field" in next)) search(value, step + 1);
      else if (Object.hasOwn(value, next.field)) below(next.field, value[next.field], step + 1);
    }
    if (paths.length === before && shared.has(value)) without.add(value);
  };
  search(data, 0);
  return paths;
}
