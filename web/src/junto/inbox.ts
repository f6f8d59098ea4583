// What waits for a person in all their groups. It is asked for again when something has happened that may change it:
// at most one question is under way, and what happens in a burst is asked about once.
import {
  FinishDocument,
  InboxDocument,
  ReturnDocument,
  SnoozeDocument,
  type InboxQuery,
  type InboxState,
  type Locale,
} from "../generated/graphql.ts";
import type { Connection } from "./connection.ts";
import { problemOf } from "./connection.ts";
import { createStore, type Store, type Watched } from "./store.ts";

export type { InboxState } from "../generated/graphql.ts";
export type InboxCard = InboxQuery["inbox"]["cards"][number];

export interface InboxView {
  readonly state: "loading" | "ready" | "failed";
  readonly cards: readonly InboxCard[];
  /** There are more than came. */
  readonly more: boolean;
}

/** What a person does with a card for themselves. */
export type Marking =
  | { readonly kind: "finish" | "return" }
  /** RFC 3339. */
  | { readonly kind: "snooze"; readonly until: string };

export interface Inbox {
  /** Looked at from the beginning: WAITING. The others from when they are first asked for. */
  view(state: InboxState): Watched<InboxView>;
  /** How many cards wait, those that were not fetched too. */
  readonly waiting: Watched<number>;
  /** Something has happened that may change what waits. */
  changed(): void;
  /** At once in what is shown; taken back when the gateway does not take it. @returns why not, or null */
  mark(card: InboxCard, marking: Marking): Promise<string | null>;
  speak(locale: Locale): void;
  close(): void;
}

export interface InboxOptions {
  readonly connection: Pick<Connection, "ask">;
  readonly locale: Locale;
  /** Milliseconds for which what happens is gathered. */
  readonly pause?: number;
}

/** As the gateway sorts what waits. */
function byDueTime({ card: a }: InboxCard, { card: b }: InboxCard): number {
  const due = ({ dueAt }: InboxCard["card"]): number =>
    dueAt == null ? Number.MAX_SAFE_INTEGER : Date.parse(dueAt);
  return due(a) - due(b) || Date.parse(a.postedAt) - Date.parse(b.postedAt);
}

const EMPTY: InboxView = { state: "loading", cards: [], more: false };
/** The longest that a timer of a browser can wait. */
const LONGEST = 2 ** 31 - 1;

export function createInbox({ connection, locale: first, pause = 300 }: InboxOptions): Inbox {
  let locale = first;
  const waiting = createStore(0);
  const views = new Map<InboxState, Store<InboxView>>();
  let asking = false;
  let again = false;
  /** Rises when a mark is set out and when it has arrived: an answer to a question of before knows nothing of it. */
  let marks = 0;
  let underWay = 0;
  /** One after another: what is undone at once must not arrive before what it undoes. */
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;
  let gathering: ReturnType<typeof setTimeout> | undefined;
  let waking: ReturnType<typeof setTimeout> | undefined;

  function viewOf(state: InboxState): Store<InboxView> {
    let view = views.get(state);
    if (!view) {
      views.set(state, (view = createStore(EMPTY)));
      changed();
    }
    return view;
  }

  function changed(): void {
    if (closed) return;
    gathering ??= setTimeout(() => {
      gathering = undefined;
      void askAll();
    }, pause);
  }

  async function askAll(): Promise<void> {
    again = asking;
    if (asking) return;
    asking = true;
    for (const state of ["WAITING", "SNOOZED", "DONE"] as const) if (views.has(state)) await askFor(state);
    asking = false;
    if (again) changed();
  }

  async function askFor(state: InboxState): Promise<void> {
    const view = viewOf(state);
    const before = marks;
    try {
      const { inbox } = await connection.ask(InboxDocument, { state, locale });
      if (closed) return;
      if (before !== marks || underWay > 0) {
        again = true;
        return;
      }
      view.set({ state: "ready", cards: inbox.cards, more: inbox.more });
      waiting.set(inbox.waiting);
      wakeAt(inbox.wakesAt);
    } catch {
      // What is shown stays; the next change asks again.
      view.update((known) => (known.state === "ready" ? known : { ...known, state: "failed" }));
    }
  }

  function wakeAt(at: string | null | undefined): void {
    clearTimeout(waking);
    if (at) waking = setTimeout(changed, Math.min(LONGEST, Math.max(0, Date.parse(at) - Date.now())));
  }

  async function mark(marked: InboxCard, marking: Marking): Promise<string | null> {
    const before = new Map([...views].map(([state, view]) => [state, view.get()]));
    const count = waiting.get();
    show(marked, marking);
    marks += 1;
    underWay += 1;
    const sent = last.then(() => send(marked.card.id, marking));
    last = sent.catch(() => null);
    try {
      return await sent;
    } catch (error) {
      for (const [state, view] of before) views.get(state)?.set(view);
      waiting.set(count);
      return problemOf(error).message;
    } finally {
      marks += 1;
      underWay -= 1;
      changed();
    }
  }

  /** What it comes to, before the gateway has said so. */
  function show({ card, group }: InboxCard, { kind }: Marking): void {
    const waited = viewOf("WAITING")
      .get()
      .cards.some((each) => each.card.id === card.id);
    for (const [state, view] of views)
      view.update((known) => {
        const others = known.cards.filter((each) => each.card.id !== card.id);
        if (kind !== "return" || state !== "WAITING") return { ...known, cards: others };
        return { ...known, cards: [...others, { card, group, until: null, markedAt: null }].sort(byDueTime) };
      });
    waiting.update((count) => Math.max(0, count + Number(kind === "return") - Number(waited)));
  }

  async function send(card: string, marking: Marking): Promise<string | null> {
    const { userErrors } =
      marking.kind === "snooze"
        ? (await connection.ask(SnoozeDocument, { card, until: marking.until })).snoozeCard
        : marking.kind === "finish"
          ? (await connection.ask(FinishDocument, { card })).finishCard
          : (await connection.ask(ReturnDocument, { card })).returnCard;
    return userErrors[0]?.message ?? null;
  }

  views.set("WAITING", createStore(EMPTY));
  void askAll();
  return {
    view: viewOf,
    waiting,
    changed,
    mark,
    speak(next) {
      if (next === locale) return;
      locale = next;
      changed();
    },
    close() {
      closed = true;
      clearTimeout(gathering);
      clearTimeout(waking);
    },
  };
}
