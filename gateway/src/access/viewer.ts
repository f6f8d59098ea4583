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
  const kept = group ? ofPlace(group).people : alone;
  let viewer = kept.get(person);
  if (!viewer) kept.set(person, (viewer = { ...nobody(person.organization, group), person }));
  return viewer;
}

/** Everyone of one organization and one role in a group: what the card looks like for one, it does for all. */
export function audienceViewer(organization: string, group: ViewerGroup): Viewer {
  const { audiences } = ofPlace(group);
  let viewer = audiences.get(organization);
  if (!viewer) audiences.set(organization, (viewer = nobody(organization, group)));
  return viewer;
}

/** An organization's own, and nobody in particular: for what the gateway itself has to ask of its subgraphs. */
export function organizationViewer(organization: string): Viewer {
  return nobody(organization, null);
}

function nobody(organization: string, group: ViewerGroup | null): Viewer {
  return { person: null, organization, group, audience: audienceKey(organization, group) };
}

/** One object for whoever is the same, as long as the person and the place are at hand. Neither is ever changed. */
interface OfPlace {
  readonly people: WeakMap<Person, Viewer>;
  readonly audiences: Map<string, Viewer>;
}

const alone = new WeakMap<Person, Viewer>();
const places = new WeakMap<ViewerGroup, OfPlace>();

function ofPlace(group: ViewerGroup): OfPlace {
  let viewers = places.get(group);
  if (!viewers) places.set(group, (viewers = { people: new WeakMap(), audiences: new Map() }));
  return viewers;
}

/** By what they hold: the same place is read again and again. */
const keys = new LRUCache<string, string>({ max: 10_000 });

function audienceKey(organization: string, group: ViewerGroup | null): string {
  return digest(group ? contentOf(organization, group) : JSON.stringify([organization]));
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
