// The rows of the timeline that are drawn at this moment: those near to the screen, and those that somebody has to do with.
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { atNextFrame } from "../app/frame.ts";
import {
  A_FRAME,
  around,
  between,
  createHeights,
  isEntry,
  nextDrawn,
  partsOf,
  type Part,
  type View,
} from "./drawn.ts";
import type { Row } from "./rows.ts";
import type { Scrolling } from "./scroll.ts";

/** So many rows in which the person clicked or wrote something stay as they left them. */
const TOUCHED = 12;

export interface DrawnRows {
  readonly parts: readonly Part[];
  /** Something is drawn. */
  readonly hasBegun: boolean;
  /** Of every row's element, which has the row's key as `data-row`. */
  readonly watch: (element: HTMLElement | null) => (() => void) | undefined;
}

/** @param target key of a row that is drawn in any case: one goes there */
export function useDrawn(rows: readonly Row[], target: string | null, scrolling: Scrolling): DrawnRows {
  const { area, settle } = scrolling;
  const [heights] = useState(createHeights);
  const [drawn, setDrawn] = useState<ReadonlySet<string>>(new Set());
  const always = useMemo(() => alwaysDrawn(rows, target), [rows, target]);
  const latest = useRef({ rows, drawn, always });
  useLayoutEffect(() => void (latest.current = { rows, drawn, always }));
  const touched = useTouched(scrolling);
  const isWaiting = useRef(false);

  /** Draws what is missing near to the screen, as much as one frame takes. @returns whether more is missing */
  const drawSome = useCallback(
    (draw: Draw): boolean => {
      const { rows, drawn, always } = latest.current;
      const view = viewOf(area);
      if (!view) return false;
      const kept = new Set([...always, ...inUse(rows, area), ...touched.current]);
      const budget = drawn.size === 0 ? Infinity : A_FRAME;
      const next = nextDrawn({ rows, heights, view, drawn, kept, budget });
      if (next.drawn !== drawn) draw(() => setDrawn(next.drawn));
      return next.isShort;
    },
    [area, heights, touched],
  );
  /** The rest in the frames after this one. */
  const look = useCallback(
    function lookAndGoOn(draw: Draw): void {
      if (!drawSome(draw) || isWaiting.current) return;
      isWaiting.current = true;
      atNextFrame(() => {
        isWaiting.current = false;
        lookAndGoOn(flushSync);
      });
    },
    [drawSome],
  );
  useLayoutEffect(() => {
    if (always.size === 0) return;
    settle();
    look(whenever);
  }, [always, settle, look]);
  useEffect(() => {
    const element = area.current;
    const onScroll = (): void => look(flushSync);
    // It may come while something is being drawn, and is soon enough after that.
    const onFocus = (): void => look(whenever);
    element?.addEventListener("scroll", onScroll, { passive: true });
    element?.addEventListener("focusin", onFocus);
    return () => {
      element?.removeEventListener("scroll", onScroll);
      element?.removeEventListener("focusin", onFocus);
    };
  }, [area, look]);

  const onHeights = useCallback(
    (measured: ReadonlyMap<string, number>) => {
      for (const row of latest.current.rows) {
        const height = measured.get(row.key);
        if (height !== undefined) heights.measured(row, height);
      }
      settle();
      atNextFrame(() => look(flushSync));
    },
    [heights, settle, look],
  );
  const watch = useMeasuring(scrolling, onHeights);
  const parts = useMemo(
    () => partsOf(rows, heights, (key) => drawn.has(key) || always.has(key)),
    [rows, heights, drawn, always],
  );
  return { parts, hasBegun: drawn.size > 0, watch };
}

/** Changes React's state: before it returns, or when React is ready. */
type Draw = (change: () => void) => void;
const whenever: Draw = (change) => change();

/** What of the rows can be seen; null: nothing, since they are not shown at all. */
function viewOf({ current: area }: Scrolling["area"]): View | null {
  const list = area?.querySelector("[data-rows]");
  if (!area || !list || area.clientHeight === 0) return null;
  const top = area.getBoundingClientRect().top - list.getBoundingClientRect().top;
  return { top, height: area.clientHeight };
}

/** Tells, by key, how high rows are, and nothing when the timeline itself has another size. @returns to be told of each row */
function useMeasuring(
  { area }: Scrolling,
  onHeights: (measured: ReadonlyMap<string, number>) => void,
): DrawnRows["watch"] {
  const [observer] = useState(
    () =>
      new ResizeObserver((entries) =>
        onHeights(
          new Map(
            entries.flatMap(({ target, borderBoxSize }) => {
              const height = borderBoxSize[0]?.blockSize ?? 0;
              const key = keyAt(target);
              return key !== undefined && height > 0 ? [[key, height] as const] : [];
            }),
          ),
        ),
      ),
  );
  const watch = useCallback(
    (element: HTMLElement | null) => {
      if (!element) return undefined;
      observer.observe(element);
      return () => observer.unobserve(element);
    },
    [observer],
  );
  useEffect(() => watch(area.current), [watch, area]);
  return watch;
}

/** The line before what is new, the newest entry, to which one goes by keyboard first, and where one goes now. */
function alwaysDrawn(rows: readonly Row[], target: string | null): ReadonlySet<string> {
  const newest = rows.findLast(isEntry);
  return new Set(["new", ...(newest ? [newest.key] : []), ...(target === null ? [] : [target])]);
}

/** Where the focus is, with what one steps to next, and what is selected. */
function inUse(rows: readonly Row[], { current: area }: Scrolling["area"]): readonly string[] {
  const focused = keyAt(document.activeElement);
  const selection = getSelection();
  const isSelected = selection !== null && !selection.isCollapsed && area?.contains(selection.anchorNode);
  const ends = isSelected ? [keyAt(selection.anchorNode), keyAt(selection.focusNode)] : [];
  const [one, other] = ends;
  return [
    ...(focused === undefined ? [] : around(rows, focused)),
    ...(one === undefined || other === undefined ? [] : between(rows, one, other)),
  ];
}

/** Keys of the rows in which the person last did something: what is open there stays open. */
function useTouched({ area }: Scrolling): { readonly current: readonly string[] } {
  const touched = useRef<readonly string[]>([]);
  useEffect(() => {
    const element = area.current;
    const onTouch = ({ target }: Event): void => {
      const key = keyAt(target);
      if (key !== undefined)
        touched.current = [...touched.current.filter((each) => each !== key), key].slice(-TOUCHED);
    };
    element?.addEventListener("click", onTouch);
    element?.addEventListener("input", onTouch);
    return () => {
      element?.removeEventListener("click", onTouch);
      element?.removeEventListener("input", onTouch);
    };
  }, [area]);
  return touched;
}

/** The row that something stands in. */
function keyAt(place: unknown): string | undefined {
  const element = place instanceof Element ? place : place instanceof Node ? place.parentElement : null;
  return element?.closest<HTMLElement>("[data-row]")?.dataset["row"];
}
