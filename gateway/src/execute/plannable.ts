// An operation as it is planned: what it asks, and what the gateway needs to put the answers together.
//
// - An alias may be the name of another field of the same object, and that field may be its key: with
//   `{ product { id: code name } }` the name of another product would be fetched. Such an alias is given another name
//   on the way, and its own again in the end.
// - Of what an interface or a union stands for, the type is asked: what is shown depends on it.
import {
  getNamedType,
  isAbstractType,
  isObjectType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type FieldNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from "graphql";
import { isObject, visitOnce, type Json } from "./data.ts";
import type { Execution } from "./execute.ts";

export interface Plannable {
  readonly definition: OperationDefinitionNode;
  /** Gives a result the response keys that the client chose. */
  readonly restore: (execution: Execution) => Execution;
}

/** A client's own alias that begins so is given another name too: what begins so is always ours. */
const PREFIX = "junto_as_";

export function plannable(schema: GraphQLSchema, definition: OperationDefinitionNode): Plannable {
  const typeInfo = new TypeInfo(schema);
  let renamed = false;
  const planned = visit(
    definition,
    visitWithTypeInfo(typeInfo, {
      Field(node) {
        const alias = node.alias?.value;
        const rename = alias !== undefined && alias !== node.name.value && isTaken(alias, typeInfo, schema);
        const type = typeInfo.getType();
        const untyped = node.selectionSet && isAbstractType(type && getNamedType(type));
        if (!rename && !untyped) return undefined;
        renamed ||= rename;
        return {
          ...node,
          ...(rename && { alias: { kind: Kind.NAME, value: PREFIX + alias } }),
          ...(untyped && { selectionSet: withTypename(node.selectionSet) }),
        };
      },
    }),
  );
  if (!renamed) return { definition: planned, restore: (execution) => execution };
  return {
    definition: planned,
    restore(execution) {
      restoreIn(execution.data, planned.selectionSet, visitOnce(execution.shared));
      const errors = execution.errors.map((error) => ({ ...error, path: error.path.map(clientsKey) }));
      return { ...execution, errors };
    },
  };
}

function withTypename(set: SelectionSetNode): SelectionSetNode {
  const isTypename = (node: SelectionNode): boolean =>
    node.kind === Kind.FIELD && node.name.value === "__typename" && !node.alias && !node.directives?.length;
  if (set.selections.some(isTypename)) return set;
  const typename: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: "__typename" } };
  return { ...set, selections: [...set.selections, typename] };
}

function isTaken(alias: string, typeInfo: TypeInfo, schema: GraphQLSchema): boolean {
  if (alias.startsWith(PREFIX)) return true;
  const parent = typeInfo.getParentType();
  const types = isAbstractType(parent)
    ? schema.getPossibleTypes(parent)
    : isObjectType(parent)
      ? [parent]
      : [];
  return types.some((type) => Object.hasOwn(type.getFields(), alias));
}

function restoreIn(value: unknown, set: SelectionSetNode, enter: (value: unknown) => boolean): void {
  if (!enter(value)) return;
  if (Array.isArray(value)) {
    for (const item of value) restoreIn(item, set, enter);
  } else if (isObject(value)) {
    const fields = fieldsOf(set);
    // First what lies below, by the keys under which it was fetched.
    for (const { key, below } of fields)
      if (below && Object.hasOwn(value, key)) restoreIn(value[key], below, enter);
    for (const { key } of fields) restoreKey(value, key);
  }
}

function restoreKey(object: Json, key: string): void {
  const own = clientsKey(key);
  if (own === key || !Object.hasOwn(object, key)) return;
  object[own as string] = object[key];
  delete object[key];
}

function clientsKey(key: string | number): string | number {
  return typeof key === "string" && key.startsWith(PREFIX) ? key.slice(PREFIX.length) : key;
}

function fieldsOf(set: SelectionSetNode): { key: string; below: FieldNode["selectionSet"] }[] {
  return set.selections.flatMap((node) => {
    if (node.kind === Kind.FIELD)
      return [{ key: node.alias?.value ?? node.name.value, below: node.selectionSet }];
    return node.kind === Kind.INLINE_FRAGMENT ? fieldsOf(node.selectionSet) : [];
  });
}
