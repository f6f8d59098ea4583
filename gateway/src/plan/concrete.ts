// The planner names interfaces and unions where objects are told apart by type; an object knows only its own type.
// So each abstract type in a plan's conditions is joined by the types that it stands for. And where a subgraph is asked
// by the name of an interface, whichever object is there is sent: the planner sometimes names only some of its types.
import { Kind, parse } from "graphql";
import { askedOfEntities, readFetch, type AskedField } from "./asks.ts";
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
  const input = (each: EntityInput, all: readonly string[]): EntityInput => ({
    ...each,
    paths: each.paths.map((path) => path.map(step)),
    requires: ofAll(keys(each.requires), all),
    inputRewrites: each.inputRewrites.map(rewrite).map((one) => rewritingAll(one, all)),
    outputRewrites: each.outputRewrites.map(rewrite),
  });
  const fetch = (node: FetchNode): FetchNode => {
    const document = node.inputs.length > 0 ? readFetch(node.operation) : null;
    return {
      ...node,
      inputs: node.inputs.map((each) =>
        input(each, allTypes(askedOfEntities(document!, each.alias), possible)),
      ),
      outputRewrites: node.outputRewrites.map(rewrite),
      ...(node.spare && { spare: fetch(node.spare) }),
    };
  };
  const walk = (node: PlanNode): PlanNode => {
    switch (node.kind) {
      case "Fetch":
        return fetch(node);
      default:
        return { ...node, nodes: node.nodes.map(walk) };
    }
  };
  return {
    subscription: plan.subscription && fetch(plan.subscription),
    node: plan.node && walk(plan.node),
  };
}

/** The types of the objects that are sent when all is asked of one interface; none where it is asked of objects. */
function allTypes(asked: readonly AskedField[], possible: PossibleTypes): readonly string[] {
  const [first] = asked;
  return first && asked.every(({ type }) => type === first.type) ? (possible.get(first.type) ?? []) : [];
}

/** Of the types that are not named what is sent of those that are: they have the interface's key in common. */
function ofAll(requires: readonly KeySelection[], all: readonly string[]): readonly KeySelection[] {
  const named = new Set(requires.map((each) => (each.kind === "type" ? each.type : "")));
  const [like] = requires;
  if (like?.kind !== "type" || !all.includes(like.type)) return requires;
  return [...requires, ...all.filter((type) => !named.has(type)).map((type) => ({ ...like, type }))];
}

function rewritingAll(rewrite: Rewrite, all: readonly string[]): Rewrite {
  const [first, ...rest] = rewrite.path;
  if (!first || !("types" in first) || !first.types.some((type) => all.includes(type))) return rewrite;
  return { ...rewrite, path: [{ types: [...new Set([...first.types, ...all])] }, ...rest] };
}
