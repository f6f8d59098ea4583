// Where in the client's response an error of a fetch stands. More is fetched than the client asked: keys, what other fields
// are computed from, fields of types that an object turns out not to be of.
import {
  getNamedType,
  isAbstractType,
  isObjectType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";
import { clientsKey, withOwnKeys } from "../execute/plannable.ts";
import { collectFields, keysIn } from "./fields.ts";
import { runtimeType } from "./shape.ts";

export type Path = readonly (string | number)[];

/**
 * The place nearest to a path (in the client's keys) that the response has. null: it is of a field that was asked of
 * other types than the object's, so that nothing of the response is missing.
 */
export type PlaceOf = (path: Path, data: unknown) => Path | null;

export function compilePlaces(schema: GraphQLSchema, operation: OperationDefinitionNode): PlaceOf {
  const root = placeOf(schema, schema.getRootType(operation.operation)!, [
    withOwnKeys(schema, operation).selectionSet,
  ]);
  return (path, data) => {
    let place: Place | undefined = root;
    let value = data;
    for (const [at, step] of path.entries()) {
      if (typeof step === "number") {
        value = Array.isArray(value) ? (value as unknown[])[step] : undefined;
        continue;
      }
      // Of a list as a whole nobody knows what its items are; below a leaf there is nothing to look at.
      if (!place || Array.isArray(value)) return path;
      const source = value as Readonly<Record<string, unknown>> | null | undefined;
      const fields = place.fields(source?.["__typename"]);
      if (!fields) return path;
      const field = fields.get(step);
      if (!field) return place.asked.has(step) ? null : path.slice(0, at);
      place = field.place();
      value = source?.[field.key];
    }
    return path;
  };
}

/** What is asked of whatever stands somewhere. */
interface Place {
  /** Response keys, of whichever type. */
  readonly asked: ReadonlySet<string>;
  /** By response key, what is asked of an object of this type; undefined: nobody knows. */
  fields(typename: unknown): ReadonlyMap<string, PlacedField> | undefined;
}

interface PlacedField {
  /** Under which it was fetched. */
  readonly key: string;
  readonly place: () => Place | undefined;
}

function placeOf(schema: GraphQLSchema, type: GraphQLNamedType, sets: readonly SelectionSetNode[]): Place {
  const byType = new Map<string, ReadonlyMap<string, PlacedField>>();
  return {
    asked: new Set([...keysIn(sets)].map(clientsKey)),
    fields(typename) {
      const runtime = isAbstractType(type) ? runtimeType(schema, type, typename) : type;
      // By the name of its interface alone nobody knows what it is.
      if (!isObjectType(runtime)) return undefined;
      let fields = byType.get(runtime.name);
      if (!fields) byType.set(runtime.name, (fields = fieldsOf(schema, runtime, sets)));
      return fields;
    },
  };
}

function fieldsOf(
  schema: GraphQLSchema,
  runtime: GraphQLObjectType,
  sets: readonly SelectionSetNode[],
): ReadonlyMap<string, PlacedField> {
  return new Map(
    collectFields(schema, runtime, sets).map(({ responseKey: key, name, selectionSets }) => {
      let place: Place | undefined;
      const type = runtime.getFields()[name]?.type;
      return [
        clientsKey(key),
        {
          key,
          place: () =>
            type && selectionSets.length > 0
              ? (place ??= placeOf(schema, getNamedType(type), selectionSets))
              : undefined,
        },
      ];
    }),
  );
}
