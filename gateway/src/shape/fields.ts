// Which fields an object of a type has in a response, and in which order. Implements "Collecting fields" and "Merging
// selection sets" of the GraphQL specification, of operations from which what is skipped has been taken.
import {
  isAbstractType,
  Kind,
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type SelectionSetNode,
} from "graphql";

export interface CollectedField {
  readonly responseKey: string;
  readonly name: string;
  readonly selectionSets: readonly SelectionSetNode[];
}

export function collectFields(
  schema: GraphQLSchema,
  runtime: GraphQLObjectType,
  selectionSets: readonly SelectionSetNode[],
): readonly CollectedField[] {
  const byKey = new Map<string, FieldNode[]>();
  const visit = (set: SelectionSetNode): void => {
    for (const node of set.selections) {
      if (node.kind === Kind.FIELD) {
        const key = node.alias?.value ?? node.name.value;
        const nodes = byKey.get(key);
        if (nodes) nodes.push(node);
        else byKey.set(key, [node]);
      } else if (
        node.kind === Kind.INLINE_FRAGMENT &&
        applies(schema, runtime, node.typeCondition?.name.value)
      ) {
        visit(node.selectionSet);
      }
    }
  };
  for (const set of selectionSets) visit(set);
  return [...byKey].map(([responseKey, nodes]) => ({
    responseKey,
    name: nodes[0]!.name.value,
    selectionSets: nodes.flatMap((node) => node.selectionSet ?? []),
  }));
}

function applies(schema: GraphQLSchema, runtime: GraphQLObjectType, condition: string | undefined): boolean {
  if (condition === undefined || condition === runtime.name) return true;
  const type = schema.getType(condition);
  return isAbstractType(type) && schema.isSubType(type, runtime);
}

/** Every response key that is asked of whichever object stands there. */
export function keysIn(selectionSets: readonly SelectionSetNode[]): ReadonlySet<string> {
  const keys = new Set<string>();
  const visit = (set: SelectionSetNode): void => {
    for (const node of set.selections) {
      if (node.kind === Kind.FIELD) keys.add(node.alias?.value ?? node.name.value);
      else if (node.kind === Kind.INLINE_FRAGMENT) visit(node.selectionSet);
    }
  };
  for (const set of selectionSets) visit(set);
  return keys;
}
