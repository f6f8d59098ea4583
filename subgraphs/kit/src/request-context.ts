// What resolvers get, made anew for each request and for each event of a subscription: nothing is remembered from one
// to the next.
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
    const loads = createLoads(options.entities, notes, deadline, (): Context<unknown> => context);
    const context: RequestContext = {
      viewer,
      legacy: options.legacy,
      log,
      deadline,
      signal: signal ?? deadline.signal,
      ...(operation.idempotencyKey !== undefined && { idempotencyKey: operation.idempotencyKey }),
      ...loads,
      subjectIds,
      requireSubject: (type, id) => requireSubject(subjectIds, type, id),
      unsent: false,
    };
    return context;
  };
}
