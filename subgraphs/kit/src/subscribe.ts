// A subscription: what the integrator's resolver gives, one event after the other. Each is executed with a context of
// its own, so that nothing is taken for new that was loaded for the one before.
import {
  createSourceEventStream,
  execute,
  GraphQLError,
  OperationTypeNode,
  type DocumentNode,
  type ExecutionResult,
  type FormattedExecutionResult,
} from "graphql";
import { presenter, type Ground } from "./execute.ts";
import { argumentsOf, type Operation } from "./operation.ts";
import type { Viewer } from "./types.ts";

export type Events = AsyncIterableIterator<ExecutionResult>;
/** Begins; or says why it does not. */
export type Subscribe = (
  operation: Operation,
  viewer: Viewer,
) => Promise<
  { readonly document: DocumentNode; readonly events: Events } | { readonly errors: readonly GraphQLError[] }
>;

export function createSubscribe(ground: Ground): Subscribe {
  const { schema, documents, createContext, log } = ground;
  return async (operation, viewer) => {
    const read = documents(operation, [OperationTypeNode.SUBSCRIPTION]);
    if ("refusal" in read) return { errors: (read.refusal.errors ?? []).map(asGraphQLError) };
    const { document } = read;
    const over = new AbortController();
    const contextValue = createContext(operation, viewer, over.signal);
    const source = await createSourceEventStream({
      schema,
      document,
      contextValue,
      ...argumentsOf(operation),
    }).finally(() => contextValue.deadline.end());
    if (Symbol.asyncIterator in source) {
      const run = (event: unknown) => runEvent(ground, { operation, document, viewer, event });
      return { document, events: eventsOf(source[Symbol.asyncIterator](), run, over, ground, viewer) };
    }
    over.abort();
    return { errors: presenter(log, viewer)(source.errors ?? []).map(asGraphQLError) };
  };
}

interface Happened {
  readonly operation: Operation;
  readonly document: DocumentNode;
  readonly viewer: Viewer;
  readonly event: unknown;
}

/** null: there is nothing to be sent of it. */
async function runEvent(
  { schema, createContext, log }: Ground,
  { operation, document, viewer, event }: Happened,
): Promise<ExecutionResult | null> {
  const contextValue = createContext(operation, viewer);
  try {
    const { data, errors } = await execute({
      schema,
      document,
      rootValue: event,
      contextValue,
      ...argumentsOf(operation),
    });
    if (contextValue.unsent) return null;
    return {
      ...(data !== undefined && { data }),
      ...(errors && { errors: presenter(log, viewer)(errors).map(asGraphQLError) }),
    };
  } finally {
    contextValue.deadline.end();
  }
}

/** No generator: one that waits for its next event would not hear that nobody wants it any more. */
function eventsOf(
  source: AsyncIterator<unknown>,
  run: (event: unknown) => Promise<ExecutionResult | null>,
  over: AbortController,
  { log }: Ground,
  viewer: Viewer,
): Events {
  const end = (): { done: true; value: undefined } => {
    over.abort();
    return { done: true, value: undefined };
  };
  return {
    async next() {
      try {
        for (;;) {
          const { done, value } = await source.next();
          if (done) return end();
          const result = await run(value);
          if (result) return { done: false, value: result };
        }
      } catch (error) {
        // After the end what waits is often let go by an error, which tells nobody anything.
        if (over.signal.aborted) return end();
        const [shown] = presenter(
          log,
          viewer,
        )([
          new GraphQLError("", {
            path: [],
            originalError: error instanceof Error ? error : new Error(String(error)),
          }),
        ]);
        over.abort();
        throw asGraphQLError(shown!);
      }
    },
    async return() {
      const ended = end();
      // Not waited for: a generator answers only when its next event has come.
      void Promise.resolve(source.return?.()).catch(() => undefined);
      return ended;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

type FormattedError = NonNullable<FormattedExecutionResult["errors"]>[number];

function asGraphQLError({ message, path, extensions }: FormattedError): GraphQLError {
  return new GraphQLError(message, { ...(path && { path }), ...(extensions && { extensions }) });
}
