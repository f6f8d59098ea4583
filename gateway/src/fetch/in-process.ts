// The fetch port for the gateway's own subgraph: graphql-js, no socket.
import {
  execute,
  Kind,
  parse,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLError,
  type GraphQLSchema,
} from "graphql";
import { LRUCache } from "lru-cache";
import { CATALOGUE, JuntoError } from "../errors/index.ts";
import type { SubgraphAnswer } from "../execute/fetch-request.ts";

export interface InProcessRequest {
  readonly operation: string;
  /** JSON text of an object. */
  readonly variables: string;
  /** For the resolvers. */
  readonly context: unknown;
  /** Of a subscription: the event that its root field resolves from. */
  readonly event?: unknown;
}

/** Runs operations on a schema in this process. A subscription's operation is run once for each event. */
export function createInProcessSubgraph(
  schema: GraphQLSchema,
): (request: InProcessRequest) => Promise<SubgraphAnswer> {
  const documents = new LRUCache<string, DocumentNode>({ max: 1000 });
  return async ({ operation, variables, context, event }) => {
    let document = documents.get(operation);
    if (!document) documents.set(operation, (document = parse(operation)));
    const result: ExecutionResult = await execute({
      schema,
      document,
      rootValue: event,
      variableValues: JSON.parse(variables) as Record<string, unknown>,
      contextValue: context,
    });
    return {
      data: result.data ?? null,
      ...(result.errors && {
        errors: result.errors.map((error) => {
          const own = ownError(error);
          return {
            message: own.message,
            extensions: { code: own.code, own: true },
            ...(error.path && { path: error.path }),
          };
        }),
      }),
    };
  };
}

/** The gateway's own errors keep their code; anything else is not for the client to read. */
function ownError(error: GraphQLError): JuntoError {
  // A value that a scalar refuses is said of a variable or an argument, and not of the field.
  const aboutInput = error.nodes?.every(({ kind }) => kind !== Kind.FIELD);
  return aboutInput
    ? new JuntoError("BAD_USER_INPUT", CATALOGUE.BAD_USER_INPUT.meaning, { cause: error })
    : JuntoError.from(error.originalError ?? error);
}
