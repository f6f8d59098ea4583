// Where the timeline stands: it begins at the line before what is new, when that is more than a screen; at its end it stays
// at the end; elsewhere what is on the screen stays where it is, whatever comes, grows or is drawn around it.
import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react";

/** This near to the end is at the end; pixels. */
const NEAR = 80;

/** The line before what is new. */
export const LINE = "[data-new]";

export interface Scrolling {
  /** What scrolls. */
  readonly area: RefObject<HTMLDivElement | null>;
  /** What is in it. */
  readonly content: RefObject<HTMLDivElement | null>;
  readonly isAtEnd: boolean;
  toEnd(): void;
  /** To the line before what is new, if it is there. */
  toLine(): void;
  /** After something has another height: to the end where one was at the end, elsewhere to what one looked at. */
  settle(): void;
  /** After it was scrolled on purpose: there it is held from now on. */
  moved(): void;
}

/** @param last what the timeline ends with: when that changes, something came */
export function useScrolling(last: number): Scrolling {
  const area = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  /** Pixels from the end; null: further than that. */
  const fromEnd = useRef<number | null>(0);
  const marks = useRef<readonly Mark[]>([]);
  const [isAtEnd, setAtEnd] = useState(true);

  const settle = useCallback(() => {
    if (!area.current || !content.current) return;
    const moved =
      fromEnd.current === null
        ? movedBy(marks.current, content.current)
        : distanceFromEnd(area.current) - fromEnd.current;
    const before = area.current.scrollTop;
    if (moved !== 0) area.current.scrollTop += moved;
    // It goes by whole pixels, some of which have to wait for another part.
    const rest = moved - (area.current.scrollTop - before);
    marks.current = marksIn(area.current, content.current, Math.abs(rest) < 1 ? rest : 0);
  }, []);

  const toEnd = useCallback(() => {
    fromEnd.current = 0;
    settle();
    setAtEnd(true);
  }, [settle]);

  const moved = useCallback(() => {
    if (!area.current) return;
    const distance = distanceFromEnd(area.current);
    const isEnd = distance < NEAR;
    fromEnd.current = isEnd ? distance : null;
    // What has grown since the last time is put right: it is not the person who moved that.
    settle();
    setAtEnd(isEnd);
  }, [settle]);

  useEffect(() => {
    const element = area.current;
    if (!element) return undefined;
    element.addEventListener("scroll", moved, { passive: true });
    // A picture that was loaded, a card that grew, a keyboard that came up.
    const observer = new ResizeObserver(settle);
    observer.observe(element);
    if (content.current) observer.observe(content.current);
    return () => {
      element.removeEventListener("scroll", moved);
      observer.disconnect();
    };
  }, [settle, moved]);

  const toLine = useCallback(() => {
    const line = area.current?.querySelector(LINE);
    if (!area.current || !line) return;
    area.current.scrollTop +=
      line.getBoundingClientRect().top - area.current.getBoundingClientRect().top - NEAR / 5;
    moved();
  }, [moved]);

  useLayoutEffect(() => {
    if (last >= 0 && fromEnd.current !== null) toEnd();
  }, [last, toEnd]);

  return { area, content, isAtEnd, toEnd, toLine, settle, moved };
}

/** Begins at the line before what is new, when it is further up than a screen. @param isDrawn something is there */
export function useBeginning({ area, toLine }: Scrolling, isDrawn: boolean): void {
  useLayoutEffect(() => {
    const line = area.current?.querySelector(LINE);
    if (!isDrawn || !area.current || !line) return;
    if (line.getBoundingClientRect().top < area.current.getBoundingClientRect().top) toLine();
  }, [isDrawn, area, toLine]);
}

function distanceFromEnd({ scrollHeight, scrollTop, clientHeight }: HTMLElement): number {
  return scrollHeight - scrollTop - clientHeight;
}

/** Something on the screen, and where in the content it stands. */
interface Mark {
  readonly element: Element;
  readonly top: number;
}

/**
 * The best first: where the focus is, then what begins on the screen; last what begins above it, which may grow where nobody
 * sees it.
 *
 * @param rest by how much they stand too low now; pixels
 */
function marksIn(area: HTMLElement, content: HTMLElement, rest: number): Mark[] {
  const screen = area.getBoundingClientRect();
  const { top: base } = content.getBoundingClientRect();
  const focused = document.activeElement;
  const elements = [
    ...(focused && content.contains(focused) ? [focused] : []),
    ...content.querySelectorAll("[data-row]"),
  ];
  const seen = elements
    .map((element) => ({ element, box: element.getBoundingClientRect() }))
    .filter(({ box }) => box.bottom > screen.top && box.top < screen.bottom);
  const isWhole = ({ element, box }: (typeof seen)[number]): boolean =>
    box.top >= screen.top || element === focused;
  return [...seen.filter(isWhole), ...seen.filter((each) => !isWhole(each))].map(({ element, box }) => ({
    element,
    top: box.top - base - rest,
  }));
}

/** By how much what was on the screen stands lower in the content than it did. */
function movedBy(marks: readonly Mark[], content: HTMLElement): number {
  const mark = marks.find(({ element }) => element.isConnected);
  if (!mark) return 0;
  const { top: base } = content.getBoundingClientRect();
  return mark.element.getBoundingClientRect().top - base - mark.top;
}
