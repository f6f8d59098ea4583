// A subgraph is asked in one fetch for fields that require something of others and for fields that do not. When what is
// required does not come, the others can be had all the same: by the key of the entity, in a fetch without those fields.
import {
  Kind,
  print,
  stripIgnoredCharacters,
  visit,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from "graphql";
import { readFetch } from "./asks.ts";
import { fieldSet, type Ownership } from "./ownership.ts";
import type { EntityInput, FetchNode, KeySelection, Plan, PlanNode } from "./plan.ts";

export function withSpares(plan: Plan, ownership: Ownership): Plan {
  const change = (node: PlanNode): PlanNode => {
    if (node.kind !== "Fetch") return { ...node, nodes: node.nodes.map(change) };
    const spare = node.inputs.length > 0 && spareOf(node, ownership);
    return spare ? { ...node, spare } : node;
  };
  return { ...plan, node: plan.node && change(plan.node) };
}

/** null: no field requires anything, or all do. */
function spareOf(node: FetchNode, ownership: Ownership): FetchNode | null {
  const requires = (type: string, field: string): boolean =>
    ownership
      .typesIn(node.subgraph, type)
      .some((each) => (ownership.field(node.subgraph, each, field)?.requires ?? null) !== null);
  const document = readFetch(node.operation);
  const { kept, left } = withoutFields(document, requires);
  if (!left) return null;
  const inputs = node.inputs
    .filter(({ alias }) => kept.has(alias))
    .map((input) => ({ ...input, requires: byKey(input, node.subgraph, ownership) }));
  if (inputs.length === 0) return null;
  const { operation, variables } = operationOf(document, [...kept.values()]);
  return { ...node, operation, inputs, variables: node.variables.filter((name) => variables.has(name)) };
}

/** The `_entities` fields by response key, without fields that require something; not those of which nothing is left. */
function withoutFields(
  document: DocumentNode,
  requires: (type: string, field: string) => boolean,
): { readonly kept: ReadonlyMap<string, FieldNode>; readonly left: boolean } {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  let left = false;
  const without = (set: SelectionSetNode, type: string): SelectionSetNode => ({
    ...set,
    selections: set.selections.flatMap((node): SelectionNode[] => {
      if (node.kind === Kind.FIELD) {
        if (!requires(type, node.name.value)) return [node];
        left = true;
        return [];
      }
      const { typeCondition, selectionSet } =
        node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value)! : node;
      const inner = without(selectionSet, typeCondition?.name.value ?? type);
      if (inner.selections.length === 0) return [];
      return [
        {
          kind: Kind.INLINE_FRAGMENT,
          ...(typeCondition && { typeCondition }),
          ...(node.directives && { directives: node.directives }),
          selectionSet: inner,
        },
      ];
    }),
  });
  const kept = new Map<string, FieldNode>();
  for (const root of rootOf(document).selectionSet.selections) {
    if (root.kind !== Kind.FIELD || !root.selectionSet) continue;
    const selectionSet = without(root.selectionSet, "_Entity");
    if (saysSomething(selectionSet))
      kept.set(root.alias?.value ?? root.name.value, { ...root, selectionSet });
  }
  return { kept, left };
}

function saysSomething({ selections }: SelectionSetNode): boolean {
  return selections.some((node) =>
    node.kind === Kind.INLINE_FRAGMENT
      ? saysSomething(node.selectionSet)
      : node.kind === Kind.FIELD && node.name.value !== "__typename",
  );
}

function rootOf({ definitions }: DocumentNode): OperationDefinitionNode {
  return definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)!;
}

/** The text that asks for these fields, with the variables and fragments that they use. */
function operationOf(
  document: DocumentNode,
  selections: readonly FieldNode[],
): { readonly operation: string; readonly variables: ReadonlySet<string> } {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const variables = new Set<string>();
  const used = new Set<FragmentDefinitionNode>();
  const look = (set: SelectionSetNode): void =>
    void visit(set, {
      Variable: ({ name }) => void variables.add(name.value),
      FragmentSpread({ name }) {
        const fragment = fragments.get(name.value)!;
        if (used.has(fragment)) return;
        used.add(fragment);
        look(fragment.selectionSet);
      },
    });
  const root = rootOf(document);
  const selectionSet: SelectionSetNode = { kind: Kind.SELECTION_SET, selections };
  look(selectionSet);
  const variableDefinitions = root.variableDefinitions?.filter(({ variable }) =>
    variables.has(variable.name.value),
  );
  const operation = { ...root, ...(variableDefinitions && { variableDefinitions }), selectionSet };
  return {
    operation: stripIgnoredCharacters(print({ kind: Kind.DOCUMENT, definitions: [operation, ...used] })),
    variables,
  };
}

/** What is sent of an entity, without what is no key of it: by the first key of which everything is there. */
function byKey(input: EntityInput, subgraph: string, ownership: Ownership): readonly KeySelection[] {
  return input.requires.map((selection) => {
    if (selection.kind !== "type") return selection;
    const keys = ownership.keys(subgraph, selection.type).map(fieldSet);
    for (const key of keys) {
      const selections = within(selection.selections, key);
      if (selections) return { ...selection, selections };
    }
    return selection;
  });
}

/** null: something of the key is not among the selections. */
function within(selections: readonly KeySelection[], key: SelectionSetNode): KeySelection[] | null {
  const found: KeySelection[] = [];
  for (const selection of selections)
    if (selection.kind === "field" && (selection.alias ?? selection.name) === "__typename")
      found.push(selection);
  for (const node of key.selections) {
    if (node.kind !== Kind.FIELD) return null;
    const field = selections.find(
      (each) => each.kind === "field" && (each.alias ?? each.name) === node.name.value,
    );
    if (field?.kind !== "field") return null;
    if (!node.selectionSet) found.push(field);
    else {
      const below = within(field.selections ?? [], node.selectionSet);
      if (!below) return null;
      found.push({ ...field, selections: below });
    }
  }
  return found;
}
