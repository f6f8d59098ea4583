// A request's text ▸ an operation that is valid, within limits, and free of named fragments. Known texts are kept.
import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import {
  GraphQLError,
  Kind,
  parse,
  print,
  specifiedRules,
  validate,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";
import { JuntoError } from "../errors/index.ts";

export interface Operation {
  /** Names the operation by its content; equal operations have equal digests, whatever they are called. */
  readonly digest: string;
  readonly kind: "query" | "mutation" | "subscription";
  readonly name: string | undefined;
  /** Fragment spreads are replaced by inline fragments. */
  readonly definition: OperationDefinitionNode;
}

export interface Limits {
  /** Characters of the text. */
  readonly characters: number;
  readonly tokens: number;
  /** Fields, after fragments are replaced. */
  readonly fields: number;
  readonly depth: number;
}

const DEFAULT_LIMITS: Limits = { characters: 100_000, tokens: 10_000, fields: 2_000, depth: 30 };

export interface Operations {
  /**
   * @throws JuntoError TOO_LARGE; BAD_REQUEST with `details.errors`, the GraphQL errors.
   */
  prepare(text: string, operationName?: string | null): Operation;
}

export function createOperations(schema: GraphQLSchema, limits: Limits = DEFAULT_LIMITS): Operations {
  const documents = new LRUCache<string, DocumentNode>({ max: 1000 });
  const operations = new LRUCache<string, Operation>({ max: 2000 });
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
      let document = documents.get(text);
      if (!document) documents.set(text, (document = readDocument(text, schema, limits)));
      const operation = prepareOperation(document, operationName ?? undefined);
      operations.set(known, operation);
      return operation;
    },
  };
}

function readDocument(text: string, schema: GraphQLSchema, limits: Limits): DocumentNode {
  let document: DocumentNode;
  try {
    document = parse(text, { maxTokens: limits.tokens });
  } catch (error) {
    if (error instanceof GraphQLError) throw badRequest([error]);
    throw new JuntoError("BAD_REQUEST", "The operation is nested too deeply to be read.", { cause: error });
  }
  // Size first: validation of a hostile document costs more than reading it.
  checkSize(document, limits);
  const errors = validate(schema, document, specifiedRules, { maxErrors: 20 });
  if (errors.length > 0) throw badRequest(errors);
  return document;
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

/** Replaces spreads by inline fragments. A fragment's selection is one object wherever it is used. */
function inline(
  selectionSet: SelectionSetNode,
  fragments: Fragments,
  done = new Map<SelectionSetNode, SelectionSetNode>(),
): SelectionSetNode {
  const found = done.get(selectionSet);
  if (found) return found;
  const selections = selectionSet.selections.map((node) => {
    if (node.kind === Kind.FRAGMENT_SPREAD) {
      const fragment = fragments.get(node.name.value)!;
      return {
        kind: Kind.INLINE_FRAGMENT,
        typeCondition: fragment.typeCondition,
        ...(node.directives && { directives: node.directives }),
        selectionSet: inline(fragment.selectionSet, fragments, done),
      } as const;
    }
    return node.selectionSet ? { ...node, selectionSet: inline(node.selectionSet, fragments, done) } : node;
  });
  const result = { ...selectionSet, selections };
  done.set(selectionSet, result);
  return result;
}

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

function fragmentsOf(document: DocumentNode): Fragments {
  return new Map(
    document.definitions
      .filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)
      .map((node) => [node.name.value, node]),
  );
}

/** Counts fields and depth as if fragments were replaced, each fragment once, so that a bomb costs nothing. */
function checkSize(document: DocumentNode, limits: Limits): void {
  const fragments = fragmentsOf(document);
  const measured = new Map<string, { fields: number; depth: number }>();
  const measure = (set: SelectionSetNode, open: ReadonlySet<string>): { fields: number; depth: number } => {
    let fields = 0;
    let depth = 0;
    for (const node of set.selections) {
      if (node.kind === Kind.FIELD) {
        const inner = node.selectionSet ? measure(node.selectionSet, open) : { fields: 0, depth: 0 };
        fields += 1 + inner.fields;
        depth = Math.max(depth, 1 + inner.depth);
        continue;
      }
      const inner =
        node.kind === Kind.INLINE_FRAGMENT ? measure(node.selectionSet, open) : spread(node.name.value, open);
      fields += inner.fields;
      depth = Math.max(depth, inner.depth);
    }
    return { fields, depth };
  };
  const spread = (name: string, open: ReadonlySet<string>) => {
    const found = measured.get(name);
    if (found) return found;
    const fragment = fragments.get(name);
    // Unknown and circular fragments are for validation to name.
    if (!fragment || open.has(name)) return { fields: 0, depth: 0 };
    const result = measure(fragment.selectionSet, new Set(open).add(name));
    measured.set(name, result);
    return result;
  };
  for (const node of document.definitions) {
    if (node.kind !== Kind.OPERATION_DEFINITION) continue;
    const { fields, depth } = measure(node.selectionSet, new Set());
    if (fields > limits.fields)
      throw new JuntoError(
        "TOO_LARGE",
        `The operation selects ${fields} fields; at most ${limits.fields} are allowed.`,
      );
    if (depth > limits.depth)
      throw new JuntoError(
        "TOO_LARGE",
        `The operation is ${depth} levels deep; at most ${limits.depth} are allowed.`,
      );
  }
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
