// Subscribers ▸ audiences ▸ cohorts: who gets the same bytes. An audience sees the same of every card; a cohort is
// those of an audience who also asked for the same selection.
import { audienceViewer, type Viewer, type ViewerGroup } from "../access/viewer.ts";
import type { Operation } from "../operation/prepare.ts";
import type { Reading, Reread } from "../operation/reading.ts";

export interface Cohort extends Reading {
  readonly viewer: Viewer;
  /** Card ▸ the revision that its members were last given. */
  readonly given: Map<string, number>;
}

export interface Cohorts {
  /** The cohort of a member who subscribes with an operation. `after` is theirs alone and does not part cohorts. */
  of(
    who: Pick<Viewer, "organization" | "scopes">,
    place: ViewerGroup,
    operation: Operation,
    variables: Readonly<Record<string, unknown>>,
  ): Cohort;
  /** Cohorts as they are in another graph, which is in force from now on: what they were given they have. */
  renewed(reread: Reread): (cohort: Cohort) => Cohort;
}

/** The cohorts of one group. One is forgotten with its last member. */
export function createCohorts(cursorVariable: (operation: Operation) => string | null): Cohorts {
  const known = new Map<string, WeakRef<Cohort>>();
  const keep = (cohort: Cohort): Cohort => {
    for (const [each, ref] of known) if (!ref.deref()) known.delete(each);
    known.set(keyOf(cohort), new WeakRef(cohort));
    return cohort;
  };
  return {
    of({ organization, scopes }, place, operation, variables) {
      const cursor = cursorVariable(operation);
      const shared = cursor === null ? variables : { ...variables, [cursor]: 0 };
      const viewer = audienceViewer(organization, place, scopes);
      const wanted = { viewer, operation, variables: shared };
      return known.get(keyOf(wanted))?.deref() ?? keep({ ...wanted, given: new Map() });
    },
    renewed(reread) {
      known.clear();
      const made = new Map<Cohort, Cohort>();
      return (cohort) => {
        let next = made.get(cohort);
        if (!next) made.set(cohort, (next = keep({ ...cohort, ...reread(cohort) })));
        return next;
      };
    },
  };
}

function keyOf({ viewer, operation, variables }: Omit<Cohort, "given">): string {
  return JSON.stringify([viewer.audience, operation.digest, variables]);
}
