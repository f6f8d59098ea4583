// Which fields a viewer may see: the owner's @policy, checked again where the data is.
import { getNamedType, isObjectType, type GraphQLField, type GraphQLObjectType } from "graphql";
import type { Alternatives, Notes } from "./directives.ts";
import { RequestError } from "./errors.ts";
import type { Viewer } from "./types.ts";

/** What a field asks of whoever wants to see it. */
export interface Requirement {
  /** One of the lists of each must be held in full. */
  readonly policies: readonly Alternatives[];
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
    return [...(note?.policies ?? []), ...(note?.fields.get(field.name)?.policies ?? [])];
  });
  const returned = getNamedType(field.type);
  // Asked once at the field, not once at each field of each object behind it.
  const behind = isObjectType(returned) ? (notes.get(returned.name)?.policies ?? []) : [];
  const ownPeopleOnly = own.length === 0 && isClosed(type, field, notes);
  const policies = [...own, ...behind];
  return policies.length > 0 || ownPeopleOnly ? { policies, ownPeopleOnly } : undefined;
}

/** Throws `NOT_SHARED` unless the viewer may see the field. */
export function enforceRequirement(requirement: Requirement, viewer: Viewer, owner: string): void {
  enforce(requirement.policies, viewer);
  if (requirement.ownPeopleOnly && viewer.organization !== owner) throw notShared();
}

/** Throws `NOT_SHARED` unless the viewer holds one of the lists of each in full. */
export function enforce(policies: readonly Alternatives[], viewer: Viewer): void {
  const satisfied = policies.every((alternatives) =>
    alternatives.some((all) => all.every((policy) => viewer.policies.has(policy))),
  );
  if (!satisfied) throw notShared();
}

function notShared(): RequestError {
  return new RequestError("NOT_SHARED", "This is not shared with you");
}

// Root fields and an entity's own fields are closed until a policy opens them. An entity's key is known to whoever
// names it, an @external field comes from elsewhere, and a plain object is a part of the field that returned it.
function isClosed(type: GraphQLObjectType, field: GraphQLField<unknown, unknown>, notes: Notes): boolean {
  if (["Query", "Mutation", "Subscription"].includes(type.name)) return true;
  const note = notes.get(type.name);
  if (!note || note.keys.length === 0) return false;
  const isKey = note.keys.some((key) => key.split(/[\s{}]+/).includes(field.name));
  return !isKey && !note.fields.get(field.name)?.external;
}
