// Checks at start that schema, resolvers and entities go together, so that a typing error is not found in production.
import {
  isAbstractType,
  isEnumType,
  isObjectType,
  isScalarType,
  OperationTypeNode,
  type GraphQLSchema,
} from "graphql";
import type { Notes } from "./directives.ts";
import type { SubgraphOptions } from "./types.ts";

/** Throws, naming everything that is wrong. */
export function checkDefinition(
  schema: GraphQLSchema,
  notes: Notes,
  { resolvers, entities }: Pick<SubgraphOptions<any>, "resolvers" | "entities">,
): void {
  const wrong = [
    ...Object.entries(resolvers).flatMap(([type, fields]) => wrongResolvers(schema, type, fields)),
    ...wrongEntities(schema, notes, entities),
    ...wrongSubscriptions(schema),
    ...wrongPlaces(schema, notes, entities),
  ];
  if (wrong.length > 0) throw new TypeError(`The subgraph cannot start:\n- ${wrong.join("\n- ")}`);
}

function wrongResolvers(schema: GraphQLSchema, name: string, fields: object): readonly string[] {
  const type = schema.getType(name);
  if (!type) return [`resolvers name a type "${name}", which the schema does not have`];
  if (isScalarType(type)) return [];
  const known = new Set<string>(
    isEnumType(type)
      ? type.getValues().map((value) => value.name)
      : isObjectType(type)
        ? [...Object.keys(type.getFields()), "__isTypeOf"]
        : isAbstractType(type)
          ? ["__resolveType"]
          : [],
  );
  return Object.keys(fields)
    .filter((field) => !known.has(field))
    .map((field) =>
      field === "__resolveReference"
        ? `${name}.__resolveReference is made by the kit: write an entity "${name}"`
        : `resolvers name "${name}.${field}", which the schema does not have`,
    );
}

function wrongEntities(
  schema: GraphQLSchema,
  notes: Notes,
  entities: SubgraphOptions<any>["entities"],
): readonly string[] {
  const undefinedTypes = [...notes]
    .filter(([name, note]) => isObjectType(schema.getType(name)) && note.keys.length > 0 && !entities[name])
    .map(([name]) => `type "${name}" has a @key, but there is no entity to load it`);
  const wrongDefinitions = Object.entries(entities).flatMap(([name, { key = "id", maxBatch }]) => {
    const keys = notes.get(name)?.keys ?? [];
    return [
      ...(isObjectType(schema.getType(name)) ? [] : [`entity "${name}" is no object type of the schema`]),
      ...(keys.some((fields) => fields !== key)
        ? [`entity "${name}" is loaded by "${key}", but its type has @key(fields: "${keys.join('", "')}")`]
        : []),
      ...(maxBatch !== undefined && !(maxBatch >= 1) ? [`entity "${name}" has a maxBatch below 1`] : []),
    ];
  });
  return [...undefinedTypes, ...wrongDefinitions];
}

function wrongSubscriptions(schema: GraphQLSchema): readonly string[] {
  return Object.values(schema.getSubscriptionType()?.getFields() ?? {})
    .filter(({ subscribe }) => typeof subscribe !== "function")
    .map(({ name }) => `"Subscription.${name}" has no events: write a resolver with \`subscribe\``);
}

function wrongPlaces(
  schema: GraphQLSchema,
  notes: Notes,
  entities: SubgraphOptions<any>["entities"],
): readonly string[] {
  return [
    ...Object.values(OperationTypeNode).flatMap((kind) => {
      const root = schema.getRootType(kind);
      const name = kind[0]!.toUpperCase() + kind.slice(1);
      return root && root.name !== name ? [`the root type "${root.name}" must be named ${name}`] : [];
    }),
    ...[...notes]
      .filter(([name, note]) => note.scope && !isObjectType(schema.getType(name)))
      .map(([name]) => `@scope of "${name}" must stand on an object type`),
    ...[...notes].flatMap(([name, { scope }]) =>
      (scope?.via ?? [])
        .filter(({ type }) => !Object.hasOwn(entities, type))
        .map(({ type }) => `@scope of "${name}" leads over "${type}", but there is no entity to load it`),
    ),
  ];
}
