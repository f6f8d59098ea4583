// What has changed is marked for a moment: the eye finds it, and nothing moves.
import { createContext, use, useState, type ReactNode } from "react";

/** Changes of texts in here are changes of the data; false where they are of something else, such as a form's labels. */
export const Marking: React.Context<boolean> = createContext(true);

/** Texts that say why there is no value. */
export const Absences: React.Context<ReadonlySet<string>> = createContext<ReadonlySet<string>>(new Set());

/** Shows what it holds, and marks it when `value` is another one than before. */
export function Changing({
  value,
  children,
}: {
  readonly value: string;
  readonly children: ReactNode;
}): ReactNode {
  const wanted = use(Marking);
  const isAbsent = use(Absences).has(value);
  const [seen, setSeen] = useState({ value, changes: 0 });
  if (seen.value !== value) setSeen({ value, changes: seen.changes + (wanted ? 1 : 0) });
  const { changes } = seen;
  const names = [changes > 0 ? "changed" : "", isAbsent ? "absent" : ""]
    .filter((name) => name !== "")
    .join(" ");
  // Another key each time: the mark begins anew.
  return (
    <span key={changes} className={names || undefined}>
      {children}
    </span>
  );
}
