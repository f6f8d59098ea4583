// Which entities an answer holds: an operation that asks for their keys too, and the keys in what comes back. So a
// change of an entity finds the cards that show it, and an owner's access log says what was read. Keys only.
import {
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  visit,
  visitWithTypeInfo,
  TypeInfo,
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  type SelectionNode,
} from "graphql";
import type { Operation } from "../operation/prepare.ts";
import { KEY_PREFIX } from "../operation/reserved.ts";
import { isObject, visitOnce, type Json, type ResponsePath } from "./data.ts";

/** An entity by its key, as text. */
export interface EntityRef {
  readonly type: string;
  readonly key: Readonly<Record<string, unknown>>;
}

/** Entity type ▸ the fields of the key by which it is named. */
export type EntityKeys = ReadonlyMap<string, readonly string[]>;

/** Each type has response keys of its own: fields of one response key must be of one type wherever they may meet. */
const aliasOf = (type: string, field: string): string => `${KEY_PREFIX}${type}_${field}`;

/** Under which a mutation's answer says why it was refused, whether its client asks or not. */
export const ERRORS_KEY: string = `${KEY_PREFIX}errors`;

/** Object types of an interface for which keys are asked: an interface of very many would make the text very long. */
const MOST_TYPES = 20;

/** An operation ▸ the one that asks, beside what it asks, for the type and the key of every entity on its way. */
export function createKeyed(
  schema: GraphQLSchema,
  entities: EntityKeys,
): (operation: Operation) => Operation {
  const known = new WeakMap<Operation, Operation>();
  return (operation) => {
    let keyed = known.get(operation);
    if (!keyed) known.set(operation, (keyed = withKeys(operation, schema, entities)));
    return keyed;
  };
}

function withKeys(operation: Operation, schema: GraphQLSchema, entities: EntityKeys): Operation {
  const typeInfo = new TypeInfo(schema);
  const added = (type: GraphQLNamedType): SelectionNode[] => {
    if (isObjectType(type))
      return [...keyFields(type.name, entities), ...(operation.kind === "mutation" ? errorFields(type) : [])];
    // What an interface stands for is an entity of some type.
    const types = isInterfaceType(type) ? schema.getPossibleTypes(type) : [];
    return types.slice(0, MOST_TYPES).flatMap(({ name }): SelectionNode[] => {
      const fields = keyFields(name, entities);
      return fields.length === 0 ? [] : [inlineFragment(name, fields)];
    });
  };
  const definition = visit(
    operation.definition,
    visitWithTypeInfo(typeInfo, {
      SelectionSet(node) {
        const parent = typeInfo.getParentType();
        const more = parent ? added(getNamedType(parent)) : [];
        return more.length === 0 ? undefined : { ...node, selections: [...node.selections, ...more] };
      },
    }),
  );
  return { ...operation, digest: `${operation.digest} with keys`, definition };
}

function keyFields(type: string, entities: EntityKeys): FieldNode[] {
  const keys = entities.get(type);
  return keys ? [field("__typename"), ...keys.map((key) => field(key, aliasOf(type, key)))] : [];
}

function errorFields(type: GraphQLNamedType): FieldNode[] {
  const errors = isObjectType(type) ? type.getFields()["userErrors"] : undefined;
  const error = errors && getNamedType(errors.type);
  if (!isObjectType(error) || !error.getFields()["code"]) return [];
  return [
    {
      ...field("userErrors", ERRORS_KEY),
      selectionSet: { kind: Kind.SELECTION_SET, selections: [field("code")] },
    },
  ];
}

/** The entities in a result of such an operation, each once. */
export function entitiesIn(
  { data, shared }: { readonly data: unknown; readonly shared: ReadonlySet<unknown> },
  entities: EntityKeys,
): EntityRef[] {
  const found = new Map<string, EntityRef>();
  const enter = visitOnce(shared);
  const visitValue = (value: unknown): void => {
    if (typeof value !== "object" || value === null || !enter(value)) return;
    if (Array.isArray(value)) return value.forEach(visitValue);
    const entity = isObject(value) ? entityOf(value, entities) : undefined;
    if (entity) found.set(JSON.stringify(entity), entity);
    Object.values(value).forEach(visitValue);
  };
  visitValue(data);
  return [...found.values()];
}

function entityOf(object: Json, entities: EntityKeys): EntityRef | undefined {
  const type = object["__typename"];
  const names = typeof type === "string" ? entities.get(type) : undefined;
  if (typeof type !== "string" || !names) return undefined;
  const key: Record<string, string> = {};
  for (const name of names) {
    const part = object[aliasOf(type, name)];
    if (typeof part !== "string" && typeof part !== "number") return undefined;
    key[name] = String(part);
  }
  return { type, key };
}

/** Where the client asked for what went wrong: for a key that was asked beside, that is its object. */
export function withoutKey(path: ResponsePath): ResponsePath {
  const at = path.findIndex((step) => typeof step === "string" && step.startsWith(KEY_PREFIX));
  return at === -1 ? path : path.slice(0, at);
}

function field(name: string, alias?: string): FieldNode {
  return {
    kind: Kind.FIELD,
    name: { kind: Kind.NAME, value: name },
    ...(alias && { alias: { kind: Kind.NAME, value: alias } }),
  };
}

function inlineFragment(type: string, selections: readonly FieldNode[]): SelectionNode {
  return {
    kind: Kind.INLINE_FRAGMENT,
    typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type } },
    selectionSet: { kind: Kind.SELECTION_SET, selections },
  };
}
