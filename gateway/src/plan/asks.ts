// What a fetch's text asks of the entities that it names.
import {
  Kind,
  parse,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionSetNode,
} from "graphql";

/** A field, and the type on which it is asked. */
export interface AskedField {
  readonly type: string;
  readonly field: FieldNode;
}

export function readFetch(operation: string): DocumentNode {
  return parse(operation, { noLocation: true });
}

/** The fields at the top of the entities of one input, by the response key of its `_entities`. */
export function askedOfEntities({ definitions }: DocumentNode, alias: string): readonly AskedField[] {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const found: AskedField[] = [];
  const visit = (set: SelectionSetNode, type: string): void => {
    for (const node of set.selections) {
      if (node.kind === Kind.FIELD) found.push({ type, field: node });
      else if (node.kind === Kind.INLINE_FRAGMENT)
        visit(node.selectionSet, node.typeCondition?.name.value ?? type);
      else
        visit(
          fragments.get(node.name.value)!.selectionSet,
          fragments.get(node.name.value)!.typeCondition.name.value,
        );
    }
  };
  for (const node of definitions)
    if (node.kind === Kind.OPERATION_DEFINITION)
      for (const root of node.selectionSet.selections)
        if (root.kind === Kind.FIELD && (root.alias?.value ?? root.name.value) === alias)
          visit(root.selectionSet!, "_Entity");
  return found;
}
