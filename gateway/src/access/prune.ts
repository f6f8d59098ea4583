// An operation ▸ what it asks for ▸ the operation without what a viewer may not see. Nothing that is pruned is
// asked of any subgraph.
import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  Kind,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from "graphql";
import type { Operation } from "../operation/prepare.ts";
import type { Requirement, Requirements } from "./requirements.ts";
import type { Viewer } from "./viewer.ts";

export interface Withheld {
  /** Response keys from the root, without list indexes. */
  readonly path: readonly string[];
  readonly owner: string;
  /** A grant of this policy would open it; null when none would. */
  readonly policy: string | null;
}

export interface VisibleOperation {
  readonly operation: Operation;
  /** One character for each requirement that the operation mentions: with the digest, the key of its plan. */
  readonly visibleSet: string;
  /** What is left to ask; null when nothing is. */
  readonly definition: OperationDefinitionNode | null;
  readonly withheld: readonly Withheld[];
  /** Where what is withheld would be in a result, should it have been fetched for another purpose. */
  readonly hidden: readonly (readonly HiddenStep[])[];
}

/** What is closed, by whom, and what would open it. */
type Closed = ReadonlyMap<Requirement, ReturnType<Requirements["closedBy"]>>;

/** A response key, in objects of these types. */
export interface HiddenStep {
  readonly key: string;
  readonly types: ReadonlySet<string>;
}

/** Finds what of an operation a viewer may see. Each step is kept by what it depends on. */
export type Visibility = (operation: Operation, viewer: Viewer) => VisibleOperation;

/** Audiences of which it is kept what they may see of one operation, and what is kept of it without some fields. */
const MOST = 200;

export function createVisibility(schema: GraphQLSchema, requirements: Requirements): Visibility {
  const known = new WeakMap<Operation, Map<string, VisibleOperation>>();
  const mentioned = new WeakMap<Operation, readonly Requirement[]>();
  const wholes = new WeakMap<Operation, VisibleOperation>();
  /** By the set, and by what would open what is closed: that depends on the viewer's other rights. */
  const pruned = new WeakMap<Operation, Map<string, VisibleOperation>>();

  function find(operation: Operation, viewer: Viewer): VisibleOperation {
    let all = mentioned.get(operation);
    if (!all) mentioned.set(operation, (all = mentionedBy(operation, schema, requirements)));
    const bits = all.map((requirement) => requirements.satisfied(requirement, viewer));
    const visibleSet = bits.map((bit) => (bit ? "1" : "0")).join("");
    const closed = new Map(
      all
        .filter((_requirement, index) => !bits[index])
        .map((requirement) => [requirement, requirements.closedBy(requirement, viewer)]),
    );
    if (closed.size > 0) return without(operation, visibleSet, closed);
    let whole = wholes.get(operation);
    const { definition } = operation;
    if (!whole)
      wholes.set(operation, (whole = { operation, visibleSet, definition, withheld: [], hidden: [] }));
    return whole;
  }

  function without(operation: Operation, visibleSet: string, closed: Closed): VisibleOperation {
    let bySet = pruned.get(operation);
    if (!bySet) pruned.set(operation, (bySet = new Map()));
    const key = `${visibleSet} ${JSON.stringify([...closed.values()])}`;
    let visible = bySet.get(key);
    if (!visible) {
      if (bySet.size >= MOST) bySet.clear();
      visible = { operation, visibleSet, ...prune(operation.definition, schema, requirements, closed) };
      bySet.set(key, visible);
    }
    return visible;
  }

  return (operation, viewer) => {
    let byAudience = known.get(operation);
    if (!byAudience) known.set(operation, (byAudience = new Map()));
    let visible = byAudience.get(viewer.audience);
    if (!visible) {
      if (byAudience.size >= MOST) byAudience.clear();
      byAudience.set(viewer.audience, (visible = find(operation, viewer)));
    }
    return visible;
  };
}

function mentionedBy(
  operation: Operation,
  schema: GraphQLSchema,
  requirements: Requirements,
): readonly Requirement[] {
  const found = new Set<Requirement>();
  walk(
    operation.definition.selectionSet,
    schema.getRootType(operation.definition.operation)!,
    schema,
    (types, field) => {
      for (const requirement of requirementsOf(types, field.name.value, requirements)) found.add(requirement);
      return true;
    },
  );
  return [...found].sort((a, b) => a.index - b.index);
}

function prune(
  definition: OperationDefinitionNode,
  schema: GraphQLSchema,
  requirements: Requirements,
  closed: Closed,
): Pick<VisibleOperation, "definition" | "withheld" | "hidden"> {
  const withheld = new Map<string, Withheld>();
  const hidden: HiddenStep[][] = [];
  const root = schema.getRootType(definition.operation)!;
  const selectionSet = walk(definition.selectionSet, root, schema, (types, field, steps) => {
    const closedIn = types.filter((type) => closed.has(requirements.of(type.name, field.name.value)!));
    const [first] = closedIn;
    if (!first) return true;
    const path = steps.map(({ key }) => key);
    const by = closed.get(requirements.of(first.name, field.name.value)!)!;
    withheld.set(JSON.stringify(path), { path, ...by });
    hidden.push([...steps.slice(0, -1), step(path.at(-1)!, closedIn)]);
    return false;
  });
  const nothing = selectionSet.selections.length === 0;
  return {
    definition: nothing ? null : { ...definition, selectionSet },
    withheld: [...withheld.values()],
    hidden,
  };
}

function step(key: string, types: readonly GraphQLObjectType[]): HiddenStep {
  return { key, types: new Set(types.map(({ name }) => name)) };
}

function requirementsOf(
  types: readonly GraphQLObjectType[],
  field: string,
  requirements: Requirements,
): Requirement[] {
  return types.flatMap((type) => requirements.of(type.name, field) ?? []);
}

/**
 * Visits every field with the object types that it may be asked of; a field for which `keep` says no is left
 * out. An object of which nothing is left keeps its `__typename`, so that it still says whether it is there.
 */
function walk(
  set: SelectionSetNode,
  parent: GraphQLCompositeType,
  schema: GraphQLSchema,
  keep: (types: readonly GraphQLObjectType[], field: FieldNode, path: readonly HiddenStep[]) => boolean,
  path: readonly HiddenStep[] = [],
): SelectionSetNode {
  const types = isAbstractType(parent) ? schema.getPossibleTypes(parent) : [parent as GraphQLObjectType];
  const selections: SelectionNode[] = [];
  for (const node of set.selections) {
    if (node.kind === Kind.FIELD) {
      const here = [...path, step(node.alias?.value ?? node.name.value, types)];
      if (!keep(types, node, here)) continue;
      const type = node.selectionSet && fieldType(parent, node.name.value);
      selections.push(
        type
          ? { ...node, selectionSet: orTypename(walk(node.selectionSet, type, schema, keep, here)) }
          : node,
      );
    } else if (node.kind === Kind.INLINE_FRAGMENT) {
      const type = node.typeCondition
        ? (schema.getType(node.typeCondition.name.value) as GraphQLCompositeType)
        : parent;
      const inner = walk(node.selectionSet, type, schema, keep, path);
      if (inner.selections.length > 0) selections.push({ ...node, selectionSet: inner });
    }
  }
  return { ...set, selections };
}

function fieldType(parent: GraphQLCompositeType, name: string): GraphQLCompositeType | undefined {
  const field = "getFields" in parent ? parent.getFields()[name] : undefined;
  const type = field && getNamedType(field.type);
  return type && isCompositeType(type) ? type : undefined;
}

function orTypename(set: SelectionSetNode): SelectionSetNode {
  if (set.selections.length > 0) return set;
  return { ...set, selections: [{ kind: Kind.FIELD, name: { kind: Kind.NAME, value: "__typename" } }] };
}
