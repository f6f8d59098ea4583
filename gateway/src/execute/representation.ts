// An object of the result ▸ the text by which a subgraph knows the entity.
import type { KeySelection, Rewrite } from "../plan/plan.ts";
import { isObject, type Json } from "./data.ts";
import { compact, stringText } from "./json.ts";
import { rewrite } from "./rewrite.ts";

/** JSON text of a representation; undefined: the object is not asked for; null: it does not hold all that is needed. */
export type Represent = (source: Json) => string | null | undefined;

export function compileRepresentation(
  requires: readonly KeySelection[],
  rewrites: readonly Rewrite[],
): Represent {
  const write = compileSelections(requires, true);
  if (rewrites.length === 0) return write;
  return (source) => {
    const text = write(source);
    if (text === undefined || text === null) return text;
    const representation = JSON.parse(text) as Json;
    for (const each of rewrites) rewrite(each, representation);
    return JSON.stringify(representation);
  };
}

interface KeyField {
  readonly name: string;
  /** `{"name":`, and `,"name":` after another. */
  readonly first: string;
  readonly next: string;
  readonly write: (value: unknown) => string;
}

/** `whole`: nothing may be missing, and a type alone is no representation. */
function compileSelections(selections: readonly KeySelection[], whole: boolean): Represent {
  // An object does not change its type: what is asked of one is found out once.
  const byType = new Map<unknown, readonly KeyField[]>();
  return (source) => {
    const type = Object.hasOwn(source, "__typename") ? source.__typename : undefined;
    let fields = byType.get(type);
    if (!fields) byType.set(type, (fields = fieldsFor(selections, type)));
    let text = "";
    let named = false;
    for (const { name, first, next, write } of fields) {
      const value = Object.hasOwn(source, name) ? source[name] : undefined;
      if (value === undefined) {
        if (whole) return null;
        continue;
      }
      named ||= name !== "__typename";
      text += text === "" ? first : next;
      text += write(value);
    }
    if (whole && !named) return undefined;
    return text === "" ? "{}" : `${text}}`;
  };
}

function fieldsFor(selections: readonly KeySelection[], type: unknown): readonly KeyField[] {
  const found = new Map<string, { name: string; below: KeySelection[] | null }>();
  const add = (some: readonly KeySelection[]): void => {
    for (const selection of some) {
      if (selection.kind === "type") {
        if (selection.type === type) add(selection.selections);
        continue;
      }
      const key = selection.alias ?? selection.name;
      const below = [...(found.get(key)?.below ?? []), ...(selection.selections ?? [])];
      found.set(key, { name: selection.name, below: selection.selections ? below : null });
    }
  };
  add(selections);
  return [...found].map(([key, { name, below }]) => ({
    name,
    first: compact(`{${JSON.stringify(key)}:`),
    next: compact(`,${JSON.stringify(key)}:`),
    write: below ? compileNested(below) : name === "__typename" ? typenameText(type) : leafText,
  }));
}

/** The fields are those of one type: what they say of it is known. */
function typenameText(type: unknown): (value: unknown) => string {
  if (typeof type !== "string") return leafText;
  const text = compact(JSON.stringify(type));
  return () => text;
}

/** Of what came as JSON. */
function leafText(value: unknown): string {
  switch (typeof value) {
    case "string":
      return stringText(value);
    case "number":
      return Number.isFinite(value) ? String(value) : "null";
    default:
      return JSON.stringify(value);
  }
}

function compileNested(selections: readonly KeySelection[]): (value: unknown) => string {
  const write = compileSelections(selections, false);
  const writeValue = (value: unknown): string => {
    if (Array.isArray(value)) return `[${value.map(writeValue).join(",")}]`;
    return isObject(value) ? write(value)! : JSON.stringify(value);
  };
  return writeValue;
}
