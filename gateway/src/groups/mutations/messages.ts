// What members say in a group: they say it, and edit and delete what they said themselves.
import type { GroupsContext, UserError } from "../context.ts";
import { checkLine, checkText, refuse } from "../input.ts";
import { forgetLoaded } from "../loaders.ts";
import { groupAsMember, personOf } from "../rules.ts";
import type { FeedRow, MessageRow } from "../store.ts";
import { orUserErrors, type InGroup, type Mutation } from "./payloads.ts";

type PostMessagePayload = { readonly message: FeedRow | null; readonly userErrors: readonly UserError[] };
type MessagePayload = { readonly message: MessageRow | null; readonly userErrors: readonly UserError[] };

interface Said extends InGroup {
  readonly text: string;
  readonly mentions?: readonly string[] | null;
}

interface Posted extends Said {
  readonly key: string;
  readonly replyTo?: string | null;
  readonly cardId?: string | null;
}

export const postMessage: Mutation<Posted, PostMessagePayload> = (_, args, context) =>
  orUserErrors({ message: null }, async () => {
    const { groupId, key, replyTo = null, cardId = null } = args;
    const actor = personOf(context);
    await groupAsMember(context, groupId);
    const words = checkWords(args);
    checkLine(key, "key");
    const { row } = await context.groups.postMessage({ groupId, actor, key, replyTo, cardId, ...words });
    context.setTyping(groupId, actor, false);
    return { message: row, userErrors: [] };
  });

export const editMessage: Mutation<Said & { messageId: string; seen?: number | null }, MessagePayload> = (
  _,
  args,
  context,
) =>
  changed(context, args.groupId, (actor) => {
    const { groupId, messageId, seen = null } = args;
    return context.groups.editMessage({ groupId, messageId, actor, seen, ...checkWords(args) });
  });

export const deleteMessage: Mutation<InGroup & { messageId: string }, MessagePayload> = (
  _,
  { groupId, messageId },
  context,
) => changed(context, groupId, (actor) => context.groups.deleteMessage({ groupId, messageId, actor }));

function changed(
  context: GroupsContext,
  groupId: string,
  work: (actor: string) => Promise<MessageRow>,
): Promise<MessagePayload> {
  return orUserErrors({ message: null }, async () => {
    const actor = personOf(context);
    await groupAsMember(context, groupId);
    const message = await work(actor);
    forgetLoaded(context);
    return { message, userErrors: [] };
  });
}

const MOST_MENTIONS = 50;

function checkWords({ text, mentions }: Said): { text: string; mentions: readonly string[] } {
  checkText(text, "text");
  const persons = mentions ?? [];
  if (persons.length > MOST_MENTIONS)
    refuse(["mentions"], "TOO_MANY", `At most ${MOST_MENTIONS} people at once.`);
  return { text, mentions: persons };
}
