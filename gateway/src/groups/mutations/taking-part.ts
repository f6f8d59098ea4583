// What members do in a group: say something, act.
import type { ActResult, UserError } from "../context.ts";
import { checkLine, checkObject, checkText, refuse } from "../input.ts";
import { loaders } from "../loaders.ts";
import { groupAsMember, personOf } from "../rules.ts";
import type { FeedRow } from "../store.ts";
import { orUserErrors, type InGroup, type Mutation } from "./payloads.ts";

type PostMessagePayload = { readonly message: FeedRow | null; readonly userErrors: readonly UserError[] };

export const postMessage: Mutation<InGroup & { text: string; key: string }, PostMessagePayload> = (
  _,
  args,
  context,
) =>
  orUserErrors({ message: null }, async () => {
    const { groupId, text, key } = args;
    const actor = personOf(context);
    await groupAsMember(context, groupId);
    checkText(text, "text");
    checkLine(key, "key");
    const { row } = await context.groups.postMessage({ groupId, actor, text, key });
    return { message: row, userErrors: [] };
  });

interface ActArgs extends InGroup {
  readonly verb: string;
  readonly input: unknown;
  readonly key: string;
  readonly cardId?: string | null;
  readonly seen?: number | null;
}

export const act: Mutation<ActArgs, ActResult> = (_, { groupId, verb, input, key, cardId, seen }, context) =>
  orUserErrors({ action: null, card: null }, async () => {
    const person = personOf(context);
    await groupAsMember(context, groupId);
    checkLine(verb, "verb");
    checkLine(key, "key");
    const card = cardId === null || cardId === undefined ? null : await loaders(context).card.load(cardId);
    if (card?.groupId !== groupId && cardId !== null && cardId !== undefined) {
      refuse(["cardId"], "NOT_FOUND", "There is no such card in this group.");
    }
    return context.act({
      groupId,
      person,
      verb,
      input: checkObject(input, "input"),
      key,
      card,
      seen: seen ?? null,
    });
  });
