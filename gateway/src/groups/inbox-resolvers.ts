// The inbox of who asks, over all their groups, and what they prefer.
import { found, type Fields } from "./fields.ts";
import { pageSize } from "./input.ts";
import { loaders } from "./loaders.ts";
import { personOf } from "./rules.ts";
import type { CardEnvelope, GroupsContext } from "./context.ts";
import type { InboxRow, InboxState, MuteRow } from "./store.ts";

/** So many cards are joined for a look into the inbox at most. */
const MOST = 100;

interface InboxArgs {
  readonly state: InboxState;
  readonly first: number;
}

interface InboxPage {
  readonly cards: readonly InboxRow[];
  readonly more: boolean;
}

export const Query: Fields<unknown> = {
  inbox: async (_, { state, first }: InboxArgs, context) => {
    const person = personOf(context);
    const { groups } = context;
    const size = pageSize(first, MOST);
    // What is due first is known when all are joined.
    const rows = await groups.inbox(person, state, (state === "WAITING" ? MOST : size) + 1);
    const cards = state === "WAITING" ? await byDueTime(rows.slice(0, MOST), context) : rows;
    const page: InboxPage = { cards: cards.slice(0, size), more: rows.length > size };
    return {
      ...page,
      waiting: () => groups.waiting(person),
      wakesAt: () => groups.wakes(person),
    };
  },
  preferences: (_, __, context) => {
    const person = personOf(context);
    const { groups } = context;
    return { mutes: () => groups.mutes(person), quietHours: () => groups.quietHours(person) };
  },
};

export const InboxCard: Fields<InboxRow> = {
  card: (row) => row,
  group: ({ groupId }, _, context) => found(loaders(context).group.load(groupId)),
};

export const Mute: Fields<MuteRow> = {
  group: ({ groupId }, _, context) => found(loaders(context).group.load(groupId)),
};

export function verbsOf(envelope: CardEnvelope | null): string[] {
  return envelope?.actions("en").map(({ verb }) => verb) ?? [];
}

/** What is due first; what is not due comes after that; of both what was posted first. */
async function byDueTime(rows: readonly InboxRow[], { openCards }: GroupsContext): Promise<InboxRow[]> {
  const envelopes = await openCards(rows);
  return rows
    .flatMap((row, at) => {
      const envelope = envelopes[at];
      return envelope ? [{ row, due: envelope.due?.getTime() ?? Number.POSITIVE_INFINITY }] : [];
    })
    .sort((a, b) => (a.due === b.due ? a.row.postedAt.getTime() - b.row.postedAt.getTime() : a.due - b.due))
    .map(({ row }) => row);
}
