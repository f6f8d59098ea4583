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
  /** What the organization's issuer says that they may do, as far as the graph asks for it. */
  readonly scopes: Scopes;
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

export type Scopes = ReadonlySet<string>;

/** What asks for scopes is for persons who are there: nobody in particular has any. */
export const NO_SCOPES: Scopes = new Set();

/**
 * Who a person is in no group, or in one.
 * @param asked scopes that the graph asks for: by others nobody is told apart. The same object as long as it is the same.
 */
export function personViewer(person: Person, group: ViewerGroup | null, asked: Scopes = NO_SCOPES): Viewer {
  const kept = group ? ofPlace(group).people : alone;
  let known = kept.get(person);
  if (known?.asked !== asked) {
    const viewer = viewerOf(person, person.organization, heldOf(person, asked), group);
    kept.set(person, (known = { asked, viewer }));
  }
  return known.viewer;
}

/**
 * Everyone of one organization and one role in a group: what the card looks like for one, it does for all. `scopes`:
 * those of them only who have these.
 */
export function audienceViewer(organization: string, group: ViewerGroup, scopes: Scopes = NO_SCOPES): Viewer {
  const { audiences } = ofPlace(group);
  const who = nameOf(organization, scopes);
  let viewer = audiences.get(who);
  if (!viewer) audiences.set(who, (viewer = viewerOf(null, organization, scopes, group)));
  return viewer;
}

/** An organization's own, and nobody in particular: for what the gateway itself has to ask of its subgraphs. */
export function organizationViewer(organization: string): Viewer {
  return viewerOf(null, organization, NO_SCOPES, null);
}

/** @param person null: nobody in particular */
function viewerOf(
  person: Person | null,
  organization: string,
  scopes: Scopes,
  group: ViewerGroup | null,
): Viewer {
  const audience = audienceKey(nameOf(organization, scopes), group);
  return { person, organization, scopes, group, audience };
}

/** In an order that does not depend on the token. */
function heldOf({ scopes }: Person, asked: Scopes): Scopes {
  const held = scopes.filter((scope) => asked.has(scope)).sort();
  return held.length === 0 ? NO_SCOPES : new Set(held);
}

function nameOf(organization: string, scopes: Scopes): string {
  return JSON.stringify([organization, ...scopes]);
}

/** One object for whoever is the same, as long as the person and the place are at hand. Neither is ever changed. */
interface OfPlace {
  readonly people: WeakMap<Person, Known>;
  readonly audiences: Map<string, Viewer>;
}

interface Known {
  readonly asked: Scopes;
  readonly viewer: Viewer;
}

const alone = new WeakMap<Person, Known>();
const places = new WeakMap<ViewerGroup, OfPlace>();

function ofPlace(group: ViewerGroup): OfPlace {
  let viewers = places.get(group);
  if (!viewers) places.set(group, (viewers = { people: new WeakMap(), audiences: new Map() }));
  return viewers;
}

/** By what they hold: the same place is read again and again. */
const keys = new LRUCache<string, string>({ max: 10_000 });

function audienceKey(who: string, group: ViewerGroup | null): string {
  return digest(group ? contentOf(who, group) : who);
}

function contentOf(who: string, { id, role, subjects, granted }: ViewerGroup): string {
  return JSON.stringify([
    who,
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
