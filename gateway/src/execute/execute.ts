// A plan ▸ a result. Compiled once into closures; says what it needs of a subgraph (`Fetch`), not how it gets there.
import type { EntityInput, FetchNode, Plan, PlanNode } from "../plan/plan.ts";
import { askedBy, keepAsked } from "./asked.ts";
import { entityBatch, type Batch } from "./entities.ts";
import { mergeInto, pathOf, type Json, type ResponsePath } from "./data.ts";
import { rewrite } from "./rewrite.ts";

/** What is asked of a subgraph. `C` is whatever the caller passes through: for whom, until when. */
export interface FetchRequest<C> {
  readonly subgraph: string;
  readonly operationKind: "query" | "mutation" | "subscription";
  readonly operation: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: C;
}

export interface SubgraphError {
  readonly message: string;
  readonly path?: ResponsePath;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

export interface SubgraphAnswer {
  readonly data?: Json | null;
  readonly errors?: readonly SubgraphError[];
}

/** Asks a subgraph. Rejects when there was no answer. */
export type Fetch<C> = (request: FetchRequest<C>) => Promise<SubgraphAnswer>;

export interface ExecutionError {
  readonly subgraph: string;
  readonly path: ResponsePath;
  /** What the subgraph said, or what went wrong on the way: for the log, and to find a code by. */
  readonly cause: SubgraphError | Error;
}

export type AnswerStatus = "OK" | "PARTIAL" | "AWAY";

export interface Execution {
  readonly data: Json;
  readonly errors: readonly ExecutionError[];
  /** How each subgraph that was asked answered, and when it last did. */
  readonly answered: ReadonlyMap<string, { readonly status: AnswerStatus; readonly asOf: Date }>;
}

export type Executable<C> = (context: C, variables: Readonly<Record<string, unknown>>) => Promise<Execution>;

/** Compiles a plan. Of a subscription, each run is one event: `fetch` answers its first node from the context. */
export function compile<C>(plan: Plan, fetch: Fetch<C>): Executable<C> {
  const first = plan.subscription && compileNode(plan.subscription, fetch);
  const rest = plan.node && compileNode(plan.node, fetch);
  return async (context, variables) => {
    const run: Run<C> = { context, variables, data: {}, errors: [], answered: new Map() };
    if (first) await first(run);
    if (rest) await rest(run);
    return run;
  };
}

interface Run<C> {
  readonly context: C;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly data: Json;
  readonly errors: ExecutionError[];
  readonly answered: Map<string, { status: AnswerStatus; asOf: Date }>;
}

type Step<C> = (run: Run<C>) => Promise<void>;

function compileNode<C>(node: PlanNode, fetch: Fetch<C>): Step<C> {
  switch (node.kind) {
    case "Fetch":
      return onItsOwn(node, node.inputs.length === 0 ? rootFetch(node, fetch) : entityFetch(node, fetch));
    case "Sequence": {
      const steps = node.nodes.map((each) => compileNode(each, fetch));
      return async (run) => {
        for (const step of steps) await step(run);
      };
    }
    case "Parallel": {
      const steps = node.nodes.map((each) => compileNode(each, fetch));
      return async (run) => void (await Promise.all(steps.map((step) => step(run))));
    }
    case "Condition": {
      const then = node.then && compileNode(node.then, fetch);
      const otherwise = node.otherwise && compileNode(node.otherwise, fetch);
      return async (run) => (run.variables[node.variable] ? then : otherwise)?.(run);
    }
  }
}

/** I9: an answer that cannot be worked with, whatever is wrong with it, is the fault of the one who gave it. */
function onItsOwn<C>({ subgraph }: FetchNode, step: Step<C>): Step<C> {
  return async (run) => {
    try {
      await step(run);
    } catch (error) {
      note(run, subgraph, "AWAY");
      run.errors.push({ subgraph, path: [], cause: asError(error) });
    }
  };
}

function rootFetch<C>(node: FetchNode, fetch: Fetch<C>): Step<C> {
  const asked = askedBy(node.operation);
  const rootKeys = [...asked.keys()];
  return async (run) => {
    const answer = await ask(node, fetch, run, variablesFor(node, run));
    if (answer instanceof Error) {
      for (const key of rootKeys) run.errors.push({ subgraph: node.subgraph, path: [key], cause: answer });
      return;
    }
    if (answer.data) {
      keepAsked(answer.data, asked);
      for (const each of node.outputRewrites) rewrite(each, answer.data);
      mergeInto(run.data, answer.data);
    }
    for (const cause of answer.errors ?? [])
      run.errors.push({ subgraph: node.subgraph, path: cause.path ?? rootKeys.slice(0, 1), cause });
  };
}

function entityFetch<C>(node: FetchNode, fetch: Fetch<C>): Step<C> {
  const asked = askedBy(node.operation);
  return async (run) => {
    const batches = node.inputs.map((input) => ({ input, batch: entityBatch(input, run.data) }));
    if (batches.every(({ batch }) => batch.representations.length === 0)) return;
    const variables = variablesFor(node, run);
    for (const { input, batch } of batches) variables[input.variable] = batch.representations;
    const answer = await ask(node, fetch, run, variables);
    if (answer instanceof Error) {
      for (const { batch } of batches)
        for (const path of firstPaths(batch))
          run.errors.push({ subgraph: node.subgraph, path, cause: answer });
      return;
    }
    keepAsked(answer.data, asked);
    for (const { input, batch } of batches) place(input, batch, answer);
    run.errors.push(...entityErrors(node.subgraph, batches, answer.errors ?? []));
  };
}

/** Puts what came for each distinct entity into every object that is that entity. */
function place(input: EntityInput, batch: Batch, answer: SubgraphAnswer): void {
  const entities = answer.data?.[input.alias];
  if (!Array.isArray(entities)) return;
  batch.targets.forEach((targets, index) => {
    const entity: unknown = entities[index];
    if (entity === null || typeof entity !== "object") return;
    for (const each of input.outputRewrites) rewrite(each, entity as Json);
    for (const target of targets) mergeInto(target.object, entity as Json);
  });
}

/** `["_entities", 3, "name"]` in the subgraph's answer ▸ the paths in the client's. */
function entityErrors(
  subgraph: string,
  batches: readonly { readonly input: EntityInput; readonly batch: Batch }[],
  errors: readonly SubgraphError[],
): ExecutionError[] {
  return errors.flatMap((cause): ExecutionError[] => {
    const [alias, index, ...rest] = cause.path ?? [];
    const at = batches.find(({ input }) => input.alias === alias);
    const targets = at && typeof index === "number" ? at.batch.targets[index] : undefined;
    if (targets) return targets.map((target) => ({ subgraph, path: [...pathOf(target), ...rest], cause }));
    const path = batches.flatMap(({ batch }) => firstPaths(batch))[0] ?? [];
    return [{ subgraph, path, cause }];
  });
}

/** One path for a batch that failed as a whole: an error for each of a thousand entities helps nobody. */
function firstPaths(batch: Batch): ResponsePath[] {
  const first = batch.targets[0]?.[0];
  return first ? [pathOf(first)] : [];
}

async function ask<C>(
  node: FetchNode,
  fetch: Fetch<C>,
  run: Run<C>,
  variables: Record<string, unknown>,
): Promise<SubgraphAnswer | Error> {
  const { subgraph, operation, operationKind } = node;
  let answer: SubgraphAnswer | Error;
  try {
    answer = await fetch({ subgraph, operation, operationKind, variables, context: run.context });
  } catch (error) {
    answer = asError(error);
  }
  note(run, subgraph, statusOf(answer));
  return answer;
}

/** A subgraph that answered one fetch and not another answered in part. */
function note(run: Run<unknown>, subgraph: string, status: AnswerStatus): void {
  const before = run.answered.get(subgraph);
  run.answered.set(subgraph, {
    status: !before || before.status === status ? status : "PARTIAL",
    asOf: new Date(),
  });
}

function statusOf(answer: SubgraphAnswer | Error): AnswerStatus {
  if (answer instanceof Error) return "AWAY";
  if (!answer.errors?.some(isAbsence)) return "OK";
  return hasValue(answer.data) ? "PARTIAL" : "AWAY";
}

/** An owner that withholds something has answered; one whose old system is away has not. */
function isAbsence(error: SubgraphError): boolean {
  const code = error.extensions?.code;
  return code !== "NOT_SHARED" && code !== "FORBIDDEN";
}

function hasValue(value: unknown): boolean {
  if (value === null || value === undefined) return false;
  if (typeof value !== "object") return true;
  return Object.entries(value).some(([key, inner]) => key !== "__typename" && hasValue(inner));
}

function variablesFor(node: FetchNode, run: Run<unknown>): Record<string, unknown> {
  const variables: Record<string, unknown> = {};
  for (const name of node.variables)
    if (Object.hasOwn(run.variables, name)) variables[name] = run.variables[name];
  return variables;
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
