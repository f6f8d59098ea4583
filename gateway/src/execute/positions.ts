// The places of a plan's result, and at which of them equal objects may be one object.
//
// Where only one fetch says what is there, objects of equal content stay equal: whatever else is fetched for them is
// asked by that content. So they can be one for the rest of the request, and the work grows with the distinct ones.
// Where two fetches fill the same place, what the second says depends on where it says it: nothing is made one there.
import { fetchesOf, type FetchNode, type KeySelection, type PathStep, type Plan } from "../plan/plan.ts";
import { askedBy, type Asked } from "./asked.ts";

/** A place in the result: response keys from the root, whichever item of a list, whichever type. */
export interface Position {
  readonly below: ReadonlyMap<string, Position>;
  /** How many fetches say what is here. */
  readonly providers: number;
  /** How equal objects become one here; null: each stays itself. */
  readonly pooling: Pooling | null;
}

export interface Pooling {
  /** Number of this place among those that have a pool. */
  readonly pool: number;
  /** Leaves by which objects here are known: of one key there are few different ones. */
  readonly key: readonly string[];
}

export interface Positions {
  readonly root: Position;
  /** How many places have a pool. */
  readonly pools: number;
  at(path: readonly PathStep[]): Position;
}

interface Draft extends Position {
  readonly below: Map<string, Draft>;
  providers: number;
  /** By what a later fetch asks for entities here. */
  readonly key: Set<string>;
  pooling: Pooling | null;
}

export function positionsOf(plan: Plan): Positions {
  const root = draft();
  const fetches = fetchesOf(plan);
  for (const node of fetches) {
    const asked = askedBy(node.operation);
    if (node.inputs.length === 0) provide(root, asked);
    for (const { alias, paths, requires } of node.inputs)
      for (const path of paths) {
        const base = descend(root, path);
        for (const name of leavesOf(requires)) base.key.add(name);
        provide(base, asked.get(alias) ?? new Map());
      }
  }
  // A key that is renamed on the way is not where this says it is.
  const moved = fetches.some(isRenamed);
  return { root, pools: moved ? 0 : number(root, 0), at: (path) => descend(root, path) };
}

function draft(): Draft {
  return { below: new Map(), providers: 0, key: new Set(), pooling: null };
}

function provide(at: Draft, asked: Asked): void {
  for (const [key, below] of asked) {
    if (!below) continue;
    const position = child(at, key);
    position.providers += 1;
    provide(position, below);
  }
}

function child(at: Draft, key: string): Draft {
  let found = at.below.get(key);
  if (!found) at.below.set(key, (found = draft()));
  return found;
}

function descend(root: Draft, path: readonly PathStep[]): Draft {
  return path.reduce((at, step) => (step !== "@" && "field" in step ? child(at, step.field) : at), root);
}

function number(at: Draft, used: number): number {
  let next = used;
  if (at.key.size > 0 && at.providers === 1) at.pooling = { pool: next++, key: [...at.key] };
  for (const position of at.below.values()) next = number(position, next);
  return next;
}

function leavesOf(requires: readonly KeySelection[]): string[] {
  return requires.flatMap((each) => {
    if (each.kind === "type") return leavesOf(each.selections);
    return each.selections || each.name === "__typename" ? [] : [each.name];
  });
}

function isRenamed({ outputRewrites, inputs }: FetchNode): boolean {
  const renames = [...outputRewrites, ...inputs.flatMap((input) => input.outputRewrites)];
  return renames.some(({ kind }) => kind === "rename");
}
