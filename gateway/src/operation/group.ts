// In which group an operation is made: the arguments marked @group say so.
import {
  Kind,
  parse,
  valueFromASTUntyped,
  type ConstDirectiveNode,
  type SelectionSetNode,
  type ValueNode,
} from "graphql";
import { JuntoError } from "../errors/index.ts";
import type { Operation } from "./prepare.ts";

/** @throws JuntoError BAD_REQUEST when an operation names more than one group. */
export type GroupOf = (operation: Operation, variables: Readonly<Record<string, unknown>>) => string | null;

/** Reads the marks from the schema of the gateway's own subgraph. */
export function createGroupOf(groupsTypeDefs: string): GroupOf {
  const marked = markedArguments(groupsTypeDefs);
  const known = new WeakMap<Operation, readonly ValueNode[]>();
  return (operation, variables) => {
    let values = known.get(operation);
    if (!values) known.set(operation, (values = markedValues(operation, marked)));
    if (values.length === 0) return null;
    const groups = new Set<string>();
    for (const node of values) {
      const value = valueFromASTUntyped(node, variables);
      if (typeof value === "string" || typeof value === "number") groups.add(String(value));
    }
    if (groups.size > 1)
      throw new JuntoError(
        "BAD_REQUEST",
        "An operation is made in one group; this one names several. Send one operation for each.",
      );
    return groups.values().next().value ?? null;
  };
}

/** What an operation says in marked arguments of its root fields. */
function markedValues({ kind, definition }: Operation, marked: ReadonlySet<string>): ValueNode[] {
  const visit = ({ selections }: SelectionSetNode): ValueNode[] =>
    selections.flatMap((node) => {
      if (node.kind === Kind.INLINE_FRAGMENT) return visit(node.selectionSet);
      if (node.kind !== Kind.FIELD) return [];
      return (node.arguments ?? []).flatMap(({ name, value }) =>
        marked.has(`${kind}.${node.name.value}.${name.value}`) ? [value] : [],
      );
    });
  return visit(definition.selectionSet);
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
