// What a supergraph says of each type and field in each subgraph: its @key, whether it is @external there, what it @provides and
// what it @requires.
import {
  Kind,
  parse,
  type DocumentNode,
  type InterfaceTypeDefinitionNode,
  type ObjectTypeDefinitionNode,
  type SelectionSetNode,
  type TypeNode,
} from "graphql";
import { argumentsOf } from "../supergraph/links.ts";

export interface SubgraphField {
  /** Named type of its values. */
  readonly type: string;
  /** The subgraph knows it, and resolves it only where it is provided. */
  readonly external: boolean;
  readonly provides: string | null;
  readonly requires: string | null;
}

export interface Ownership {
  /** Any field is external anywhere. */
  readonly hasExternal: boolean;
  /** undefined: the subgraph does not have the field. */
  field(subgraph: string, type: string, field: string): SubgraphField | undefined;
  /** The field sets by which the subgraph can be asked for entities of the type. */
  keys(subgraph: string, type: string): readonly string[];
  /** The object types that a type can stand for. */
  possible(type: string): readonly string[];
  /** A type, and the object types that it can stand for in a subgraph. */
  typesIn(subgraph: string, type: string): readonly string[];
}

type TypeNodes = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

export function readOwnership(document: DocumentNode): Ownership {
  const graphs = subgraphNames(document);
  const types = document.definitions.filter(
    (node): node is TypeNodes =>
      node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION,
  );
  const typeOf = new Map<string, string>();
  for (const type of types)
    for (const field of type.fields ?? [])
      typeOf.set(`${type.name.value}.${field.name.value}`, named(field.type));

  const fields = new Map<string, SubgraphField>();
  const keys = new Map<string, string[]>();
  const possible = new Map<string, string[]>();
  const add = (abstract: string, type: string): void =>
    void possible.set(abstract, [...(possible.get(abstract) ?? []), type]);
  for (const type of types) {
    const name = type.name.value;
    if (type.kind === Kind.OBJECT_TYPE_DEFINITION)
      for (const each of type.interfaces ?? []) add(each.name.value, name);
    for (const { graph, key, resolvable } of argumentsOf(type.directives, "join__type")) {
      const place = `${graphs.get(String(graph))} ${name}`;
      const found = keys.get(place) ?? [];
      keys.set(place, typeof key === "string" && resolvable !== false ? [...found, key] : found);
    }
  }
  for (const node of document.definitions)
    if (node.kind === Kind.UNION_TYPE_DEFINITION)
      for (const each of node.types ?? []) add(node.name.value, each.name.value);
  let hasExternal = false;
  for (const type of types)
    for (const field of type.fields ?? []) {
      const coordinate = `${type.name.value}.${field.name.value}`;
      for (const { graph, external, provides, requires } of placesOf(type, field)) {
        const key = `${graphs.get(String(graph))} ${coordinate}`;
        const isExternal = external === true;
        hasExternal ||= isExternal;
        fields.set(key, {
          type: typeOf.get(coordinate)!,
          external: isExternal,
          provides: typeof provides === "string" ? provides : null,
          requires: typeof requires === "string" ? requires : null,
        });
      }
    }
  return {
    hasExternal,
    field: (subgraph, type, field) => fields.get(`${subgraph} ${type}.${field}`),
    keys: (subgraph, type) => keys.get(`${subgraph} ${type}`) ?? [],
    possible: (type) => possible.get(type) ?? [],
    typesIn: (subgraph, type) => [
      type,
      ...(possible.get(type) ?? []).filter((each) => keys.has(`${subgraph} ${each}`)),
    ],
  };
}

/** Reads a field set, as @provides and @requires have it. */
export function fieldSet(text: string): SelectionSetNode {
  const parsed = parse(`{${text}}`, { noLocation: true }).definitions[0];
  if (parsed?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`Not a field set: ${text}`);
  return parsed.selectionSet;
}

/** A field that names no subgraph is in each that has its type. */
function placesOf(
  type: TypeNodes,
  field: NonNullable<TypeNodes["fields"]>[number],
): readonly Readonly<Record<string, unknown>>[] {
  const placed = argumentsOf(field.directives, "join__field").filter(({ graph }) => graph !== undefined);
  return placed.length > 0 ? placed : argumentsOf(type.directives, "join__type");
}

function subgraphNames(document: DocumentNode): ReadonlyMap<string, string> {
  const graphs = document.definitions.find(
    (node) => node.kind === Kind.ENUM_TYPE_DEFINITION && node.name.value === "join__Graph",
  );
  const values = graphs?.kind === Kind.ENUM_TYPE_DEFINITION ? (graphs.values ?? []) : [];
  return new Map(
    values.map((value) => [
      value.name.value,
      argumentsOf(value.directives, "join__graph")[0]?.name as string,
    ]),
  );
}

function named(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : named(type.type);
}
