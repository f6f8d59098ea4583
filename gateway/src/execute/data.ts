// The growing result, and how answers are merged into it.

export type Json = { [key: string]: unknown };
export type ResponsePath = readonly (string | number)[];

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A copy in depth of what came as JSON. */
export function copy<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(copy) as T;
  const copied: Json = { ...(value as Json) };
  for (const key in copied) {
    const inner = copied[key];
    if (typeof inner === "object" && inner !== null) copied[key] = copy(inner);
  }
  return copied as T;
}

/** Merges an answer into an object of the result, in depth. What is there already and is no object stays. */
export function mergeInto(target: Json, source: Json): void {
  for (const key of Object.keys(source)) {
    const value = source[key];
    const present = Object.hasOwn(target, key) ? target[key] : undefined;
    if (present === undefined || present === null) target[key] = value;
    else if (present !== value) mergeValues(present, value);
  }
}

function mergeValues(present: unknown, value: unknown): void {
  if (isObject(present) && isObject(value)) mergeInto(present, value);
  else if (Array.isArray(present) && Array.isArray(value))
    for (let index = 0; index < present.length; index++) mergeValues(present[index], value[index]);
}

/** Says of each value whether to go into it: into what stands at several places once, else a walk would never end. */
export function visitOnce(shared: ReadonlySet<unknown>): (value: unknown) => boolean {
  if (shared.size === 0) return () => true;
  const seen = new Set<unknown>();
  return (value) => {
    if (!shared.has(value)) return true;
    if (seen.has(value)) return false;
    seen.add(value);
    return true;
  };
}
