// What resolvers get, made anew for each request and for each event of a subscription: nothing is remembered from one
// to the next.
import { createAuthorization } from "./authorize.ts";
import { startDeadline } from "./deadline.ts";
import { createLoads } from "./entities.ts";
import type { Operation } from "./operation.ts";
import type { ExecutableSchema, RequestContext } from "./schema.ts";
import { requireSubject, subjectIdsOf } from "./scope.ts";
import type { Context, Logger, SubgraphOptions, Viewer } from "./types.ts";

/** `signal`: takes the place of the deadline's, for what lasts longer than a request. */
export type CreateContext = (operation: Operation, viewer: Viewer, signal?: AbortSignal) => RequestContext;

const defaultDeadline = 5000;

export function createContexts<Legacy>(
  { notes }: ExecutableSchema,
  options: SubgraphOptions<Legacy>,
  log: Logger,
): CreateContext {
  return (operation, viewer, signal) => {
    const deadline = startDeadline(options.deadline ?? defaultDeadline);
    const subjectIds = subjectIdsOf(viewer, options.organization);
    const own = (): Context<unknown> => context;
    const authorization = createAuthorization(options.authorize, (work) => deadline.race(work), own);
    const loads = createLoads(options.entities, notes, deadline, authorization, own);
    const context: RequestContext = {
      viewer,
      legacy: options.legacy,
      log,
      deadline,
      signal: signal ?? deadline.signal,
      ...(operation.idempotencyKey !== undefined && { idempotencyKey: operation.idempotencyKey }),
      ...loads,
      ...(authorization && { authorization }),
      forgetAll() {
        loads.forgetAll();
        authorization?.forgetAll();
      },
      subjectIds,
      requireSubject: (type, id) => requireSubject(subjectIds, type, id),
      unsent: false,
    };
    return context;
  };
}
