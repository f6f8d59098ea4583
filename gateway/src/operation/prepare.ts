// A request's text ▸ an operation that is valid, within limits, and free of named fragments. Known texts are kept.
import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import {
  GraphQLError,
  Kind,
  KnownFragmentNamesRule,
  NoFragmentCyclesRule,
  NoUnusedFragmentsRule,
  parse,
  print,
  specifiedRules,
  UniqueFragmentNamesRule,
  validate,
  type DefinitionNode,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type ValidationRule,
} from "graphql";
import { DEFAULT_LIMITS, type Limits } from "../config/index.ts";
import { shown, throwIfAny, type Problems } from "../config/problems.ts";
import { JuntoError } from "../errors/index.ts";
import { fragmentsOf, inline } from "./fragments.ts";
import { NO_COSTS, type Costs } from "../supergraph/costs.ts";
import { compileCost, costWith, type CostModel } from "./cost.ts";
import { createDocuments, createPersisted, type Asked, type Persisted } from "./documents.ts";
import { allow, checkSize, checkValues } from "./limits.ts";
import { ReservedNamesRule } from "./reserved.ts";
import type { Trusted } from "./trusted.ts";
import { compileVariables, type Variables } from "./variables.ts";

export interface Operation {
  /** Names the operation by its content; equal operations have equal digests, whatever they are called. */
  readonly digest: string;
  readonly kind: "query" | "mutation" | "subscription";
  readonly name: string | undefined;
  /** What it was read from: to read it again when another graph takes the place of this one. */
  readonly source: Source;
  /** The schema in which it is valid: it means nothing in another. */
  readonly schema: GraphQLSchema;
  /** Fragment spreads are replaced by inline fragments. */
  readonly definition: OperationDefinitionNode;
  /**
   * The values of a request's variables, coerced, and the operation within its cost with them.
   * @throws JuntoError BAD_USER_INPUT, TOO_LARGE
   */
  readonly variables: (raw: Variables) => Variables;
}

export interface Source {
  readonly text: string;
  /** Which of the text's operations; null: its only one. */
  readonly name: string | null;
}

export interface Operations {
  /**
   * @throws JuntoError TOO_LARGE; BAD_REQUEST with `details.errors`, the GraphQL errors.
   */
  prepare(text: string, operationName?: string | null): Operation;
  /** What a client asks, by its text or by a name for it. @throws JuntoError */
  asked(asked: Asked & { readonly operationName?: string | null }, tenant: string): Operation;
  /** Those that were read, of the texts that are kept: the last used first. */
  kept(): readonly Operation[];
}

export interface OperationsOptions {
  readonly limits?: Limits;
  /** What the owners say that things cost. */
  readonly costs?: Costs;
  readonly trusted?: Trusted | undefined;
  /** Queries that clients have named by their hash; without it, of this graph alone. */
  readonly persisted?: Persisted;
  /** Characters of the texts that are kept: what is made of a text takes a hundred times the memory. */
  readonly kept?: number;
}

/** A text that was read, and what was made of its operations so far. */
interface Known {
  /** Of a text with several operations, to make the others of. */
  readonly document: DocumentNode | null;
  readonly operations: Map<string | null, Operation>;
}

/** @throws JuntoError CONFIGURATION when a trusted document is not valid */
export function createOperations(
  schema: GraphQLSchema,
  {
    limits = DEFAULT_LIMITS,
    costs = NO_COSTS,
    trusted,
    kept = 2_000_000,
    ...options
  }: OperationsOptions = {},
): Operations {
  const known = new LRUCache<string, Known>({
    max: 2000,
    maxSize: kept,
    sizeCalculation: (_known, text) => text.length,
  });
  if (trusted) checkTrusted(trusted, (text) => readDocument(text, schema, limits));
  const documents = createDocuments({
    trusted,
    persisted: options.persisted ?? createPersisted(limits.persisted),
  });

  const taking = createTaking({ schema, costs, listSize: limits.listSize }, limits);

  function prepare(text: string, operationName?: string | null): Operation {
    const name = operationName ?? null;
    const found = known.get(text);
    const operation = found?.operations.get(name);
    if (operation) return operation;
    const document = found?.document ?? readDocument(text, schema, limits);
    const made = prepareOperation(document, { text, name }, taking, schema);
    if (found) found.operations.set(name, made);
    else {
      const several = document.definitions.filter(isOperation).length > 1;
      known.set(text, { document: several ? document : null, operations: new Map([[name, made]]) });
    }
    return made;
  }

  return {
    prepare,
    asked(asked, tenant) {
      const { text, persist } = documents.find(asked, tenant);
      const operation = prepare(text, asked.operationName);
      persist?.();
      return operation;
    },
    kept: () => [...known.values()].flatMap(({ operations }) => [...operations.values()]),
  };
}

/** Makes of an operation what takes its variables: everything that does not depend on them is worked out before. */
function createTaking(
  model: CostModel,
  limits: Limits,
): (definition: OperationDefinitionNode) => Operation["variables"] {
  return (definition) => {
    const coerce = compileVariables(model.schema, definition.variableDefinitions ?? []);
    const cost = compileCost(model, definition);
    return (raw) => {
      checkValues(raw, limits);
      const variables = coerce(raw);
      allow("cost", costWith(cost, variables), limits);
      return variables;
    };
  };
}

/** Every operation of every document must be one that is answered. */
function checkTrusted({ byId }: Trusted, read: (text: string) => DocumentNode): void {
  const problems: Problems = [];
  for (const [id, text] of byId) {
    try {
      if (!read(text).definitions.some(isOperation)) problems.push(`document ${shown(id)} has no operation.`);
    } catch (error) {
      problems.push(`document ${shown(id)}: ${JuntoError.from(error).message}`);
    }
  }
  throwIfAny(problems, "Trusted documents (JUNTO_DOCUMENTS) are not valid operations of this graph");
}

function isOperation(node: DefinitionNode): node is OperationDefinitionNode {
  return node.kind === Kind.OPERATION_DEFINITION;
}

/** What must hold before sizes can be counted. */
const ABOUT_FRAGMENTS: readonly ValidationRule[] = [
  UniqueFragmentNamesRule,
  KnownFragmentNamesRule,
  NoFragmentCyclesRule,
  NoUnusedFragmentsRule,
];
const ALL_RULES: readonly ValidationRule[] = [...specifiedRules, ReservedNamesRule];

function readDocument(text: string, schema: GraphQLSchema, limits: Limits): DocumentNode {
  allow("characters", text.length, limits);
  const read = (noLocation: boolean): DocumentNode => parse(text, { maxTokens: limits.tokens, noLocation });
  const check = (document: DocumentNode, rules: readonly ValidationRule[]): void => {
    const errors = validate(schema, document, rules, { maxErrors: 20 });
    if (errors.length > 0) throw badRequest(errors);
  };
  let document: DocumentNode;
  try {
    document = read(false);
  } catch (error) {
    if (error instanceof GraphQLError && /contains more th\w+ \d+ tokens/.test(error.message))
      allow("tokens", limits.tokens + 1, limits);
    if (error instanceof GraphQLError) throw badRequest([error]);
    throw new JuntoError("BAD_REQUEST", "The operation is nested too deeply to be read.", { cause: error });
  }
  check(document, ABOUT_FRAGMENTS);
  // Size before the rest: validation of a hostile document costs far more than counting.
  checkSize(document, limits);
  check(document, ALL_RULES);
  for (const node of document.definitions)
    if (isOperation(node) && !schema.getRootType(node.operation))
      throw badRequest([new GraphQLError(`This graph has no ${node.operation}.`, { nodes: node })]);
  return read(true); // places in the text are for errors: they are most of what a document weighs
}

function prepareOperation(
  document: DocumentNode,
  source: Source,
  taking: (definition: OperationDefinitionNode) => Operation["variables"],
  schema: GraphQLSchema,
): Operation {
  const { name } = source;
  const candidates = document.definitions.filter(isOperation);
  const chosen = name === null ? candidates[0] : candidates.find((node) => node.name?.value === name);
  if (!chosen || (name === null && candidates.length > 1))
    throw badRequest([
      new GraphQLError(
        name === null
          ? "Name the operation: the document has several, or none."
          : `There is no operation "${name}" in the document.`,
      ),
    ]);
  const definition = { ...chosen, selectionSet: inline(chosen.selectionSet, fragmentsOf(document)) };
  const { name: label, ...nameless } = definition;
  const digest = createHash("sha256").update(print(nameless)).digest("base64url");
  return {
    digest,
    kind: definition.operation,
    name: label?.value,
    source,
    schema,
    definition,
    variables: taking(definition),
  };
}

function badRequest(errors: readonly GraphQLError[]): JuntoError {
  return new JuntoError("BAD_REQUEST", errors[0]?.message ?? "The request is not valid.", {
    details: {
      errors: errors.map((error) => ({
        message: error.message,
        ...(error.locations && { locations: error.locations }),
      })),
    },
  });
}
