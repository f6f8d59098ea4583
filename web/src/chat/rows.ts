// What the timeline draws: entries with days between them, messages of one person together, and the small changes of a
// group folded into one line.
import type { Card, Entry, Sending, ThreadOn, Timeline } from "../junto/index.ts";

export type Row =
  /** From here on all is new. */
  | { readonly kind: "new"; readonly key: string }
  | { readonly kind: "day"; readonly key: string; readonly at: string }
  | {
      readonly kind: "message";
      readonly key: string;
      readonly entry: Extract<Entry, { readonly __typename: "MessagePosted" }>;
      /** The same person goes on: name and picture are there already. */
      readonly goesOn: boolean;
    }
  | {
      readonly kind: "card";
      readonly key: string;
      readonly entry: Extract<Entry, { readonly __typename: "CardPosted" }>;
    }
  | {
      readonly kind: "asides";
      readonly key: string;
      /** Of the first of them. */
      readonly seq: number;
      readonly cards: readonly string[];
    }
  | { readonly kind: "changes"; readonly key: string; readonly entries: readonly Change[] };

export type Change = Exclude<Entry, { readonly __typename: "MessagePosted" | "CardPosted" }>;

/** Messages of one person within this time stand together; milliseconds. */
const TOGETHER = 5 * 60_000;

export interface Looks {
  /** The entry before which the line stands. */
  readonly firstNew?: Entry | null;
  /** Whether a card is addressed to others than who looks. */
  readonly isAside?: (card: Card) => boolean;
}

export function rowsOf(
  entries: readonly Entry[],
  dayOf: (at: string) => string,
  { firstNew = null, isAside = () => false }: Looks = {},
): Row[] {
  const rows: Row[] = [];
  let day = "";
  for (const entry of entries) {
    const today = dayOf(entry.at);
    if (today !== day) rows.push({ kind: "day", key: `day ${entry.seq}`, at: entry.at });
    day = today;
    if (entry === firstNew) rows.push({ kind: "new", key: "new" });
    const last = rows.at(-1);
    const key = `seq ${entry.seq}`;
    if (entry.__typename === "MessagePosted")
      rows.push({ kind: "message", key, entry, goesOn: goesOn(last, entry) });
    else if (entry.__typename === "CardPosted" && isAside(entry.card)) {
      const { id } = entry.card;
      if (last?.kind === "asides") rows[rows.length - 1] = { ...last, cards: [...last.cards, id] };
      else rows.push({ kind: "asides", key, seq: entry.seq, cards: [id] });
    } else if (entry.__typename === "CardPosted") rows.push({ kind: "card", key, entry });
    else if (last?.kind === "changes") rows[rows.length - 1] = { ...last, entries: [...last.entries, entry] };
    else rows.push({ kind: "changes", key, entries: [entry] });
  }
  return rows;
}

/** The first entry of others from a `seq` on; null: it is not there, or what is before it is not known yet. */
export function firstNewOf(
  { entries, from }: Pick<Timeline, "entries" | "from">,
  newFrom: number | null,
  me: string,
): Entry | null {
  if (newFrom === null || from > newFrom) return null;
  return entries.find(({ seq, actor }) => seq >= newFrom && actor?.id !== me) ?? null;
}

function goesOn(last: Row | undefined, entry: Entry): boolean {
  const { actor, at } = entry;
  if (last?.kind !== "message" || !actor || last.entry.actor?.id !== actor.id) return false;
  if (entry.__typename !== "MessagePosted" || entry.message.cardId !== last.entry.message.cardId)
    return false;
  return Date.parse(at) - Date.parse(last.entry.at) < TOGETHER;
}

/**
 * Messages that the gateway has not confirmed yet; those in the timeline are said already.
 * @param on in which thread; null: in the group
 */
export function unsentOf(waiting: readonly Sending[], group: string, on: ThreadOn | null): Sending[] {
  return waiting.filter(({ intention }) => {
    if (intention.kind !== "say" || intention.group !== group) return false;
    if (on && "message" in on) return intention.replyTo === on.message;
    return intention.card === (on?.card ?? null);
  });
}

/** What a message will be when its change has arrived: other words, or none; by its id. */
export type Pending = { readonly kind: "edit"; readonly text: string } | { readonly kind: "unsay" };

export function pendingOf(waiting: readonly Sending[], group: string): ReadonlyMap<string, Pending> {
  const pending = new Map<string, Pending>();
  for (const { intention } of waiting) {
    if (intention.kind === "say" || intention.kind === "act" || intention.group !== group) continue;
    pending.set(intention.message, intention);
  }
  return pending;
}
