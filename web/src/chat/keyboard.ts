// A group by keyboard. j, k: from entry to entry. Enter: into one, to its first button. r, e, Delete: answer, edit, delete
// the message that one is at. c: write. n: begin something. /: search. Esc: from writing back to the timeline.
import { useEffect, type RefObject } from "react";

type Acts = Readonly<Record<string, (place: Place) => boolean>>;

const NONE: Acts = {};

/** @param more keys of this place, besides those of every list of entries; the same object each time */
export function useShortcuts(input: RefObject<HTMLTextAreaElement | null>, more: Acts = NONE): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const { target, key } = event;
      const isOther = event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented;
      if (!(target instanceof HTMLElement) || isOther) return;
      const timeline = document.querySelector<HTMLElement>("[data-timeline]");
      if (key === "Escape" && target === input.current) return timeline?.focus();
      if (target.closest("input, textarea, select, [role=dialog], [role=menu]")) return;
      const act = more[key] ?? ACTS[key];
      if (!timeline || !act || !act({ target, timeline, input: input.current })) return;
      event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [input, more]);
}

interface Place {
  readonly target: HTMLElement;
  readonly timeline: HTMLElement;
  readonly input: HTMLTextAreaElement | null;
}

/** Key ▸ what it does; whether it did something. */
const ACTS: Acts = {
  j: (place) => step(place, 1),
  k: (place) => step(place, -1),
  c: ({ input }) => {
    input?.focus();
    return input !== null;
  },
  n: () => {
    const begin = document.querySelector<HTMLElement>("[data-begin]");
    begin?.click();
    return begin !== null;
  },
  r: pressIn('[data-act="answer"]'),
  e: pressIn('[data-act="edit"]'),
  Delete: pressIn('[data-act="delete"]'),
  "/": () => {
    const search = document.querySelector<HTMLElement>("[data-search]");
    search?.click();
    return search !== null;
  },
  Enter: ({ target }) => {
    const first = target.matches("[data-entry]")
      ? target.querySelector<HTMLElement>(".card-buttons button, a, summary, button")
      : null;
    first?.focus();
    return first !== null;
  },
};

/** Presses a button of the entry in which one is; for keys of a place. */
export function pressIn(selector: string): (place: Place) => boolean {
  return ({ target }) => {
    const button = target.closest("[data-entry]")?.querySelector<HTMLElement>(selector);
    button?.click();
    return button !== null && button !== undefined;
  };
}

/** From outside of the entries: to the last one, or to the first where that is what one came for. */
function step({ target, timeline }: Place, by: 1 | -1): boolean {
  const entries = [...timeline.querySelectorAll<HTMLElement>("[data-entry]")];
  const at = entries.findIndex((entry) => entry.contains(target));
  const next =
    at === -1
      ? timeline.dataset["timeline"] === "first"
        ? 0
        : entries.length - 1
      : Math.max(0, Math.min(entries.length - 1, at + by));
  entries[next]?.focus();
  return entries.length > 0;
}
