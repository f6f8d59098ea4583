// Going to a place in the feed: the timeline is made to reach there, shown there, and the place is marked for a moment.
import { useCallback, useEffect, useLayoutEffect, useState, type RefObject } from "react";
import type { OpenGroup } from "../junto/index.ts";

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

/** Shows the place in the area. @returns its `seq` as long as it is marked */
export function useFound(jump: Jump | null, area: RefObject<HTMLElement | null>): number | null {
  const [found, setFound] = useState<number | null>(null);
  useLayoutEffect(() => {
    const place = jump && placeIn(area.current, jump.seq);
    if (!place) return;
    place.scrollIntoView({ block: "center" });
    place.focus({ preventScroll: true });
    setFound(Number(place.dataset["seq"]));
  }, [jump, area]);
  useEffect(() => {
    if (found === null) return undefined;
    const timer = setTimeout(() => setFound(null), MARKED);
    return () => clearTimeout(timer);
  }, [found, jump]);
  return found;
}

/** The entry of that number, or the last one before it: not all that happens is an entry. */
function placeIn(area: HTMLElement | null, seq: number): HTMLElement | undefined {
  const entries = [...(area?.querySelectorAll<HTMLElement>("[data-seq]") ?? [])];
  return entries.findLast((entry) => Number(entry.dataset["seq"]) <= seq) ?? entries[0];
}
