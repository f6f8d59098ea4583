// Whether a plan asks subgraphs only for what they resolve. The planner sometimes takes a field from a subgraph that
// has it as @external, since it is @provided for another type at the same path: the answer would be that subgraph's
// guess. Such an operation is planned again without @provides, which costs a fetch; if that does not help, it fails.
import {
  Kind,
  parse,
  print,
  visit,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionSetNode,
} from "graphql";
import { JuntoError } from "../errors/index.ts";
import type { FetchNode, Plan, Planner, PlanNode } from "./plan.ts";
import { fieldSet, readOwnership, type Ownership } from "./ownership.ts";

/** Plans as `create(supergraphSdl)` does, and never asks a subgraph for what it does not resolve. */
export function onlyResolvable(supergraphSdl: string, create: (supergraphSdl: string) => Planner): Planner {
  const first = create(supergraphSdl);
  const document = parse(supergraphSdl, { noLocation: true });
  const ownership = readOwnership(document);
  if (!ownership.hasExternal) return first;
  let second: Planner | undefined;
  return {
    async plan(operation, signal) {
      const plan = await first.plan(operation, signal);
      if (isResolvable(plan, ownership)) return plan;
      second ??= create(withoutProvides(document));
      const other = await second.plan(operation, signal);
      if (isResolvable(other, ownership)) return other;
      throw new JuntoError(
        "PLAN_FAILED",
        "This operation cannot be planned over this graph: a subgraph would be asked for a field of another.",
      );
    },
  };
}

export function isResolvable(plan: Plan, ownership: Ownership): boolean {
  const ofNode = (node: PlanNode): boolean => {
    switch (node.kind) {
      case "Fetch":
        return resolves(node, ownership);
      default:
        return node.nodes.every(ofNode);
    }
  };
  return (!plan.subscription || resolves(plan.subscription, ownership)) && (!plan.node || ofNode(plan.node));
}

/** What an object at some place of a fetch is provided with, by the fields on the way to it. */
type Provided = readonly SelectionSetNode[];

function resolves({ subgraph, operation }: FetchNode, ownership: Ownership): boolean {
  const { definitions } = parse(operation, { noLocation: true });
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);

  const ofSet = (set: SelectionSetNode, type: string, provided: Provided): boolean =>
    set.selections.every((node) => {
      switch (node.kind) {
        case Kind.FIELD:
          return ofField(node, type, provided);
        case Kind.INLINE_FRAGMENT:
          return ofSet(node.selectionSet, node.typeCondition?.name.value ?? type, provided);
        case Kind.FRAGMENT_SPREAD: {
          const fragment = fragments.get(node.name.value)!;
          return ofSet(fragment.selectionSet, fragment.typeCondition.name.value, provided);
        }
      }
    });
  const ofField = (node: FieldNode, type: string, provided: Provided): boolean => {
    const name = node.name.value;
    if (name === "_entities") return ofSet(node.selectionSet!, "_Entity", []);
    if (name.startsWith("__")) return true;
    return ownership.typesIn(subgraph, type).every((each) => {
      const given = providedFields(provided, each, name, ownership);
      const field = ownership.field(subgraph, each, name);
      if (!field) return true; // of another type than the one that stands here in this subgraph
      if (field.external && given.length === 0) return false;
      if (!node.selectionSet) return true;
      const below = given.flatMap(({ selectionSet }) => selectionSet ?? []);
      return ofSet(
        node.selectionSet,
        field.type,
        field.provides ? [...below, fieldSet(field.provides)] : below,
      );
    });
  };
  return definitions.every(
    (node) => node.kind !== Kind.OPERATION_DEFINITION || ofSet(node.selectionSet, ROOTS[node.operation], []),
  );
}

const ROOTS = { query: "Query", mutation: "Mutation", subscription: "Subscription" } as const;

/** The places of provided field sets that speak of a field of a type. */
function providedFields(sets: Provided, type: string, name: string, ownership: Ownership): FieldNode[] {
  return sets.flatMap((set) =>
    set.selections.flatMap((node): FieldNode[] => {
      if (node.kind === Kind.FIELD) return node.name.value === name ? [node] : [];
      if (node.kind !== Kind.INLINE_FRAGMENT) return [];
      const condition = node.typeCondition?.name.value ?? type;
      const applies = condition === type || ownership.possible(condition).includes(type);
      return applies ? providedFields([node.selectionSet], type, name, ownership) : [];
    }),
  );
}

function withoutProvides(document: DocumentNode): string {
  return print(
    visit(document, {
      Directive: (node) =>
        node.name.value === "join__field"
          ? { ...node, arguments: node.arguments?.filter(({ name }) => name.value !== "provides") ?? [] }
          : undefined,
    }),
  );
}
