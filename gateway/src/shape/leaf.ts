// Leaves as text. Implements "Result coercion" of the scalars of the GraphQL specification, for values that came as JSON.
import {
  GraphQLBoolean,
  GraphQLEnumType,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  GraphQLString,
  type GraphQLLeafType,
} from "graphql";
import { anyText, compact, stringText } from "../execute/json.ts";

/** What a leaf is as JSON; undefined when it is no value of its type. */
export type LeafText = (value: unknown) => string | undefined;

export function leafText(type: GraphQLLeafType): LeafText {
  if (type instanceof GraphQLEnumType) {
    const texts = new Map<unknown, string>(
      type.getValues().map(({ name }) => [name, compact(JSON.stringify(name))]),
    );
    return (value) => texts.get(value);
  }
  switch (type) {
    case GraphQLString:
      return (value) => (typeof value === "string" ? stringText(value) : undefined);
    case GraphQLID:
      return (value) =>
        typeof value === "string"
          ? stringText(value)
          : Number.isInteger(value)
            ? `"${String(value)}"`
            : undefined;
    case GraphQLInt:
      return (value) => (isInt32(value) ? String(value) : undefined);
    case GraphQLFloat:
      return (value) => (typeof value === "number" && Number.isFinite(value) ? String(value) : undefined);
    case GraphQLBoolean:
      return (value) => (value === true ? "true" : value === false ? "false" : undefined);
    default:
      return anyText;
  }
}

function isInt32(value: unknown): boolean {
  return typeof value === "number" && (value | 0) === value;
}
