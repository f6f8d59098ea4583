// Going to a place in the feed: the timeline is made to reach there, shown there, and the place is marked for a moment.
import { useCallback, useEffect, useLayoutEffect, useMemo, useState } from "react";
import type { OpenGroup } from "../junto/index.ts";
import type { Row } from "./rows.ts";
import type { Scrolling } from "./scroll.ts";

/** A place that is reached by now. Another object each time, also for the same place. */
export interface Jump {
  readonly seq: number;
}

export interface Jumping {
  readonly jump: Jump | null;
  /** It is looked for, or could not be reached. */
  readonly state: "idle" | "loading" | "failed";
  jumpTo(seq: number): void;
}

export function useJump(open: OpenGroup): Jumping {
  const [jump, setJump] = useState<Jump | null>(null);
  const [state, setState] = useState<Jumping["state"]>("idle");
  const jumpTo = useCallback(
    (seq: number) => {
      // What is there already is gone to at once.
      const { from } = open.view.get().timeline;
      if (from > 0 && from <= seq) {
        setState("idle");
        return setJump({ seq });
      }
      setState("loading");
      void open.jumpTo(seq).then((isThere) => {
        setState(isThere ? "idle" : "failed");
        if (isThere) setJump({ seq });
      });
    },
    [open],
  );
  return { jump, state, jumpTo };
}

/** How long a place is marked; milliseconds. */
const MARKED = 2_500;

/** The entry that one goes to: it is drawn, wherever it stands. */
export function usePlace(jump: Jump | null, rows: readonly Row[]): EntryRow | null {
  return useMemo(() => (jump ? placeIn(rows, jump.seq) : null), [rows, jump]);
}

/** Shows the place in the area. @returns its `seq` as long as it is marked */
export function useFound(
  jump: Jump | null,
  place: EntryRow | null,
  { area, moved }: Pick<Scrolling, "area" | "moved">,
): number | null {
  const [passed, setPassed] = useState<Jump | null>(null);
  const seq = place?.entry.seq ?? null;
  useLayoutEffect(() => {
    if (!jump || seq === null) return;
    const entry = area.current?.querySelector<HTMLElement>(`[data-seq="${seq}"]`);
    entry?.scrollIntoView({ block: "center" });
    entry?.focus({ preventScroll: true });
    moved();
  }, [jump, seq, area, moved]);
  useEffect(() => {
    if (!jump) return undefined;
    const timer = setTimeout(() => setPassed(jump), MARKED);
    return () => clearTimeout(timer);
  }, [jump]);
  return jump === passed ? null : seq;
}

type EntryRow = Extract<Row, { readonly kind: "message" | "card" }>;

/** The entry of that number, or the last one before it: not all that happens is an entry. */
function placeIn(rows: readonly Row[], seq: number): EntryRow | null {
  const entries = rows.filter((row) => row.kind === "message" || row.kind === "card");
  return entries.findLast(({ entry }) => entry.seq <= seq) ?? entries[0] ?? null;
}
