// What both stories share: an operation, its variables and a viewer ▸ without what is skipped ▸ what is visible ▸ plan ▸
// result.
import type { VisibleOperation, Withheld } from "../access/prune.ts";
import type { Viewer } from "../access/viewer.ts";
import type { StopSignal } from "../cancel/stopper.ts";
import { JuntoError } from "../errors/index.ts";
import type { Operation } from "../operation/prepare.ts";
import type { Variables } from "../operation/variables.ts";
import type { Plan } from "../plan/plan.ts";
import type { Account, Occasion } from "./account.ts";
import { compile, type Execution } from "./execute.ts";
import type { Fetch, FetchRequest } from "./fetch-request.ts";
import { introspect } from "./introspection.ts";
import { withoutKey } from "./keys.ts";
import { clientsKey } from "./plannable.ts";
import { createPrograms, type Program, type ProgramsParts, type Use } from "./programs.ts";
import { scrub } from "./scrub.ts";

/** For whom and by whom something is fetched; what the fetch port needs beside the text. */
export interface Making {
  readonly viewer: Viewer;
  /** Of a subscription: the event. For the gateway's own subgraph what the root field resolves from, else its answer. */
  readonly event?: unknown;
  /** Aborted when the client has left: what is under way for it stops. */
  readonly signal?: StopSignal | undefined;
  /** Of an action: sent to the owner's system, so that a repetition is known as one. */
  readonly idempotencyKey?: string | undefined;
  /** Of the client's request, those that some subgraph may get. Names in small letters. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The keys of all entities are asked for too, which `entitiesIn` finds in the result. */
  readonly keys?: boolean | undefined;
  readonly occasion?: Occasion | undefined;
  /** Of this run, where something of it is to be taken down; the engine's own. */
  readonly account?: Account | undefined;
}

export interface Joined {
  readonly visible: VisibleOperation;
  readonly plan: Plan;
  readonly execution: Execution;
}

export interface Engine {
  /** @throws JuntoError when the operation cannot be planned. Subgraphs that fail are errors in the execution. */
  join(operation: Operation, variables: Variables, making: Making): Promise<Joined>;
  /**
   * What is to be asked, and of which subgraph, to hear of a subscription's events. Each of them is then joined with
   * the subgraph's answer as `making.event`.
   * @throws JuntoError NOT_SHARED when the viewer may not see the root field; when it cannot be planned
   */
  source(operation: Operation, variables: Variables, making: Making): Promise<FetchRequest<Making>>;
  /** Makes the plan that such a request would wait for. @throws JuntoError as `join` */
  prepare(operation: Operation, use: Use): Promise<void>;
  /** How an operation is used: once for each of its plans, at most as many as are worth making again. */
  uses(operation: Operation): readonly Use[];
}

export function createEngine(parts: ProgramsParts<Making>): Engine {
  const fetch: Fetch<Making> = (request) =>
    request.context.account ? request.context.account.fetch(request, parts.fetch) : parts.fetch(request);
  const programs = createPrograms({ ...parts, fetch });

  return {
    async join(operation, variables, making) {
      const use: Use = { viewer: making.viewer, variables, keys: making.keys };
      const visible = programs.visibleTo(operation, use);
      const refused = operation.kind === "mutation" && withheldRoot(visible);
      // A mutation that may not be made is not made in part: nothing of it runs.
      if (refused) throw refusal("FORBIDDEN", refused);
      const known = programs.of(visible, operation, use);
      const program = known instanceof Promise ? await known : known;
      const execution = await run(program, operation, variables, making);
      scrub(execution, visible.hidden);
      const { plan, introspection } = program;
      if (!introspection) return { visible, plan, execution };
      const introspected = await introspect(parts.schema, introspection, variables);
      return { visible, plan, execution: { ...execution, data: { ...execution.data, ...introspected } } };
    },
    async source(operation, variables, making) {
      const use = { viewer: making.viewer, variables };
      const visible = programs.visibleTo(operation, use);
      const refused = withheldRoot(visible);
      if (refused) throw refusal("NOT_SHARED", refused);
      if (!visible.definition?.selectionSet.selections.length)
        throw new JuntoError("BAD_REQUEST", "The subscription leaves out its only field.");
      const { plan } = await programs.of(visible, operation, use);
      return firstRequest(plan, variables, making);
    },
    async prepare(operation, use) {
      await programs.of(programs.visibleTo(operation, use), operation, use);
    },
    uses: programs.uses,
  };
}

/** Runs it, and waits until it has been taken down whose data that was. */
async function run(
  { run: execute, account: ofPlan }: Program<Making>,
  operation: Operation,
  variables: Variables,
  making: Making,
): Promise<Execution> {
  if (!execute) return NOTHING_ASKED;
  if (!ofPlan?.concerns(making.viewer)) return withClientsPaths(await execute(making, variables));
  const account = ofPlan.open(making, operation);
  try {
    return withClientsPaths(await execute(takenDown(making, account), variables));
  } finally {
    await account.settled();
  }
}

const NOTHING_ASKED: Execution = { data: {}, errors: [], answered: new Map(), shared: new Set() };

/** Field by field: a request has one, and to spread what comes in many shapes takes longer. */
function takenDown(making: Making, account: Account): Making {
  const { viewer, event, signal, idempotencyKey, headers, keys, occasion } = making;
  return { viewer, event, signal, idempotencyKey, headers, keys, occasion, account };
}

/** Errors name places as the client does. The data keeps the keys under which it was fetched, which the shape knows. */
function withClientsPaths(execution: Execution): Execution {
  if (execution.errors.length === 0) return execution;
  const own = (key: string | number): string | number => (typeof key === "string" ? clientsKey(key) : key);
  return {
    ...execution,
    errors: execution.errors.map((error) => ({ ...error, path: withoutKey(error.path).map(own) })),
  };
}

/** What a subscription's plan asks first: that is subscribed to. */
async function firstRequest(plan: Plan, variables: Variables, making: Making): Promise<FetchRequest<Making>> {
  let asked: FetchRequest<Making> | undefined;
  const first = compile<Making>({ ...plan, node: null }, async (request) => ((asked = request), {}));
  await first(making, variables);
  if (!asked) throw new JuntoError("PLAN_FAILED", "No subgraph gives the events of this subscription.");
  return asked;
}

/** Of the root's fields the first that the viewer may not see. */
function withheldRoot({ withheld }: VisibleOperation): Withheld | undefined {
  return withheld.find(({ path }) => path.length === 1);
}

function refusal(code: "FORBIDDEN" | "NOT_SHARED", { owner, policy }: Withheld): JuntoError {
  return new JuntoError(code, `${owner} does not allow this here.`, {
    details: { organization: owner, ...(policy && { policy }) },
  });
}
