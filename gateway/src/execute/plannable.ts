// An operation as it is planned: what it asks, and what the gateway needs to put the answers together.
//
// - An alias may be the name of another field of the same object, and that field may be its key: with
//   `{ product { id: code name } }` the name of another product would be fetched. A field with arguments may be what
//   another requires, without them or with others. Such fields have another key until the response is written.
// - Of what an interface or a union stands for, the type is asked: what is shown depends on it. Of an object of which
//   nothing is left to ask, too: it still says whether it is there.
import {
  getNamedType,
  isAbstractType,
  isInterfaceType,
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

/** A client's own alias that begins so is given another name too: what begins so is always ours. */
const PREFIX = "junto_as_";

/** The operation with the keys under which its fields are fetched. What is left out of it makes no difference to them. */
export function withOwnKeys(
  schema: GraphQLSchema,
  definition: OperationDefinitionNode,
): OperationDefinitionNode {
  const taken = fieldNames(schema);
  const rename = (set: SelectionSetNode, isRoot: boolean): SelectionSetNode => ({
    ...set,
    selections: set.selections.map((node) => {
      if (node.kind === Kind.FRAGMENT_SPREAD) return node;
      if (node.kind === Kind.INLINE_FRAGMENT)
        return { ...node, selectionSet: rename(node.selectionSet, isRoot) };
      const own = ownKey(node, isRoot, taken);
      return {
        ...node,
        ...(own !== null && { alias: { kind: Kind.NAME, value: own } }),
        ...(node.selectionSet && { selectionSet: rename(node.selectionSet, false) }),
      };
    }),
  });
  return { ...definition, selectionSet: rename(definition.selectionSet, true) };
}

/** null: the client's. It depends on the field alone, so that it is one wherever the same response key is asked. */
function ownKey(node: FieldNode, isRoot: boolean, taken: ReadonlySet<string>): string | null {
  if (node.name.value === "__schema" || node.name.value === "__type") return null; // answered here
  const key = node.alias?.value ?? node.name.value;
  const isAnother = key !== node.name.value && (taken.has(key) || key.startsWith(PREFIX));
  const isComputed = !isRoot && (node.arguments?.length ?? 0) > 0;
  return isAnother || isComputed ? PREFIX + key : null;
}

/** The response key that the client chose. */
export function clientsKey(key: string): string {
  return key.startsWith(PREFIX) ? key.slice(PREFIX.length) : key;
}

/** The keys under which a response key of the client's may have been fetched. */
export function ownKeys(clients: string): readonly string[] {
  return [clients, PREFIX + clients];
}

const known = new WeakMap<GraphQLSchema, ReadonlySet<string>>();

function fieldNames(schema: GraphQLSchema): ReadonlySet<string> {
  let names = known.get(schema);
  if (!names) {
    const types = Object.values(schema.getTypeMap()).filter(
      (type) => (isObjectType(type) || isInterfaceType(type)) && !type.name.startsWith("__"),
    );
    names = new Set(types.flatMap((type) => ("getFields" in type ? Object.keys(type.getFields()) : [])));
    known.set(schema, names);
  }
  return names;
}

export function plannable(
  schema: GraphQLSchema,
  definition: OperationDefinitionNode,
): OperationDefinitionNode {
  const typeInfo = new TypeInfo(schema);
  return visit(
    withOwnKeys(schema, definition),
    visitWithTypeInfo(typeInfo, {
      Field(node) {
        const type = typeInfo.getType();
        if (!node.selectionSet) return undefined;
        const isEmpty = node.selectionSet.selections.length === 0;
        if (!isEmpty && !isAbstractType(type && getNamedType(type))) return undefined;
        return { ...node, selectionSet: withTypename(node.selectionSet) };
      },
    }),
  );
}

function withTypename(set: SelectionSetNode): SelectionSetNode {
  const isTypename = (node: SelectionNode): boolean =>
    node.kind === Kind.FIELD && node.name.value === "__typename" && !node.alias && !node.directives?.length;
  if (set.selections.some(isTypename)) return set;
  const typename: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: "__typename" } };
  return { ...set, selections: [...set.selections, typename] };
}
