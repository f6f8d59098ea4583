// A card's entity as a reference into the graph, when the schema says what a card can be about: type and key,
// nothing more. What is behind it, its owner says.
import { isObjectType, type GraphQLResolveInfo } from "graphql";
import type { GroupsContext } from "./context.ts";
import { loaders } from "./loaders.ts";
import type { CardRow } from "./store.ts";

type Reference = Readonly<Record<string, string>> | null;

interface EntityArgs {
  readonly type: string;
  readonly key: unknown;
  readonly groupId?: string | null;
}

/** Query.entity */
export async function entity(
  _: unknown,
  args: EntityArgs,
  context: GroupsContext,
  info: GraphQLResolveInfo,
): Promise<Reference> {
  const { type, key, groupId } = args;
  const inGroup = groupId !== null && groupId !== undefined;
  if (inGroup && (await loaders(context).group.load(groupId)) === null) return null;
  return reference(type, key, info);
}

/** Card.entity */
export function cardEntity(
  card: CardRow,
  _: unknown,
  __: GroupsContext,
  info: GraphQLResolveInfo,
): Reference {
  return reference(card.entity.type, card.entity.key, info);
}

/** Null for a type that is not among those of the schema, and for what is not a whole key of it. */
function reference(typename: string, key: unknown, { schema }: GraphQLResolveInfo): Reference {
  const union = schema.getType("CardEntity");
  const type = schema.getType(typename);
  if (!isObjectType(type) || union === undefined || !("getTypes" in union)) return null;
  if (!union.getTypes().includes(type)) return null;
  if (typeof key !== "object" || key === null) return null;
  const values = new Map(Object.entries(key));
  const fields: [string, string][] = [];
  for (const name of Object.keys(type.getFields())) {
    const value: unknown = values.get(name);
    if (typeof value !== "string") return null;
    fields.push([name, value]);
  }
  return Object.fromEntries([["__typename", typename], ...fields]);
}
