// A random graph before it is text: which types and fields there are, and which subgraph resolves what.

export interface Model {
  readonly subgraphs: readonly string[];
  readonly enums: readonly EnumModel[];
  readonly scalars: readonly string[];
  readonly inputs: readonly InputModel[];
  readonly objects: ReadonlyMap<string, ObjectModel>;
  readonly abstracts: ReadonlyMap<string, AbstractModel>;
  /** What its subgraphs say of who may see what. */
  words?: Words;
}

/** Directives as they are written, where there are any. */
export interface Words {
  /** What is imported for them. */
  readonly imports: readonly string[];
  /** Subgraph and type, or field, for example `harbor Order.count` ▸ ` @policy(…)`. */
  readonly at: ReadonlyMap<string, string>;
}

export interface EnumModel {
  readonly name: string;
  readonly values: readonly string[];
  /** Of an enum that is only shown: the values that a subgraph knows; the first is known to all. */
  readonly known: ReadonlyMap<string, readonly string[]>;
}

export interface InputModel {
  readonly name: string;
  readonly fields: readonly ArgumentModel[];
}

export interface ArgumentModel {
  readonly name: string;
  readonly type: string;
  /** As it is written in the schema. */
  readonly initial?: string;
}

export interface ObjectModel {
  readonly kind: "root" | "entity" | "value";
  readonly name: string;
  /** Of an entity: the keys by which each subgraph knows it. */
  readonly keys: Map<string, KeyModel[]>;
  readonly fields: FieldModel[];
  /** Where it is defined. Of a value type, each of them defines it whole. */
  readonly subgraphs: Set<string>;
}

export interface KeyModel {
  readonly fields: readonly Selected[];
  readonly resolvable: boolean;
}

/** A field set, as in `@key`, `@requires` and `@provides`. */
export interface Selected {
  readonly name: string;
  readonly args?: Readonly<Record<string, number | string>>;
  readonly of?: readonly Selected[];
}

export interface Signature {
  readonly name: string;
  /** As in GraphQL: `[[Order!]]!`. */
  readonly type: string;
  readonly args: readonly ArgumentModel[];
}

export interface FieldModel extends Signature {
  /** The subgraphs that resolve it. Of a value type: wherever it is defined. */
  owners: string[];
  /** The owner computes it from these fields of other subgraphs. */
  requires?: readonly Selected[];
  /** Subgraph ▸ what it can say of the object at the end of this field, though others own it. */
  readonly provides: Map<string, readonly Selected[]>;
  /** Subgraphs that only name it. */
  readonly external: Set<string>;
  /** The subgraph that used to resolve it, and must never be asked for it again. */
  overridden?: string;
  inaccessible?: boolean;
  /** Another subgraph gives it on some way (`@provides`). */
  given?: boolean;
  /** Owners that declare it non-null where others do not. */
  readonly strict: Set<string>;
  /** Other subgraphs depend on it: it never fails. */
  safe: boolean;
}

export interface AbstractModel {
  readonly kind: "interface" | "union";
  readonly name: string;
  readonly members: readonly string[];
  /** Subgraph ▸ the members it knows; the first member is known to all of them. */
  readonly known: Map<string, string[]>;
  /** Of an interface: what all its members have. */
  readonly contract: readonly Signature[];
  /** Of an interface of entities with `@key(fields: "id")`: where it is one, and where it is an `@interfaceObject`. */
  readonly keyed?: {
    readonly subgraph: string;
    readonly objectIn: string;
    readonly extra: readonly string[];
  };
}

/** A model under way, with the signature of each field name, so that equal names are equal fields. */
export interface Draft extends Model {
  readonly objects: Map<string, ObjectModel>;
  readonly abstracts: Map<string, AbstractModel>;
  readonly signatures: Map<string, Signature>;
}

export function newField(signature: Signature, owners: readonly string[]): FieldModel {
  return {
    ...signature,
    owners: [...owners],
    provides: new Map(),
    external: new Set(),
    strict: new Set(),
    safe: false,
  };
}

export function namedType(type: string): string {
  return type.replaceAll(/[[\]!]/g, "");
}

export function isList(type: string): boolean {
  return type.startsWith("[");
}

export function ownersOf(type: ObjectModel, field: FieldModel): readonly string[] {
  return type.kind === "value" ? [...type.subgraphs] : field.owners;
}

export function fieldOf(type: ObjectModel, name: string): FieldModel {
  const field = type.fields.find((each) => each.name === name);
  if (!field) throw new Error(`${type.name} has no field ${name}.`);
  return field;
}

/** Fields of the type that some key of this subgraph begins with. */
export function keyFields(type: ObjectModel, subgraph: string): Set<string> {
  return new Set((type.keys.get(subgraph) ?? []).flatMap(({ fields }) => fields.map(({ name }) => name)));
}

/** What a subgraph declares of an interface: what all the members that it knows resolve there. */
export function declaredContract(model: Model, abstract: AbstractModel, subgraph: string): Signature[] {
  const members = abstract.known.get(subgraph)!.map((name) => model.objects.get(name)!);
  return abstract.contract.filter(({ name }) =>
    members.every(
      (member) =>
        ownersOf(member, fieldOf(member, name)).includes(subgraph) || keyFields(member, subgraph).has(name),
    ),
  );
}

/** The subgraphs whose schemas have a type: those that have some field of it. */
export function definersOf(type: ObjectModel): readonly string[] {
  const all = type.fields.flatMap((field) => [
    ...resolversOf(type, field),
    ...field.external,
    ...(field.overridden ? [field.overridden] : []),
  ]);
  return [...type.subgraphs].filter((subgraph) => all.includes(subgraph));
}

/** The subgraphs that resolve a field, or have it as part of a key. */
export function resolversOf(type: ObjectModel, field: FieldModel): readonly string[] {
  const known = [...type.subgraphs].filter((subgraph) => keyFields(type, subgraph).has(field.name));
  return [...new Set([...ownersOf(type, field), ...known])];
}

export function printSelected(set: readonly Selected[]): string {
  return set
    .map(({ name, args, of }) => {
      const given = Object.entries(args ?? {}).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
      return `${name}${given.length > 0 ? `(${given.join(", ")})` : ""}${of ? ` { ${printSelected(of)} }` : ""}`;
    })
    .join(" ");
}
