// Which fields an object of a type has in a response, in which order, and under which conditions. Implements
// "Collecting fields" and "Merging selection sets" of the GraphQL specification.
import {
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isAbstractType,
  Kind,
  type ConstValueNode,
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from "graphql";

export type Variables = Readonly<Record<string, unknown>>;
export type Condition = (variables: Variables) => boolean;

export interface CollectedField {
  readonly responseKey: string;
  readonly name: string;
  readonly selectionSets: readonly SelectionSetNode[];
  /** null: always there. */
  readonly included: Condition | null;
}

export function collectFields(
  schema: GraphQLSchema,
  runtime: GraphQLObjectType,
  selectionSets: readonly SelectionSetNode[],
): readonly CollectedField[] {
  const byKey = new Map<string, { nodes: FieldNode[]; conditions: Condition[]; always: boolean }>();
  const visit = (set: SelectionSetNode, outer: readonly Condition[]): void => {
    for (const node of set.selections) {
      const own = conditionOf(node);
      const conditions = own ? [...outer, own] : outer;
      if (node.kind === Kind.FIELD) {
        const key = node.alias?.value ?? node.name.value;
        let entry = byKey.get(key);
        if (!entry) byKey.set(key, (entry = { nodes: [], conditions: [], always: false }));
        entry.nodes.push(node);
        if (conditions.length === 0) entry.always = true;
        else entry.conditions.push((variables) => conditions.every((each) => each(variables)));
      } else if (
        node.kind === Kind.INLINE_FRAGMENT &&
        applies(schema, runtime, node.typeCondition?.name.value)
      ) {
        visit(node.selectionSet, conditions);
      }
    }
  };
  for (const set of selectionSets) visit(set, []);
  return [...byKey].map(([responseKey, { nodes, conditions, always }]) => ({
    responseKey,
    name: nodes[0]!.name.value,
    selectionSets: nodes.flatMap((node) => node.selectionSet ?? []),
    included: always ? null : (variables) => conditions.some((each) => each(variables)),
  }));
}

function applies(schema: GraphQLSchema, runtime: GraphQLObjectType, condition: string | undefined): boolean {
  if (condition === undefined || condition === runtime.name) return true;
  const type = schema.getType(condition);
  return isAbstractType(type) && schema.isSubType(type, runtime);
}

/** @skip and @include. null: there is neither. */
function conditionOf(node: SelectionNode): Condition | null {
  const skip = argumentOf(node, GraphQLSkipDirective.name);
  const include = argumentOf(node, GraphQLIncludeDirective.name);
  if (!skip && !include) return null;
  return (variables) => !(skip?.(variables) ?? false) && (include?.(variables) ?? true);
}

function argumentOf(node: SelectionNode, directive: string): Condition | null {
  const found = node.directives?.find(({ name }) => name.value === directive);
  const value: ValueNode | ConstValueNode | undefined = found?.arguments?.[0]?.value;
  if (!value) return null;
  if (value.kind === Kind.VARIABLE) {
    const name = value.name.value;
    return (variables) => variables[name] === true;
  }
  const fixed = value.kind === Kind.BOOLEAN && value.value;
  return () => fixed;
}
