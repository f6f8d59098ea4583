// The part of the groups subgraph's schema that follows from the graph: the entities a card can be about.
import { Kind, parse, type DocumentNode } from "graphql";
import { entityKeys, type EntityKeyFields } from "./entity-keys.ts";

/** Scalars and enums by name; null: a scalar, else the values. */
export type LeafTypes = ReadonlyMap<string, ReadonlySet<string> | null>;

export interface Entities {
  readonly keys: readonly EntityKeyFields[];
  /** What keys may be made of, beside the scalars that every schema has. */
  readonly leaves: LeafTypes;
}

/**
 * The whole schema of the groups subgraph: schema/groups.graphql, then one stub for each entity, the union
 * `CardEntity`, and the fields by which a card's entity is reached: `Query.entity` and `Card.entity`.
 */
export function groupsTypeDefs(own: string, { keys, leaves }: Entities): string {
  if (keys.length === 0) return own;
  const sorted = [...keys].sort((a, b) => (a.type < b.type ? -1 : 1));
  const stubs = sorted.map(({ type, fields }) => {
    const names = Object.keys(fields);
    const body = names.map((name) => `  ${name}: ${fields[name]}`).join("\n");
    return `type ${type} @key(fields: "${names.join(" ")}", resolvable: false) {\n${body}\n}`;
  });
  return `${own}
"Every entity of the graph that a card can be about."
union CardEntity = ${sorted.map(({ type }) => type).join(" | ")}

${[...leafDefinitions(own, sorted, leaves), ...stubs].join("\n\n")}

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

/** The scalars and enums that stubs mention, without those that the groups subgraph has anyway. */
function leafDefinitions(own: string, keys: readonly EntityKeyFields[], leaves: LeafTypes): string[] {
  const there = new Set(
    parse(own).definitions.map((node) => ("name" in node ? node.name?.value : undefined)),
  );
  const mentioned = new Set(
    keys.flatMap(({ fields }) => Object.values(fields).map((type) => type.replace(/[^\w]/g, ""))),
  );
  return [...mentioned].sort().flatMap((name) => {
    const values = leaves.get(name);
    if (values === undefined || there.has(name)) return [];
    return values
      ? `enum ${name} {\n${[...values].map((value) => `  ${value}`).join("\n")}\n}`
      : `scalar ${name}`;
  });
}

/** What subgraph schemas define of entities, together. */
export function entitiesOf(subgraphs: readonly { readonly sdl: string }[]): Entities {
  const documents = subgraphs.map(({ sdl }) => parse(sdl));
  return { keys: entityKeys(documents), leaves: leavesOf(documents) };
}

/** Of an enum that is defined at several places: every value of any. */
export function leavesOf(documents: readonly DocumentNode[]): LeafTypes {
  const leaves = new Map<string, Set<string> | null>();
  for (const node of documents.flatMap(({ definitions }) => definitions)) {
    if (node.kind === Kind.SCALAR_TYPE_DEFINITION) leaves.set(node.name.value, null);
    if (node.kind !== Kind.ENUM_TYPE_DEFINITION && node.kind !== Kind.ENUM_TYPE_EXTENSION) continue;
    const values = leaves.get(node.name.value) ?? new Set();
    for (const value of node.values ?? []) values.add(value.name.value);
    leaves.set(node.name.value, values);
  }
  return leaves;
}
