// Which fields a viewer may see: the owner's @policy, @requiresScopes and @authenticated, checked again where the data is.
import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isScalarType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
} from "graphql";
import type { Asks, Notes, TypeNotes } from "./directives.ts";
import { RequestError } from "./errors.ts";
import type { Viewer } from "./types.ts";

/** What a field asks of whoever wants to see it. */
export interface Requirement {
  /** All of it must hold. */
  readonly asks: readonly Asks[];
  /** Nothing was said about it: it is for the owner's own people. */
  readonly ownPeopleOnly: boolean;
}

/** The requirement of one field, or nothing if whoever sees its parent may see it. */
export function requirementOf(
  type: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
  notes: Notes,
): Requirement | undefined {
  const named = [type.name, ...type.getInterfaces().map(({ name }) => name)];
  const own = named.flatMap((name) => {
    const note = notes.get(name);
    return [note?.asks, note?.fields.get(field.name)?.asks].filter((asks) => asks !== undefined);
  });
  const spoken = own.some((asks) => asks.authenticated || asksSomething(asks));
  const ownPeopleOnly = !spoken && isClosed(type, field, notes);
  const asks = [...own, ...[...typesAt(field)].flatMap(({ name }) => notes.get(name)?.asks ?? [])].filter(
    asksSomething,
  );
  return asks.length > 0 || ownPeopleOnly ? { asks, ownPeopleOnly } : undefined;
}

/** Throws `NOT_SHARED` unless the viewer may see the field. */
export function enforceRequirement(requirement: Requirement, viewer: Viewer, owner: string): void {
  for (const asks of requirement.asks) enforce(asks, viewer, owner);
  if (requirement.ownPeopleOnly && viewer.organization !== owner) throw notShared();
}

/**
 * Throws `NOT_SHARED` unless the viewer has all that is asked. Nobody gets here who is not signed in. The scopes that
 * another organization gives its people say nothing about what is the owner's.
 */
export function enforce(asks: Asks | undefined, viewer: Viewer, owner: string): void {
  if (!asks) return;
  const hasPolicies = asks.policies.every((ways) =>
    ways.some((all) => all.every((policy) => viewer.policies.has(policy))),
  );
  const hasScopes = asks.scopes.every(
    (ways) =>
      viewer.organization === owner && ways.some((all) => all.every((scope) => viewer.scopes.has(scope))),
  );
  if (!hasPolicies || !hasScopes) throw notShared();
}

export function asksAnything(note: TypeNotes | undefined): boolean {
  return note !== undefined && asksSomething(note.asks);
}

function asksSomething({ policies, scopes }: Asks): boolean {
  return policies.length > 0 || scopes.length > 0;
}

function notShared(): RequestError {
  return new RequestError("NOT_SHARED", "This is not shared with you");
}

/**
 * The types that stand at a field: what it returns, and what its arguments are made of. What an object asks is asked
 * once at the field, not once at each field of each object behind it; of an interface or a union, of each object.
 */
function typesAt(field: GraphQLField<unknown, unknown>): ReadonlySet<GraphQLNamedType> {
  const returned = getNamedType(field.type);
  const found = new Set<GraphQLNamedType>();
  if (isObjectType(returned) || isScalarType(returned) || isEnumType(returned)) found.add(returned);
  const look = (of: GraphQLInputType): void => {
    const named = getNamedType(of);
    if (found.has(named)) return;
    found.add(named);
    if (isInputObjectType(named)) for (const each of Object.values(named.getFields())) look(each.type);
  };
  for (const { type } of field.args) look(type);
  return found;
}

// Root fields and an entity's own fields are closed until the owner opens them. An entity's key is known to whoever
// names it, an @external field comes from elsewhere, and a plain object is a part of the field that returned it.
function isClosed(type: GraphQLObjectType, field: GraphQLField<unknown, unknown>, notes: Notes): boolean {
  if (["Query", "Mutation", "Subscription"].includes(type.name)) return true;
  const note = notes.get(type.name);
  if (!note || note.keys.length === 0) return false;
  const isKey = note.keys.some((key) => key.split(/[\s{}]+/).includes(field.name));
  return !isKey && !note.fields.get(field.name)?.external;
}
