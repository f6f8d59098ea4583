// Two fields may require a third with different arguments. The planner then fetches it twice, the second time under a key
// of its own, but has each computed from what came under the field's name. So it is found out under which key the value
// stands that a field requires.
import { Kind, print, visit, type FieldNode, type SelectionSetNode } from "graphql";
import { JuntoError } from "../errors/index.ts";
import { askedOfEntities, readFetch } from "./asks.ts";
import { fieldSet, type Ownership } from "./ownership.ts";
import {
  fetchesOf,
  type EntityInput,
  type FetchNode,
  type KeySelection,
  type Plan,
  type PlanNode,
} from "./plan.ts";

/** How the planner's own keys begin. */
const OWN = "_internal_qp_alias_";

/** @throws JuntoError PLAN_FAILED when a value cannot be told from another */
export function withRequiredKeys(plan: Plan, ownership: Ownership): Plan {
  const fetches = fetchesOf(plan);
  if (!fetches.some(({ operation }) => operation.includes(OWN))) return plan;
  const keys = ownKeys(fetches);
  const change = (node: PlanNode): PlanNode =>
    node.kind === "Fetch"
      ? { ...node, inputs: node.inputs.map((input) => withKeys(node, input, keys, ownership)) }
      : { ...node, nodes: node.nodes.map(change) };
  return { ...plan, node: plan.node && change(plan.node) };
}

/** Field with its arguments ▸ the planner's own key for it; null: it has several. */
function ownKeys(fetches: readonly FetchNode[]): ReadonlyMap<string, string | null> {
  const keys = new Map<string, string | null>();
  for (const { operation } of fetches)
    visit(readFetch(operation), {
      Field(node) {
        const key = node.alias?.value;
        if (!key?.startsWith(OWN)) return;
        const call = callOf(node);
        keys.set(call, keys.has(call) && keys.get(call) !== key ? null : key);
      },
    });
  return keys;
}

function withKeys(
  { subgraph, operation }: FetchNode,
  input: EntityInput,
  keys: ReadonlyMap<string, string | null>,
  ownership: Ownership,
): EntityInput {
  const required = askedOfEntities(readFetch(operation), input.alias).flatMap(({ type, field }) =>
    ownership.typesIn(subgraph, type).flatMap((each) => {
      const requires = ownership.field(subgraph, each, field.name.value)?.requires;
      return requires ? [fieldSet(requires)] : [];
    }),
  );
  const change = (
    selections: readonly KeySelection[],
    sets: readonly SelectionSetNode[],
  ): readonly KeySelection[] =>
    selections.map((selection) => {
      if (selection.kind === "type") return { ...selection, selections: change(selection.selections, sets) };
      const fields = sets.flatMap((set) => fieldsIn(set, selection.name));
      const calls = new Set(fields.map(callOf));
      if (calls.size > 1) throw ambiguous(selection.name);
      const key = calls.size === 1 ? keys.get([...calls][0]!) : undefined;
      if (key === null) throw ambiguous(selection.name);
      return {
        ...selection,
        ...(key !== undefined && { name: key, alias: selection.alias ?? selection.name }),
        ...(selection.selections && {
          selections: change(
            selection.selections,
            fields.flatMap(({ selectionSet }) => selectionSet ?? []),
          ),
        }),
      };
    });
  return { ...input, requires: change(input.requires, required) };
}

function fieldsIn(set: SelectionSetNode, name: string): FieldNode[] {
  return set.selections.flatMap((node) => {
    if (node.kind === Kind.FIELD) return node.name.value === name ? [node] : [];
    return node.kind === Kind.INLINE_FRAGMENT ? fieldsIn(node.selectionSet, name) : [];
  });
}

function callOf({ name, arguments: args = [] }: FieldNode): string {
  const given = args.map((argument) => `${argument.name.value}: ${print(argument.value)}`);
  return `${name.value}(${given.toSorted().join(", ")})`;
}

function ambiguous(field: string): JuntoError {
  return new JuntoError(
    "PLAN_FAILED",
    `This operation cannot be planned over this graph: its fields require ${field} in ways that cannot be told apart. Ask for them one by one.`,
  );
}
