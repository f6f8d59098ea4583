// Subscribers ▸ audiences ▸ cohorts: who gets the same bytes. An audience sees the same of every card; a cohort is
// those of an audience who also asked for the same selection.
import { audienceViewer, type Viewer, type ViewerGroup } from "../access/viewer.ts";
import type { Operation } from "../operation/prepare.ts";

export interface Cohort {
  readonly viewer: Viewer;
  readonly operation: Operation;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Card ▸ the revision that its members were last given. */
  readonly given: Map<string, number>;
}

export interface Cohorts {
  /** The cohort of a member who subscribes with an operation. `after` is theirs alone and does not part cohorts. */
  of(
    organization: string,
    place: ViewerGroup,
    operation: Operation,
    variables: Readonly<Record<string, unknown>>,
  ): Cohort;
}

/** The cohorts of one group. One is forgotten with its last member. */
export function createCohorts(cursorVariable: (operation: Operation) => string | null): Cohorts {
  const known = new Map<string, WeakRef<Cohort>>();
  return {
    of(organization, place, operation, variables) {
      const cursor = cursorVariable(operation);
      const shared = cursor === null ? variables : { ...variables, [cursor]: 0 };
      const viewer = audienceViewer(organization, place);
      const key = JSON.stringify([viewer.audience, operation.digest, shared]);
      const found = known.get(key)?.deref();
      if (found) return found;
      for (const [each, ref] of known) if (!ref.deref()) known.delete(each);
      const cohort: Cohort = { viewer, operation, variables: shared, given: new Map() };
      known.set(key, new WeakRef(cohort));
      return cohort;
    },
  };
}
