// A plan ▸ a result. Compiled once into closures; says what it needs of a subgraph (`Fetch`), not how it gets there.
import { createHash } from "node:crypto";
import { JuntoError } from "../errors/index.ts";
import type { EntityInput, FetchNode, Plan, PlanNode } from "../plan/plan.ts";
import { note, type Answered } from "./answered.ts";
import { askedBy } from "./asked.ts";
import { copy, isObject, mergeInto, type Json, type ResponsePath } from "./data.ts";
import { compileBatching, pathsTo, type Batch, type Batching } from "./entities.ts";
import type { Fetch, SubgraphAnswer, SubgraphError } from "./fetch-request.ts";
import { positionsOf, type Positions } from "./positions.ts";
import { compact } from "./json.ts";
import { compileReader, createObjects, type Objects, type Reader } from "./read.ts";
import { rewrite } from "./rewrite.ts";

export interface ExecutionError {
  readonly subgraph: string;
  readonly path: ResponsePath;
  /** It holds for whatever was asked at this place, in whichever item of a list. */
  readonly everywhere: boolean;
  /** What the subgraph said, or what went wrong on the way: for the log, and to find a code by. */
  readonly cause: SubgraphError | Error;
}

export interface Execution {
  readonly data: Json;
  readonly errors: readonly ExecutionError[];
  readonly answered: Answered;
  /** Objects and lists of `data` that stand at several places of it. */
  readonly shared: ReadonlySet<unknown>;
}

export type Executable<C> = (context: C, variables: Readonly<Record<string, unknown>>) => Promise<Execution>;

/**
 * Compiles a plan. Of a subscription, each run is one event: `fetch` answers its first node from the context.
 * @param isInterface whether a type is what an `@interfaceObject` stands for, and not what an object is
 */
export function compile<C>(
  plan: Plan,
  fetch: Fetch<C>,
  isInterface: (type: string) => boolean = () => false,
): Executable<C> {
  const parts: Parts<C> = { positions: positionsOf(plan), fetch, isInterface };
  const first = plan.subscription && compileNode(plan.subscription, parts);
  const rest = plan.node && compileNode(plan.node, parts);
  return async (context, variables) => {
    const objects = createObjects(parts.positions.pools);
    const { shared } = objects;
    const run: Run<C> = {
      context,
      variables,
      objects,
      shared,
      data: {},
      errors: [],
      answered: new Map(),
      unknown: new Set(),
    };
    if (first) await first(run);
    if (rest) await rest(run);
    return run;
  };
}

interface Run<C> extends Execution {
  readonly context: C;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly objects: Objects;
  readonly errors: ExecutionError[];
  /** Of whom a subgraph said that there is no such entity. */
  readonly unknown: Set<Json>;
}

interface Parts<C> {
  readonly positions: Positions;
  readonly fetch: Fetch<C>;
  readonly isInterface: (type: string) => boolean;
}

type Step<C> = (run: Run<C>) => Promise<void>;

function compileNode<C>(node: PlanNode, parts: Parts<C>): Step<C> {
  switch (node.kind) {
    case "Fetch":
      return node.inputs.length === 0 ? rootFetch(node, parts) : entityFetch(node, parts);
    case "Sequence": {
      const steps = node.nodes.map((each) => compileNode(each, parts));
      return async (run) => {
        for (const step of steps) await step(run);
      };
    }
    case "Parallel": {
      const steps = node.nodes.map((each) => compileNode(each, parts));
      return async (run) => void (await Promise.all(steps.map((step) => step(run))));
    }
  }
}

function rootFetch<C>(node: FetchNode, { positions, fetch }: Parts<C>): Step<C> {
  const { subgraph, outputRewrites } = node;
  const asked = askedBy(node.operation);
  const rootKeys = [...asked.keys()];
  const read = compileReader(asked, positions.root);
  const ask = compileAsk(node, fetch);
  const write = compileVariables(node.variables);
  const failed = (run: Run<C>, cause: Error): void => {
    for (const key of rootKeys) run.errors.push({ subgraph, path: [key], everywhere: true, cause });
  };
  return async (run) => {
    try {
      const answer = await ask(run, write(run.variables));
      if (answer instanceof Error) return failed(run, answer);
      if (answer.data) {
        const data = read(answer.data, run.objects) as Json;
        for (const each of outputRewrites) rewrite(each, data);
        mergeInto(run.data, data);
      }
      for (const cause of answer.errors ?? [])
        run.errors.push({
          subgraph,
          path: cause.path ?? rootKeys.slice(0, 1),
          everywhere: !cause.path,
          cause,
        });
    } catch (error) {
      unreadable(run, subgraph, error);
    }
  };
}

/** One input of an entity fetch: how its entities are found, and how what is said of them is read, by path. */
interface Input extends Pick<EntityInput, "alias" | "paths" | "outputRewrites"> {
  /** Of its variable: `"representations":`. */
  readonly label: string;
  readonly batch: Batching;
  readonly readers: readonly { readonly read: Reader; readonly once: boolean }[];
}

/** @param whole of a spare: the fetch for what it leaves out, which is asked beside it */
function entityFetch<C>(node: FetchNode, parts: Parts<C>, whole?: FetchNode): Step<C> {
  const { subgraph } = node;
  const inputs = compileInputs(node, parts.positions, whole);
  const ask = compileAsk(node, parts.fetch);
  const write = compileVariables(node.variables);
  const spare = node.spare && entityFetch(node.spare, parts, node);
  const fetchAll = async (run: Run<C>, batches: readonly Batch[]): Promise<void> => {
    let variables = write(run.variables);
    inputs.forEach(({ label }, index) => {
      variables += `${variables === "" ? "" : ","}${label}[${batches[index]!.representations.join(",")}]`;
    });
    const answer = await ask(run, variables);
    const asking = { run, subgraph, inputs, batches };
    if (answer instanceof Error) return failedEntities(asking, answer);
    inputs.forEach((input, index) => place(input, batches[index]!, answer, run, parts.isInterface));
    if (answer.errors) entityErrors(asking, answer.errors);
  };
  return async (run) => {
    try {
      const batches = inputs.map(({ batch }) => batch(run.data, run.objects));
      if (!whole) unrepresented(run, subgraph, inputs, batches);
      const others = batches.some(({ incomplete }) => incomplete) ? spare?.(run) : undefined;
      if (batches.some(({ representations }) => representations.length > 0)) await fetchAll(run, batches);
      await others;
    } catch (error) {
      unreadable(run, subgraph, error);
    }
  };
}

function compileInputs(node: FetchNode, positions: Positions, whole: FetchNode | undefined): Input[] {
  const asked = askedBy(node.operation);
  return node.inputs.map((input): Input => {
    const readers = input.paths.map((path) => {
      const position = positions.at(path);
      // What is said below may be one for all objects that are the entity, unless others say something there too.
      const once = [...position.below.values()].every(({ providers }) => providers === 1);
      return { read: compileReader(asked.get(input.alias) ?? new Map(), position), once };
    });
    const represented = whole?.inputs.find(({ alias }) => alias === input.alias);
    const batch = compileBatching(input, positions, represented);
    return { ...input, label: labelOf(input.variable), batch, readers };
  });
}

/**
 * What is missing is missing because of an error, which says so, or because a subgraph knows no such entity. If neither is
 * so, the plan is at fault, which the planner did not notice: then that is said, and never a null without a word.
 */
function unrepresented(
  run: Run<unknown>,
  subgraph: string,
  inputs: readonly Input[],
  batches: readonly Batch[],
): void {
  if (run.errors.length > 0) return;
  const which = batches.findIndex(({ incomplete }) => incomplete && !run.unknown.has(incomplete.object));
  const missing = batches[which]?.incomplete;
  if (!missing) return;
  const cause = new JuntoError("PLAN_FAILED", `Subgraph ${subgraph} cannot be told which entity is meant.`);
  const [path = []] = pathsTo(missing.object, inputs[which]!.paths[missing.path]!, run, 1);
  run.errors.push({ subgraph, path, everywhere: true, cause });
}

/** I9: an answer that cannot be worked with, whatever is wrong with it, is the fault of the one who gave it. */
function unreadable(run: Run<unknown>, subgraph: string, thrown: unknown): void {
  note(run.answered, subgraph, "AWAY");
  run.errors.push({ subgraph, path: [], everywhere: true, cause: asError(thrown) });
}

/** Puts what came for each distinct entity into every object that is that entity. */
function place(
  input: Input,
  { targets }: Batch,
  { data }: SubgraphAnswer,
  run: Run<unknown>,
  isInterface: (type: string) => boolean,
): void {
  const entities = data?.[input.alias];
  if (!Array.isArray(entities)) return;
  const placeOne = ({ read, same }: Use, entity: Json): void => {
    const source = read(entity, run.objects) as Json;
    for (const each of input.outputRewrites) rewrite(each, source);
    if (same.length > 1)
      for (const value of Object.values(source)) if (isComposite(value)) run.objects.shared.add(value);
    for (const object of same) {
      learnType(object, source, isInterface);
      mergeInto(object, source);
    }
  };
  entities.forEach((entity: unknown, index) => {
    if (!isObject(entity)) {
      for (const atPath of targets) for (const object of atPath[index] ?? []) run.unknown.add(object);
      return;
    }
    let before: Use | null = null;
    for (let path = 0; path < targets.length; path++)
      for (const use of usesOf(targets[path]![index], input.readers[path]!)) {
        // What is taken over belongs to one use: the others take copies.
        if (before) placeOne(before, copy(entity));
        before = use;
      }
    if (before) placeOne(before, entity);
  });
}

/** An object that came by the name of its interface (`@interfaceObject`) is what the one who knows says that it is. */
function learnType(object: Json, { __typename: said }: Json, isInterface: (type: string) => boolean): void {
  const known = object.__typename;
  if (typeof said === "string" && said !== known && typeof known === "string" && isInterface(known))
    object.__typename = said;
}

interface Use {
  readonly read: Reader;
  /** Objects at one place, which may have what lies below in common. */
  readonly same: readonly Json[];
}

function usesOf(
  objects: readonly Json[] | undefined,
  { read, once }: Input["readers"][number],
): readonly Use[] {
  if (!objects) return NO_USES;
  if (once) return [{ read, same: objects }];
  return objects.map((object) => ({ read, same: [object] }));
}

const NO_USES: readonly Use[] = [];

function isComposite(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

interface Asking<C> {
  readonly run: Run<C>;
  readonly subgraph: string;
  readonly inputs: readonly Input[];
  readonly batches: readonly Batch[];
}

/** `["_entities", 3, "name"]` in the subgraph's answer ▸ the paths in the client's. */
function entityErrors<C>(asking: Asking<C>, errors: readonly SubgraphError[]): void {
  const { run, subgraph, inputs, batches } = asking;
  for (const cause of errors) {
    const [alias, index, ...rest] = cause.path ?? [];
    const which = inputs.findIndex((input) => input.alias === alias);
    const targets = typeof index === "number" ? batches[which]?.targets : undefined;
    const paths = inputs[which]?.paths.flatMap((path, place) =>
      (targets?.[place]?.[index as number] ?? []).flatMap((object) => pathsTo(object, path, run, MOST_PATHS)),
    );
    if (paths && paths.length > 0)
      for (const path of paths)
        run.errors.push({ subgraph, path: [...path, ...rest], everywhere: false, cause });
    else
      for (const path of firstPaths(asking).slice(0, 1))
        run.errors.push({ subgraph, path, everywhere: true, cause });
  }
}

/** Of one error: an entity may stand at very many places. */
const MOST_PATHS = 1_000;

/** One error for each place of a fetch that failed as a whole: one for each of a thousand entities helps nobody. */
function failedEntities<C>(asking: Asking<C>, cause: Error): void {
  const { run, subgraph } = asking;
  for (const path of firstPaths(asking)) run.errors.push({ subgraph, path, everywhere: true, cause });
}

/** The first entity at each place where the fetch asks for some. */
function firstPaths<C>({ run, inputs, batches }: Asking<C>): ResponsePath[] {
  return inputs.flatMap(({ paths }, which) =>
    paths.flatMap((path, place) => {
      const object = batches[which]!.targets[place]!.find((same) => same)?.[0];
      return object ? pathsTo(object, path, run, 1) : [];
    }),
  );
}

/** Asks the subgraph of a node, whose text is prepared. `variables` is what stands between the braces. */
function compileAsk<C>(
  { subgraph, operation, operationKind }: FetchNode,
  fetch: Fetch<C>,
): (run: Run<C>, variables: string) => Promise<SubgraphAnswer | Error> {
  const digest = createHash("sha256").update(operation).digest("base64url");
  const head = compact(`{"query":${JSON.stringify(operation)},"variables":`);
  return async (run, members) => {
    const variables = `{${members}}`;
    const body = `${head}${variables}}`;
    const { context } = run;
    let answer: SubgraphAnswer | Error;
    try {
      answer = await fetch({ subgraph, operation, operationKind, digest, variables, body, context });
    } catch (error) {
      answer = asError(error);
    }
    note(run.answered, subgraph, answer);
    return answer;
  };
}

/** The members of an object with the values of these variables. */
function compileVariables(
  names: readonly string[],
): (variables: Readonly<Record<string, unknown>>) => string {
  const labelled = names.map((name) => ({ name, label: labelOf(name) }));
  return (variables) => {
    let text = "";
    for (const { name, label } of labelled)
      if (Object.hasOwn(variables, name)) {
        const value = JSON.stringify(variables[name]) as string | undefined;
        if (value !== undefined) text += `${text === "" ? "" : ","}${label}${value}`;
      }
    return text;
  };
}

function labelOf(variable: string): string {
  return compact(`"${variable}":`);
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
