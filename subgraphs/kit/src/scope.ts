// Which rows a request is about: a row of a type with @scope exists only for the group whose subject it belongs to.
import type { Scope } from "./directives.ts";
import { RequestError } from "./errors.ts";
import type { Viewer } from "./types.ts";

/** Ids of the request's subjects of one type; null: not limited. */
export type SubjectIds = (type: string) => readonly string[] | null;

/** Only a person of the owner, outside any group, is not limited. */
export function subjectIdsOf(viewer: Viewer, owner: string): SubjectIds {
  if (viewer.organization === owner && viewer.group === undefined) return () => null;
  const byType = new Map<string, string[]>();
  for (const { type, id } of viewer.subjects) byType.set(type, [...(byType.get(type) ?? []), id]);
  return (type) => byType.get(type) ?? [];
}

/** Throws `FORBIDDEN` unless the subject is one of the request's. */
export function requireSubject(subjectIds: SubjectIds, type: string, id: string | number): void {
  const ids = subjectIds(type);
  if (ids && !ids.includes(String(id))) {
    throw new RequestError("FORBIDDEN", `This request is not about that ${type}`);
  }
}

/** Throws when the row does not say which subject it belongs to: that must never pass for "in scope". */
export function isInScope(type: string, row: object, scope: Scope, subjectIds: SubjectIds): boolean {
  const id = (row as Record<string, unknown>)[scope.by];
  if (id === undefined) throw new Error(`A row of ${type} has no "${scope.by}", which its @scope needs`);
  const ids = subjectIds(scope.subject);
  return ids === null || ((typeof id === "string" || typeof id === "number") && ids.includes(String(id)));
}
