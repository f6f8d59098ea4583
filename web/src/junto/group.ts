// One open group: its feed made into a timeline, and what stands around it: members, what is shared, what can be begun.
import {
  AroundDocument,
  OneCardDocument,
  PageDocument,
  ThreadDocument,
  type Locale,
} from "../generated/graphql.ts";
import type { Connection } from "./connection.ts";
import type { FeedState } from "./feed-states.ts";
import { followGroup, PAGE, type Opened } from "./feed.ts";
import { createStore, type Watched } from "./store.ts";
import {
  apply,
  applyCard,
  applyMessages,
  applyPage,
  EMPTY,
  type ThreadOn,
  type Timeline,
} from "./timeline.ts";
import type { Around, Card, FeedEvent, Message } from "./types.ts";

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
  /**
   * What is said in a thread, before a `seq` or up to now, becomes known to the timeline.
   *
   * @returns whether there may be more before it
   * @throws AskError
   */
  loadThread(on: ThreadOn, before?: number): Promise<boolean>;
  /** Makes the timeline reach back to a place in the feed, without a hole. @returns whether it does now */
  jumpTo(seq: number): Promise<boolean>;
  /** Members, grants and actions as they are now: a form shows numbers of this moment. */
  refresh(): Promise<void>;
  /** A card that an action brought back. @param asked how far the feed was when the action was sent */
  show(card: Card, asked: number): void;
  /** A message that this person has just changed. */
  showMessage(message: Message): void;
  /** Everything that depends on the language, in another one. */
  speak(locale: Locale): void;
  close(): void;
}

export interface OpenGroupOptions {
  readonly connection: Connection;
  readonly group: string;
  readonly locale: Locale;
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

  function follow(): ReturnType<typeof followGroup> {
    return followGroup({
      connection,
      group,
      locale,
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
    const from = opened.feed.length < PAGE ? 1 : first;
    patch({ around: opened, timeline: applyPage(joins ? timeline : EMPTY, from, opened.feed) });
    // The newest events may all be changes of what stands further back.
    if (!hasEnough(view.get().timeline)) void loadBack(hasEnough);
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

  // One question at a time, and one more for what has changed since it was asked.
  let asking: { readonly done: Promise<void>; again: boolean } | null = null;

  function refresh(): Promise<void> {
    if (asking) asking.again = true;
    else asking = { done: askAround(), again: false };
    return asking.done;
  }

  async function askAround(): Promise<void> {
    try {
      const { group: around } = await connection.ask(AroundDocument, { group, locale });
      if (around) patch({ around });
    } catch {
      // What is shown stays; the next change asks again.
    }
    const { again } = asking!;
    asking = null;
    if (again) await refresh();
  }

  let loading: Promise<void> | undefined;

  /** Loads page after page until there is enough, or everything. One at a time; what is not answered ends it. */
  async function loadBack(isEnough: (timeline: Timeline) => boolean, first = PAGE): Promise<void> {
    while (view.get().timeline.from > 1 && !isEnough(view.get().timeline)) {
      loading ??= loadPage(first).finally(() => (loading = undefined));
      await loading;
      if (view.get().older === "failed") return;
    }
  }

  async function loadPage(first: number): Promise<void> {
    const { from: before, to } = view.get().timeline;
    patch({ older: "loading" });
    try {
      const { group: found } = await connection.ask(PageDocument, { group, before, first, locale });
      const events = found?.feed ?? [];
      const from = events.length < first ? 1 : events[0]!.seq;
      // When the group was opened anew meanwhile, this page is not the one before it.
      edit((known) => (known.from === before ? applyPage(known, from, events, to) : known));
      patch({ older: "idle" });
    } catch {
      patch({ older: "failed" });
    }
  }

  let feed = follow();
  return {
    id: group,
    view,
    refresh,
    show: (card, asked) => edit((timeline) => applyCard(timeline, card, asked)),
    showMessage: (message) => edit((timeline) => applyMessages(timeline, [message])),
    async loadThread(on, before) {
      const variables = { group, ...on, first: LONG_PAGE, ...(before !== undefined && { before }) };
      const thread = (await connection.ask(ThreadDocument, variables)).group?.thread ?? [];
      edit((timeline) => applyMessages(timeline, thread));
      return thread.length === LONG_PAGE;
    },
    async loadOlder() {
      const { length } = view.get().timeline.entries;
      patch({ older: "idle" });
      await loadBack(({ entries }) => entries.length >= length + MORE);
    },
    async jumpTo(seq) {
      await opened(view);
      patch({ older: "idle" });
      await loadBack(({ from }) => from <= seq, LONG_PAGE);
      return view.get().timeline.from <= seq;
    },
    speak(next) {
      if (next === locale) return;
      locale = next;
      feed.stop();
      showHeard();
      feed = follow();
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

/** Entries of a screen or so: less is not enough to begin with, and not worth asking for more. */
const MORE = 20;
/** Events of a page on the way to an old place. */
const LONG_PAGE = 200;

function hasEnough({ entries }: Timeline): boolean {
  return entries.length >= MORE;
}

/** Resolves when there is a timeline. */
function opened(view: Watched<GroupView>): Promise<void> {
  if (view.get().around) return Promise.resolve();
  return new Promise((resolve) => {
    const unsubscribe = view.subscribe(() => {
      if (!view.get().around) return;
      unsubscribe();
      resolve();
    });
  });
}

/** Events after which there are other members, rights or actions. */
const AROUND: ReadonlySet<FeedEvent["__typename"]> = new Set([
  "MemberChanged",
  "GrantChanged",
  "OrganizationChanged",
  "GroupClosed",
]);
