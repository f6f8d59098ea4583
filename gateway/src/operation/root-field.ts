// The one field at the root of a subscription. Implements "Single Root Field" of the GraphQL specification, also the
// part of it that graphql-js does not check yet: it is asked for, whatever the variables say.
// https://spec.graphql.org/draft/#sec-Single-Root-Field
import { Kind, type FieldNode, type SelectionSetNode } from "graphql";
import { JuntoError } from "../errors/index.ts";
import type { Operation } from "./prepare.ts";

/** @throws JuntoError BAD_REQUEST */
export function rootField({ definition }: Pick<Operation, "definition">): FieldNode {
  const [field, ...others] = fieldsOf(definition.selectionSet);
  const same = others.every((other) => other.name.value === field?.name.value);
  if (!field || !same) throw new JuntoError("BAD_REQUEST", "A subscription has one field at its root.");
  return field;
}

function fieldsOf({ selections }: SelectionSetNode): readonly FieldNode[] {
  return selections.flatMap((node) => {
    if (node.directives?.some(({ name }) => name.value === "skip" || name.value === "include"))
      throw new JuntoError("BAD_REQUEST", "At the root of a subscription there is no @skip and no @include.");
    if (node.kind === Kind.FIELD) return [node];
    return node.kind === Kind.INLINE_FRAGMENT ? fieldsOf(node.selectionSet) : [];
  });
}
