// A value as it stands on a card: marked for a moment when it has changed, and with where it comes from.
import type { DataPath } from "@junto/template";
import { createContext, lazy, Suspense, use, useState, type ReactNode } from "react";
import { OriginsContext } from "./asking.ts";
import type { Origin } from "./origins.ts";

/** Changes of texts in here are changes of the data; false where they are of something else, such as a form's labels. */
export const Marking: React.Context<boolean> = createContext(true);

/** Texts that say why there is no value. */
export const Absences: React.Context<ReadonlySet<string>> = createContext<ReadonlySet<string>>(new Set());

const OriginMark = lazy(() =>
  import("./origin-mark.tsx").then(
    ({ OriginMark: View }) => ({ default: View }),
    () => ({ default: () => null }),
  ),
);

/** How often a value has become another one since it was first shown here. */
export function useChanges(value: string): number {
  const wanted = use(Marking);
  const [seen, setSeen] = useState({ value, changes: 0 });
  if (seen.value !== value) setSeen({ value, changes: seen.changes + (wanted ? 1 : 0) });
  return seen.changes;
}

/** Shows what it holds, and marks it when `value` is another one than before. */
export function Changing({
  value,
  reads = NOTHING,
  children,
}: {
  readonly value: string;
  /** Places in the card's data that it was made from. */
  readonly reads?: readonly DataPath[];
  readonly children: ReactNode;
}): ReactNode {
  const isAbsent = use(Absences).has(value);
  const asking = use(OriginsContext);
  const changes = useChanges(value);
  const names = [changes > 0 ? "changed" : "", isAbsent ? "absent" : ""]
    .filter((name) => name !== "")
    .join(" ");
  const origins = asking && (asking.everywhere || isAbsent) ? asking.originsOf(reads) : NO_ORIGINS;
  // Another key each time: the mark begins anew. A text of another direction turns nothing around it.
  return (
    <>
      <bdi key={changes} className={names || undefined}>
        {children}
      </bdi>
      {origins.length > 0 && (
        <Suspense>
          {"\u2060" /* not on a line of its own */}
          <OriginMark value={value} origins={origins} />
        </Suspense>
      )}
    </>
  );
}

const NOTHING: readonly DataPath[] = [];
const NO_ORIGINS: readonly Origin[] = [];
