// Cards that change where they are not drawn: told too, gathered for a moment, and one by what has changed in it.
import { useEffect, useMemo, useRef, type RefObject } from "react";
import { changesBetween } from "../cards/changes.ts";
import { absencesOf, expansionOf, type Around } from "../cards/expanded.ts";
import type { Card, OpenGroup } from "../junto/index.ts";
import { useWorkspace } from "../state/hooks.ts";
import { useWords } from "../words/words.ts";
import type { Row } from "./rows.ts";

/** Milliseconds. */
const GATHERED = 1_000;

export interface FarChangesOptions extends Around {
  readonly open: OpenGroup;
  readonly rows: readonly Row[];
  readonly area: RefObject<HTMLElement | null>;
  readonly announce: (words: string) => void;
}

export function useFarChanges(options: FarChangesOptions): void {
  const { open, rows, area } = options;
  const wordsOf = useWordsOf(options);
  // Cards that are addressed to others are not read out.
  const told = useMemo(
    () => new Set(rows.flatMap((row) => (row.kind === "card" ? [row.entry.card.id] : []))),
    [rows],
  );
  const latest = useRef({ told, wordsOf, announce: options.announce });
  useEffect(() => void (latest.current = { told, wordsOf, announce: options.announce }));
  useEffect(() => {
    let { cards: known } = open.view.get().timeline;
    /** As they were when they were told last. */
    const before = new Map<string, Card>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const isFar = (id: string): boolean =>
      latest.current.told.has(id) && !area.current?.querySelector(`[data-card="${CSS.escape(id)}"]`);
    const tell = (): void => {
      timer = undefined;
      const changed = [...before].map(([id, was]) => [was, known.get(id)?.card ?? was] as const);
      before.clear();
      const words = latest.current.wordsOf(changed);
      if (words !== "") latest.current.announce(words);
    };
    const unsubscribe = open.view.subscribe(() => {
      const { cards } = open.view.get().timeline;
      if (cards === known) return;
      for (const [id, { card }] of cards) {
        const was = known.get(id)?.card;
        if (was && was.revision !== card.revision && !before.has(id) && isFar(id)) before.set(id, was);
      }
      known = cards;
      if (before.size > 0) timer ??= setTimeout(tell, GATHERED);
    });
    return () => {
      unsubscribe();
      clearTimeout(timer);
    };
  }, [open, area]);
}

type Changed = readonly (readonly [was: Card, is: Card])[];

function useWordsOf({ open, people, timeZone }: FarChangesOptions): (changed: Changed) => string {
  const say = useWords();
  const { templates } = useWorkspace();
  return (changed) => {
    const [only] = changed;
    if (!only) return "";
    if (changed.length > 1) return say("card.haveChanged", { n: changed.length });
    const [before, after] = only.map((card) =>
      expansionOf(templates.of(open.id, card, say.locale), card, { people, timeZone }, say),
    );
    const changes = changesBetween(before, after, absencesOf(only[1], say), say.when);
    return say("card.hasChanged", { card: say.summaryOf(only[1]), changes: changes.join(", ") });
  };
}
