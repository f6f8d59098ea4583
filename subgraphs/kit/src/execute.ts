// One operation: executed with a context of its own, its errors made fit to be sent.
import { execute, OperationTypeNode, type FormattedExecutionResult, type GraphQLError } from "graphql";
import type { Documents } from "./documents.ts";
import { errorReporter, present } from "./errors.ts";
import { argumentsOf, type Operation } from "./operation.ts";
import type { CreateContext } from "./request-context.ts";
import type { ExecutableSchema } from "./schema.ts";
import type { Logger, Viewer } from "./types.ts";

export type Execute = (operation: Operation, viewer: Viewer) => Promise<FormattedExecutionResult>;

/** What operations are run with. */
export interface Ground {
  readonly schema: ExecutableSchema["schema"];
  readonly documents: Documents;
  readonly createContext: CreateContext;
  readonly log: Logger;
}

export function createExecute({ schema, documents, createContext, log }: Ground): Execute {
  return async (operation, viewer) => {
    const read = documents(operation, [OperationTypeNode.QUERY, OperationTypeNode.MUTATION]);
    if ("refusal" in read) return read.refusal;
    const contextValue = createContext(operation, viewer);
    try {
      const { data, errors } = await execute({
        schema,
        document: read.document,
        contextValue,
        ...argumentsOf(operation),
      });
      return {
        ...(data !== undefined && { data }),
        ...(errors && { errors: presenter(log, viewer)(errors) }),
      };
    } finally {
      contextValue.deadline.end();
    }
  };
}

/** Makes the errors of one execution fit to be sent; what nobody should see goes to the log. */
export function presenter(
  log: Logger,
  viewer: Viewer,
): (errors: readonly GraphQLError[]) => NonNullable<FormattedExecutionResult["errors"]> {
  const report = errorReporter(log, {
    person: viewer.person,
    ...(viewer.group !== undefined && { group: viewer.group }),
  });
  return (errors) => errors.map((error) => present(error, (cause) => report(cause, error.path?.join("."))));
}
