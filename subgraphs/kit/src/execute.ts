// One operation: parsed and validated once, executed with a context of its own, its errors made fit to be sent.
import {
  execute,
  getOperationAST,
  GraphQLError,
  parse,
  validate,
  type DocumentNode,
  type FormattedExecutionResult,
} from "graphql";
import { startDeadline } from "./deadline.ts";
import { createLoads } from "./entities.ts";
import { errorReporter, present } from "./errors.ts";
import type { ExecutableSchema, RequestContext } from "./schema.ts";
import { requireSubject, subjectIdsOf } from "./scope.ts";
import type { Context, Logger, SubgraphOptions, Viewer } from "./types.ts";

export interface Operation {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
  readonly idempotencyKey?: string;
}

export type Execute = (operation: Operation, viewer: Viewer) => Promise<FormattedExecutionResult>;

const defaultDeadline = 5000;
const mostTokens = 10_000;
/** Cached documents: how many, and how long a text may be to be kept. */
const cache = { documents: 500, text: 50_000 };

export function createExecute<Legacy>(
  { schema, notes }: ExecutableSchema,
  options: SubgraphOptions<Legacy>,
  log: Logger,
): Execute {
  const compile = createCompile(schema);

  const createContext = (operation: Operation, viewer: Viewer): RequestContext => {
    const deadline = startDeadline(options.deadline ?? defaultDeadline);
    const subjectIds = subjectIdsOf(viewer, options.organization);
    const loads = createLoads(options.entities, notes, deadline, (): Context<unknown> => context);
    const context: RequestContext = {
      viewer,
      legacy: options.legacy,
      log,
      deadline,
      signal: deadline.signal,
      ...(operation.idempotencyKey !== undefined && { idempotencyKey: operation.idempotencyKey }),
      ...loads,
      subjectIds,
      requireSubject: (type, id) => requireSubject(subjectIds, type, id),
    };
    return context;
  };

  return async (operation, viewer) => {
    const compiled = compile(operation);
    if ("refusal" in compiled) return compiled.refusal;
    const contextValue = createContext(operation, viewer);
    const report = errorReporter(log, {
      person: viewer.person,
      ...(viewer.group !== undefined && { group: viewer.group }),
    });
    try {
      const { data, errors } = await execute({
        schema,
        document: compiled.document,
        contextValue,
        ...(operation.variables && { variableValues: operation.variables }),
        ...(operation.operationName !== undefined && { operationName: operation.operationName }),
      });
      return {
        ...(data !== undefined && { data }),
        ...(errors && {
          errors: errors.map((error) => present(error, (cause) => report(cause, error.path?.join(".")))),
        }),
      };
    } finally {
      contextValue.deadline.end();
    }
  };
}

/** A document that can be executed, or the answer that says why not. */
type Compiled = { readonly document: DocumentNode } | { readonly refusal: FormattedExecutionResult };

function createCompile(schema: ExecutableSchema["schema"]): (operation: Operation) => Compiled {
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
  return ({ query, operationName }) => {
    const compiled = known.get(query) ?? compile(query);
    // Moved to the end: the least recently used one stands first.
    known.delete(query);
    if (query.length <= cache.text) known.set(query, compiled);
    if (known.size > cache.documents) known.delete(known.keys().next().value!);
    if ("refusal" in compiled) return compiled;
    const operation = getOperationAST(compiled.document, operationName);
    if (operation && schema.getRootType(operation.operation)) return compiled;
    return refuse([new GraphQLError("The document has no such operation")], "BAD_USER_INPUT");
  };
}

function refuse(errors: readonly GraphQLError[], code: string): Compiled {
  return { refusal: { errors: errors.map((error) => ({ ...error.toJSON(), extensions: { code } })) } };
}
