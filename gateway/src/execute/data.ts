// The growing result: objects, where they are, and how answers are merged into them.

export type Json = { [key: string]: unknown };
export type ResponsePath = readonly (string | number)[];

/** An object in the result, and how one gets there. */
export interface Target {
  readonly object: Json;
  readonly parent: Link | null;
}

/** A path from its end to the root, so that it costs nothing until someone asks for it. */
export interface Link {
  readonly key: string | number;
  readonly parent: Link | null;
}

export function pathOf(target: Target): ResponsePath {
  const path: (string | number)[] = [];
  for (let link = target.parent; link; link = link.parent) path.unshift(link.key);
  return path;
}

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Merges an answer into an object of the result, in depth. What is there already and is no object stays. */
export function mergeInto(target: Json, source: Json): void {
  for (const key of Object.keys(source)) {
    if (key === "__proto__") continue; // assigned, it would change the object's prototype
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
