// Fields of the root that ask about the schema are answered here, from what clients may see of it.
import {
  execute,
  Kind,
  print,
  type FieldNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";
import { JuntoError } from "../errors/index.ts";
import type { Variables } from "../operation/variables.ts";

/** What an operation asks about the schema, and what it asks of subgraphs; null: nothing. */
export interface SplitOperation {
  readonly introspection: OperationDefinitionNode | null;
  readonly rest: OperationDefinitionNode | null;
}

export function splitIntrospection(definition: OperationDefinitionNode | null): SplitOperation {
  const fields = definition ? rootFields(definition.selectionSet) : [];
  const only = (kept: readonly FieldNode[]): OperationDefinitionNode | null =>
    kept.length === 0
      ? null
      : { ...definition!, selectionSet: { kind: Kind.SELECTION_SET, selections: kept } };
  const isIntrospection = ({ name }: FieldNode): boolean => name.value.startsWith("__");
  if (!fields.some(isIntrospection)) return { introspection: null, rest: only(fields) && definition };
  return {
    introspection: only(fields.filter(isIntrospection)),
    rest: only(fields.filter((node) => !isIntrospection(node))),
  };
}

/** Without the fragments around them: there is one root type. */
function rootFields({ selections }: SelectionSetNode): FieldNode[] {
  return selections.flatMap((node) => {
    if (node.kind === Kind.FIELD) return [node];
    return node.kind === Kind.INLINE_FRAGMENT ? rootFields(node.selectionSet) : [];
  });
}

/** @throws JuntoError BAD_REQUEST */
export async function introspect(
  schema: GraphQLSchema,
  definition: OperationDefinitionNode,
  variables: Variables,
): Promise<object> {
  const result = await execute({
    schema,
    document: { kind: Kind.DOCUMENT, definitions: [definition] },
    variableValues: variables,
  });
  if (result.errors)
    throw new JuntoError(
      "BAD_REQUEST",
      `Introspection: ${result.errors[0]!.message} (${print(definition).length} characters)`,
    );
  return result.data ?? {};
}
