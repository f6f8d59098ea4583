// What a subgraph said becomes part of the result: with what was asked and nothing else, since otherwise the system of
// one organization could say what another's fields are. Where a position has a pool, equal objects become one.
import type { Asked } from "./asked.ts";
import { isObject, type Json } from "./data.ts";
import type { Pooling, Position } from "./positions.ts";

/** What a run knows of its objects. */
export interface Objects {
  /** By position. */
  readonly pools: (Pool | undefined)[];
  /** Objects and lists that stand at several places of the result. */
  readonly shared: Set<unknown>;
}

export interface Pool {
  /** The distinct objects, in the order in which they came. */
  readonly distinct: Json[];
  readonly byKey: Map<unknown, Json[]>;
}

export function createObjects(pools: number): Objects {
  return { pools: new Array<Pool | undefined>(pools), shared: new Set() };
}

/**
 * Takes a value over: what comes back is the result's own, made of the same objects where they are as they should be.
 * What is no object where one was asked is kept, for whoever says that it is wrong.
 */
export type Reader = (value: unknown, objects: Objects) => unknown;

/** Reads what is said of the objects at a position; those objects themselves are there already. */
export function compileReader(asked: Asked, position: Position): Reader {
  const selection = compileSelection(asked, { ...position, pooling: null });
  return (value, objects) => readValue(selection, value, objects);
}

interface Selection {
  /** In the order in which they were asked, which is the order in which they come. */
  readonly keys: readonly string[];
  readonly known: ReadonlySet<string>;
  readonly nested: readonly { readonly key: string; readonly below: Selection }[];
  readonly leaves: readonly string[];
  readonly pooling: Pooling | null;
}

function compileSelection(asked: Asked, position: Position): Selection {
  const nested = [...asked].flatMap(([key, below]) =>
    below ? [{ key, below: compileSelection(below, position.below.get(key)!) }] : [],
  );
  const leaves = [...asked].flatMap(([key, below]) => (below ? [] : [key]));
  return { keys: [...asked.keys()], known: new Set(asked.keys()), nested, leaves, pooling: position.pooling };
}

function readValue(selection: Selection, value: unknown, objects: Objects): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (!Array.isArray(value)) return readObject(selection, value as Json, objects);
  for (let index = 0; index < value.length; index++) {
    const item: unknown = value[index];
    const read = readValue(selection, item, objects);
    if (read !== item) value[index] = read;
  }
  return value;
}

function readObject(selection: Selection, source: Json, objects: Objects): Json {
  const { pooling, nested } = selection;
  const pool: Pool | null = pooling && (objects.pools[pooling.pool] ??= { distinct: [], byKey: new Map() });
  const key = pooling && keyOf(source, pooling);
  const others = pool?.byKey.get(key);
  const twin = others && findTwin(selection, source, others);
  if (twin) {
    objects.shared.add(twin);
    return twin;
  }
  const object = isAsAsked(selection, source) ? source : keepAsked(selection, source);
  for (const { key: name, below } of nested) {
    const value = Object.hasOwn(object, name) ? object[name] : undefined;
    const read = readValue(below, value, objects);
    if (read !== value) object[name] = read;
  }
  if (pool) {
    pool.distinct.push(object);
    // Nearly every key has one object alone: an array of one takes a tenth of the room of an empty one that grows.
    if (others) others.push(object);
    else pool.byKey.set(key, [object]);
  }
  return object;
}

function isAsAsked({ keys, known }: Selection, source: Json): boolean {
  let next = 0;
  for (const key in source) {
    if (key === keys[next]) next += 1;
    else if (!known.has(key)) return false;
  }
  return true;
}

function keepAsked({ keys }: Selection, source: Json): Json {
  const object: Json = {};
  for (const key of keys) if (Object.hasOwn(source, key)) object[key] = source[key];
  return object;
}

/** Of one key there are few different objects. */
function keyOf(source: Json, { key }: Pooling): unknown {
  return key.length === 1 ? source[key[0]!] : key.map((name) => String(source[name])).join(" ");
}

/** Objects of one key and different content are few, or someone wants to keep us busy. */
const MOST_COMPARED = 8;

function findTwin(selection: Selection, source: Json, others: readonly Json[]): Json | undefined {
  for (let index = 0; index < others.length && index < MOST_COMPARED; index++)
    if (isEqual(selection, others[index]!, source)) return others[index];
  return undefined;
}

/** Whether two objects say the same of all that was asked. */
function isEqual({ leaves, nested }: Selection, one: Json, other: Json): boolean {
  for (const key of leaves) if (!isEqualLeaf(one[key], other[key])) return false;
  for (const { key, below } of nested) if (!isEqualValue(below, one[key], other[key])) return false;
  return true;
}

function isEqualLeaf(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  // A custom scalar of any form.
  return (
    typeof one === "object" && typeof other === "object" && JSON.stringify(one) === JSON.stringify(other)
  );
}

function isEqualValue(below: Selection, one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other)) return isEqualList(below, one, other);
  return isObject(one) && isObject(other) && isEqual(below, one, other);
}

function isEqualList(below: Selection, one: readonly unknown[], other: readonly unknown[]): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index++)
    if (!isEqualValue(below, one[index], other[index])) return false;
  return true;
}
