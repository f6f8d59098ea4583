// Values of variables as an operation takes them. Implements "Coercing variable values" of the GraphQL specification:
// compiled once for an operation, since graphql-js works out the same of schema and text for every request. What is
// refused here graphql-js refuses again, for its messages.
import {
  getVariableValues,
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  GraphQLString,
  isEnumType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  typeFromAST,
  valueFromAST,
  type GraphQLEnumType,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLLeafType,
  type GraphQLSchema,
  type VariableDefinitionNode,
} from "graphql";
import { JuntoError } from "../errors/index.ts";

export type Variables = Readonly<Record<string, unknown>>;

/** @throws JuntoError BAD_USER_INPUT with `details.errors`, what graphql-js says of each value. */
export type CoerceVariables = (raw: Variables) => Variables;

export function compileVariables(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[],
): CoerceVariables {
  const types = new Map<GraphQLInputType, Coerce>();
  const variables = definitions.map((definition) => {
    const type = typeFromAST(schema, definition.type) as GraphQLInputType | undefined;
    if (!isInputType(type)) throw new Error("The variables of an operation that is valid have input types.");
    const { defaultValue } = definition;
    return {
      name: definition.variable.name.value,
      required: isNonNullType(type),
      byDefault: defaultValue && valueFromAST(defaultValue, type),
      coerce: coercing(type, types),
    };
  });
  const coerced = (raw: Variables): Record<string, unknown> | typeof NO => {
    const values: Record<string, unknown> = {};
    for (const { name, required, byDefault, coerce } of variables) {
      if (!Object.hasOwn(raw, name)) {
        if (byDefault !== undefined) values[name] = byDefault;
        else if (required) return NO;
        continue;
      }
      const value = coerce(raw[name]);
      if (value === NO) return NO;
      values[name] = value;
    }
    return values;
  };
  return (raw) => {
    const values = coerced(raw);
    return values === NO ? asGraphqlJs(schema, definitions, raw) : values;
  };
}

/** What a value is not when it is not of its type. */
const NO = Symbol("no");
type Coerce = (value: unknown) => unknown;

function asGraphqlJs(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[],
  raw: Variables,
): Variables {
  const { errors, coerced } = getVariableValues(schema, definitions, raw, { maxErrors: 10 });
  if (!errors) return coerced;
  throw new JuntoError("BAD_USER_INPUT", errors[0]!.message, {
    details: { errors: errors.map(({ message }) => ({ message })) },
  });
}

/** Each type once, so that a type may hold itself. */
function coercing(type: GraphQLInputType, types: Map<GraphQLInputType, Coerce>): Coerce {
  const found = types.get(type);
  if (found) return found;
  let made: Coerce | undefined;
  types.set(type, (value) => made!(value));
  made = compile(type, types);
  types.set(type, made);
  return made;
}

function compile(type: GraphQLInputType, types: Map<GraphQLInputType, Coerce>): Coerce {
  if (isNonNullType(type)) {
    const coerce = coercing(type.ofType, types);
    return (value) => (value == null ? NO : coerce(value));
  }
  if (isListType(type)) return list(coercing(type.ofType, types));
  if (isInputObjectType(type)) return object(type, types);
  if (isEnumType(type)) return enumeration(type);
  return SCALARS.get(type.name)?.(type) ?? custom(type);
}

function list(item: Coerce): Coerce {
  return (value) => {
    if (value == null) return null;
    if (!Array.isArray(value)) {
      // A value that is no list is a list of one; what else can be iterated is for graphql-js to say.
      if (typeof value === "object" && Symbol.iterator in value) return NO;
      const only = item(value);
      return only === NO ? NO : [only];
    }
    const items: unknown[] = [];
    for (const each of value as unknown[]) {
      const coerced = item(each);
      if (coerced === NO) return NO;
      items.push(coerced);
    }
    return items;
  };
}

function object(type: GraphQLInputObjectType, types: Map<GraphQLInputType, Coerce>): Coerce {
  const definitions = type.getFields();
  const fields = Object.values(definitions).map((field) => ({
    name: field.name,
    required: isNonNullType(field.type),
    byDefault: field.defaultValue,
    coerce: coercing(field.type, types),
  }));
  return (value) => {
    if (value == null) return null;
    if (typeof value !== "object" || Array.isArray(value)) return NO;
    for (const name of Object.keys(value)) if (!definitions[name]) return NO;
    const given = value as Variables;
    const coerced: Record<string, unknown> = {};
    for (const { name, required, byDefault, coerce } of fields) {
      const own = given[name];
      if (own === undefined) {
        if (byDefault !== undefined) coerced[name] = byDefault;
        else if (required) return NO;
        continue;
      }
      const result = coerce(own);
      if (result === NO) return NO;
      coerced[name] = result;
    }
    if (type.isOneOf) {
      const [name, ...others] = Object.keys(coerced);
      if (name === undefined || others.length > 0 || coerced[name] === null) return NO;
    }
    return coerced;
  };
}

function enumeration(type: GraphQLEnumType): Coerce {
  const values = new Map(type.getValues().map(({ name, value }) => [name, value as unknown]));
  return (value) => {
    if (value == null) return null;
    return typeof value === "string" && values.has(value) ? values.get(value) : NO;
  };
}

/** What the specification says of its own scalars, unless the schema gives the name another meaning. */
function standard(own: GraphQLLeafType, coerce: Coerce): (type: GraphQLLeafType) => Coerce {
  return (type) => (type === own ? (value) => (value == null ? null : coerce(value)) : custom(type));
}

const MAX_INT = 2_147_483_647;

const SCALARS: ReadonlyMap<string, (type: GraphQLLeafType) => Coerce> = new Map([
  [
    "Int",
    standard(GraphQLInt, (value) =>
      Number.isInteger(value) && (value as number) <= MAX_INT && (value as number) >= -MAX_INT - 1
        ? value
        : NO,
    ),
  ],
  ["Float", standard(GraphQLFloat, (value) => (Number.isFinite(value) ? value : NO))],
  ["String", standard(GraphQLString, (value) => (typeof value === "string" ? value : NO))],
  ["Boolean", standard(GraphQLBoolean, (value) => (typeof value === "boolean" ? value : NO))],
  [
    "ID",
    standard(GraphQLID, (value) =>
      typeof value === "string" ? value : Number.isInteger(value) ? String(value) : NO,
    ),
  ],
]);

function custom(type: GraphQLLeafType): Coerce {
  return (value) => {
    if (value == null) return null;
    try {
      const parsed = type.parseValue(value) as unknown;
      return parsed === undefined ? NO : parsed;
    } catch {
      return NO;
    }
  };
}
