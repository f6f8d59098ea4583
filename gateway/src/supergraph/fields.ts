// What a supergraph says of each field: which subgraphs resolve it, what is asked of whoever wants to see it, and what
// it is computed from.
import {
  Kind,
  parse,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  type ObjectTypeDefinitionNode,
  type SelectionSetNode,
  type TypeNode,
} from "graphql";
import {
  asksAnything,
  asksOfTypes,
  both,
  createAsksReader,
  NOTHING_ASKED,
  type Asks,
  type ReadAsks,
} from "./authorization.ts";
import { GROUPS } from "./compose.ts";
import { argumentsOf } from "./links.ts";

/** What the owners said of one field. */
export interface FieldFacts {
  /** Names of the subgraphs that resolve it. */
  readonly subgraphs: readonly string[];
  /** It is reached through an entity or a root type, so that it is closed until somebody says otherwise. */
  readonly guarded: boolean;
  /** Of the field and of the type that it is a field of. */
  readonly asks: Asks;
  /** Who may have written the `@authenticated` in `asks`: the subgraphs that resolve the field, or all of its type. */
  readonly authenticatedBy: readonly string[];
  /** Of the types that stand at it: what it returns, and what its arguments take. */
  readonly besides: readonly Beside[];
  /**
   * Fields that whoever sees it must be allowed to see too: what it is computed from (`@requires`), of every type that it
   * can be of; and of a field that an `@interfaceObject` adds, the same of all its types. The subgraph that adds it cannot
   * tell them apart.
   */
  readonly requires: readonly FieldName[];
}

export interface Beside {
  readonly kind: "object" | "leaf";
  /** Names of the subgraphs that define the type. */
  readonly subgraphs: readonly string[];
  readonly asks: Asks;
}

export type FieldName = readonly [type: string, field: string];

export interface Fields {
  /** Facts of `Type.field`, or undefined for what the gateway adds (introspection). */
  of(type: string, field: string): FieldFacts | undefined;
  /** Policies that are named where a subgraph resolves something. */
  policiesAt(subgraph: string): ReadonlySet<string>;
  /** Scopes that are named anywhere. */
  readonly scopes: ReadonlySet<string>;
}

type TypeDefinition = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

export function readFields(document: DocumentNode, nameOf: (graph: string) => string): Fields {
  const reading = createReading(document, nameOf);
  const facts = new Map<string, FieldFacts>();
  for (const type of reading.types.values())
    for (const field of type.fields ?? [])
      facts.set(`${type.name.value}.${field.name.value}`, factsOf(reading, type, field));
  const policies = new Map<string, Set<string>>();
  const scopes = new Set<string>();
  for (const { subgraphs, asks, besides } of facts.values()) {
    const all = [asks, ...besides.map((beside) => beside.asks)];
    for (const name of all.flatMap((each) => each.scopes.flat())) scopes.add(name);
    for (const subgraph of subgraphs) {
      let names = policies.get(subgraph);
      if (!names) policies.set(subgraph, (names = new Set()));
      for (const name of all.flatMap((each) => each.policies.flat())) names.add(name);
    }
  }
  return {
    of: (type, field) => facts.get(`${type}.${field}`),
    policiesAt: (subgraph) => policies.get(subgraph) ?? new Set(),
    scopes,
  };
}

interface Reading {
  readonly types: ReadonlyMap<string, TypeDefinition>;
  readonly inputs: ReadonlyMap<string, readonly TypeNode[]>;
  readonly read: ReadAsks;
  readonly asksOf: ReadonlyMap<string, Asks>;
  /** Names of the subgraphs that define a type; the gateway's stubs of foreign entities define nothing. */
  readonly subgraphsOf: (type: string) => readonly string[];
  readonly nameOf: (graph: string) => string;
  /** The object types that something of this type can be. */
  readonly possible: (type: string) => readonly string[];
}

function createReading(document: DocumentNode, nameOf: Reading["nameOf"]): Reading {
  const types = new Map<string, TypeDefinition>();
  const inputs = new Map<string, readonly TypeNode[]>();
  const subgraphs = new Map<string, readonly string[]>();
  const members = new Map<string, string[]>();
  for (const node of document.definitions) {
    if (!("name" in node) || !node.name) continue;
    const name = node.name.value;
    const joins = argumentsOf(node.directives as readonly ConstDirectiveNode[] | undefined, "join__type");
    const all = [...new Set(joins.map(({ graph }) => nameOf(String(graph))))];
    const foreign = all.filter((each) => each !== GROUPS);
    const isStub = foreign.length > 0 && joins.some(({ key }) => key !== undefined);
    subgraphs.set(name, isStub ? foreign : all);
    if (node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION) {
      types.set(name, node);
      if (node.kind === Kind.OBJECT_TYPE_DEFINITION)
        for (const each of [name, ...(node.interfaces ?? []).map((one) => one.name.value)])
          members.set(each, [...(members.get(each) ?? []), name]);
    }
    if (node.kind === Kind.UNION_TYPE_DEFINITION)
      members.set(
        name,
        (node.types ?? []).map((each) => each.name.value),
      );
    if (node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION)
      inputs.set(
        name,
        (node.fields ?? []).map(({ type }) => type),
      );
  }
  const read = createAsksReader(document);
  return {
    types,
    inputs,
    read,
    asksOf: asksOfTypes(document, read),
    subgraphsOf: (type) => subgraphs.get(type) ?? [],
    nameOf,
    possible: (type) => members.get(type) ?? [],
  };
}

function factsOf(reading: Reading, type: TypeDefinition, field: FieldDefinitionNode): FieldFacts {
  const { read, subgraphsOf, types, possible } = reading;
  const from = interfaceObjectField(reading, type, field);
  const joined = from.map((each) => joinsOf(reading, each.type, each.field));
  const subgraphs = [...new Set(joined.flatMap((each) => each.subgraphs))];
  const ofType = read(type.directives);
  const ofField = read(field.directives);
  return {
    subgraphs,
    guarded: isEntity(type) || ROOTS.has(type.name.value),
    asks: both(ofType, ofField),
    authenticatedBy: ofField.authenticated ? subgraphs : subgraphsOf(type.name.value),
    besides: besidesOf(reading, field),
    requires: [
      ...joined.flatMap(({ requires }) =>
        requires.flatMap((set) => fieldsIn(parseSet(set), [type.name.value], types, possible)),
      ),
      ...from
        .filter((each) => each.type !== type)
        .flatMap((each) => possible(each.type.name.value))
        .map((name): FieldName => [name, field.name.value])
        .filter(([name]) => name !== type.name.value),
    ],
  };
}

const ROOTS: ReadonlySet<string> = new Set(["Query", "Mutation", "Subscription"]);

function isEntity(type: TypeDefinition): boolean {
  return argumentsOf(type.directives, "join__type").some(({ key }) => typeof key === "string");
}

/**
 * Where the joins of a field stand: at the field itself; for one that an `@interfaceObject` adds to an object, at the
 * interfaces that the object implements. Composition marks those with a `@join__field` that names no graph.
 */
function interfaceObjectField(
  { types }: Reading,
  type: TypeDefinition,
  field: FieldDefinitionNode,
): readonly { readonly type: TypeDefinition; readonly field: FieldDefinitionNode }[] {
  const marked = argumentsOf(field.directives, "join__field");
  const own = { type, field };
  if (type.kind !== Kind.OBJECT_TYPE_DEFINITION || !marked.some(({ graph }) => graph === undefined))
    return [own];
  const added = (type.interfaces ?? []).flatMap(({ name }) => {
    const from = types.get(name.value);
    const same = from?.fields?.find((each) => each.name.value === field.name.value);
    return from && same ? [{ type: from, field: same }] : [];
  });
  return marked.some(({ graph }) => graph !== undefined) ? [own, ...added] : added;
}

/** Who resolves a field, and the field sets that it requires. */
function joinsOf(
  { subgraphsOf, nameOf }: Reading,
  type: TypeDefinition,
  field: FieldDefinitionNode,
): { readonly subgraphs: readonly string[]; readonly requires: readonly string[] } {
  const placed = argumentsOf(field.directives, "join__field").filter(({ graph }) => graph !== undefined);
  if (placed.length === 0) return { subgraphs: subgraphsOf(type.name.value), requires: [] };
  // A field that was moved away (@override) may still be named where it was, for the sake of a key.
  const resolving = placed.filter((join) => join.external !== true && join.usedOverridden !== true);
  const names = resolving.map(({ graph }) => nameOf(String(graph)));
  const foreign = names.filter((name) => name !== GROUPS);
  return {
    // The stubs that the gateway makes of foreign entities own nothing.
    subgraphs: isEntity(type) && foreign.length > 0 ? foreign : names,
    requires: resolving.flatMap(({ requires }) => (typeof requires === "string" ? [requires] : [])),
  };
}

function besidesOf({ asksOf, subgraphsOf, inputs, types }: Reading, field: FieldDefinitionNode): Beside[] {
  const named = new Set([namedType(field.type)]);
  const look = (name: string): void => {
    if (named.has(name)) return;
    named.add(name);
    for (const each of inputs.get(name) ?? []) look(namedType(each));
  };
  for (const { type } of field.arguments ?? []) look(namedType(type));
  return [...named].flatMap((name) => {
    const asks = asksOf.get(name) ?? NOTHING_ASKED;
    if (!asksAnything(asks)) return [];
    return { kind: types.has(name) ? "object" : "leaf", subgraphs: subgraphsOf(name), asks };
  });
}

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}

function parseSet(fieldSet: string): SelectionSetNode {
  const [node] = parse(`{${fieldSet}}`, { noLocation: true }).definitions;
  return (node as { readonly selectionSet: SelectionSetNode }).selectionSet;
}

/** Every field that a field set names, of every type that it can be of. */
function fieldsIn(
  { selections }: SelectionSetNode,
  parents: readonly string[],
  types: Reading["types"],
  possible: Reading["possible"],
): FieldName[] {
  const objects = [...new Set(parents.flatMap(possible))];
  return selections.flatMap((node): FieldName[] => {
    if (node.kind === Kind.FRAGMENT_SPREAD) return [];
    if (node.kind === Kind.INLINE_FRAGMENT)
      return fieldsIn(
        node.selectionSet,
        node.typeCondition ? [node.typeCondition.name.value] : parents,
        types,
        possible,
      );
    const { name, selectionSet } = node;
    const found = objects.flatMap(
      (type) => types.get(type)?.fields?.find((each) => each.name.value === name.value) ?? [],
    );
    const here = objects.map((type): FieldName => [type, name.value]);
    const below = found.map(({ type }) => namedType(type));
    return selectionSet ? [...here, ...fieldsIn(selectionSet, below, types, possible)] : here;
  });
}
