// One open group: its feed made into a timeline, and what stands around it: members, what is shared, what can be begun.
import { AroundDocument, OneCardDocument, PageDocument, type Locale } from "../generated/graphql.ts";
import type { Connection } from "./connection.ts";
import type { FeedState } from "./feed-states.ts";
import { followGroup, PAGE, type Opened } from "./feed.ts";
import { createStore, type Watched } from "./store.ts";
import { apply, applyCard, applyPage, EMPTY, type Timeline } from "./timeline.ts";
import type { Around, Card, FeedEvent } from "./types.ts";

export interface GroupView {
  readonly timeline: Timeline;
  /** Null until it is there. */
  readonly around: Around | null;
  readonly state: FeedState;
  /** Older events are being asked for. */
  readonly older: "idle" | "loading" | "failed";
}

export interface OpenGroup {
  readonly id: string;
  readonly view: Watched<GroupView>;
  loadOlder(): Promise<void>;
  /** Members, grants and actions as they are now: a form shows numbers of this moment. */
  refresh(): Promise<void>;
  /** A card that an action brought back. @param asked how far the feed was when the action was sent */
  show(card: Card, asked: number): void;
  /** Everything that depends on the language, in another one. */
  speak(locale: Locale): void;
  close(): void;
}

export interface OpenGroupOptions {
  readonly connection: Connection;
  readonly group: string;
  readonly locale: Locale;
  readonly head?: number;
  readonly whenOnline?: (listener: () => void) => () => void;
  /** When what came is shown, for example at the next frame: what comes until then is shown with it. Default: at once. */
  readonly soon?: (show: () => void) => void;
}

export function openGroup(options: OpenGroupOptions): OpenGroup {
  const { connection, group, soon = (show) => show() } = options;
  let { locale } = options;
  const view = createStore<GroupView>({ timeline: EMPTY, around: null, state: "loading", older: "idle" });
  const patch = (part: Partial<GroupView>): void => view.update((known) => ({ ...known, ...part }));
  const edit = (change: (timeline: Timeline) => Timeline): void =>
    view.update((known) => ({ ...known, timeline: change(known.timeline) }));

  function follow(head: number | undefined): ReturnType<typeof followGroup> {
    return followGroup({
      connection,
      group,
      locale,
      ...(head !== undefined && { head }),
      ...(options.whenOnline && { whenOnline: options.whenOnline }),
      onOpened: take,
      onEvent: hear,
      onState: (state) => patch({ state }),
    });
  }

  function take(opened: Opened): void {
    const { timeline } = view.get();
    // After a gap there would be a hole in the middle: begin anew.
    const first = opened.feed[0]?.seq ?? opened.head;
    const joins = timeline.to > 0 && first <= timeline.to && timeline.to <= opened.head;
    const from = opened.feed.length < PAGE && opened.head <= PAGE ? 1 : first;
    patch({ around: opened, timeline: applyPage(joins ? timeline : EMPTY, from, opened.feed) });
  }

  let heard: FeedEvent[] = [];
  function hear(event: FeedEvent): void {
    heard.push(event);
    if (heard.length === 1) soon(showHeard);
  }

  function showHeard(): void {
    const events = heard;
    heard = [];
    if (events.length > 0) edit((timeline) => events.reduce(apply, timeline));
    if (events.some(({ __typename }) => AROUND.has(__typename))) void refresh();
  }

  async function refresh(): Promise<void> {
    try {
      const { group: around } = await connection.ask(AroundDocument, { group, locale });
      if (around) patch({ around });
    } catch {
      // What is shown stays; the next change asks again.
    }
  }

  let feed = follow(options.head);
  return {
    id: group,
    view,
    refresh,
    show: (card, asked) => edit((timeline) => applyCard(timeline, card, asked)),
    async loadOlder() {
      const { timeline, older } = view.get();
      if (older === "loading" || timeline.from <= 1) return;
      patch({ older: "loading" });
      const after = Math.max(0, timeline.from - 1 - PAGE);
      try {
        const variables = { group, after, first: PAGE, locale };
        const { group: found } = await connection.ask(PageDocument, variables);
        const events = (found?.feed ?? []).filter(({ seq }) => seq < timeline.from);
        edit((known) => applyPage(known, after + 1, events, timeline.to));
        patch({ older: "idle" });
      } catch {
        patch({ older: "failed" });
      }
    },
    speak(next) {
      if (next === locale) return;
      locale = next;
      feed.stop();
      showHeard();
      feed = follow(view.get().timeline.to);
      const { cards } = view.get().timeline;
      for (const [id, { card }] of cards) if (card.actions.length > 0) void again(id);
    },
    close: () => feed.stop(),
  };

  async function again(id: string): Promise<void> {
    const asked = view.get().timeline.to;
    try {
      const { group: found } = await connection.ask(OneCardDocument, { group, card: id, locale });
      const card = found?.card;
      if (card) edit((timeline) => applyCard(timeline, card, asked));
    } catch {
      // Its next change brings it.
    }
  }
}

/** Events after which there are other members, rights or actions. */
const AROUND: ReadonlySet<FeedEvent["__typename"]> = new Set([
  "MemberChanged",
  "GrantChanged",
  "GroupClosed",
]);
