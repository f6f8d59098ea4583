// Why somebody sees a field of this graph, or does not.
import { isAbstractType, isObjectType, type GraphQLSchema } from "graphql";
import { explain, type Explanation } from "../access/explain.ts";
import type { Requirement, Requirements } from "../access/requirements.ts";
import type { Viewer } from "../access/viewer.ts";
import { JuntoError } from "../errors/index.ts";

export interface ExplainInput {
  /** `Type.field`. */
  readonly field: string;
  readonly groupId: string | null;
  readonly person: string;
}

export interface Explained extends Explanation {
  /** Of the person in the group; null: no group was named. */
  readonly role: string | null;
}

/** @throws JuntoError BAD_USER_INPUT, NOT_FOUND */
export type Explain = (input: ExplainInput, viewer: Viewer) => Promise<Explained>;

export function createExplain(parts: {
  readonly schema: GraphQLSchema;
  readonly requirements: Requirements;
  /** Somebody in a group; null when they are not in it. */
  readonly viewerOf: (person: string, group: string) => Promise<Viewer | null>;
}): Explain {
  const { schema, requirements, viewerOf } = parts;
  return async ({ field, groupId, person }, viewer) => {
    const requirement = requirementOf(field, schema, requirements);
    const about = person === viewer.person?.id ? viewer : await viewerOf(person, groupId ?? "");
    if (!about || (groupId !== null && about.group?.id !== groupId))
      throw new JuntoError("NOT_FOUND", `${person} is in no such group.`);
    return { role: about.group?.role ?? null, ...explain(requirement, requirements.clauses, about) };
  };
}

/** What clients do not see of the schema is not there for this either. */
function requirementOf(
  coordinate: string,
  schema: GraphQLSchema,
  requirements: Requirements,
): Requirement | null {
  const [name = "", field = "", ...more] = coordinate.split(".");
  const type = schema.getType(name);
  if (isAbstractType(type)) {
    const types = schema.getPossibleTypes(type).map((each) => each.name);
    throw wrong(`${name} stands for other types, and each has its own: ask for ${types.join(", ")}.`);
  }
  if (!isObjectType(type) || !Object.hasOwn(type.getFields(), field) || more.length > 0)
    throw wrong(`There is no field "${coordinate.slice(0, 200)}": give one as Type.field.`);
  return requirements.of(name, field);
}

function wrong(message: string): JuntoError {
  return new JuntoError("BAD_USER_INPUT", message);
}
