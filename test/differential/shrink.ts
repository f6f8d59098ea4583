// An operation that shows a difference ▸ a smaller one that still does.
import {
  Kind,
  parse,
  print,
  visit,
  type ASTNode,
  type DocumentNode,
  type SelectionNode,
  type SelectionSetNode,
} from "graphql";

/** Takes out whatever can be taken out while `shows` still says yes; `shows` also refuses what is not valid. */
export async function shrink(text: string, shows: (text: string) => Promise<boolean>): Promise<string> {
  let smallest = text;
  for (const change of [without, unwrapped]) {
    for (let at = 0, tries = 0; tries < 400; tries++) {
      const smaller = change(parse(smallest, { noLocation: true }), at);
      if (!smaller) break;
      const candidate = print(tidy(smaller));
      if (candidate !== smallest && (await shows(candidate))) smallest = candidate;
      else at++;
    }
  }
  return smallest;
}

/** Without the node at a place, counted from the start; undefined when there is none. */
function without(document: DocumentNode, place: number): DocumentNode | undefined {
  let seen = -1;
  const remove = (): null | undefined => (++seen === place ? null : undefined);
  const result: DocumentNode = visit(document, {
    Field: remove,
    InlineFragment: remove,
    FragmentSpread: remove,
    Directive: remove,
    Argument: remove,
  });
  return seen >= place ? result : undefined;
}

/** With the fragment at a place replaced by what it selects. */
function unwrapped(document: DocumentNode, place: number): DocumentNode | undefined {
  let seen = -1;
  const bodies = new Map(
    document.definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node.selectionSet] as const] : [],
    ),
  );
  const result: DocumentNode = visit(document, {
    SelectionSet: (set): SelectionSetNode => ({
      ...set,
      selections: set.selections.flatMap((node): readonly SelectionNode[] => {
        if (node.kind === Kind.FIELD || ++seen !== place) return [node];
        return (node.kind === Kind.INLINE_FRAGMENT ? node.selectionSet : bodies.get(node.name.value)!)
          .selections;
      }),
    }),
  });
  return seen >= place ? result : undefined;
}

/** Empty selections get a `__typename`; fragments and variables that nobody uses go. */
function tidy(document: DocumentNode): DocumentNode {
  const typename: SelectionNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: "__typename" } };
  let tidied: DocumentNode = visit(document, {
    SelectionSet: (set) => (set.selections.length > 0 ? undefined : { ...set, selections: [typename] }),
  });
  for (let used = usedIn(tidied), before = -1; used.size !== before; used = usedIn(tidied)) {
    before = used.size;
    const names = used;
    tidied = visit(tidied, {
      FragmentDefinition: (node) => (names.has(`...${node.name.value}`) ? undefined : null),
      VariableDefinition: (node) => (names.has(`$${node.variable.name.value}`) ? false : null),
    });
  }
  return tidied;
}

function usedIn(document: DocumentNode): Set<string> {
  const used = new Set<string>();
  const add = (name: string) => (): undefined => void used.add(name);
  visit(document, {
    VariableDefinition: () => false,
    enter(node: ASTNode) {
      if (node.kind === Kind.FRAGMENT_SPREAD) add(`...${node.name.value}`)();
      if (node.kind === Kind.VARIABLE) add(`$${node.name.value}`)();
      return node.kind === Kind.VARIABLE_DEFINITION ? false : undefined;
    },
  });
  return used;
}
