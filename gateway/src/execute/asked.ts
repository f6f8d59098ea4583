// What a subgraph was asked for. Nothing else of its answer is taken: otherwise the system of one organization could
// say what another's fields are.
import { Kind, parse, type SelectionSetNode } from "graphql";

/** Response keys, with what was asked below them; null: anything, the value is a leaf. */
export type Asked = ReadonlyMap<string, Asked | null>;

/** Reads the text that a subgraph gets. Type conditions make no difference: each owner speaks for all its types. */
export function askedBy(operation: string): Asked {
  const { definitions } = parse(operation, { noLocation: true });
  const fragments = new Map(
    definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node.selectionSet] as const] : [],
    ),
  );
  const add = (set: SelectionSetNode, asked: Map<string, Asked | null>): Map<string, Asked | null> => {
    for (const node of set.selections) {
      if (node.kind === Kind.FRAGMENT_SPREAD) add(fragments.get(node.name.value)!, asked);
      else if (node.kind === Kind.INLINE_FRAGMENT) add(node.selectionSet, asked);
      else {
        const key = node.alias?.value ?? node.name.value;
        const below = node.selectionSet && add(node.selectionSet, new Map(asked.get(key)));
        asked.set(key, below ?? null);
      }
    }
    return asked;
  };
  const operations = definitions.flatMap((node) =>
    node.kind === Kind.OPERATION_DEFINITION ? [node.selectionSet] : [],
  );
  return operations.reduce((asked, set) => add(set, asked), new Map<string, Asked | null>());
}
