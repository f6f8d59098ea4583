// What a group looks like after the events that came: entries in order, each card in its newest state. Pure: the same
// events make the same timeline, in whatever order and however often they come.
import type { ActionRun, Card, FeedEvent, Message } from "./types.ts";

/** What stands in the chat. Changes of messages, cards and actions do not: they show where those stand. */
export type Entry = Exclude<
  FeedEvent,
  { readonly __typename: "MessageChanged" | "CardChanged" | "ActionChanged" }
>;

export interface CardState {
  readonly card: Card;
  /** `seq` of the event that brought this state; 0: it came as the answer of a question. */
  readonly seq: number;
  /** Who caused the last change, and when; null for how it was found. */
  readonly change: { readonly actor: FeedEvent["actor"]; readonly at: string } | null;
}

export interface RunState {
  readonly run: ActionRun;
  readonly seq: number;
  readonly at: string;
  readonly actor: FeedEvent["actor"];
}

export interface Timeline {
  /** The oldest first. */
  readonly entries: readonly Entry[];
  /** By id, each in its newest state; some stand further back than the timeline reaches. */
  readonly messages: ReadonlyMap<string, Message>;
  readonly cards: ReadonlyMap<string, CardState>;
  /** By id. */
  readonly runs: ReadonlyMap<string, RunState>;
  /** By card: what was done with it last. */
  readonly lastRuns: ReadonlyMap<string, RunState>;
  /** `seq` before which there may be more. */
  readonly from: number;
  /** `seq` of the newest event that was applied. */
  readonly to: number;
}

export const EMPTY: Timeline = {
  entries: [],
  messages: new Map(),
  cards: new Map(),
  runs: new Map(),
  lastRuns: new Map(),
  from: 0,
  to: 0,
};

/** An event of the feed. */
export function apply(timeline: Timeline, event: FeedEvent): Timeline {
  const to = Math.max(timeline.to, event.seq);
  switch (event.__typename) {
    case "MessagePosted":
      return {
        ...timeline,
        to,
        entries: withEntry(timeline.entries, event),
        messages: withMessage(timeline.messages, event.message),
      };
    case "MessageChanged":
      return { ...timeline, to, messages: withMessage(timeline.messages, event.message) };
    case "CardChanged":
      return { ...timeline, to, cards: withCard(timeline.cards, event, true) };
    case "ActionChanged":
      return { ...timeline, to, ...withRun(timeline, event) };
    case "CardPosted":
      return {
        ...timeline,
        to,
        entries: withEntry(timeline.entries, event),
        cards: withCard(timeline.cards, event, false),
      };
    default:
      return { ...timeline, to, entries: withEntry(timeline.entries, event) };
  }
}

/**
 * A page of the feed, which reaches back to `from`. Cards in it are as they are now, not as they were then.
 *
 * @param asked `to` of the timeline when it was asked for
 */
export function applyPage(
  timeline: Timeline,
  from: number,
  events: readonly FeedEvent[],
  asked: number = timeline.to,
): Timeline {
  const filled = events.reduce((next, event) => {
    const { card } = event as { readonly card?: Card };
    return card ? applyCard(apply(next, event), card, asked) : apply(next, event);
  }, timeline);
  return { ...filled, from: timeline.to === 0 ? from : Math.min(timeline.from, from) };
}

/**
 * A card as a question was answered. What the feed has said since the question was asked stands: revisions do not tell
 * which is newer, for each audience has its own, and a person's rights may have changed in between.
 *
 * @param asked `to` of the timeline when the question was asked
 */
export function applyCard(timeline: Timeline, card: Card, asked: number): Timeline {
  const known = timeline.cards.get(card.id);
  if (known && known.seq > asked) return timeline;
  const cards = new Map(timeline.cards);
  cards.set(card.id, { card, seq: known?.seq ?? 0, change: known?.change ?? null });
  return { ...timeline, cards };
}

/** Messages as a question was answered, or as this person has just changed them. */
export function applyMessages(timeline: Timeline, answered: readonly Message[]): Timeline {
  const messages = answered.reduce(withMessage, timeline.messages);
  return messages === timeline.messages ? timeline : { ...timeline, messages };
}

/** What a message answers, as it is now: it may have been edited or deleted since. */
export function answeredBy(
  { messages }: Pick<Timeline, "messages">,
  { replyTo }: Message,
): NonNullable<Message["replyTo"]> | null {
  if (!replyTo) return null;
  const known = messages.get(replyTo.id);
  return known && known.revision >= replyTo.revision ? known : replyTo;
}

/** What is known of the threads on cards, by card, the oldest first. Of a card that the timeline reaches it is everything. */
export function threadsOf(messages: Timeline["messages"]): ReadonlyMap<string, readonly Message[]> {
  const threads = new Map<string, Message[]>();
  for (const message of messages.values()) {
    if (message.cardId === null) continue;
    const thread = threads.get(message.cardId);
    if (thread) thread.push(message);
    else threads.set(message.cardId, [message]);
  }
  for (const thread of threads.values()) thread.sort((a, b) => a.seq - b.seq);
  return threads;
}

/** Whether what the card is about came to be by this person's action: the card says so, or the action itself, which may end later. */
export function isBegunBy(runs: Timeline["runs"], { about, begunBy }: Card, person: string): boolean {
  if (begunBy) return begunBy.id === person;
  const text = JSON.stringify(about);
  return [...runs.values()].some(
    ({ run, actor }) => actor?.id === person && run.begun.some((entity) => JSON.stringify(entity) === text),
  );
}

/** What a thread is on: a card that is discussed, or a message that is answered. */
export type ThreadOn = { readonly card: string } | { readonly message: string };

/** What is known of a thread, the oldest first; it begins with the message that is answered. */
export function threadIn(messages: Timeline["messages"], on: ThreadOn): readonly Message[] {
  if ("card" in on) return threadsOf(messages).get(on.card) ?? [];
  return [...messages.values()]
    .filter(({ id, replyTo }) => id === on.message || replyTo?.id === on.message)
    .sort((a, b) => a.seq - b.seq);
}

/** By message: how many answers to it are known. Of a message that the timeline reaches these are all. */
export function answerCounts(messages: Timeline["messages"]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { replyTo, text } of messages.values())
    if (replyTo && text !== null) counts.set(replyTo.id, (counts.get(replyTo.id) ?? 0) + 1);
  return counts;
}

/** A message tells by itself which of its states is newer. */
function withMessage(messages: Timeline["messages"], message: Message): Timeline["messages"] {
  const known = messages.get(message.id);
  return known && known.revision >= message.revision ? messages : new Map(messages).set(message.id, message);
}

type Carrying = Extract<FeedEvent, { readonly card: Card }>;

/** Latest wins: what is older than what is shown changes nothing. */
function withCard(
  cards: Timeline["cards"],
  { seq, card, actor, at }: Carrying,
  changed: boolean,
): Timeline["cards"] {
  const known = cards.get(card.id);
  if (known && known.seq >= seq) return cards;
  return new Map(cards).set(card.id, { card, seq, change: changed ? { actor, at } : null });
}

function withRun(
  { runs, lastRuns }: Pick<Timeline, "runs" | "lastRuns">,
  { seq, at, actor, action }: Extract<FeedEvent, { readonly __typename: "ActionChanged" }>,
): Pick<Timeline, "runs" | "lastRuns"> {
  const known = runs.get(action.id);
  // What has ended does not begin again.
  if (known && (known.seq >= seq || (known.run.status !== "PENDING" && action.status === "PENDING")))
    return { runs, lastRuns };
  const state: RunState = { run: action, seq, at, actor };
  const { cardId } = action;
  const isLast = cardId !== null && (lastRuns.get(cardId)?.seq ?? 0) < seq;
  return {
    runs: new Map(runs).set(action.id, state),
    lastRuns: isLast ? new Map(lastRuns).set(cardId, state) : lastRuns,
  };
}

function withEntry(entries: readonly Entry[], entry: Entry): readonly Entry[] {
  const last = entries.at(-1);
  if (!last || last.seq < entry.seq) return [...entries, entry];
  const at = entries.findIndex(({ seq }) => seq >= entry.seq);
  if (entries[at]!.seq === entry.seq) return entries;
  return [...entries.slice(0, at), entry, ...entries.slice(at)];
}
