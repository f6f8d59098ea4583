// A result ▸ the text of the response, along the client's selection: order, nulls, types. Implements "Completing
// values" and "Handling execution errors" of the GraphQL specification over data that subgraphs gave.
import {
  getNamedType,
  GraphQLEnumType,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  Kind,
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
  getDirectiveValues,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  GraphQLInt,
  GraphQLFloat,
  GraphQLBoolean,
  GraphQLString,
  GraphQLID,
} from "graphql";

export interface ShapedError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly locations?: readonly unknown[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** Writes the `data` of a response; errors that come up on the way are added to `errors`. */
export type Shaper = (
  data: Readonly<Record<string, unknown>>,
  variables: Variables,
  errors: ShapedError[],
) => string;

type Variables = Readonly<Record<string, unknown>>;

/** Compiles the shape of an operation. */
export function compileShape(schema: GraphQLSchema, operation: OperationDefinitionNode): Shaper {
  const root = schema.getRootType(operation.operation)!;
  const write = objectWriter(schema, root, [operation.selectionSet]);
  return (data, variables, errors) => nullable(() => write(data, { variables, errors, path: [] })) ?? "null";
}

interface Writing {
  readonly variables: Variables;
  readonly errors: ShapedError[];
  /** Where we are; changed on the way in and out. */
  readonly path: (string | number)[];
}

/** Text of a value, or undefined when it is null. */
type Writer = (value: unknown, writing: Writing) => string | undefined;

interface Field {
  readonly responseKey: string;
  readonly keyText: string;
  readonly nodes: readonly FieldNode[];
  readonly included: readonly ((variables: Variables) => boolean)[];
  readonly nonNull: boolean;
  readonly coordinate: string;
  readonly write: Writer;
}

/** Thrown by a null where there may be none, to the nearest place where there may. */
const NULLED = Symbol("nulled");

function objectWriter(
  schema: GraphQLSchema,
  type: GraphQLOutputType,
  selectionSets: readonly SelectionSetNode[],
): Writer {
  const named = getNamedType(type);
  const fieldsByType = new Map<string, readonly Field[]>();
  const fieldsOf = (runtime: GraphQLObjectType): readonly Field[] => {
    let fields = fieldsByType.get(runtime.name);
    if (!fields) fieldsByType.set(runtime.name, (fields = collectFields(schema, runtime, selectionSets)));
    return fields;
  };
  const fixed = isAbstractType(named) ? undefined : (named as GraphQLObjectType);
  return (value, writing) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    const source = value as Record<string, unknown>;
    const runtime = fixed ?? runtimeType(schema, source.__typename);
    if (!runtime) return undefined;
    return writeFields(fieldsOf(runtime), source, writing);
  };
}

function writeFields(
  fields: readonly Field[],
  source: Record<string, unknown>,
  writing: Writing,
): string | undefined {
  let text = "{";
  for (const field of fields) {
    if (field.included.length > 0 && !field.included.some((included) => included(writing.variables)))
      continue;
    writing.path.push(field.responseKey);
    const written = nullable(() =>
      field.write(Object.hasOwn(source, field.responseKey) ? source[field.responseKey] : undefined, writing),
    );
    if (written === undefined && field.nonNull) {
      noteNull(field.coordinate, writing);
      writing.path.pop();
      throw NULLED;
    }
    writing.path.pop();
    text += `${text.length > 1 ? "," : ""}${field.keyText}${written ?? "null"}`;
  }
  return `${text}}`;
}

/** What was nulled inside is null here. The path is put back to where it was. */
function nullable(write: () => string | undefined): string | undefined {
  try {
    return write();
  } catch (thrown) {
    if (thrown === NULLED) return undefined;
    throw thrown;
  }
}

/** An error for a null that may not be, unless an error has already said why something here is missing. */
function noteNull(coordinate: string, { errors, path }: Writing): void {
  const explained = errors.some(({ path: other }) => {
    if (!other) return false;
    const shared = Math.min(other.length, path.length);
    const own = path.filter((key) => typeof key === "string");
    const plain = other.filter((key) => typeof key === "string");
    const depth = Math.min(own.length, plain.length);
    return shared > 0 && own.slice(0, depth).every((key, index) => key === plain[index]);
  });
  if (!explained)
    errors.push({
      message: `Cannot return null for non-nullable field ${coordinate}.`,
      path: [...path],
      extensions: { code: "SUBGRAPH_ERROR" },
    });
}

function collectFields(
  schema: GraphQLSchema,
  runtime: GraphQLObjectType,
  selectionSets: readonly SelectionSetNode[],
): readonly Field[] {
  const byKey = new Map<
    string,
    { nodes: FieldNode[]; included: ((variables: Variables) => boolean)[]; always: boolean }
  >();
  const visit = (set: SelectionSetNode, conditions: readonly Condition[]): void => {
    for (const node of set.selections) {
      const own = conditionOf(node);
      const all = own ? [...conditions, own] : conditions;
      if (node.kind === Kind.FIELD) {
        const key = node.alias?.value ?? node.name.value;
        let entry = byKey.get(key);
        if (!entry) byKey.set(key, (entry = { nodes: [], included: [], always: false }));
        entry.nodes.push(node);
        if (all.length === 0) entry.always = true;
        else entry.included.push((variables) => all.every((condition) => condition(variables)));
      } else if (
        node.kind === Kind.INLINE_FRAGMENT &&
        applies(schema, runtime, node.typeCondition?.name.value)
      ) {
        visit(node.selectionSet, all);
      }
    }
  };
  for (const set of selectionSets) visit(set, []);
  return [...byKey].map(([responseKey, { nodes, included, always }]) =>
    toField(schema, runtime, responseKey, nodes, always ? [] : included),
  );
}

type Condition = (variables: Variables) => boolean;

function toField(
  schema: GraphQLSchema,
  runtime: GraphQLObjectType,
  responseKey: string,
  nodes: readonly FieldNode[],
  included: readonly Condition[],
): Field {
  const name = nodes[0]!.name.value;
  const common = {
    responseKey,
    keyText: `${JSON.stringify(responseKey)}:`,
    nodes,
    included,
    coordinate: `${runtime.name}.${name}`,
  };
  if (name === "__typename") {
    const text = JSON.stringify(runtime.name);
    return { ...common, nonNull: true, write: () => text };
  }
  const introspected = name.startsWith("__");
  const type = introspected ? undefined : runtime.getFields()[name]!.type;
  if (!type) return { ...common, nonNull: name === "__schema", write: (value) => JSON.stringify(value) };
  const sets = nodes.flatMap((node) => node.selectionSet ?? []);
  return { ...common, nonNull: isNonNullType(type), write: typeWriter(schema, type, sets) };
}

function typeWriter(
  schema: GraphQLSchema,
  type: GraphQLOutputType,
  sets: readonly SelectionSetNode[],
): Writer {
  if (isNonNullType(type)) return typeWriter(schema, type.ofType, sets);
  if (isListType(type)) return listWriter(typeWriter(schema, type.ofType, sets), isNonNullType(type.ofType));
  if (isLeafType(type)) return leafWriter(type);
  return objectWriter(schema, type, sets);
}

function listWriter(write: Writer, nonNull: boolean): Writer {
  return (value, writing) => {
    if (!Array.isArray(value)) return undefined;
    let text = "[";
    const depth = writing.path.length;
    for (let index = 0; index < value.length; index++) {
      writing.path.push(index);
      const written = nullable(() => write(value[index], writing));
      writing.path.length = depth + 1;
      if (written === undefined && nonNull) {
        noteNull("an item of the list", writing);
        writing.path.length = depth;
        throw NULLED;
      }
      writing.path.length = depth;
      text += `${index > 0 ? "," : ""}${written ?? "null"}`;
    }
    return `${text}]`;
  };
}

function leafWriter(type: GraphQLOutputType): Writer {
  if (type instanceof GraphQLEnumType) {
    const known = new Set(type.getValues().map((value) => value.name));
    return (value) => (typeof value === "string" && known.has(value) ? JSON.stringify(value) : undefined);
  }
  switch (type) {
    case GraphQLString:
      return (value) => (typeof value === "string" ? JSON.stringify(value) : undefined);
    case GraphQLID:
      return (value) =>
        typeof value === "string" || typeof value === "number" ? JSON.stringify(String(value)) : undefined;
    case GraphQLInt:
      return (value) => (Number.isInteger(value) ? String(value) : undefined);
    case GraphQLFloat:
      return (value) => (typeof value === "number" && Number.isFinite(value) ? String(value) : undefined);
    case GraphQLBoolean:
      return (value) => (typeof value === "boolean" ? String(value) : undefined);
    default:
      return (value) => (value === null ? undefined : JSON.stringify(value));
  }
}

/** A type that is not known here is no type of the client's: the object is null. */
function runtimeType(schema: GraphQLSchema, name: unknown): GraphQLObjectType | undefined {
  const type = typeof name === "string" ? schema.getType(name) : undefined;
  return type && "getFields" in type && !("getInputFields" in type) ? (type as GraphQLObjectType) : undefined;
}

function applies(schema: GraphQLSchema, runtime: GraphQLObjectType, condition: string | undefined): boolean {
  if (condition === undefined || condition === runtime.name) return true;
  const type = schema.getType(condition);
  return isAbstractType(type) && schema.isSubType(type, runtime);
}

function conditionOf(node: { readonly directives?: FieldNode["directives"] }): Condition | undefined {
  if (!node.directives?.length) return undefined;
  return (variables) => {
    const skip = getDirectiveValues(GraphQLSkipDirective, node as FieldNode, variables);
    if (skip?.if === true) return false;
    const include = getDirectiveValues(GraphQLIncludeDirective, node as FieldNode, variables);
    return include?.if !== false;
  };
}
