// What the gateway asks, however it came.
import type { ExecutionArgs } from "graphql";

export interface Operation {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
  readonly idempotencyKey?: string;
}

/** What graphql-js wants of an operation beside its document. */
export function argumentsOf({
  variables,
  operationName,
}: Operation): Pick<ExecutionArgs, "variableValues" | "operationName"> {
  return {
    ...(variables && { variableValues: variables }),
    ...(operationName !== undefined && { operationName }),
  };
}
