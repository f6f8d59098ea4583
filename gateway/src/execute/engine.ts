// What both stories share: an operation, its variables and a viewer ▸ without what is skipped ▸ what is visible ▸ plan ▸
// result.
import {
  execute,
  isInterfaceType,
  Kind,
  print,
  type FieldNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";
import type { VisibleOperation, Visibility } from "../access/prune.ts";
import type { Viewer } from "../access/viewer.ts";
import type { StopSignal } from "../cancel/stopper.ts";
import { JuntoError } from "../errors/index.ts";
import type { Account, Accounts, Occasion, PlanAccount } from "./account.ts";
import { clientsKey, plannable } from "./plannable.ts";
import { compile, type Executable, type Execution } from "./execute.ts";
import type { Fetch, FetchRequest } from "./fetch-request.ts";
import { createKeyed, withoutKey, type EntityKeys } from "./keys.ts";
import { scrub } from "./scrub.ts";
import { deciding, withoutSkipped } from "../operation/conditions.ts";
import type { Operation } from "../operation/prepare.ts";
import type { Variables } from "../operation/variables.ts";
import { fetchesOf, type Plan } from "../plan/plan.ts";
import type { Plans } from "../plan/plans.ts";

/** For whom and by whom something is fetched; what the fetch port needs beside the text. */
export interface Making {
  readonly viewer: Viewer;
  /** Of a subscription: the event. For the gateway's own subgraph what the root field resolves from, else its answer. */
  readonly event?: unknown;
  /** Aborted when the client has left: what is under way for it stops. */
  readonly signal?: StopSignal;
  /** Of an action: sent to the owner's system, so that a repetition is known as one. */
  readonly idempotencyKey?: string;
  /** Of the client's request, those that some subgraph may get. Names in small letters. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The keys of all entities are asked for too, which `entitiesIn` finds in the result. */
  readonly keys?: boolean;
  readonly occasion?: Occasion;
  /** Of this run, where something of it is to be taken down; the engine's own. */
  readonly account?: Account;
}

export interface Joined {
  readonly visible: VisibleOperation;
  readonly plan: Plan;
  readonly execution: Execution;
}

export interface Engine {
  /** @throws JuntoError when the operation cannot be planned. Subgraphs that fail are errors in the execution. */
  join(operation: Operation, variables: Readonly<Record<string, unknown>>, making: Making): Promise<Joined>;
  /**
   * What is to be asked, and of which subgraph, to hear of a subscription's events. Each of them is then joined with
   * the subgraph's answer as `making.event`.
   * @throws JuntoError NOT_SHARED when the viewer may not see the root field; when it cannot be planned
   */
  source(
    operation: Operation,
    variables: Readonly<Record<string, unknown>>,
    making: Making,
  ): Promise<FetchRequest<Making>>;
  /** Makes the plan that such a request would wait for. @throws JuntoError as `join` */
  prepare(operation: Operation, use: Use): Promise<void>;
  /** How an operation is used: once for each of its plans, at most as many as are worth making again. */
  uses(operation: Operation): readonly Use[];
}

/** All that decides which plan a request needs. */
export interface Use {
  readonly viewer: Viewer;
  /** Those that say what is skipped. */
  readonly variables: Variables;
  /** As of `Making`. */
  readonly keys?: boolean;
}

/** Plans of one operation that are made beforehand. */
const MOST_USES = 20;

export function createEngine(parts: {
  readonly schema: GraphQLSchema;
  readonly visibility: Visibility;
  readonly plans: Plans;
  readonly fetch: Fetch<Making>;
  readonly entities: EntityKeys;
  /** null: nothing is taken down of what is asked. For engines that nobody's data goes through. */
  readonly accounts: Accounts | null;
}): Engine {
  const executables = new WeakMap<Plan, Executable<Making>>();
  const keyed = createKeyed(parts.schema, parts.entities);
  const ready = new WeakMap<VisibleOperation, Promise<Ready> | Ready>();
  const uses = new WeakMap<Operation, Map<string, Use>>();

  const isInterface = (type: string): boolean => isInterfaceType(parts.schema.getType(type));

  const fetch: Fetch<Making> = (request) =>
    request.context.account ? request.context.account.fetch(request, parts.fetch) : parts.fetch(request);

  async function prepare(visible: VisibleOperation): Promise<Ready> {
    const { introspection, rest } = splitIntrospection(visible.definition);
    if (!rest) return { introspection, run: null, plan: NO_PLAN, account: null };
    const definition = plannable(parts.schema, rest);
    const plan = await parts.plans.of({ ...visible, definition });
    let executable = executables.get(plan);
    if (!executable) executables.set(plan, (executable = compile(plan, fetch, isInterface)));
    return { introspection, run: executable, plan, account: parts.accounts?.of(plan) ?? null };
  }

  /**
   * Everything about an operation and a visible set that does not depend on the request.
   * @param operation for which the use is noted; null: it is noted already
   */
  function readyFor(
    visible: VisibleOperation,
    operation: Operation | null,
    use: Use,
  ): Promise<Ready> | Ready {
    const known = ready.get(visible);
    if (known) return known;
    const made = prepare(visible);
    if (operation) note(visible, operation, use);
    ready.set(visible, made);
    made.then(
      (done) => ready.set(visible, done),
      () => ready.delete(visible),
    );
    return made;
  }

  /** What an operation of another graph asks has no requirements here: it must not pass for something that needs none. */
  function visibleTo(operation: Operation, { viewer, variables }: Use): VisibleOperation {
    if (operation.schema !== parts.schema)
      throw new JuntoError("INTERNAL", "An operation was read in another graph than it is asked in.");
    return parts.visibility(withoutSkipped(operation, variables), viewer);
  }

  function note(visible: VisibleOperation, operation: Operation, { viewer, variables, keys }: Use): void {
    let known = uses.get(operation);
    if (!known) uses.set(operation, (known = new Map()));
    if (known.size < MOST_USES)
      known.set(`${visible.operation.digest} ${visible.visibleSet}`, {
        viewer,
        variables: deciding(operation, variables),
        ...(keys && { keys }),
      });
  }

  /**
   * What runs for such a request. Whoever reads what is others' runs the operation that asks for the keys of it as well,
   * unless somebody would be asked for nothing but keys.
   */
  function forUse(visible: VisibleOperation, operation: Operation, use: Use): Promise<Ready> | Ready {
    if (use.keys) return withKeys(operation, use, operation);
    const plain = readyFor(visible, operation, use);
    const orWithKeys = (made: Ready): Promise<Ready> | Ready =>
      made.account?.concerns(use.viewer) ? withKeysUnlessMore(made, operation, use) : made;
    return plain instanceof Promise ? plain.then(orWithKeys) : orWithKeys(plain);
  }

  function withKeys(operation: Operation, use: Use, noted: Operation | null): Promise<Ready> | Ready {
    return readyFor(visibleTo(keyed(operation), use), noted, use);
  }

  async function withKeysUnlessMore(plain: Ready, operation: Operation, use: Use): Promise<Ready> {
    const asking = await withKeys(operation, use, null);
    if (operation.kind === "mutation") return asking;
    return fetchesOf(asking.plan).length > fetchesOf(plain.plan).length ? plain : asking;
  }

  /** Runs it, and waits until it has been taken down whose data that was. */
  async function runFor(ready: Ready, operation: Operation, variables: Variables, making: Making) {
    const { run, account: ofPlan } = ready;
    if (!run) return NOTHING_ASKED;
    if (!ofPlan?.concerns(making.viewer)) return withClientsPaths(await run(making, variables));
    const account = ofPlan.open(making, operation);
    try {
      return withClientsPaths(await run({ ...making, account }, variables));
    } finally {
      await account.settled();
    }
  }

  return {
    async join(operation, variables, making) {
      const use: Use = { viewer: making.viewer, variables, ...(making.keys && { keys: true }) };
      const visible = visibleTo(operation, use);
      if (operation.kind === "mutation" && visible.withheld.some(({ path }) => path.length === 1))
        throw refusal(visible);
      const known = forUse(visible, operation, use);
      const ready = known instanceof Promise ? await known : known;
      const execution = await runFor(ready, operation, variables, making);
      scrub(execution, visible.hidden);
      const { plan } = ready;
      if (!ready.introspection) return { visible, plan, execution };
      const introspected = await introspect(parts.schema, ready.introspection, variables);
      return { visible, plan, execution: { ...execution, data: { ...execution.data, ...introspected } } };
    },
    async source(operation, variables, making) {
      const use = { viewer: making.viewer, variables };
      const visible = visibleTo(operation, use);
      if (visible.withheld.some(({ path }) => path.length === 1)) throw refusal(visible, "NOT_SHARED");
      if (!visible.definition?.selectionSet.selections.length)
        throw new JuntoError("BAD_REQUEST", "The subscription leaves out its only field.");
      const { plan } = await forUse(visible, operation, use);
      let asked: FetchRequest<Making> | undefined;
      // Of the plan only its first node, which would ask: what it asks is what is subscribed to.
      const first = compile<Making>({ ...plan, node: null }, async (request) => ((asked = request), {}));
      await first(making, variables);
      if (!asked) throw new JuntoError("PLAN_FAILED", "No subgraph gives the events of this subscription.");
      return asked;
    },
    async prepare(operation, use) {
      await forUse(visibleTo(operation, use), operation, use);
    },
    uses: (operation) => [...(uses.get(operation)?.values() ?? [])],
  };
}

interface Ready {
  readonly introspection: OperationDefinitionNode | null;
  /** null: nobody is asked. */
  readonly run: Executable<Making> | null;
  readonly plan: Plan;
  readonly account: PlanAccount | null;
}

const NO_PLAN: Plan = { subscription: null, node: null };
const NOTHING_ASKED: Execution = { data: {}, errors: [], answered: new Map(), shared: new Set() };

/** Errors name places as the client does. The data keeps the keys under which it was fetched, which the shape knows. */
function withClientsPaths(execution: Execution): Execution {
  if (execution.errors.length === 0) return execution;
  const own = (key: string | number): string | number => (typeof key === "string" ? clientsKey(key) : key);
  return {
    ...execution,
    errors: execution.errors.map((error) => ({ ...error, path: withoutKey(error.path).map(own) })),
  };
}

/** A mutation that may not be made is not made in part: nothing of it runs. */
function refusal({ withheld }: VisibleOperation, code: "FORBIDDEN" | "NOT_SHARED" = "FORBIDDEN"): JuntoError {
  const { owner, policy } = withheld.find(({ path }) => path.length === 1)!;
  return new JuntoError(code, `${owner} does not allow this here.`, {
    details: { organization: owner, ...(policy && { policy }) },
  });
}

/** Fields of the root that ask about the schema are answered here, from what clients may see of it. */
function splitIntrospection(definition: OperationDefinitionNode | null): {
  introspection: OperationDefinitionNode | null;
  rest: OperationDefinitionNode | null;
} {
  const fields = definition ? rootFields(definition.selectionSet) : [];
  const only = (kept: readonly FieldNode[]): OperationDefinitionNode | null =>
    kept.length === 0
      ? null
      : { ...definition!, selectionSet: { kind: Kind.SELECTION_SET, selections: kept } };
  const isIntrospection = ({ name }: FieldNode): boolean => name.value.startsWith("__");
  if (!fields.some(isIntrospection)) return { introspection: null, rest: only(fields) && definition };
  return {
    introspection: only(fields.filter(isIntrospection)),
    rest: only(fields.filter((node) => !isIntrospection(node))),
  };
}

/** Without the fragments around them: there is one root type. */
function rootFields({ selections }: SelectionSetNode): FieldNode[] {
  return selections.flatMap((node) => {
    if (node.kind === Kind.FIELD) return [node];
    return node.kind === Kind.INLINE_FRAGMENT ? rootFields(node.selectionSet) : [];
  });
}

async function introspect(
  schema: GraphQLSchema,
  definition: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): Promise<object> {
  const result = await execute({
    schema,
    document: { kind: Kind.DOCUMENT, definitions: [definition] },
    variableValues: variables,
  });
  if (result.errors)
    throw new JuntoError(
      "BAD_REQUEST",
      `Introspection: ${result.errors[0]!.message} (${print(definition).length} characters)`,
    );
  return result.data ?? {};
}
