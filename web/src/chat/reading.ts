// What of the timeline is read: what stood on the screen for a moment while the person looked at this page. And where what
// is new to them began when they came.
import { useEffect, useState, type RefObject } from "react";
import type { Group, OpenGroup } from "../junto/index.ts";
import { useLooking } from "../state/hooks.ts";
import { LINE } from "./scroll.ts";

/** What only flew by was not read; milliseconds. */
const MOMENT = 400;

export interface ReadingOptions {
  readonly group: Group | undefined;
  readonly view: OpenGroup["view"];
  readonly area: RefObject<HTMLDivElement | null>;
  readonly isAtEnd: boolean;
  readonly onRead: (seq: number) => void;
}

/** @returns `seq` of the first event that was new when the person came (back); null: nothing was */
export function useReading({ group, view, area, isAtEnd, onRead }: ReadingOptions): number | null {
  const first = group?.reading?.first ?? null;
  const [newFrom, setNewFrom] = useState<number | null>(first);
  const looks = useLooking();
  // Whether they have read all that there was: then what comes next while they do not look begins another part that is new.
  const [isCaughtUp, setCaughtUp] = useState(first === null);
  if (first === null && !isCaughtUp) setCaughtUp(true);
  if (first !== null && isCaughtUp && !(looks && isAtEnd)) {
    setCaughtUp(false);
    setNewFrom(first);
  }

  useEffect(() => {
    const element = area.current;
    if (!element || !looks) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = (): void => {
      timer = undefined;
      const seq = isAtEnd ? view.get().timeline.to : lastOnScreen(element);
      if (seq > 0) onRead(seq);
    };
    const onScroll = (): void => {
      clearTimeout(timer);
      timer = setTimeout(read, MOMENT);
    };
    // What goes on happening does not put it off.
    const onEvent = (): void => void (timer ??= setTimeout(read, MOMENT));
    onEvent();
    const unsubscribe = view.subscribe(onEvent);
    element.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      clearTimeout(timer);
      unsubscribe();
      element.removeEventListener("scroll", onScroll);
    };
  }, [view, area, looks, isAtEnd, onRead]);
  return newFrom;
}

/** Whether the line before what is new has been on the screen: then nobody need be led to it. */
export function useLineSeen(
  area: RefObject<HTMLDivElement | null>,
  newFrom: number | null,
  isDrawn: boolean,
): boolean {
  const [seen, setSeen] = useState<number | null>(null);
  useEffect(() => {
    const line = area.current?.querySelector(LINE);
    if (!line || !isDrawn) return undefined;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && setSeen(newFrom), {
      root: area.current,
    });
    observer.observe(line);
    return () => observer.disconnect();
  }, [area, newFrom, isDrawn]);
  return seen === newFrom;
}

function lastOnScreen(area: HTMLElement): number {
  const { bottom } = area.getBoundingClientRect();
  const read = [...area.querySelectorAll<HTMLElement>("[data-seq]")].findLast(
    (entry) => entry.getBoundingClientRect().bottom <= bottom + 1,
  );
  return Number(read?.dataset["seq"] ?? 0);
}
