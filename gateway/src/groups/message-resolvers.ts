// Messages as they are answered: what was said, what it answers, whom it mentions; threads, and where I was mentioned.
import { JuntoError } from "../errors/index.ts";
import { found, type Fields } from "./fields.ts";
import { pageSize } from "./input.ts";
import { loaders } from "./loaders.ts";
import { personOf } from "./rules.ts";
import type { GroupRow, MessageRow, ReadingRow } from "./store.ts";

interface Page {
  readonly before?: number | null;
  readonly first: number;
}

interface ThreadArgs extends Page {
  readonly cardId?: string | null;
  readonly messageId?: string | null;
}

const LONGEST_PAGE = 200;
const MOST_FOR_THEM = 20;
const pageOf = ({ before = null, first }: Page): { before: number | null; first: number } => ({
  before,
  first: pageSize(first, LONGEST_PAGE),
});

export const Group: Fields<GroupRow> = {
  message: async (group, { id }: { id: string }, context) => {
    const message = await loaders(context).message.load(id);
    return message?.groupId === group.id ? message : null;
  },
  thread: ({ id }, args: ThreadArgs, { groups }) => {
    const { cardId: card = null, messageId: message = null } = args;
    if (card !== null && message === null) return groups.thread(id, { card }, pageOf(args));
    if (message !== null && card === null) return groups.thread(id, { message }, pageOf(args));
    throw new JuntoError("BAD_USER_INPUT", "Name a card or a message: one of the two.");
  },
  mentions: ({ id }, page: Page, context) => context.groups.mentions(id, personOf(context), pageOf(page)),
};

export const Reading: Fields<ReadingRow> = {
  forThem: ({ groupId, mentions, answers, more }, { first }: { first: number }, context) =>
    mentions + answers === 0 && !more
      ? []
      : context.groups.saidTo(groupId, personOf(context), pageSize(first, MOST_FOR_THEM)),
};

export const Message: Fields<MessageRow> = {
  actor: ({ author }, _, context) => found(loaders(context).person.load(author)),
  deleted: ({ text }) => text === null,
  replyTo: ({ replyTo }, _, context) =>
    replyTo === null ? null : found(loaders(context).message.load(replyTo)),
  mentions: async ({ id }, _, context) =>
    Promise.all(
      (await loaders(context).mentions.load(id)).map((person) => found(loaders(context).person.load(person))),
    ),
};
