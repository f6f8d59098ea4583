// For whom something is read or done: a person, or an audience of a push, in a group or in none.
import { createHash } from "node:crypto";
import type { Person } from "../identity/index.ts";

export interface SubjectKey {
  readonly type: string;
  readonly id: string;
}

export interface Viewer {
  /** The person who asks; null when a push is made for an audience. */
  readonly person: Person | null;
  readonly organization: string;
  readonly group: ViewerGroup | null;
  /** Equal keys: whatever one sees, the other sees too. Names the audience in tokens, plans and dedupe. */
  readonly audience: string;
}

export interface ViewerGroup {
  readonly id: string;
  readonly role: string;
  readonly subjects: readonly SubjectKey[];
  /** Policies granted to the role in this group, by whichever owner. */
  readonly granted: ReadonlySet<string>;
}

/** Who a person is in no group, or in one. */
export function personViewer(person: Person, group: ViewerGroup | null): Viewer {
  return {
    person,
    organization: person.organization,
    group,
    audience: audienceKey(person.organization, group),
  };
}

/** Everyone of one organization and one role in a group: what the card looks like for one, it does for all. */
export function audienceViewer(organization: string, group: ViewerGroup): Viewer {
  return { person: null, organization, group, audience: audienceKey(organization, group) };
}

function audienceKey(organization: string, group: ViewerGroup | null): string {
  const parts = group
    ? [
        organization,
        group.id,
        group.role,
        group.subjects.map(({ type, id }) => [type, id]),
        [...group.granted].sort(),
      ]
    : [organization];
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 22);
}
