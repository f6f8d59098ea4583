// A card's template and data put together, in the reader's language, with names of people and organizations.
import {
  expand,
  EXTENSIONS,
  offering,
  sayAbsences,
  type Json,
  type Template,
  type View,
} from "@junto/template";
import { useMemo, useState } from "react";
import type { Card, Person } from "../junto/index.ts";
import { useWatched, useWorkspace } from "../state/hooks.ts";
import { useWords, type Words } from "../words/words.ts";
import { withSame } from "./same.ts";

/** Everything that this client draws itself. */
const KNOWN: ReadonlySet<string> = new Set(EXTENSIONS.keys());

/** Whose names are known, and by whose clock one speaks. */
export interface Around {
  readonly people: ReadonlyMap<string, Person>;
  readonly timeZone: string;
}

/** Undefined: its template is on its way. Null: it cannot be drawn. */
export type Expansion = Json | null | undefined;

export function useExpanded(group: string, card: Card, { people, timeZone }: Around): Expansion {
  const say = useWords();
  const { templates } = useWorkspace();
  useWatched(templates.all);
  const template = templates.of(group, card, say.locale);
  const next = useMemo(
    () => expansionOf(template, card, { people, timeZone }, say),
    [template, card, people, timeZone, say],
  );
  const [known, setKnown] = useState(next);
  const expanded = useMemo(() => withSame(known, next) as Expansion, [known, next]);
  if (known !== expanded) setKnown(expanded);
  return expanded;
}

export function expansionOf(
  template: Template | null | undefined,
  card: Card,
  { people, timeZone }: Around,
  say: Words,
): Expansion {
  if (!template) return template;
  try {
    return expand(template, {
      ...viewOf(card, say),
      timeZone,
      personName: (id) => people.get(id)?.name ?? null,
      data: card.data,
      knows: KNOWN,
      offered: offering(card.actions, ({ verb }) => ({ type: "Action.Execute", verb })),
      traced: true,
    });
  } catch {
    return null; // more than anybody could look at
  }
}

/** What the card says where a value is not shared, or its owner did not answer. The same set as long as it is the same. */
export function useAbsences(card: Card): ReadonlySet<string> {
  const say = useWords();
  const next = useMemo(() => absencesOf(card, say), [card, say]);
  const [known, setKnown] = useState(next);
  const isSame = known.size === next.size && [...next].every((words) => known.has(words));
  if (known !== next && !isSame) setKnown(next);
  return isSame ? known : next;
}

export function absencesOf(card: Card, say: Words): ReadonlySet<string> {
  return new Set(sayAbsences(viewOf(card, say)));
}

function viewOf(card: Card, say: Words): View {
  const names = new Map(
    [...card.withheld, ...card.provenance].map(({ organization }) => [
      organization.id,
      say.nameOf(organization),
    ]),
  );
  return {
    locale: say.tag,
    withheld: card.withheld.map(({ path, organization }) => ({ path, organization: organization.id })),
    missing: card.provenance.flatMap(({ missing, organization }) =>
      missing.map((path) => ({ path, organization: organization.id })),
    ),
    organizationName: (id) => names.get(id) ?? id,
  };
}
