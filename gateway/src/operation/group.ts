// In which group an operation is made: the arguments marked @group say so.
import { Kind, parse, valueFromASTUntyped, type ConstDirectiveNode } from "graphql";
import { JuntoError } from "../errors/index.ts";
import type { Operation } from "./prepare.ts";

/** @throws JuntoError BAD_REQUEST when an operation names more than one group. */
export type GroupOf = (operation: Operation, variables: Readonly<Record<string, unknown>>) => string | null;

/** Reads the marks from the schema of the gateway's own subgraph. */
export function createGroupOf(groupsTypeDefs: string): GroupOf {
  const marked = markedArguments(groupsTypeDefs);
  return (operation, variables) => {
    const groups = new Set<string>();
    const visit = (selections: Operation["definition"]["selectionSet"]["selections"]): void => {
      for (const node of selections) {
        if (node.kind === Kind.INLINE_FRAGMENT) visit(node.selectionSet.selections);
        if (node.kind !== Kind.FIELD) continue;
        for (const argument of node.arguments ?? []) {
          if (!marked.has(`${operation.kind}.${node.name.value}.${argument.name.value}`)) continue;
          const value = valueFromASTUntyped(argument.value, variables);
          if (typeof value === "string" || typeof value === "number") groups.add(String(value));
        }
      }
    };
    visit(operation.definition.selectionSet.selections);
    if (groups.size > 1)
      throw new JuntoError(
        "BAD_REQUEST",
        "An operation is made in one group; this one names several. Send one operation for each.",
      );
    return groups.values().next().value ?? null;
  };
}

function markedArguments(typeDefs: string): ReadonlySet<string> {
  const isMark = (directive: ConstDirectiveNode) => directive.name.value === "group";
  const marked = parse(typeDefs, { noLocation: true }).definitions.flatMap((node) =>
    node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION
      ? (node.fields ?? []).flatMap((field) =>
          (field.arguments ?? [])
            .filter((argument) => argument.directives?.some(isMark))
            .map((argument) => `${node.name.value.toLowerCase()}.${field.name.value}.${argument.name.value}`),
        )
      : [],
  );
  return new Set(marked);
}
