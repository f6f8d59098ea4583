// The root fields of a mutation are executed one after the other, each with all that lies below it. The planner makes
// the joins of one in parallel with the next mutation, where they can see what that one has done. So a mutation that
// needs joins is planned field by field. Implements "Mutation" of the GraphQL specification:
// https://spec.graphql.org/October2021/#sec-Mutation
import {
  Kind,
  parse,
  print,
  visit,
  type InlineFragmentNode,
  type OperationDefinitionNode,
  type SelectionNode,
} from "graphql";
import type { Plan, Planner, PlanNode } from "./plan.ts";

/** A planner whose mutations are in series. */
export function inSeries(planner: Planner): Planner {
  return {
    async plan(operation, signal) {
      const whole = await planner.plan(operation, signal);
      if (!whole.node || !operation.startsWith("mutation") || isInSeries(whole.node)) return whole;
      const parts = byResponseKey(readOperation(operation));
      if (parts.length === 1) return whole;
      const nodes: PlanNode[] = [];
      for (const each of parts) {
        const { node } = await planner.plan(each, signal);
        if (node) nodes.push(...(node.kind === "Sequence" ? node.nodes : [node]));
      }
      return { subscription: null, node: { kind: "Sequence", nodes } } satisfies Plan;
    },
  };
}

/** Nothing but mutations, one after the other: nothing is joined. */
function isInSeries(node: PlanNode): boolean {
  switch (node.kind) {
    case "Fetch":
      return node.operationKind === "mutation";
    case "Sequence":
      return node.nodes.every(isInSeries);
    case "Parallel":
      return node.nodes.length === 1 && node.nodes.every(isInSeries);
  }
}

function readOperation(text: string): OperationDefinitionNode {
  return parse(text, { noLocation: true }).definitions.find(
    (node) => node.kind === Kind.OPERATION_DEFINITION,
  )!;
}

/** One operation for each field of the response, in the order of the response. */
function byResponseKey(operation: OperationDefinitionNode): string[] {
  const groups = new Map<string, SelectionNode[]>();
  const collect = (selections: readonly SelectionNode[], around: readonly InlineFragmentNode[]): void => {
    for (const node of selections) {
      if (node.kind === Kind.INLINE_FRAGMENT) collect(node.selectionSet.selections, [...around, node]);
      if (node.kind !== Kind.FIELD) continue;
      const key = node.alias?.value ?? node.name.value;
      groups.set(key, [...(groups.get(key) ?? []), wrap(node, around)]);
    }
  };
  collect(operation.selectionSet.selections, []);
  return [...groups.values()].map((selections) =>
    print(withUsedVariables({ ...operation, selectionSet: { kind: Kind.SELECTION_SET, selections } })),
  );
}

/** A fragment may carry directives: it stays around each of its fields. */
function wrap(node: SelectionNode, around: readonly InlineFragmentNode[]): SelectionNode {
  return around.reduceRight<SelectionNode>(
    (inner, fragment) => ({
      ...fragment,
      selectionSet: { kind: Kind.SELECTION_SET, selections: [inner] },
    }),
    node,
  );
}

function withUsedVariables(operation: OperationDefinitionNode): OperationDefinitionNode {
  const used = new Set<string>();
  visit(operation.selectionSet, { Variable: (node) => void used.add(node.name.value) });
  return {
    ...operation,
    variableDefinitions: (operation.variableDefinitions ?? []).filter(({ variable }) =>
      used.has(variable.name.value),
    ),
  };
}
