// Which entities a card shows: so that a change of one of them finds the card. Keys only.
import {
  getNamedType,
  isCompositeType,
  Kind,
  visit,
  visitWithTypeInfo,
  TypeInfo,
  type FieldNode,
  type GraphQLSchema,
} from "graphql";
import type { Operation } from "../operation/prepare.ts";
import { isObject, visitOnce } from "../execute/data.ts";
import type { Execution } from "../execute/execute.ts";
import type { Entity } from "../groups/store.ts";

/** Response keys that are not the card's: they never reach a client, since the shape does not know them. */
const PREFIX = "junto_key_";

export function isKeyPath(path: readonly string[]): boolean {
  return path.at(-1)?.startsWith(PREFIX) ?? false;
}

/** The operation that asks, beside what it asks, for the type and the key of every entity on its way. */
export function withKeys(
  operation: Operation,
  schema: GraphQLSchema,
  entities: ReadonlyMap<string, readonly string[]>,
): Operation {
  const typeInfo = new TypeInfo(schema);
  const definition = visit(
    operation.definition,
    visitWithTypeInfo(typeInfo, {
      SelectionSet(node) {
        const parent = typeInfo.getParentType();
        const type = parent && getNamedType(parent);
        if (!type || !isCompositeType(type)) return undefined;
        const keys = entities.get(type.name);
        if (!keys) return undefined;
        return {
          ...node,
          selections: [
            ...node.selections,
            field("__typename"),
            ...keys.map((key) => field(key, PREFIX + key)),
          ],
        };
      },
    }),
  );
  return { ...operation, digest: `${operation.digest} with keys`, definition };
}

/** The entities in a result of such an operation, each once. */
export function shownIn(
  { data, shared }: Pick<Execution, "data" | "shared">,
  entities: ReadonlyMap<string, readonly string[]>,
): Entity[] {
  const found = new Map<string, Entity>();
  const enter = visitOnce(shared);
  const visitValue = (value: unknown): void => {
    if (!enter(value)) return;
    if (Array.isArray(value)) return value.forEach(visitValue);
    if (!isObject(value)) return;
    const keys = typeof value.__typename === "string" ? entities.get(value.__typename) : undefined;
    const key = keys?.map((name) => [name, value[PREFIX + name]] as const);
    if (key?.every(([, part]) => typeof part === "string" || typeof part === "number")) {
      const ref = {
        type: value.__typename as string,
        key: Object.fromEntries(key.map(([name, part]) => [name, String(part)])),
      };
      found.set(JSON.stringify(ref), ref);
    }
    Object.values(value).forEach(visitValue);
  };
  visitValue(data);
  return [...found.values()];
}

function field(name: string, alias?: string): FieldNode {
  return {
    kind: Kind.FIELD,
    name: { kind: Kind.NAME, value: name },
    ...(alias && { alias: { kind: Kind.NAME, value: alias } }),
  };
}
