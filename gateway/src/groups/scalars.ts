// The scalars of the groups schema. JSON from outside is data only: names that mean something to every object
// are refused.
import { GraphQLError, GraphQLScalarType, Kind, valueFromASTUntyped, type ValueNode } from "graphql";
import { isReservedName } from "./keys.ts";

export const DateTime: GraphQLScalarType<Date, string> = new GraphQLScalarType({
  name: "DateTime",
  serialize: (value) => {
    if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
    throw new GraphQLError("A DateTime must be a date.");
  },
  parseValue: readDate,
  parseLiteral: (node) => readDate(node.kind === Kind.STRING ? node.value : null),
});

export const Json: GraphQLScalarType<unknown, unknown> = new GraphQLScalarType({
  name: "JSON",
  serialize: (value) => value,
  parseValue: (value) => checkJson(value, 0),
  parseLiteral: (node, variables) => {
    checkNames(node, 0);
    return checkJson(valueFromASTUntyped(node, variables), 0);
  },
});

const DEEPEST = 32;

function readDate(value: unknown): Date {
  const isInstant =
    typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value);
  const date = new Date(isInstant ? value : Number.NaN);
  if (Number.isNaN(date.getTime())) throw new GraphQLError("A DateTime must be an RFC 3339 instant.");
  return date;
}

function checkJson(value: unknown, depth: number): unknown {
  if (depth > DEEPEST) throw new GraphQLError("JSON is too deep.");
  if (typeof value !== "object" || value === null) return value;
  for (const name of Object.keys(value)) {
    checkName(name);
    checkJson((value as Record<string, unknown>)[name], depth + 1);
  }
  return value;
}

/** Of a literal, before it becomes an object. */
function checkNames(node: ValueNode, depth: number): void {
  if (depth > DEEPEST) throw new GraphQLError("JSON is too deep.");
  if (node.kind === Kind.LIST) for (const value of node.values) checkNames(value, depth + 1);
  if (node.kind !== Kind.OBJECT) return;
  for (const { name, value } of node.fields) {
    checkName(name.value);
    checkNames(value, depth + 1);
  }
}

function checkName(name: string): void {
  if (isReservedName(name)) throw new GraphQLError(`JSON must not hold the name ${JSON.stringify(name)}.`);
}
