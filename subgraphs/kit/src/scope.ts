// Which rows a request is about: a row of a type with @scope exists only for the group whose subject it belongs to. Where
// the row itself does not say which that is, the rows that it refers to do.
import type { Scope } from "./directives.ts";
import { isPromise } from "./deadline.ts";
import { RequestError } from "./errors.ts";
import type { Viewer } from "./types.ts";

/** Ids of the request's subjects of one type; null: not limited. */
export type SubjectIds = (type: string) => readonly string[] | null;

/** A row by its key, whatever it belongs to; batched with every other load of the request. */
export type LoadRow = (type: string, key: string) => Promise<unknown>;

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
  if (ids && !ids.includes(String(id))) throw notAbout(type);
}

export function notAbout(type: string): RequestError {
  return new RequestError("FORBIDDEN", `This request is not about that ${type}`);
}

/**
 * Throws, or rejects, when a row does not say which subject or which row it belongs to: that must never pass for "in
 * scope". One that belongs to none, or to a row that there is not, is out of every scope.
 */
export function isInScope(
  type: string,
  row: object,
  scope: Scope,
  subjectIds: SubjectIds,
  load: LoadRow,
): boolean | Promise<boolean> {
  const id = property(type, row, scope.by);
  const ids = subjectIds(scope.subject);
  if (ids === null) return true;
  if (ids.length === 0) return false;
  const found = scope.via.length === 0 ? id : subjectOver(scope.via, id, load);
  return isPromise(found) ? found.then((each) => isOneOf(ids, each)) : isOneOf(ids, found);
}

async function subjectOver(via: Scope["via"], first: unknown, load: LoadRow): Promise<unknown> {
  let key = first;
  for (const { type, by } of via) {
    if (!isKey(key)) return null;
    const row = await load(type, String(key));
    if (typeof row !== "object" || row === null) return null;
    key = property(type, row, by);
  }
  return key;
}

function property(type: string, row: object, name: string): unknown {
  const value = (row as Record<string, unknown>)[name];
  if (value === undefined) throw new Error(`A row of ${type} has no "${name}", which its @scope needs`);
  return value;
}

function isOneOf(ids: readonly string[], id: unknown): boolean {
  return isKey(id) && ids.includes(String(id));
}

function isKey(value: unknown): value is string | number {
  return (typeof value === "string" && value !== "") || typeof value === "number";
}
