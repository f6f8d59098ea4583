// What people do for themselves alone: with the cards of their inbox, and with what makes noise.
import type { GroupsContext, UserError } from "../context.ts";
import { verbsOf } from "../inbox-resolvers.ts";
import { refuse } from "../input.ts";
import { loaders } from "../loaders.ts";
import { groupAsMember, personOf } from "../rules.ts";
import type { CardRow, QuietHoursRow } from "../store.ts";
import { orUserErrors, type InGroup, type Mutation } from "./payloads.ts";

type OfCard = { readonly cardId: string };
type CardPayload = { readonly card: CardRow | null; readonly userErrors: readonly UserError[] };

export const snoozeCard: Mutation<OfCard & { readonly until: Date }, CardPayload> = (
  _,
  { cardId, until },
  context,
) =>
  withCard(cardId, context, async (card, person) => {
    checkFuture(until);
    await context.groups.markCard(person, card.id, until, []);
  });

export const finishCard: Mutation<OfCard, CardPayload> = (_, { cardId }, context) =>
  withCard(cardId, context, async (card, person) => {
    const [envelope] = await context.openCards([card]);
    await context.groups.markCard(person, card.id, null, verbsOf(envelope ?? null));
  });

export const returnCard: Mutation<OfCard, CardPayload> = (_, { cardId }, context) =>
  withCard(cardId, context, (card, person) => context.groups.unmarkCard(person, card.id));

export const muteGroup: Mutation<InGroup & { readonly until?: Date | null }, PreferencesPayload> = (
  _,
  { groupId, until = null },
  context,
) =>
  preferring(context, async (person) => {
    await groupAsMember(context, groupId);
    if (until) checkFuture(until);
    await context.groups.muteGroup(person, groupId, until);
  });

export const unmuteGroup: Mutation<InGroup, PreferencesPayload> = (_, { groupId }, context) =>
  preferring(context, async (person) => {
    await groupAsMember(context, groupId);
    await context.groups.unmuteGroup(person, groupId);
  });

export const setQuietHours: Mutation<{ readonly hours?: QuietHoursRow | null }, PreferencesPayload> = (
  _,
  { hours = null },
  context,
) =>
  preferring(context, async (person) => {
    if (hours) checkHours(hours);
    await context.groups.setQuietHours(person, hours && { ...hours, days: [...new Set(hours.days)] });
  });

type PreferencesPayload = { readonly preferences: unknown; readonly userErrors: readonly UserError[] };

function preferring(
  context: GroupsContext,
  work: (person: string) => Promise<void>,
): Promise<PreferencesPayload> {
  return orUserErrors({ preferences: null }, async () => {
    const person = personOf(context);
    await work(person);
    const { groups } = context;
    const preferences = { mutes: () => groups.mutes(person), quietHours: () => groups.quietHours(person) };
    return { preferences, userErrors: [] };
  });
}

/** A card of any group of theirs. Of others it is not said whether they exist. */
function withCard(
  cardId: string,
  context: GroupsContext,
  work: (card: CardRow, person: string) => Promise<void>,
): Promise<CardPayload> {
  return orUserErrors({ card: null }, async () => {
    const person = personOf(context);
    const card = await loaders(context).card.load(cardId);
    if (card === null || (await loaders(context).group.load(card.groupId)) === null)
      return refuse(["cardId"], "NOT_FOUND", "There is no such card in a group of yours.");
    await work(card, person);
    return { card, userErrors: [] };
  });
}

function checkFuture(until: Date): void {
  if (until.getTime() <= Date.now()) refuse(["until"], "PAST", "Choose a time that is still to come.");
}

function checkHours({ from, to, days, timeZone }: QuietHoursRow): void {
  for (const [field, time] of [
    ["from", from],
    ["to", to],
  ] as const) {
    if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(time))
      refuse(["hours", field], "NOT_A_TIME", "Write the time as 22:30.");
  }
  if (days.length === 0) refuse(["hours", "days"], "REQUIRED", "Choose a day at least.");
  if (!isTimeZone(timeZone))
    refuse(
      ["hours", "timeZone"],
      "NOT_A_TIME_ZONE",
      "There is no such time zone, for example Asia/Shanghai.",
    );
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
