// A card's template and data put together, in the reader's language, with names of people and organizations.
import { expand, sayAbsences, type Json, type View } from "@junto/template";
import { useMemo } from "react";
import type { Card, Person } from "../junto/index.ts";
import { useWatched, useWorkspace } from "../state/hooks.ts";
import { useWords, type Words } from "../words/words.ts";

const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Undefined: its template is on its way. Null: it cannot be drawn. */
export function useExpanded(
  group: string,
  card: Card,
  people: ReadonlyMap<string, Person>,
): Json | null | undefined {
  const say = useWords();
  const { templates } = useWorkspace();
  useWatched(templates.all);
  const template = templates.of(group, card, say.locale);
  return useMemo(() => {
    if (!template) return template;
    try {
      return expand(template, { ...viewOf(card, people, say), data: card.data });
    } catch {
      return null; // more than anybody could look at
    }
  }, [template, card, people, say]);
}

/** What the card says where a value is not shared, or its owner did not answer. */
export function useAbsences(card: Card): ReadonlySet<string> {
  const say = useWords();
  return useMemo(() => new Set(sayAbsences(viewOf(card, new Map(), say))), [card, say]);
}

function viewOf(card: Card, people: ReadonlyMap<string, Person>, say: Words): View {
  const names = new Map(
    [...card.withheld, ...card.provenance].map(({ organization }) => [
      organization.id,
      say.nameOf(organization),
    ]),
  );
  return {
    locale: say.tag,
    timeZone,
    withheld: card.withheld.map(({ path, organization }) => ({ path, organization: organization.id })),
    // Which values an owner did not answer for is not told: whatever is not there may be theirs.
    missing: card.provenance
      .filter(({ status }) => status !== "OK")
      .map(({ organization }) => ({ organization: organization.id })),
    organizationName: (id) => names.get(id) ?? id,
    personName: (id) => people.get(id)?.name ?? null,
  };
}
