// Which entities of the subgraphs a card can name, and by which key. From the key alone every field of the entity must
// be reachable: the gateway's own subgraph knows nothing else of it.
import {
  Kind,
  parse,
  print,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
} from "graphql";
import { federationNames } from "./links.ts";

/** An entity type of some subgraph, with the key by which a card names it. */
export interface EntityKeyFields {
  readonly type: string;
  /** Field name ▸ type, for example `{ id: "ID!" }`. */
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * Each entity once, by its first key that will do: made of plain fields, and leading everywhere. A type without such a
 * key is left out, and so is what is an interface somewhere, and an object elsewhere (`@interfaceObject`).
 */
export function entityKeys(subgraphs: readonly DocumentNode[]): EntityKeyFields[] {
  const interfaces = new Set<string>();
  const places = new Map<string, Place[]>();
  for (const document of subgraphs) {
    const names = federationNames(document);
    for (const name of interfaceNames(document, names("interfaceObject"))) interfaces.add(name);
    for (const type of objectTypes(document)) {
      const name = type.name.value;
      places.set(name, [...(places.get(name) ?? []), placeOf(type, names)]);
    }
  }
  return [...places].flatMap(([type, all]) => {
    const key = all
      .flatMap((place) => place.keys.map((each) => plainKey(each, place)))
      .find((fields) => fields && leadsEverywhere(Object.keys(fields), all));
    return key && !interfaces.has(type) ? [{ type, fields: key }] : [];
  });
}

/** What one subgraph says of a type. */
interface Place {
  readonly fields: ReadonlyMap<string, FieldDefinitionNode>;
  /** Names of the fields that it resolves. */
  readonly own: readonly string[];
  readonly keys: readonly Key[];
}

interface Key {
  /** Names at the top of its field set. */
  readonly names: readonly string[];
  readonly nested: boolean;
  readonly resolvable: boolean;
}

type ObjectType = ObjectTypeDefinitionNode | ObjectTypeExtensionNode;

function objectTypes(document: DocumentNode): ObjectType[] {
  return document.definitions.filter(
    (node) => node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION,
  );
}

function interfaceNames(document: DocumentNode, interfaceObject: string): string[] {
  return document.definitions.flatMap((node) => {
    const is =
      node.kind === Kind.INTERFACE_TYPE_DEFINITION ||
      node.kind === Kind.INTERFACE_TYPE_EXTENSION ||
      ((node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION) &&
        node.directives?.some(({ name }) => name.value === interfaceObject));
    return is ? [node.name.value] : [];
  });
}

function placeOf(type: ObjectType, names: (directive: string) => string): Place {
  const isExternal = (field: FieldDefinitionNode): boolean =>
    field.directives?.some(({ name }) => name.value === names("external")) ?? false;
  const fields = type.fields ?? [];
  return {
    fields: new Map(fields.map((field) => [field.name.value, field])),
    own: fields.filter((field) => !isExternal(field)).map((field) => field.name.value),
    keys: (type.directives ?? []).filter(({ name }) => name.value === names("key")).flatMap(keyOf),
  };
}

function keyOf(directive: ConstDirectiveNode): Key[] {
  const value = (name: string) => directive.arguments?.find((each) => each.name.value === name)?.value;
  const fields = value("fields");
  const resolvable = value("resolvable");
  if (fields?.kind !== Kind.STRING) return [];
  const set = parse(`{${fields.value}}`, { noLocation: true }).definitions[0];
  if (set?.kind !== Kind.OPERATION_DEFINITION) return [];
  const selections = set.selectionSet.selections.filter((node) => node.kind === Kind.FIELD);
  return [
    {
      names: selections.map((node) => node.name.value),
      nested: selections.some((node) => node.selectionSet !== undefined),
      resolvable: resolvable?.kind !== Kind.BOOLEAN || resolvable.value,
    },
  ];
}

function plainKey(key: Key, place: Place): Record<string, string> | undefined {
  const fields = key.names.map((name) => place.fields.get(name));
  if (key.nested || fields.includes(undefined)) return undefined;
  return Object.fromEntries(fields.map((field) => [field!.name.value, print(field!.type)]));
}

/** Each subgraph that can be entered by what is known adds what it knows, until nothing is added. */
function leadsEverywhere(key: readonly string[], places: readonly Place[]): boolean {
  const known = new Set(key);
  const left = new Set(places);
  let grown = true;
  while (grown) {
    grown = false;
    for (const place of left) {
      const isOpen = place.keys.some(
        (each) => each.resolvable && each.names.every((name) => known.has(name)),
      );
      if (!isOpen) continue;
      for (const name of place.own) known.add(name);
      left.delete(place);
      grown = true;
    }
  }
  return places.every((place) => place.own.every((name) => known.has(name)));
}
