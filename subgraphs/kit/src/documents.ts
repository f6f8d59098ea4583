// The texts that the gateway sends: parsed and validated once each.
import {
  getOperationAST,
  GraphQLError,
  parse,
  validate,
  type DocumentNode,
  type FormattedExecutionResult,
  type GraphQLSchema,
  type OperationTypeNode,
} from "graphql";
import type { Operation } from "./operation.ts";

const mostTokens = 10_000;
/** Cached documents: how many, and how long a text may be to be kept. */
const cache = { documents: 500, text: 50_000 };

/** A document that can be executed, or the answer that says why not. */
export type Compiled = { readonly document: DocumentNode } | { readonly refusal: FormattedExecutionResult };

/** Reads an operation, which must be of one of these kinds. */
export type Documents = (
  operation: Pick<Operation, "query" | "operationName">,
  kinds: readonly OperationTypeNode[],
) => Compiled;

export function createDocuments(schema: GraphQLSchema): Documents {
  const known = new Map<string, Compiled>();
  const compile = (query: string): Compiled => {
    try {
      const document = parse(query, { maxTokens: mostTokens });
      const errors = validate(schema, document, undefined, { maxErrors: 10 });
      return errors.length > 0 ? refuse(errors, "GRAPHQL_VALIDATION_FAILED") : { document };
    } catch (error) {
      // Anything else is the stack, which a document nested thousands deep exhausts.
      const said = error instanceof GraphQLError ? error : new GraphQLError("The document is too deep");
      return refuse([said], "GRAPHQL_PARSE_FAILED");
    }
  };
  return ({ query, operationName }, kinds) => {
    const compiled = known.get(query) ?? compile(query);
    // Moved to the end: the least recently used one stands first.
    known.delete(query);
    if (query.length <= cache.text) known.set(query, compiled);
    if (known.size > cache.documents) known.delete(known.keys().next().value!);
    if ("refusal" in compiled) return compiled;
    const operation = getOperationAST(compiled.document, operationName);
    if (operation && kinds.includes(operation.operation) && schema.getRootType(operation.operation))
      return compiled;
    return refuse([new GraphQLError("The document has no such operation")], "BAD_USER_INPUT");
  };
}

function refuse(errors: readonly GraphQLError[], code: string): Compiled {
  return { refusal: { errors: errors.map((error) => ({ ...error.toJSON(), extensions: { code } })) } };
}
