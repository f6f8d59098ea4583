// What members do in a group with its cards: act.
import type { ActResult } from "../context.ts";
import { checkLine, checkObject, refuse } from "../input.ts";
import { loaders } from "../loaders.ts";
import { groupAsMember, personOf } from "../rules.ts";
import { orUserErrors, type InGroup, type Mutation } from "./payloads.ts";

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
