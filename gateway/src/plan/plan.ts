// A plan as plain data: which subgraph is asked what, in which order, and where the answers go.

/** Steps towards objects in the result: a field, every item of a list, or only objects of some types. */
export type PathStep = { readonly field: string } | { readonly types: readonly string[] } | "@";

/** What of an object is sent to a subgraph so that it can find the entity. */
export type KeySelection =
  | {
      readonly kind: "field";
      readonly name: string;
      readonly alias?: string;
      readonly selections?: readonly KeySelection[];
    }
  | { readonly kind: "type"; readonly type: string; readonly selections: readonly KeySelection[] };

/** A change to what goes to a subgraph or comes from it. */
export type Rewrite =
  | { readonly kind: "set"; readonly path: readonly RewriteStep[]; readonly value: string }
  | { readonly kind: "rename"; readonly path: readonly RewriteStep[]; readonly key: string };
export type RewriteStep = { readonly key: string } | { readonly types: readonly string[] };

/** Entities that one fetch asks for, by their keys, and where in the result they are. */
export interface EntityInput {
  /** Response key of the `_entities` field. */
  readonly alias: string;
  /** Name of the variable that takes the representations. */
  readonly variable: string;
  readonly paths: readonly (readonly PathStep[])[];
  readonly requires: readonly KeySelection[];
  readonly inputRewrites: readonly Rewrite[];
  readonly outputRewrites: readonly Rewrite[];
}

export interface FetchNode {
  readonly kind: "Fetch";
  readonly subgraph: string;
  readonly operationKind: "query" | "mutation" | "subscription";
  /** Text that the subgraph gets. Equal selections are equal text. */
  readonly operation: string;
  /** Variables of the client's operation that it uses. */
  readonly variables: readonly string[];
  /** Empty: it asks for fields of the root type. */
  readonly inputs: readonly EntityInput[];
  readonly outputRewrites: readonly Rewrite[];
  /** Asked for those entities of which something is missing that the fetch has to be given: the same by their key alone. */
  readonly spare?: FetchNode;
}

export type PlanNode =
  | FetchNode
  | { readonly kind: "Sequence"; readonly nodes: readonly PlanNode[] }
  | { readonly kind: "Parallel"; readonly nodes: readonly PlanNode[] };

export interface Plan {
  /** Of a subscription: what gives the events. Its `node` is what is done for each of them. */
  readonly subscription: FetchNode | null;
  /** null: nothing is to be fetched. */
  readonly node: PlanNode | null;
}

/** Every fetch of a plan; of a subscription also what gives its events. */
export function fetchesOf({ subscription, node }: Plan): FetchNode[] {
  const below = (each: PlanNode): FetchNode[] => (each.kind === "Fetch" ? [each] : each.nodes.flatMap(below));
  return [...(node ? below(node) : []), ...(subscription ? [subscription] : [])];
}

/** Makes plans. Implementations plan off the event loop and stop when the signal says so. */
export interface Planner {
  /** @throws JuntoError PLAN_FAILED when the operation cannot be planned, PLAN_TIMEOUT over the budget. */
  plan(operation: string, signal: AbortSignal): Promise<Plan>;
}
