// A result ▸ the text of the response, along the client's selection: order, nulls, types. Implements "Completing
// values" and "Handling execution errors" of the GraphQL specification over data that subgraphs gave.
//
// It is written without knowing where it is, and what stands at several places is written once. Only when something is
// to be said of a place it is written again, from the beginning, with the path.
import {
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLAbstractType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";
import { JuntoError } from "../errors/index.ts";
import { clientsKey, withOwnKeys } from "../execute/plannable.ts";
import { anyText, compact } from "../execute/json.ts";
import { collectFields, type CollectedField } from "./fields.ts";
import { leafText, type LeafText } from "./leaf.ts";
import { createExplains, type Explains, type ShapedError } from "./notes.ts";

export type { ShapedError } from "./notes.ts";

/** A result as it was fetched. */
export interface Result {
  readonly data: Readonly<Record<string, unknown>>;
  /** Objects and lists that stand at several places of it. */
  readonly shared?: ReadonlySet<unknown>;
}

/** Writes the `data` of a response; errors that come up on the way are added to `errors`. */
export type Shaper = (
  result: Result,
  errors: ShapedError[],
  /** Those of `errors` that hold in whichever item of a list. */
  everywhere?: ReadonlySet<ShapedError>,
) => string;

/** Compiles the shape of an operation from which what is skipped has been taken. */
export function compileShape(schema: GraphQLSchema, operation: OperationDefinitionNode): Shaper {
  const root = schema.getRootType(operation.operation)!;
  const { selectionSet } = withOwnKeys(schema, operation);
  const write = objectWriter(schema, root, [selectionSet], root.name);
  return ({ data, shared = NOTHING }, errors, everywhere = NO_ERRORS) => {
    const writing: Writing = {
      shared,
      texts: new Map(),
      notes: null,
      path: [],
      text: "",
      noted: false,
      explained: false,
    };
    const stands = write(data, writing);
    if (!writing.noted) return stands ? writing.text : "null";
    const notes = createNotes(errors, everywhere);
    const again: Writing = { ...writing, shared: NOTHING, notes, text: "", explained: false };
    return write(data, again) ? again.text : "null";
  };
}

/** Characters. What was fetched once may be asked for at very many places. */
const LARGEST = 32 * 1024 * 1024;

function tooLarge(): JuntoError {
  return new JuntoError("TOO_LARGE", "The response would be too large. Ask for less at a time.");
}

const NOTHING: ReadonlySet<unknown> = new Set();
const NO_ERRORS: ReadonlySet<ShapedError> = new Set();

/** Of what is said of one response: a thousand say as much as a million. */
const MOST_NOTES = 1_000;

interface Notes {
  readonly add: (error: ShapedError) => void;
  readonly explains: Explains;
}

function createNotes(errors: ShapedError[], everywhere: ReadonlySet<ShapedError>): Notes {
  const most = errors.length + MOST_NOTES;
  return {
    explains: createExplains({ errors: [...errors], everywhere }),
    add: (error) => void (errors.length < most && errors.push(error)),
  };
}

interface Writing {
  readonly shared: ReadonlySet<unknown>;
  /** What stands at several places, by who writes it; null: it is null. */
  readonly texts: Map<Writer, Map<unknown, string | null>>;
  /** null: the path is not kept, and whoever has something to note says so in `noted`. */
  readonly notes: Notes | null;
  readonly path: (string | number)[];
  /** As far as it is written. */
  text: string;
  noted: boolean;
  /** The null that comes up has been said of: it goes on up until it stands where a null may be. */
  explained: boolean;
}

/** Adds a value to the text. false, and nothing is added, when it is null: because it was, or because of one below. */
type Writer = (value: unknown, writing: Writing) => boolean;

interface Field {
  /** Under which it was fetched. */
  readonly key: string;
  /** Which the client chose. */
  readonly responseKey: string;
  /** `{"name":`, and `,"name":` after another. */
  readonly first: string;
  readonly next: string;
  /** What every object inherits is not what it holds. */
  readonly inherited: boolean;
  readonly nonNull: boolean;
  readonly coordinate: string;
  readonly write: Writer;
}

function objectWriter(
  schema: GraphQLSchema,
  type: GraphQLOutputType,
  selectionSets: readonly SelectionSetNode[],
  coordinate: string,
): Writer {
  const named = getNamedType(type) as GraphQLObjectType | GraphQLAbstractType;
  const byType = new Map<unknown, readonly Field[] | undefined>();
  const fieldsOf = (runtime: GraphQLObjectType): readonly Field[] =>
    collectFields(schema, runtime, selectionSets).map((field) => toField(schema, runtime, field));
  const fieldsFor = (typename: unknown): readonly Field[] | undefined => {
    if (byType.has(typename)) return byType.get(typename);
    const runtime = isAbstractType(named) ? runtimeType(schema, named, typename) : named;
    const fields = runtime && fieldsOf(runtime);
    if (runtime) byType.set(typename, fields); // of names that nobody knows there is no end
    return fields;
  };
  const fixed = isAbstractType(named) ? null : { fields: undefined as readonly Field[] | undefined };
  return shareable((value, writing) => {
    if (value === null || value === undefined) return false;
    if (typeof value !== "object" || Array.isArray(value)) return noteInvalid(coordinate, writing);
    const source = value as Record<string, unknown>;
    const fields = fixed ? (fixed.fields ??= fieldsFor(named.name)) : fieldsFor(source.__typename);
    if (!fields) return noteInvalid(coordinate, writing);
    return writeFields(fields, source, writing);
  });
}

function writeFields(fields: readonly Field[], source: Record<string, unknown>, writing: Writing): boolean {
  const { notes, path, text: before } = writing;
  for (let index = 0; index < fields.length; index++) {
    const field = fields[index]!;
    const { key } = field;
    const value = field.inherited && !Object.hasOwn(source, key) ? undefined : source[key];
    writing.text += index > 0 ? field.next : field.first;
    if (notes !== null) path.push(field.responseKey);
    const stands = field.write(value, writing) || writeNull(!field.nonNull, field.coordinate, writing);
    if (notes !== null) path.pop();
    if (!stands) return takeBack(before, writing);
    if (writing.text.length > LARGEST) throw tooLarge();
  }
  return add(fields.length > 0 ? "}" : "{}", writing);
}

function listWriter(write: Writer, nonNull: boolean, coordinate: string): Writer {
  return shareable((value, writing) => {
    if (value === null || value === undefined) return false;
    if (!Array.isArray(value)) return noteInvalid(coordinate, writing);
    const { notes, path, text: before } = writing;
    for (let index = 0; index < value.length; index++) {
      writing.text += index > 0 ? "," : "[";
      if (notes !== null) path.push(index);
      const stands = write(value[index], writing) || writeNull(!nonNull, coordinate, writing);
      if (notes !== null) path.pop();
      if (!stands) return takeBack(before, writing);
      if (writing.text.length > LARGEST) throw tooLarge();
    }
    return add(value.length > 0 ? "]" : "[]", writing);
  });
}

function add(text: string, writing: Writing): true {
  writing.text += text;
  return true;
}

function takeBack(before: string, writing: Writing): false {
  writing.text = before;
  return false;
}

/** Writes what stands at several places once. */
function shareable(write: Writer): Writer {
  return (value, writing) => {
    if (writing.shared.size === 0 || !writing.shared.has(value)) return write(value, writing);
    let known = writing.texts.get(write);
    if (!known) writing.texts.set(write, (known = new Map()));
    let text = known.get(value);
    if (text === undefined) known.set(value, (text = writeApart(write, value, writing)));
    return text !== null && add(text, writing);
  };
}

function writeApart(write: Writer, value: unknown, writing: Writing): string | null {
  const before = writing.text;
  writing.text = "";
  const text = write(value, writing) ? flat(writing.text) : null;
  writing.text = before;
  return text;
}

/** A text that was put together is a tree to V8, which it goes through wherever it stands, until it is read. */
function flat(text: string): string {
  return text.charCodeAt(0) > 0 ? text : "";
}

/** Where a null may not be it is an error, unless one has already said why something here is missing. */
function writeNull(nullable: boolean, coordinate: string, writing: Writing): boolean {
  const { notes, path, explained } = writing;
  writing.explained = !nullable;
  if (nullable) return add("null", writing);
  writing.noted = true;
  if (notes && !explained && !notes.explains(path))
    notes.add({
      message: `Cannot return null for non-nullable field ${coordinate}.`,
      path: [...path],
      extensions: { code: "SUBGRAPH_ERROR" },
    });
  return false;
}

/** A value that is there and is none of its type: null, and said to be. */
function noteInvalid(coordinate: string, writing: Writing): false {
  writing.noted = true;
  writing.explained = true;
  writing.notes?.add({
    message: `The value of ${coordinate} is not of its type.`,
    path: [...writing.path],
    extensions: { code: "SUBGRAPH_ERROR" },
  });
  return false;
}

function toField(
  schema: GraphQLSchema,
  runtime: GraphQLObjectType,
  { responseKey: key, name, selectionSets }: CollectedField,
): Field {
  const responseKey = clientsKey(key);
  const label = `${JSON.stringify(responseKey)}:`;
  const coordinate = `${runtime.name}.${name}`;
  const common = {
    key,
    responseKey,
    first: compact(`{${label}`),
    next: compact(`,${label}`),
    inherited: key in Object.prototype,
    coordinate,
  };
  if (name === "__typename") {
    // What came by its interface's name alone may be shown by that, but no object is of that type.
    if (!isObjectType(runtime))
      return { ...common, nonNull: true, write: (_value, writing) => noteInvalid(coordinate, writing) };
    const text = compact(JSON.stringify(runtime.name));
    return { ...common, nonNull: true, write: (_value, writing) => add(text, writing) };
  }
  if (name.startsWith("__"))
    return { ...common, nonNull: name === "__schema", write: leafWriter(anyText, coordinate) };
  const { type } = runtime.getFields()[name]!;
  return {
    ...common,
    nonNull: isNonNullType(type),
    write: typeWriter(schema, type, selectionSets, coordinate),
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
  if (isLeafType(type)) return leafWriter(leafText(type), coordinate);
  return objectWriter(schema, type, sets, coordinate);
}

function leafWriter(textOf: LeafText, coordinate: string): Writer {
  return (value, writing) => {
    if (value === null || value === undefined) return false;
    const text = textOf(value);
    return text === undefined ? noteInvalid(coordinate, writing) : add(text, writing);
  };
}

/**
 * The object type of a value, if it is one that can stand here. Of the interface itself an object is when nobody
 * says more. A type that is not known here is no type of the client's: the object is null.
 */
export function runtimeType(
  schema: GraphQLSchema,
  declared: GraphQLAbstractType,
  name: unknown,
): GraphQLObjectType | undefined {
  const type = typeof name === "string" ? schema.getType(name) : undefined;
  if (isObjectType(type)) return schema.isSubType(declared, type) ? type : undefined;
  return isInterfaceType(type) && type === declared ? (type as unknown as GraphQLObjectType) : undefined;
}
