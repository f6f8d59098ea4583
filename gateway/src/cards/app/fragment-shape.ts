// The shape that a fragment's data will have, by the schema.
import {
  getNamedType,
  GraphQLString,
  isCompositeType,
  isEnumType,
  isListType,
  isNonNullType,
  isUnionType,
  Kind,
  typeFromAST,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type SelectionSetNode,
} from "graphql";
import { UNKNOWN, type Shape } from "@junto/template";

/** The shape of a valid fragment's data, by response names. */
export function shapeOf(fragment: FragmentDefinitionNode, schema: GraphQLSchema): Shape {
  const type = typeFromAST(schema, fragment.typeCondition);
  return isCompositeType(type) ? shapeOfSelections([fragment.selectionSet], type, schema) : UNKNOWN;
}

function shapeOfSelections(
  sets: readonly SelectionSetNode[],
  type: GraphQLCompositeType,
  schema: GraphQLSchema,
): Shape {
  const found = new Map<string, Found>();
  for (const set of sets) collect(set, type, schema, found);
  const fields = new Map<string, Shape>();
  for (const [name, field] of found) fields.set(name, shapeOfType(field.type, field.sets, schema));
  return { kind: "object", type: type.name, fields };
}

interface Found {
  readonly type: GraphQLOutputType;
  readonly sets: SelectionSetNode[];
}

function collect(
  set: SelectionSetNode,
  type: GraphQLCompositeType,
  schema: GraphQLSchema,
  found: Map<string, Found>,
): void {
  for (const selection of set.selections) {
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const condition = selection.typeCondition && typeFromAST(schema, selection.typeCondition);
      collect(selection.selectionSet, isCompositeType(condition) ? condition : type, schema, found);
    } else if (selection.kind === Kind.FIELD) {
      // `__typename` is the only field without a definition in a valid fragment.
      const defined = isUnionType(type) ? undefined : type.getFields()[selection.name.value]?.type;
      const name = selection.alias?.value ?? selection.name.value;
      const entry: Found = found.get(name) ?? { type: defined ?? GraphQLString, sets: [] };
      if (selection.selectionSet) entry.sets.push(selection.selectionSet);
      found.set(name, entry);
    }
  }
}

function shapeOfType(
  type: GraphQLOutputType,
  sets: readonly SelectionSetNode[],
  schema: GraphQLSchema,
): Shape {
  if (isNonNullType(type)) return shapeOfType(type.ofType, sets, schema);
  if (isListType(type)) return { kind: "list", of: shapeOfType(type.ofType, sets, schema) };
  const named = getNamedType(type);
  if (isCompositeType(named)) return shapeOfSelections(sets, named, schema);
  if (!isEnumType(named)) return { kind: "leaf", type: named.name };
  return { kind: "leaf", type: named.name, values: named.getValues().map(({ name }) => name) };
}
