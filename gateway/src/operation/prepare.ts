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
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type ValidationRule,
} from "graphql";
import { JuntoError } from "../errors/index.ts";
import { fragmentsOf, inline } from "./fragments.ts";
import { checkSize, DEFAULT_LIMITS, type Limits } from "./limits.ts";
import { ReservedNamesRule } from "./reserved.ts";

export interface Operation {
  /** Names the operation by its content; equal operations have equal digests, whatever they are called. */
  readonly digest: string;
  readonly kind: "query" | "mutation" | "subscription";
  readonly name: string | undefined;
  /** Fragment spreads are replaced by inline fragments. */
  readonly definition: OperationDefinitionNode;
}

export interface Operations {
  /**
   * @throws JuntoError TOO_LARGE; BAD_REQUEST with `details.errors`, the GraphQL errors.
   */
  prepare(text: string, operationName?: string | null): Operation;
}

/** Characters of the texts that are kept: what is made of a text takes a hundred times the memory. */
const KEPT = 2_000_000;

export function createOperations(
  schema: GraphQLSchema,
  { limits = DEFAULT_LIMITS, kept = KEPT }: { readonly limits?: Limits; readonly kept?: number } = {},
): Operations {
  const operations = new LRUCache<string, Operation>({
    max: 2000,
    maxSize: kept,
    sizeCalculation: (_operation, text) => text.length,
  });
  return {
    prepare(text, operationName) {
      if (text.length > limits.characters)
        throw new JuntoError(
          "TOO_LARGE",
          `The operation has ${text.length} characters; at most ${limits.characters} are allowed.`,
        );
      const known = JSON.stringify([operationName ?? null, text]);
      const found = operations.get(known);
      if (found) return found;
      const operation = prepareOperation(readDocument(text, schema, limits), operationName ?? undefined);
      operations.set(known, operation);
      return operation;
    },
  };
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
  const read = (noLocation: boolean): DocumentNode => parse(text, { maxTokens: limits.tokens, noLocation });
  const check = (document: DocumentNode, rules: readonly ValidationRule[]): void => {
    const errors = validate(schema, document, rules, { maxErrors: 20 });
    if (errors.length > 0) throw badRequest(errors);
  };
  let document: DocumentNode;
  try {
    document = read(false);
  } catch (error) {
    if (error instanceof GraphQLError) throw badRequest([error]);
    throw new JuntoError("BAD_REQUEST", "The operation is nested too deeply to be read.", { cause: error });
  }
  check(document, ABOUT_FRAGMENTS);
  // Size before the rest: validation of a hostile document costs far more than counting.
  checkSize(document, limits);
  check(document, ALL_RULES);
  return read(true); // places in the text are for errors: they are most of what a document weighs
}

function prepareOperation(document: DocumentNode, name: string | undefined): Operation {
  const candidates = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  const chosen = name === undefined ? candidates[0] : candidates.find((node) => node.name?.value === name);
  if (!chosen || (name === undefined && candidates.length > 1))
    throw badRequest([
      new GraphQLError(
        name === undefined
          ? "Name the operation: the document has several, or none."
          : `There is no operation "${name}" in the document.`,
      ),
    ]);
  const definition = { ...chosen, selectionSet: inline(chosen.selectionSet, fragmentsOf(document)) };
  const { name: label, ...nameless } = definition;
  const digest = createHash("sha256").update(print(nameless)).digest("base64url");
  return { digest, kind: definition.operation, name: label?.value, definition };
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
