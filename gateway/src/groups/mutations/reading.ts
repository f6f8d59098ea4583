// What members do in a group without saying anything: read, and be about to say something.
import type { UserError } from "../context.ts";
import { groupAsMember, personOf } from "../rules.ts";
import { changed, orUserErrors, type GroupPayload, type InGroup, type Mutation } from "./payloads.ts";

export const markRead: Mutation<InGroup & { seq: number }, GroupPayload> = (_, { groupId, seq }, context) =>
  changed(context, async () => {
    const person = personOf(context);
    const { id } = await groupAsMember(context, groupId);
    await context.groups.markRead(id, person, seq);
    return id;
  });

type TypingPayload = { readonly userErrors: readonly UserError[] };

export const setTyping: Mutation<InGroup & { typing: boolean }, TypingPayload> = (
  _,
  { groupId, typing },
  context,
) =>
  orUserErrors({}, async () => {
    const person = personOf(context);
    const { id, closed } = await groupAsMember(context, groupId);
    if (!closed) context.setTyping(id, person, typing);
    return { userErrors: [] };
  });
