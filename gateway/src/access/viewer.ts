// For whom something is read or done: a person, or an audience of a push, in a group or in none.
import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
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
  /** Equal keys: whatever one sees, the other sees too. Names the audience in tokens, plans and dedupe: 22 characters. */
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

/** An organization's own, and nobody in particular: for what the gateway itself has to ask of its subgraphs. */
export function organizationViewer(organization: string): Viewer {
  return { person: null, organization, group: null, audience: audienceKey(organization, null) };
}

/** Of organizations whose people are in no group, and of places by what they hold. */
const keys = new LRUCache<string, string>({ max: 10_000 });
/** Of the places that are at hand. Places are never changed. */
const ofPlace = new WeakMap<ViewerGroup, Map<string, string>>();

function audienceKey(organization: string, group: ViewerGroup | null): string {
  if (!group) return digest(JSON.stringify([organization]));
  let byOrganization = ofPlace.get(group);
  if (!byOrganization) ofPlace.set(group, (byOrganization = new Map()));
  let key = byOrganization.get(organization);
  if (key === undefined) byOrganization.set(organization, (key = digest(contentOf(organization, group))));
  return key;
}

function contentOf(organization: string, { id, role, subjects, granted }: ViewerGroup): string {
  return JSON.stringify([
    organization,
    id,
    role,
    subjects.map(({ type, id: subject }) => [type, subject]),
    [...granted].sort(),
  ]);
}

function digest(content: string): string {
  let key = keys.get(content);
  if (key === undefined)
    keys.set(content, (key = createHash("sha256").update(content).digest("base64url").slice(0, 22)));
  return key;
}
