// Named fragments: found, and replaced by inline fragments, so that everything after has fields and types only.
import { Kind, type DocumentNode, type FragmentDefinitionNode, type SelectionSetNode } from "graphql";

export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

export function fragmentsOf(document: DocumentNode): Fragments {
  return new Map(
    document.definitions
      .filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)
      .map((node) => [node.name.value, node]),
  );
}

/** Replaces spreads by inline fragments. A fragment's selection is one object wherever it is used. */
export function inline(
  selectionSet: SelectionSetNode,
  fragments: Fragments,
  done: Map<SelectionSetNode, SelectionSetNode> = new Map(),
): SelectionSetNode {
  const found = done.get(selectionSet);
  if (found) return found;
  const selections = selectionSet.selections.map((node) => {
    if (node.kind === Kind.FRAGMENT_SPREAD) {
      const fragment = fragments.get(node.name.value)!;
      return {
        kind: Kind.INLINE_FRAGMENT,
        typeCondition: fragment.typeCondition,
        ...(node.directives && { directives: node.directives }),
        selectionSet: inline(fragment.selectionSet, fragments, done),
      } as const;
    }
    return node.selectionSet ? { ...node, selectionSet: inline(node.selectionSet, fragments, done) } : node;
  });
  const result = { ...selectionSet, selections };
  done.set(selectionSet, result);
  return result;
}
