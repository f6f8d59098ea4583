// What runs for an operation: everything about it and a visible set that does not depend on the request, made once.
import { isInterfaceType, type GraphQLSchema, type OperationDefinitionNode } from "graphql";
import type { VisibleOperation, Visibility } from "../access/prune.ts";
import type { Viewer } from "../access/viewer.ts";
import { JuntoError } from "../errors/index.ts";
import { deciding, withoutSkipped } from "../operation/conditions.ts";
import type { Operation } from "../operation/prepare.ts";
import type { Variables } from "../operation/variables.ts";
import { fetchesOf, type Plan } from "../plan/plan.ts";
import type { Plans } from "../plan/plans.ts";
import type { Accounts, PlanAccount } from "./account.ts";
import { compile, type Executable } from "./execute.ts";
import type { Fetch } from "./fetch-request.ts";
import { splitIntrospection } from "./introspection.ts";
import { createKeyed, type EntityKeys } from "./keys.ts";
import { plannable } from "./plannable.ts";

export interface Program<C> {
  readonly introspection: OperationDefinitionNode | null;
  /** null: nobody is asked. */
  readonly run: Executable<C> | null;
  readonly plan: Plan;
  readonly account: PlanAccount | null;
}

/** All that decides which program a request needs. */
export interface Use {
  readonly viewer: Viewer;
  /** Those that say what is skipped. */
  readonly variables: Variables;
  /** The keys of all entities are asked for too. */
  readonly keys?: boolean | undefined;
}

export interface ProgramsParts<C> {
  readonly schema: GraphQLSchema;
  readonly visibility: Visibility;
  readonly plans: Plans;
  readonly fetch: Fetch<C>;
  readonly entities: EntityKeys;
  /** null: nothing is taken down of what is asked. For engines that nobody's data goes through. */
  readonly accounts: Accounts | null;
}

export interface Programs<C> {
  /** Without what is skipped and what the viewer may not see. */
  visibleTo(operation: Operation, use: Use): VisibleOperation;
  /**
   * What runs for such a request. Whoever reads what is others' runs the operation that asks for the keys of it as well,
   * unless somebody would be asked for nothing but keys. @throws JuntoError when it cannot be planned
   */
  of(visible: VisibleOperation, operation: Operation, use: Use): Promise<Program<C>> | Program<C>;
  /** How an operation is used: once for each of its plans, at most as many as are worth making again. */
  uses(operation: Operation): readonly Use[];
}

/** Plans of one operation that are made beforehand. */
const MOST_USES = 20;

export function createPrograms<C>(parts: ProgramsParts<C>): Programs<C> {
  const executables = new WeakMap<Plan, Executable<C>>();
  const keyed = createKeyed(parts.schema, parts.entities);
  const known = new WeakMap<VisibleOperation, Promise<Program<C>> | Program<C>>();
  const uses = new WeakMap<Operation, Map<string, Use>>();

  const isInterface = (type: string): boolean => isInterfaceType(parts.schema.getType(type));

  /** What an operation of another graph asks has no requirements here: it must not pass for something that needs none. */
  function visibleTo(operation: Operation, { viewer, variables }: Use): VisibleOperation {
    if (operation.schema !== parts.schema)
      throw new JuntoError("INTERNAL", "An operation was read in another graph than it is asked in.");
    return parts.visibility(withoutSkipped(operation, variables), viewer);
  }

  function of(visible: VisibleOperation, operation: Operation, use: Use): Promise<Program<C>> | Program<C> {
    if (use.keys) return withKeys(operation, use, operation);
    const plain = programOf(visible, operation, use);
    const orWithKeys = (made: Program<C>): Promise<Program<C>> | Program<C> =>
      made.account?.concerns(use.viewer) ? withKeysUnlessMore(made, operation, use) : made;
    return plain instanceof Promise ? plain.then(orWithKeys) : orWithKeys(plain);
  }

  function withKeys(
    operation: Operation,
    use: Use,
    noted: Operation | null,
  ): Promise<Program<C>> | Program<C> {
    return programOf(visibleTo(keyed(operation), use), noted, use);
  }

  async function withKeysUnlessMore(plain: Program<C>, operation: Operation, use: Use): Promise<Program<C>> {
    const asking = await withKeys(operation, use, null);
    if (operation.kind === "mutation") return asking;
    return fetchesOf(asking.plan).length > fetchesOf(plain.plan).length ? plain : asking;
  }

  /** @param noted for which the use is noted; null: it is noted already */
  function programOf(
    visible: VisibleOperation,
    noted: Operation | null,
    use: Use,
  ): Promise<Program<C>> | Program<C> {
    const before = known.get(visible);
    if (before) return before;
    const made = make(visible);
    if (noted) note(visible, noted, use);
    known.set(visible, made);
    made.then(
      (done) => known.set(visible, done),
      () => known.delete(visible),
    );
    return made;
  }

  async function make(visible: VisibleOperation): Promise<Program<C>> {
    const { introspection, rest } = splitIntrospection(visible.definition);
    if (!rest) return { introspection, run: null, plan: NO_PLAN, account: null };
    const plan = await parts.plans.of({ ...visible, definition: plannable(parts.schema, rest) });
    let run = executables.get(plan);
    if (!run) executables.set(plan, (run = compile(plan, parts.fetch, isInterface)));
    return { introspection, run, plan, account: parts.accounts?.of(plan) ?? null };
  }

  function note(visible: VisibleOperation, operation: Operation, { viewer, variables, keys }: Use): void {
    let noted = uses.get(operation);
    if (!noted) uses.set(operation, (noted = new Map()));
    if (noted.size < MOST_USES)
      noted.set(`${visible.operation.digest} ${visible.visibleSet}`, {
        viewer,
        variables: deciding(operation, variables),
        keys,
      });
  }

  return { visibleTo, of, uses: (operation) => [...(uses.get(operation)?.values() ?? [])] };
}

const NO_PLAN: Plan = { subscription: null, node: null };
