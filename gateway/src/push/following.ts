// What a client follows, and whoever does: in the graph in force, and in the next one.
import { audienceViewer, type Viewer, type ViewerGroup } from "../access/viewer.ts";
import type { Reading, Reread } from "../operation/reading.ts";

/** What is subscribed to, and for whom: a person outside groups, an audience within one. */
export interface Following extends Reading {
  readonly viewer: Viewer;
}

/** A subscription of a client. */
export interface Follows {
  following: Following;
  /** Ends it with a reason. */
  fail(error: unknown): void;
}

/** The same for everyone who is in this place. */
export function inPlace(following: Following, place: ViewerGroup): Following {
  const { organization, scopes } = following.viewer;
  return { ...following, viewer: audienceViewer(organization, place, scopes) };
}

/** All that decides what one gets. */
export function keyOf({ viewer, operation, variables }: Following): string {
  return JSON.stringify([operation.digest, variables, viewer.audience, viewer.person?.id ?? null]);
}

/** Another graph is in force: who asks what it does not know is told so. @returns whether it goes on */
export function renew(one: Follows, reread: Reread): boolean {
  try {
    one.following = { ...one.following, ...reread(one.following) };
    return true;
  } catch (error) {
    one.fail(error);
    return false;
  }
}
