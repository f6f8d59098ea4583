// How far others have read: under the newest entry that each organization's people have seen, small; opened it says who.
import { createContext, use, type Context, type ReactNode } from "react";
import type { SeenMark } from "../junto/index.ts";
import { useWords } from "../words/words.ts";
import { toneOf } from "./avatar.tsx";

type Marks = ReadonlyMap<number, readonly SeenMark[]>;

/** By `seq` of the entry under which it is said. The entries themselves are not drawn anew when somebody has read. */
export const SeenMarks: Context<Marks> = createContext<Marks>(new Map());

export function SeenBy({ seq }: { readonly seq: number }): ReactNode {
  const say = useWords();
  const marks = use(SeenMarks).get(seq);
  if (!marks) return null;
  const names = marks.map(({ organization }) => say.nameOf(organization));
  return (
    <details className="seen">
      <summary>
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M2 12.5l4.5 4.5L15.5 8M11.5 16.5l.5.5L21.5 8" />
        </svg>
        <span className="visually-hidden">{say("seen.by", { who: say.list(names) })}</span>
        {marks.map(({ organization }) => (
          <span key={organization.id} className="seen-mark" aria-hidden="true">
            <span className={`dot tone-${toneOf(organization.id)}`} />
            {say.nameOf(organization)}
          </span>
        ))}
      </summary>
      <ul>
        {marks.map(({ organization, people }) => (
          <li key={organization.id}>
            {say("seen.people", {
              organization: say.nameOf(organization),
              people: say.list(people.map(({ name }) => name)),
            })}
          </li>
        ))}
      </ul>
    </details>
  );
}
