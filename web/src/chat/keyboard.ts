// A page by keyboard. j, k: from entry to entry, of the timeline or of the list that one is in. Enter: into one, to its
// first button. r, e, Delete: answer, edit, delete the message that one is at. c: write. n: begin something. /: search.
// Esc: from writing, or from what is in an entry, back out.
import { useEffect } from "react";

type Acts = Readonly<Record<string, (place: Place) => boolean>>;

/** @param acts key ▸ what it does; those of every page, or some more of one */
export function useShortcuts(acts: Acts = ACTS): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const { target, key } = event;
      const isOther = event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented;
      if (!(target instanceof HTMLElement) || isOther) return;
      const timeline = document.querySelector<HTMLElement>("[data-timeline]");
      if (target.closest("[role=dialog], [role=alertdialog], [role=menu]")) return;
      if (key === "Escape" && target.matches("[data-composer]")) return timeline?.focus();
      if (isTyping(target)) return;
      const list = target.closest<HTMLElement>("[data-list]") ?? timeline;
      const act = acts[key];
      if (!list || !act || !act({ target, list })) return;
      event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [acts]);
}

/** Whether a letter belongs to what is written there. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, select");
}

interface Place {
  readonly target: HTMLElement;
  /** What j and k go through. */
  readonly list: HTMLElement;
}

/** Key ▸ what it does; whether it did something. */
const ACTS: Acts = {
  j: (place) => step(place, 1),
  k: (place) => step(place, -1),
  c: () => {
    const composer = document.querySelector<HTMLElement>("[data-composer]");
    composer?.focus();
    return composer !== null;
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
  Escape: ({ target, list }) => {
    const entry = target.closest<HTMLElement>("[data-entry]");
    const out = entry === target ? list : entry;
    out?.focus();
    return out !== null;
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

/** From outside of the entries: to the newest one, which a timeline has last and other lists first. */
function step({ target, list }: Place, by: 1 | -1): boolean {
  const entries = [...list.querySelectorAll<HTMLElement>("[data-entry]")];
  const at = entries.findIndex((entry) => entry.contains(target));
  const first = list.dataset["newest"] === "first" ? 0 : entries.length - 1;
  const next = at === -1 ? first : Math.max(0, Math.min(entries.length - 1, at + by));
  entries[next]?.focus();
  return entries.length > 0;
}
