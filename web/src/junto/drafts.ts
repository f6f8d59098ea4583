// What people have typed and not sent: a message, a form. It survives a change of the card, a switch of group, a reload
// and a lost connection, and goes only when it was sent or thrown away.
import { createStore, type Watched } from "./store.ts";
import type { Storage } from "./storage.ts";

/** Values of a form's inputs by their ids; of a message `{ text, replyTo }`. */
export type Draft = Readonly<Record<string, string>>;

export interface Drafts {
  /** All of them, by place. */
  readonly all: Watched<ReadonlyMap<string, Draft>>;
  of(place: string): Draft;
  set(place: string, input: string, value: string): void;
  clear(place: string): void;
}

export const NO_DRAFT: Draft = {};

/** Where a form is filled in: one verb, on one card, or in the group. */
export function formPlace(group: string, verb: string, cardId: string | null): string {
  return `${group}/${cardId ?? ""}/${verb}`;
}

export function messagePlace(group: string): string {
  return `${group}/message`;
}

/** Where one writes in the thread on a card, or on a message. */
export function threadPlace(group: string, on: string): string {
  return `${group}/${on}/message`;
}

/** Where a message is edited. */
export function editPlace(group: string, message: string): string {
  return `${group}/edit/${message}`;
}

/** @param owner whose they are: two people may use one browser */
export function createDrafts(storage: Storage, owner: string): Drafts {
  const key = `junto:${owner}:drafts`;
  const all = createStore<ReadonlyMap<string, Draft>>(readDrafts(storage.read(key)));
  function change(place: string, draft: Draft | undefined): void {
    const next = new Map(all.get());
    if (draft) next.set(place, draft);
    else next.delete(place);
    all.set(next);
    storage.write(key, next.size === 0 ? undefined : Object.fromEntries(next));
  }
  return {
    all,
    of: (place) => all.get().get(place) ?? NO_DRAFT,
    set: (place, input, value) => change(place, { ...all.get().get(place), [input]: value }),
    clear: (place) => all.get().has(place) && change(place, undefined),
  };
}

/** What was kept may be of another version, or somebody else's. */
function readDrafts(kept: unknown): ReadonlyMap<string, Draft> {
  const drafts = new Map<string, Draft>();
  if (typeof kept !== "object" || kept === null) return drafts;
  for (const [place, draft] of Object.entries(kept)) {
    if (typeof draft !== "object" || draft === null) continue;
    const values = Object.entries(draft).filter(([, value]) => typeof value === "string");
    drafts.set(place, Object.fromEntries(values) as Draft);
  }
  return drafts;
}
