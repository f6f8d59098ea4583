// Notifications of the device: of what has come to wait for the person while they look elsewhere, and of messages that
// mention them or answer them. None of a muted group, and none in the person's quiet hours; what came in those is told once, by
// its number, when they are over. Nothing is said of a card but the summary that it shows anyway, and nothing is kept.
import {
  isMuted,
  isQuiet,
  type Called,
  type Group,
  type Inbox,
  type InboxCard,
  type Preferences,
  type Watched,
} from "../junto/index.ts";

export interface NotifierOptions {
  readonly inbox: Pick<Inbox, "view">;
  readonly groups: Watched<readonly Group[] | "loading" | "failed">;
  readonly preferences: Pick<Preferences, "view">;
  /** The person wants them, the browser allows them, and nobody looks at the page. */
  readonly mayShow: () => boolean;
  readonly show: (notice: DeviceNotice) => void;
  readonly now?: () => Date;
}

export type DeviceNotice =
  | { readonly kind: "card"; readonly entry: InboxCard }
  | { readonly kind: "message"; readonly group: Pick<Group, "id" | "name">; readonly message: Called }
  | ({ readonly kind: "digest" } & Digest);

/** So many came in quiet hours. */
interface Digest {
  /** Wait still. */
  readonly cards: number;
  /** Messages that mention or answer the person, and all of them: not read yet. */
  readonly calls: number;
  readonly messages: number;
}

export interface Notifier {
  /** Looks whether the quiet hours are over. */
  look(): void;
  close(): void;
}

export function createNotifier(options: NotifierOptions): Notifier {
  const { groups, preferences, mayShow, show, now = () => new Date() } = options;
  const view = options.inbox.view("WAITING");
  const isWanted = (group: string): boolean => !isMuted(preferences.view.get(), group, now());
  const newCards = createCards(view.get);
  const newCalls = createCalls();
  /** Came in quiet hours. */
  let heldCards: readonly string[] = [];
  /** What was not read in each group when they began; null: they have not. */
  let heldFrom: Unread | null = null;
  let unread: Unread | null = null;

  function look(): void {
    const known = groups.get();
    const before = unread;
    if (typeof known !== "string") unread = unreadIn(known);
    const cards = newCards().filter(({ group }) => isWanted(group.id));
    const calls = typeof known === "string" ? [] : newCalls(known).filter(({ group }) => isWanted(group.id));
    // Who looks at the page sees what there is.
    if (!mayShow()) {
      [heldCards, heldFrom] = [[], null];
      return;
    }
    if (isQuiet(preferences.view.get().quietHours, now())) {
      heldCards = [...heldCards, ...cards.map(({ card }) => card.id)];
      heldFrom ??= before ?? unread;
      return;
    }
    if (heldFrom) {
      const held = new Set([...heldCards, ...cards.map(({ card }) => card.id)]);
      const waiting = view.get().cards.filter(({ card, group }) => held.has(card.id) && isWanted(group.id));
      const listed = typeof known === "string" ? [] : known.filter(({ id }) => isWanted(id));
      const digest = digestOf(waiting.length, listed, heldFrom);
      if (Object.values(digest).some((count) => count > 0)) show({ kind: "digest", ...digest });
      [heldCards, heldFrom] = [[], null];
      return;
    }
    for (const entry of cards) show({ kind: "card", entry });
    for (const call of calls) show({ kind: "message", ...call });
  }

  look();
  const ends = [view.subscribe(look), groups.subscribe(look)];
  return {
    look,
    close() {
      for (const end of ends) end();
    },
  };
}

/** Group ▸ messages, and those among them that are for the person. */
type Unread = ReadonlyMap<string, { readonly messages: number; readonly calls: number }>;

function unreadIn(groups: readonly Group[]): Unread {
  return new Map(
    groups.map(({ id, reading }) => [
      id,
      { messages: reading?.messages ?? 0, calls: (reading?.mentions ?? 0) + (reading?.answers ?? 0) },
    ]),
  );
}

function digestOf(cards: number, groups: readonly Group[], from: Unread): Digest {
  const came = (count: "messages" | "calls"): number =>
    [...unreadIn(groups)].reduce(
      (sum, [id, each]) => sum + Math.max(0, each[count] - (from.get(id)?.[count] ?? 0)),
      0,
    );
  return { cards, calls: came("calls"), messages: came("messages") };
}

/** @returns what has come to wait since it was called last; of the first time everything is known */
function createCards(view: ReturnType<Inbox["view"]>["get"]): () => readonly InboxCard[] {
  let known: ReadonlySet<string> | null = null;
  return () => {
    const { state, cards } = view();
    if (state !== "ready") return [];
    const before = known;
    known = new Set(cards.map(({ card }) => card.id));
    return before ? cards.filter(({ card }) => !before.has(card.id)) : [];
  };
}

/** Likewise, of messages. */
function createCalls(): (
  groups: readonly Group[],
) => readonly { readonly group: Group; readonly message: Called }[] {
  /** Group ▸ `seq` of the newest. */
  let known: Map<string, number> | null = null;
  return (groups) => {
    const before = known;
    known = new Map(before);
    return groups.flatMap((group) => {
      const messages = (group.reading?.forThem ?? []).toSorted((a, b) => a.seq - b.seq);
      const last = before?.get(group.id) ?? 0;
      known!.set(group.id, Math.max(last, messages.at(-1)?.seq ?? 0));
      return before ? messages.filter(({ seq }) => seq > last).map((message) => ({ group, message })) : [];
    });
  };
}
