// Which system gives which part of a card: known from the plan, before anybody is asked. And which of it did not come,
// from what went wrong.
import { Kind, type GraphQLSchema, type OperationDefinitionNode, type SelectionSetNode } from "graphql";
import { isAbsence } from "../execute/answered.ts";
import { askedBy, type Asked } from "../execute/asked.ts";
import type { Execution } from "../execute/execute.ts";
import { clientsKey, withOwnKeys } from "../execute/plannable.ts";
import { fetchesOf, type FetchNode, type PathStep, type Plan, type Rewrite } from "../plan/plan.ts";

/** Response keys from the card's entity on, whichever item of a list. */
type Path = readonly string[];

/** By subgraph the fields that it gives. */
export type Origins = ReadonlyMap<string, readonly Path[]>;

/** Fields of an operation, those of objects too, from the entity on, by the keys under which they are fetched. */
export function fieldPaths(schema: GraphQLSchema, operation: OperationDefinitionNode): readonly Path[] {
  const { selectionSet } = withOwnKeys(schema, operation);
  const paths = new Map<string, Path>();
  const visit = (set: SelectionSetNode, above: Path): void => {
    for (const node of set.selections) {
      if (node.kind === Kind.INLINE_FRAGMENT) visit(node.selectionSet, above);
      if (node.kind !== Kind.FIELD || node.name.value === "__typename") continue;
      const path = [...above, node.alias?.value ?? node.name.value];
      paths.set(path.join("."), path);
      if (node.selectionSet) visit(node.selectionSet, path);
    }
  };
  visit(selectionSet, []);
  return [...paths.values()].filter(({ length }) => length > 1).map((path) => path.slice(1));
}

/** @param fields what the card shows, of `fieldPaths`; a plan asks for more, such as keys */
export function originsOf(plan: Plan, fields: readonly Path[]): Origins {
  const givers = new Map<string, string>();
  for (const fetch of fetchesOf(plan)) note(fetch, givers);
  const origins = new Map<string, Path[]>();
  for (const path of fields) {
    const subgraph = givers.get(textOf(["entity", ...path]));
    if (subgraph !== undefined)
      origins.set(subgraph, [...(origins.get(subgraph) ?? []), path.map(clientsKey)]);
  }
  return origins;
}

/**
 * The paths, without those that follow from another: what is below a path comes from where it comes from, unless another
 * system is named for it.
 */
export function namedPaths(subgraph: string, origins: Origins): string[] {
  const paths = origins.get(subgraph) ?? [];
  const own = new Set(paths.map(textOf));
  return paths.map(textOf).filter((path) => !own.has(parentOf(path)));
}

/** What each subgraph was asked for and did not give. */
export function missingIn({ errors }: Pick<Execution, "errors">, origins: Origins): Origins {
  const missing = new Map<string, Set<Path>>();
  for (const { subgraph, path, cause } of errors) {
    if (!(cause instanceof Error) && !isAbsence(cause)) continue;
    const place = path.filter((key) => typeof key === "string").slice(1);
    for (const field of origins.get(subgraph) ?? [])
      if (place.every((key, index) => key === field[index]))
        missing.set(subgraph, (missing.get(subgraph) ?? new Set()).add(field));
  }
  return new Map([...missing].map(([subgraph, paths]) => [subgraph, [...paths]]));
}

/** The first that gives a field is the one who does: what others say of the same place goes beside it. */
function note({ subgraph, operation, inputs, outputRewrites }: FetchNode, givers: Map<string, string>): void {
  const asked = askedBy(operation);
  const give = (below: Asked | null | undefined, at: Path, from: Path, renamed: Renamed): void => {
    for (const [key, next] of below ?? []) {
      const fetched = [...from, key];
      const path = [...at, renamed.get(textOf(fetched)) ?? key];
      if (!givers.has(textOf(path))) givers.set(textOf(path), subgraph);
      give(next, path, fetched, renamed);
    }
  };
  if (inputs.length === 0) give(asked, [], [], renamedBy(outputRewrites));
  for (const input of inputs)
    for (const path of input.paths)
      give(asked.get(input.alias), keysOf(path), [], renamedBy(input.outputRewrites));
}

/** Path as it is fetched ▸ the key under which it goes on. */
type Renamed = ReadonlyMap<string, string>;

function renamedBy(rewrites: readonly Rewrite[]): Renamed {
  return new Map(
    rewrites.flatMap((each): [string, string][] =>
      each.kind === "rename"
        ? [[textOf(each.path.flatMap((step) => ("key" in step ? [step.key] : []))), each.key]]
        : [],
    ),
  );
}

function keysOf(path: readonly PathStep[]): Path {
  return path.flatMap((step) => (step !== "@" && "field" in step ? [step.field] : []));
}

function textOf(path: Path): string {
  return path.join(".");
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("."), 0));
}
