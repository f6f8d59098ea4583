// The part of the groups subgraph's schema that follows from the graph: the entities a card can be about.
import {
  Kind,
  parse,
  print,
  type DocumentNode,
  type FieldDefinitionNode,
  type ObjectTypeDefinitionNode,
} from "graphql";

/** An entity type of some subgraph, with its first key that is made of plain fields. */
export interface EntityKeyFields {
  readonly type: string;
  /** Field name ▸ type, for example `{ id: "ID!" }`. */
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * What is appended to schema/groups.graphql: one stub for each entity, the union `CardEntity`, and the fields
 * by which a card's entity is reached: `Query.entity` and `Card.entity`.
 */
export function entityTypeDefs(entities: readonly EntityKeyFields[]): string {
  if (entities.length === 0) return "";
  const sorted = [...entities].sort((a, b) => (a.type < b.type ? -1 : 1));
  const stubs = sorted.map(({ type, fields }) => {
    const names = Object.keys(fields);
    const body = names.map((name) => `  ${name}: ${fields[name]}`).join("\n");
    return `type ${type} @key(fields: "${names.join(" ")}", resolvable: false) {\n${body}\n}`;
  });
  return `
"Every entity of the graph that a card can be about."
union CardEntity = ${sorted.map(({ type }) => type).join(" | ")}

${stubs.join("\n\n")}

extend type Query {
  "An entity by its key, as it comes out for who asks; in a group, when one is named."
  entity(type: String!, key: JSON!, groupId: ID @group): CardEntity
}

extend type Card {
  "The entity that the card is about, typed, for clients with a selection of their own."
  entity: CardEntity
}
`;
}

/**
 * The entities that subgraph schemas define, each once. Types whose every key is nested are left out, and so are
 * interfaces, which some subgraphs define as objects (`@interfaceObject`).
 */
export function entitiesOf(subgraphs: readonly { readonly sdl: string }[]): EntityKeyFields[] {
  const documents = subgraphs.map(({ sdl }) => parse(sdl));
  const interfaces = new Set(documents.flatMap(interfaceNames));
  const found = new Map<string, EntityKeyFields>();
  for (const document of documents) {
    for (const type of objectTypes(document)) {
      if (interfaces.has(type.name.value)) continue;
      const fields = plainKey(type);
      if (fields && !found.has(type.name.value))
        found.set(type.name.value, { type: type.name.value, fields });
    }
  }
  return [...found.values()];
}

function objectTypes(document: DocumentNode): ObjectTypeDefinitionNode[] {
  return document.definitions.filter((node) => node.kind === Kind.OBJECT_TYPE_DEFINITION);
}

function interfaceNames(document: DocumentNode): string[] {
  return document.definitions.flatMap((node) =>
    node.kind === Kind.INTERFACE_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_EXTENSION
      ? [node.name.value]
      : [],
  );
}

function plainKey(type: ObjectTypeDefinitionNode): Record<string, string> | undefined {
  const byName = new Map<string, FieldDefinitionNode>(type.fields?.map((field) => [field.name.value, field]));
  for (const directive of type.directives ?? []) {
    if (directive.name.value !== "key") continue;
    const value = directive.arguments?.find((argument) => argument.name.value === "fields")?.value;
    if (value?.kind !== Kind.STRING || value.value.includes("{")) continue;
    const names = value.value.trim().split(/[\s,]+/);
    if (names.every((name) => byName.has(name)))
      return Object.fromEntries(names.map((name) => [name, print(byName.get(name)!.type)]));
  }
  return undefined;
}
