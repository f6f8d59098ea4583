// A subgraph's answer ▸ objects of our own, with what was asked and nothing else: otherwise the system of one
// organization could say what another's fields are. Where a position has a pool, equal objects become one.
import type { Asked } from "./asked.ts";
import type { Json } from "./data.ts";
import type { Position } from "./positions.ts";

/** What a run knows of its objects. */
export interface Objects {
  /** By position: the distinct objects there, by their content, in the order in which they came. */
  readonly pools: readonly Map<string, Pooled>[];
  /** Objects and lists that stand at several places of the result. */
  readonly shared: Set<unknown>;
}

export interface Pooled {
  readonly object: Json;
  readonly id: number;
}

export function createObjects(pools: number): Objects {
  return { pools: Array.from({ length: pools }, () => new Map<string, Pooled>()), shared: new Set() };
}

/** Never changes the answer. What is no object where one was asked is kept, for whoever says that it is wrong. */
export type Reader = (value: unknown, objects: Objects) => unknown;

/** Reads what is said of the objects at a position; those objects themselves are there already. */
export function compileReader(asked: Asked, position: Position): Reader {
  const read = compileObject(asked, { ...position, pool: null });
  return (value, objects) => readValue(read, value, objects, null);
}

/** Content as text, while it is read: equal content is equal text, other content is other text. */
interface Content {
  text: string;
}

type ReadObject = (source: Json, objects: Objects, content: Content | null) => Json;

function readValue(read: ReadObject, value: unknown, objects: Objects, content: Content | null): unknown {
  if (typeof value !== "object" || value === null) {
    if (content) content.text += leafContent(value);
    return value;
  }
  if (!Array.isArray(value)) return read(value as Json, objects, content);
  if (content) content.text += "[";
  const list = new Array<unknown>(value.length);
  for (let index = 0; index < value.length; index++) {
    list[index] = readValue(read, value[index], objects, content);
    if (content) content.text += ",";
  }
  if (content) content.text += "]";
  return list;
}

function compileObject(asked: Asked, position: Position): ReadObject {
  const { pool } = position;
  const fields = [...asked].map(([key, below]) => ({
    key,
    /** What every object inherits is not what a subgraph said. */
    inherited: key in Object.prototype,
    below: below && compileObject(below, position.below.get(key)!),
  }));
  return (source, objects, outer) => {
    const content = pool === null ? outer : { text: "" };
    const object: Json = {};
    for (const { key, inherited, below } of fields) {
      const value = inherited && !Object.hasOwn(source, key) ? undefined : source[key];
      if (value !== undefined) {
        if (below) object[key] = readValue(below, value, objects, content);
        else {
          object[key] = value;
          if (content) content.text += leafContent(value);
        }
      }
      if (content) content.text += ",";
    }
    if (pool === null) return object;
    const pooled = poolObject(objects, pool, content!.text, object);
    if (outer) outer.text += `#${pooled.id}`;
    return pooled.object;
  };
}

function poolObject({ pools, shared }: Objects, pool: number, content: string, object: Json): Pooled {
  const known = pools[pool]!;
  const found = known.get(content);
  if (found) {
    shared.add(found.object);
    return found;
  }
  const pooled = { object, id: known.size };
  known.set(content, pooled);
  return pooled;
}

/** Unlike for unlike values, and never `#`, `[`, `]` or `,` at its beginning. */
function leafContent(value: unknown): string {
  switch (typeof value) {
    case "string":
      return `${value.length}:${value}`;
    case "object":
      return value === null ? "n" : `j${JSON.stringify(value)}`;
    default:
      return `v${String(value)}`;
  }
}
