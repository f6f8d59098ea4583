// Data for a random graph: records that refer to each other, with nulls and with faults; and what a field says of a
// record, the same for the oracle and for the subgraph that owns it.
import { Kind, parseType, type TypeNode } from "graphql";
import { isNullable } from "./features.ts";
import {
  fieldOf,
  isList,
  namedType,
  ownersOf,
  type FieldModel,
  type Model,
  type ObjectModel,
  type Selected,
} from "./model.ts";
import type { Random } from "./random.ts";

/** An object: an entity, a value, or the root. */
export interface Item {
  readonly is: typeof ITEM;
  readonly type: ObjectModel;
  readonly values: Record<string, unknown>;
  /** Fields whose resolver fails. */
  readonly failing: Set<string>;
  /** Subgraphs that do not find it, though others refer to it. */
  readonly missingIn: Set<string>;
}

export const ITEM: unique symbol = Symbol("item");

export interface Data {
  /** Entities by type. */
  readonly entities: ReadonlyMap<string, readonly Item[]>;
  readonly roots: ReadonlyMap<string, Item>;
}

export function isItem(value: unknown): value is Item {
  return typeof value === "object" && value !== null && (value as { is?: unknown }).is === ITEM;
}

export interface Faults {
  readonly failing: number;
  readonly missing: number;
}

export function generateData(model: Model, random: Random, faults: Faults): Data {
  const objects = [...model.objects.values()];
  const entities = new Map<string, Item[]>();
  for (const type of objects)
    if (type.kind === "entity")
      entities.set(
        type.name,
        Array.from({ length: random.between(2, 4) }, () => newItem(type)),
      );
  const make = createMaker(model, entities, random, faults);
  for (const items of entities.values())
    for (const [index, item] of items.entries()) {
      setKeys(item, index, model.objects.get("Ref")!);
      make.fill(item);
      for (const subgraph of optional(model, item.type))
        if (random.chance(faults.missing)) item.missingIn.add(subgraph);
    }
  const roots = new Map(
    objects.filter(({ kind }) => kind === "root").map((type) => [type.name, make.fill(newItem(type))]),
  );
  return { entities, roots };
}

function newItem(type: ObjectModel): Item {
  return { is: ITEM, type, values: {}, failing: new Set(), missingIn: new Set() };
}

function setKeys({ type, values }: Item, index: number, ref: ObjectModel): void {
  for (const { name } of type.fields) {
    if (name === "id") values.id = `${type.name.slice(0, 3)}-${index}`;
    if (name === "code") values.code = `${type.name.toLowerCase()}/${index}`;
    if (name === "region") values.region = index % 2;
    // Entities share parts of a key: only the whole tells them apart.
    if (name === "ref") values.ref = { ...newItem(ref), values: { id: `r${index >> 1}`, no: index } };
  }
}

function createMaker(
  model: Model,
  entities: ReadonlyMap<string, readonly Item[]>,
  random: Random,
  faults: Faults,
): { fill(item: Item): Item } {
  const leaf = (name: string, subgraphs: readonly string[]): unknown => {
    switch (name) {
      case "Int":
        return random.pick([0, 1, -7, 42, 2147483647]);
      case "Float":
        return random.pick([0, 1.5, -2, 1e21, 0.1]);
      case "Boolean":
        return random.chance(0.5);
      case "ID":
        return random.pick(["1", "x", "00"]);
      case "Json":
        return random.pick<unknown>([
          1,
          "j",
          true,
          [1, null],
          { a: { b: [1] } },
          { id: null, name: "n" },
          {},
        ]);
      case "Color":
        return random.pick(
          model.enums[0]!.values.filter((value) =>
            subgraphs.every((each) => model.enums[0]!.known.get(each)!.includes(value)),
          ),
        );
      default:
        return random.pick(["", "a", 'q"\\', "né\n", "x".repeat(20), "null"]);
    }
  };
  const one = (name: string, subgraphs: readonly string[]): unknown => {
    const abstract = model.abstracts.get(name);
    if (abstract) {
      const known = abstract.members.filter((member) =>
        subgraphs.every(
          (each) => abstract.keyed?.objectIn === each || abstract.known.get(each)?.includes(member) === true,
        ),
      );
      return one(random.pick(known), subgraphs);
    }
    const items = entities.get(name);
    if (items) return random.pick(items);
    const type = model.objects.get(name);
    return type ? fill(newItem(type)) : leaf(name, subgraphs);
  };
  const value = (node: TypeNode, subgraphs: readonly string[], nullable = true): unknown => {
    if (node.kind === Kind.NON_NULL_TYPE) return value(node.type, subgraphs, false);
    if (nullable && random.chance(0.12)) return null;
    if (node.kind === Kind.NAMED_TYPE) return one(node.name.value, subgraphs);
    return Array.from({ length: random.pick([0, 1, 2, 2, 3]) }, () => value(node.type, subgraphs));
  };
  const fill = (item: Item): Item => {
    const { type, values, failing } = item;
    if (type.name === "Ref") {
      values.id = random.pick(["r0", "r1"]);
      values.no = random.below(5);
    }
    for (const field of type.fields) {
      if (field.name in values || field.requires) continue;
      const subgraphs = [...ownersOf(type, field), ...field.external];
      values[field.name] = value(parseType(field.type), subgraphs, isNullable(field));
      if (mayFail(model, type, field) && random.chance(faults.failing)) failing.add(field.name);
    }
    return item;
  };
  return { fill };
}

/** What no other subgraph depends on, and what one subgraph alone resolves. */
function mayFail(model: Model, type: ObjectModel, field: FieldModel): boolean {
  if (field.safe || field.provides.size > 0) return false;
  if (!isNullable(field) && field.owners.some((owner) => saysType(model, owner, type))) return false;
  return type.kind === "value"
    ? type.subgraphs.size === 1 && !type.name.startsWith("Done")
    : field.owners.length === 1;
}

/** Of an `@interfaceObject` one subgraph alone says of which type it is: without it nobody knows, and the oracle does. */
function saysType(model: Model, subgraph: string, { name }: ObjectModel): boolean {
  return [...model.abstracts.values()].some(
    ({ keyed, members }) => keyed?.subgraph === subgraph && members.includes(name),
  );
}

/** Subgraphs that only add to an entity: nobody gets to it through them, and nobody depends on what they say. */
function optional(model: Model, type: ObjectModel): string[] {
  const keys = [...type.keys.values()].flat().map(({ fields }) => JSON.stringify(fields));
  if (new Set(keys).size > 1) return [];
  return [...type.subgraphs].filter((subgraph) => {
    const own = type.fields.filter(({ owners }) => owners.includes(subgraph));
    return (
      own.every((field) => field.owners.length === 1 && !field.safe) &&
      !leadsTo(model, subgraph, type) &&
      !saysType(model, subgraph, type)
    );
  });
}

function leadsTo(model: Model, subgraph: string, type: ObjectModel): boolean {
  const names = [type.name];
  for (const { name, members } of model.abstracts.values()) if (members.includes(type.name)) names.push(name);
  return [...model.objects.values()].some((each) =>
    each.fields.some(
      (field) => ownersOf(each, field).includes(subgraph) && names.includes(namedType(field.type)),
    ),
  );
}

/** What a field says. @throws when its resolver fails. */
export function valueOf(model: Model, item: Item, field: FieldModel, args: object): unknown {
  if (field.owners.length === 1 && item.missingIn.has(field.owners[0]!)) return null;
  if (item.failing.has(field.name)) throw new Error(`${item.type.name}.${field.name} fails.`);
  if (field.requires) return computed(required(model, item, field.requires), args);
  return withArguments(model, field, item.values[field.name], args);
}

/** A computed field says what it was computed from. */
export function computed(from: unknown, args: object): string {
  return `${stable(from)}${stable(args)}`;
}

/** The fields of a field set, as they are in a representation. */
function required(model: Model, item: Item, set: readonly Selected[]): Record<string, unknown> {
  const below = (value: unknown, of: readonly Selected[]): unknown => {
    if (Array.isArray(value)) return value.map((each) => below(each, of));
    return isItem(value) ? required(model, value, of) : value;
  };
  return Object.fromEntries(
    set.map(({ name, args = {}, of }) => {
      const field = fieldOf(item.type, name);
      const initial = field.args.flatMap((each) =>
        each.initial === undefined ? [] : [[each.name, JSON.parse(each.initial) as unknown] as const],
      );
      const value = valueOf(model, item, field, { ...Object.fromEntries(initial), ...args });
      return [name, of ? below(value, of) : value];
    }),
  );
}

/** The same of a representation: only what the field set names. */
export function requiredOf(given: unknown, set: readonly Selected[]): unknown {
  if (Array.isArray(given)) return given.map((each) => requiredOf(each, set));
  if (typeof given !== "object" || given === null) return given;
  return Object.fromEntries(
    set.map(({ name, of }) => {
      const value = (given as Record<string, unknown>)[name];
      if (value === undefined) throw new Error(`${name} is not in the representation.`);
      return [name, of ? requiredOf(value, of) : value];
    }),
  );
}

function withArguments(model: Model, field: FieldModel, value: unknown, args: object): unknown {
  if (field.args.length === 0 || value === null) return value;
  if (isList(field.type)) {
    const { first } = args as { first?: number | null };
    return typeof first === "number" ? (value as unknown[]).slice(0, first) : value;
  }
  const said = stable(args);
  if (typeof value === "string") return `${value}${said}`;
  if (typeof value === "number") {
    let sum = value % 1000;
    for (const letter of said) sum = (sum * 31 + letter.charCodeAt(0)) % 1_000_003;
    return sum;
  }
  return value;
}

/** JSON with sorted keys. */
function stable(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** Entities by their keys in one subgraph: type and key ▸ item. */
export function keyOf(fields: readonly Selected[], given: unknown): string | undefined {
  const read = (value: unknown, set: readonly Selected[]): unknown => {
    if (typeof value !== "object" || value === null) return undefined;
    const from = (isItem(value) ? value.values : value) as Record<string, unknown>;
    const parts = set.map(({ name, of }) => (of ? read(from[name], of) : from[name]));
    return parts.some((part) => part === undefined || part === null) ? undefined : parts;
  };
  const parts = read(given, fields);
  return parts === undefined ? undefined : JSON.stringify(parts);
}

/** The data as a text for people: entities once, and references to them. */
export function printData({ entities, roots }: Data): string {
  const lines: string[] = [];
  const names = new Map<Item, string>();
  for (const [type, items] of entities) items.forEach((item, index) => names.set(item, `${type}#${index}`));
  const print = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(print);
    if (!isItem(value)) return value;
    return names.get(value) ?? { __typename: value.type.name, ...body(value) };
  };
  const body = (item: Item): object => ({
    ...Object.fromEntries(Object.entries(item.values).map(([key, value]) => [key, print(value)])),
    ...(item.failing.size > 0 && { "(fails)": [...item.failing] }),
    ...(item.missingIn.size > 0 && { "(not found in)": [...item.missingIn] }),
  });
  for (const [item, name] of names) lines.push(`${name} ${JSON.stringify(body(item))}`);
  for (const [name, item] of roots) lines.push(`${name} ${JSON.stringify(body(item))}`);
  return lines.join("\n");
}
