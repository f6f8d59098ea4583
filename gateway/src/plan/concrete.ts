// The planner names interfaces and unions where objects are told apart by type; an object knows only its own type.
// So each abstract type in a plan's conditions is joined by the types that it stands for.
import { Kind, parse } from "graphql";
import type {
  EntityInput,
  FetchNode,
  KeySelection,
  PathStep,
  Plan,
  PlanNode,
  Rewrite,
  RewriteStep,
} from "./plan.ts";

/** Interface or union ▸ the object types that it stands for. */
export type PossibleTypes = ReadonlyMap<string, readonly string[]>;

export function possibleTypes(supergraphSdl: string): PossibleTypes {
  const found = new Map<string, string[]>();
  const add = (abstract: string, type: string): void => {
    const types = found.get(abstract);
    if (types) types.push(type);
    else found.set(abstract, [type]);
  };
  for (const node of parse(supergraphSdl, { noLocation: true }).definitions) {
    if (node.kind === Kind.OBJECT_TYPE_DEFINITION)
      for (const each of node.interfaces ?? []) add(each.name.value, node.name.value);
    if (node.kind === Kind.UNION_TYPE_DEFINITION)
      for (const each of node.types ?? []) add(node.name.value, each.name.value);
  }
  return found;
}

export function withConcreteTypes(plan: Plan, possible: PossibleTypes): Plan {
  const names = (types: readonly string[]): string[] => [
    ...new Set(types.flatMap((name) => [name, ...(possible.get(name) ?? [])])),
  ];
  const step = <Step extends PathStep | RewriteStep>(each: Step): Step =>
    typeof each === "object" && "types" in each ? { ...each, types: names(each.types) } : each;
  const rewrite = (each: Rewrite): Rewrite => ({ ...each, path: each.path.map(step) });
  const keys = (selections: readonly KeySelection[]): KeySelection[] =>
    selections.flatMap((each): KeySelection[] => {
      if (each.kind === "field")
        return [each.selections ? { ...each, selections: keys(each.selections) } : each];
      const inner = keys(each.selections);
      return names([each.type]).map((type) => ({ ...each, type, selections: inner }));
    });
  const input = (each: EntityInput): EntityInput => ({
    ...each,
    paths: each.paths.map((path) => path.map(step)),
    requires: keys(each.requires),
    inputRewrites: each.inputRewrites.map(rewrite),
    outputRewrites: each.outputRewrites.map(rewrite),
  });
  const fetch = (node: FetchNode): FetchNode => ({
    ...node,
    inputs: node.inputs.map(input),
    outputRewrites: node.outputRewrites.map(rewrite),
  });
  const walk = (node: PlanNode): PlanNode => {
    switch (node.kind) {
      case "Fetch":
        return fetch(node);
      case "Condition":
        return {
          ...node,
          ...(node.then && { then: walk(node.then) }),
          ...(node.otherwise && { otherwise: walk(node.otherwise) }),
        };
      default:
        return { ...node, nodes: node.nodes.map(walk) };
    }
  };
  return {
    subscription: plan.subscription && fetch(plan.subscription),
    node: plan.node && walk(plan.node),
  };
}
