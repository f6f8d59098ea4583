// The native planner in a process of its own. There are operations, quite plain ones, on which it panics, and a panic
// in native code ends the process in which it happens: that must not be the gateway.
import { spawn, type ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import type { QueryPlan } from "@graphql-hive/router-query-planner";

/** The planner died of this operation. */
export class PlannerDied extends Error {}

export interface PlannerProcess {
  /**
   * Plans an operation over a supergraph.
   * @throws PlannerDied, or an Error with what the planner said.
   */
  plan(supergraphSdl: string, operation: string, signal: AbortSignal): Promise<QueryPlan>;
}

interface Job {
  readonly sdl: string;
  readonly operation: string;
  readonly signal: AbortSignal;
}

/**
 * One process serves every supergraph. When it dies, what it was working on is tried again, each by itself, so that
 * only the operation that it died of fails.
 */
export function createPlannerProcess(): PlannerProcess {
  const shared = createWorker();
  const alone = createWorker();
  let queue: Promise<unknown> = Promise.resolve();
  return {
    async plan(sdl, operation, signal) {
      const job: Job = { sdl, operation, signal };
      try {
        return await shared.run(job);
      } catch (error) {
        if (!(error instanceof PlannerDied) || error.cause === "alone") throw error;
        const again = queue.then(() => {
          signal.throwIfAborted();
          return alone.run(job);
        });
        queue = again.catch(() => undefined);
        return again;
      }
    },
  };
}

interface Pending {
  readonly resolve: (plan: QueryPlan) => void;
  readonly reject: (error: Error) => void;
}

type Answer = { readonly id: number } & (
  { readonly plan: QueryPlan } | { readonly error: string } | { readonly wants: "sdl" }
);

/** Milliseconds to heed a stop. There are operations over which the planner never looks up: then it is ended. */
const GRACE = 500;

function createWorker(): { run(job: Job): Promise<QueryPlan> } {
  let child: ChildProcess | undefined;
  let last = 0;
  const pending = new Map<number, Pending & { readonly job: Job }>();

  const started = (): ChildProcess => {
    if (child) return child;
    const own = startChild();
    child = own;
    const died = (): void => {
      if (child !== own) return;
      child = undefined;
      const all = [...pending.values()];
      pending.clear();
      const cause = all.length === 1 ? "alone" : "with others";
      for (const { reject } of all) reject(new PlannerDied("The planner died of this operation.", { cause }));
    };
    own.once("exit", died);
    own.once("error", died);
    own.on("message", (answer: Answer) => {
      const found = pending.get(answer.id);
      if (!found) return;
      if ("wants" in answer) {
        send(answer.id, found.job, true);
        return;
      }
      pending.delete(answer.id);
      if (pending.size === 0) rest(own);
      if ("plan" in answer) found.resolve(answer.plan);
      else found.reject(new Error(answer.error));
    });
    return own;
  };

  const send = (id: number, { sdl, operation }: Job, whole: boolean): void => {
    const to = started();
    to.ref();
    to.channel?.ref();
    to.send({ id, graph: nameOf(sdl), operation, ...(whole && { sdl }) }, () => undefined);
  };

  return {
    run: (job) =>
      new Promise((resolve, reject) => {
        const id = ++last;
        let overdue: NodeJS.Timeout | undefined;
        const give = (): void => {
          const asked = child;
          asked?.send({ id, stop: true }, () => undefined);
          overdue = setTimeout(() => void asked?.kill("SIGKILL"), GRACE);
        };
        const done = (): void => {
          clearTimeout(overdue);
          job.signal.removeEventListener("abort", give);
        };
        pending.set(id, {
          job,
          resolve: (plan) => (done(), resolve(plan)),
          reject: (error) => (done(), reject(error)),
        });
        job.signal.addEventListener("abort", give, { once: true });
        send(id, job, false);
      }),
  };
}

/** A process that has nothing to do keeps nobody from ending. */
function rest(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
}

const names = new Map<string, number>();

/** A short name for a supergraph, so that its text is sent once. */
function nameOf(sdl: string): number {
  let name = names.get(sdl);
  if (name === undefined) {
    for (const oldest of names.keys()) if (names.size >= KEPT) names.delete(oldest);
    names.set(sdl, (name = counter++));
  }
  return name;
}

/** Supergraphs that are kept: the one in use, the one that comes after it, and some for tests. */
const KEPT = 4;
let counter = 0;

function startChild(): ChildProcess {
  const planner = createRequire(import.meta.url).resolve("@graphql-hive/router-query-planner");
  // It gets no environment: it needs nothing, and is given no secrets.
  return spawn(process.execPath, ["-e", PROGRAM, planner], {
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    env: {},
  });
}

/** What runs there. A text, so that it needs no loader, however the gateway itself was started. */
const PROGRAM = `
const { QueryPlanner } = require(process.argv[1]);
const planners = new Map();
const stops = new Map();
process.on("disconnect", () => process.exit());
process.on("message", async ({ id, graph, sdl, operation, stop }) => {
  if (stop) return void stops.get(id)?.abort();
  try {
    if (!planners.has(graph)) {
      if (!sdl) return void process.send({ id, wants: "sdl" });
      for (const oldest of planners.keys()) if (planners.size >= ${KEPT}) planners.delete(oldest);
      planners.set(graph, new QueryPlanner(sdl));
    }
    const own = new AbortController();
    stops.set(id, own);
    process.send({ id, plan: await planners.get(graph).planAsync(operation, null, new Set(), 0, own.signal) });
  } catch (error) {
    process.send({ id, error: String(error?.message ?? error) });
  } finally {
    stops.delete(id);
  }
});
`;
