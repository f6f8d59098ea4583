// Where the timeline stands: it begins at the line before what is new, when that is more than a screen; at its end it stays
// at the end; elsewhere it stays where it is, whatever comes.
import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react";

/** This near to the end is at the end; pixels. */
const NEAR = 80;

/** The line before what is new. */
export const LINE = "[data-new]";

export interface Scrolling {
  readonly area: RefObject<HTMLDivElement | null>;
  readonly content: RefObject<HTMLDivElement | null>;
  readonly isAtEnd: boolean;
  toEnd(): void;
  /** To the line before what is new, if it is drawn. */
  toLine(): void;
}

/**
 * @param first what the timeline begins with: when that changes, something was put in front
 * @param last what it ends with
 */
export function useScrolling(first: number, last: number): Scrolling {
  const area = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const sticks = useRef(true);
  const fromEnd = useRef(0);
  const [isAtEnd, setAtEnd] = useState(true);

  const toEnd = useCallback(() => {
    const { current } = area;
    if (!current) return;
    sticks.current = true;
    current.scrollTop = current.scrollHeight;
    setAtEnd(true);
  }, []);

  useEffect(() => {
    const element = area.current;
    if (!element) return undefined;
    const look = (): void => {
      fromEnd.current = element.scrollHeight - element.scrollTop;
      sticks.current = fromEnd.current - element.clientHeight < NEAR;
      setAtEnd(sticks.current);
    };
    element.addEventListener("scroll", look, { passive: true });
    // A picture that was loaded, a card that grew, a keyboard that came up.
    const observer = new ResizeObserver(() => sticks.current && toEnd());
    observer.observe(element);
    if (content.current) observer.observe(content.current);
    return () => {
      element.removeEventListener("scroll", look);
      observer.disconnect();
    };
  }, [toEnd]);

  const toLine = useCallback(() => {
    const line = area.current?.querySelector(LINE);
    if (!area.current || !line) return;
    sticks.current = false;
    area.current.scrollTop +=
      line.getBoundingClientRect().top - area.current.getBoundingClientRect().top - NEAR / 5;
    setAtEnd(false);
  }, []);

  const hasBegun = useRef(false);
  useLayoutEffect(() => {
    if (last >= 0 && sticks.current) toEnd();
    if (hasBegun.current || last <= 0 || !area.current) return;
    hasBegun.current = true;
    const line = area.current.querySelector(LINE);
    if (line && line.getBoundingClientRect().top < area.current.getBoundingClientRect().top) toLine();
  }, [last, toEnd, toLine]);

  // What was put in front must not push away what is being read.
  const began = useRef(first);
  useLayoutEffect(() => {
    const element = area.current;
    const isLonger = began.current !== first && !sticks.current && fromEnd.current > 0;
    if (element && isLonger) element.scrollTop = element.scrollHeight - fromEnd.current;
    began.current = first;
  }, [first]);

  return { area, content, isAtEnd, toEnd, toLine };
}
