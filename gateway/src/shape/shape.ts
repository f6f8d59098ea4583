// A result ▸ the text of the response, along the client's selection: order, nulls, types. Implements "Completing
// values" and "Handling execution errors" of the GraphQL specification over data that subgraphs gave.
import {
  getNamedType,
  GraphQLEnumType,
  isAbstractType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type FieldNode,
  type GraphQLAbstractType,
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
import { createNotes, type Notes, type ShapedError } from "./notes.ts";

export type { ShapedError } from "./notes.ts";

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
  const write = objectWriter(schema, root, [operation.selectionSet], root.name);
  return (data, variables, errors) =>
    nullable(() => write(data, { variables, errors: createNotes(errors), path: [] })) ?? "null";
}

interface Writing {
  readonly variables: Variables;
  readonly errors: Notes;
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
  coordinate: string,
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
    if (value === null || value === undefined) return undefined;
    if (typeof value !== "object" || Array.isArray(value)) return noteInvalid(coordinate, writing);
    const source = value as Record<string, unknown>;
    const runtime = fixed ?? runtimeType(schema, named as GraphQLAbstractType, source.__typename);
    if (!runtime) return noteInvalid(coordinate, writing);
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
  if (!errors.explain(path))
    errors.add({
      message: `Cannot return null for non-nullable field ${coordinate}.`,
      path: [...path],
      extensions: { code: "SUBGRAPH_ERROR" },
    });
}

/** A value that is there and is none of its type: null, and said to be. */
function noteInvalid(coordinate: string, { errors, path }: Writing): undefined {
  errors.add({
    message: `The value of ${coordinate} is not of its type.`,
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
  return {
    ...common,
    nonNull: isNonNullType(type),
    write: typeWriter(schema, type, sets, common.coordinate),
  };
}

function typeWriter(
  schema: GraphQLSchema,
  type: GraphQLOutputType,
  sets: readonly SelectionSetNode[],
  coordinate: string,
): Writer {
  if (isNonNullType(type)) return typeWriter(schema, type.ofType, sets, coordinate);
  if (isListType(type)) {
    const write = typeWriter(schema, type.ofType, sets, coordinate);
    return listWriter(write, isNonNullType(type.ofType), coordinate);
  }
  if (isLeafType(type)) {
    const text = leafText(type);
    return (value, writing) =>
      value === null || value === undefined ? undefined : (text(value) ?? noteInvalid(coordinate, writing));
  }
  return objectWriter(schema, type, sets, coordinate);
}

function listWriter(write: Writer, nonNull: boolean, coordinate: string): Writer {
  return (value, writing) => {
    if (value === null || value === undefined) return undefined;
    if (!Array.isArray(value)) return noteInvalid(coordinate, writing);
    let text = "[";
    const depth = writing.path.length;
    for (let index = 0; index < value.length; index++) {
      writing.path.push(index);
      const written = nullable(() => write(value[index], writing));
      writing.path.length = depth + 1;
      if (written === undefined && nonNull) {
        noteNull(coordinate, writing);
        writing.path.length = depth;
        throw NULLED;
      }
      writing.path.length = depth;
      text += `${index > 0 ? "," : ""}${written ?? "null"}`;
    }
    return `${text}]`;
  };
}

/** What a leaf is as JSON; undefined when it is no value of its type. */
function leafText(type: GraphQLOutputType): (value: unknown) => string | undefined {
  if (type instanceof GraphQLEnumType) {
    const known = new Set(type.getValues().map((value) => value.name));
    return (value) => (typeof value === "string" && known.has(value) ? JSON.stringify(value) : undefined);
  }
  switch (type) {
    case GraphQLString:
      return (value) => (typeof value === "string" ? JSON.stringify(value) : undefined);
    case GraphQLID:
      return (value) =>
        typeof value === "string" || Number.isInteger(value) ? JSON.stringify(String(value)) : undefined;
    case GraphQLInt:
      return (value) => (isInt32(value) ? String(value) : undefined);
    case GraphQLFloat:
      return (value) => (typeof value === "number" && Number.isFinite(value) ? String(value) : undefined);
    case GraphQLBoolean:
      return (value) => (typeof value === "boolean" ? String(value) : undefined);
    default:
      return jsonText;
  }
}

function isInt32(value: unknown): boolean {
  return typeof value === "number" && (value | 0) === value;
}

/** A value of any form may be nested more deeply than can be written. */
function jsonText(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/**
 * The object type of a value, if it is one that can stand here. Of the interface itself an object is when nobody
 * says more. A type that is not known here is no type of the client's: the object is null.
 */
function runtimeType(
  schema: GraphQLSchema,
  declared: GraphQLAbstractType,
  name: unknown,
): GraphQLObjectType | undefined {
  const type = typeof name === "string" ? schema.getType(name) : undefined;
  if (isObjectType(type)) return schema.isSubType(declared, type) ? type : undefined;
  return isInterfaceType(type) && type === declared ? (type as unknown as GraphQLObjectType) : undefined;
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
