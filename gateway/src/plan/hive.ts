// The first Planner: Hive's native query planner, in a process of its own. Its plans are turned into ours.
import { QueryPlanner, type PlanNode as HiveNode, type QueryPlan } from "@graphql-hive/router-query-planner";
import { parse } from "graphql";
import { LRUCache } from "lru-cache";
import { JuntoError } from "../errors/index.ts";
import { possibleTypes, withConcreteTypes } from "./concrete.ts";
import type {
  EntityInput,
  FetchNode,
  KeySelection,
  PathStep,
  Plan,
  Planner,
  PlanNode,
  Rewrite,
  RewriteStep,
} from "./plan.ts";
import { readOwnership } from "./ownership.ts";
import { withRequiredKeys } from "./required-keys.ts";
import { onlyResolvable } from "./resolvable.ts";
import { inSeries } from "./serial.ts";
import { withSpares } from "./spare.ts";
import { createPlannerProcess, PlannerDied } from "./planner-process.ts";

/** One process for the planners of all supergraphs; it starts with the first operation. */
const plannerProcess = createPlannerProcess();

/** @throws JuntoError CONFIGURATION when the planner cannot read the supergraph. */
export function createHivePlanner(supergraphSdl: string): Planner {
  readable(supergraphSdl);
  return inSeries(onlyResolvable(supergraphSdl, planAsHive));
}

function planAsHive(supergraphSdl: string): Planner {
  const possible = possibleTypes(supergraphSdl);
  const ownership = readOwnership(parse(supergraphSdl, { noLocation: true }));
  // What the planner dies of once it dies of again, and the next to ask need not wait for it to start again. Only for a
  // while: on a machine that is very busy it may have been ended for being late.
  const deadly = new LRUCache<string, true>({ max: 1000, ttl: 60_000 });
  return {
    async plan(operation, signal) {
      try {
        if (deadly.has(operation)) throw new PlannerDied("The planner has died of this operation before.");
        signal.throwIfAborted(); // the planner looks at the signal only while it works
        const plan = toPlan(await plannerProcess.plan(supergraphSdl, operation, signal));
        return withConcreteTypes(withSpares(withRequiredKeys(plan, ownership), ownership), possible);
      } catch (cause) {
        if (cause instanceof JuntoError) throw cause;
        if (cause instanceof PlannerDied) deadly.set(operation, true);
        if (signal.aborted)
          throw new JuntoError("PLAN_TIMEOUT", "Planning this operation takes too long. Make it smaller.", {
            cause,
          });
        throw new JuntoError("PLAN_FAILED", "This operation cannot be planned over this graph.", { cause });
      }
    },
  };
}

function readable(supergraphSdl: string): QueryPlanner {
  try {
    return new QueryPlanner(supergraphSdl);
  } catch (cause) {
    throw new JuntoError(
      "CONFIGURATION",
      `The planner cannot read the supergraph: ${(cause as Error).message}`,
      { cause },
    );
  }
}

function toPlan({ node }: QueryPlan): Plan {
  if (!node) return { subscription: null, node: null };
  if (node.kind === "Subscription") return { subscription: toFetch(node.primary), node: null };
  if (node.kind === "Sequence" && node.nodes[0]?.kind === "Subscription") {
    const [first, ...rest] = node.nodes;
    return {
      subscription: toFetch((first as { primary: HiveFetch }).primary),
      node: sequence(rest.map((each) => toNode(each))),
    };
  }
  return { subscription: null, node: toNode(node) };
}

type HiveFetch = Extract<HiveNode, { kind: "Fetch" }>;
type HivePath = Extract<HiveNode, { kind: "Flatten" }>["path"];
type HiveRewrite = NonNullable<HiveFetch["outputRewrites"]>[number];
type HiveRequires = NonNullable<HiveFetch["requires"]>[number];

function toNode(node: HiveNode, path: HivePath = []): PlanNode {
  switch (node.kind) {
    case "Fetch":
      return toFetch(node, path);
    case "BatchFetch":
      return {
        ...fetchOf(node),
        outputRewrites: [],
        inputs: node.entityBatch.aliases.map((each) =>
          toInput(each, each.alias, each.representationsVariableName, each.paths.map(toPath)),
        ),
      };
    case "Flatten":
      return toNode(node.node, [...path, ...node.path]);
    case "Sequence":
      return sequence(node.nodes.map((each) => toNode(each, path)));
    case "Parallel":
      return { kind: "Parallel", nodes: node.nodes.map((each) => toNode(each, path)) };
    default:
      throw new JuntoError(
        "PLAN_FAILED",
        `The plan needs ${node.kind}, which this gateway does not support.`,
      );
  }
}

function sequence(nodes: readonly PlanNode[]): PlanNode {
  return nodes.length === 1 ? nodes[0]! : { kind: "Sequence", nodes };
}

function toFetch(node: HiveFetch, path: HivePath = []): FetchNode {
  const entities = node.requires !== undefined;
  return {
    ...fetchOf(node),
    inputs: entities ? [toInput(node, "_entities", "representations", [toPath(path)])] : [],
    outputRewrites: entities ? [] : (node.outputRewrites ?? []).map(toRewrite),
  };
}

function fetchOf(node: Pick<HiveFetch, "serviceName" | "operationKind" | "operation" | "variableUsages">) {
  return {
    kind: "Fetch",
    subgraph: node.serviceName,
    operationKind: node.operationKind ?? "query",
    operation: node.operation,
    variables: node.variableUsages ?? [],
  } as const;
}

function toInput(
  node: Pick<HiveFetch, "inputRewrites" | "outputRewrites" | "requires">,
  alias: string,
  variable: string,
  paths: readonly (readonly PathStep[])[],
): EntityInput {
  return {
    alias,
    variable,
    paths,
    requires: (node.requires ?? []).map(toKey),
    inputRewrites: (node.inputRewrites ?? []).map(toRewrite),
    outputRewrites: (node.outputRewrites ?? []).map(toRewrite),
  };
}

function toPath(path: HivePath): PathStep[] {
  return path.map((step) =>
    step === "@" ? "@" : "Field" in step ? { field: step.Field } : { types: step.TypeCondition },
  );
}

function toKey(selection: HiveRequires): KeySelection {
  switch (selection.kind) {
    case "Field":
      return {
        kind: "field",
        name: selection.name,
        ...(selection.alias && { alias: selection.alias }),
        ...(selection.selections?.length && { selections: selection.selections.map(toKey) }),
      };
    case "InlineFragment":
      return { kind: "type", type: selection.typeCondition, selections: selection.selections.map(toKey) };
    default:
      throw new JuntoError(
        "PLAN_FAILED",
        "The plan names a fragment in a key, which this gateway does not support.",
      );
  }
}

function toRewrite(rewrite: HiveRewrite): Rewrite {
  const setter =
    "ValueSetter" in rewrite ? rewrite.ValueSetter : "setValueTo" in rewrite ? rewrite : undefined;
  if (setter) return { kind: "set", path: setter.path.map(toRewriteStep), value: setter.setValueTo };
  const { path, renameKeyTo } = (rewrite as { KeyRenamer: { path: HiveRewritePath; renameKeyTo: string } })
    .KeyRenamer;
  return { kind: "rename", path: path.map(toRewriteStep), key: renameKeyTo };
}

type HiveRewritePath = ({ TypenameEquals: string[] } | { Key: string })[];

function toRewriteStep(step: HiveRewritePath[number]): RewriteStep {
  return "Key" in step ? { key: step.Key } : { types: step.TypenameEquals };
}
