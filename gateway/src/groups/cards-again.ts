// I8: after who may see what has changed in a group, its cards are pushed again, to each as they may see them now.
import type { Queryable } from "../database/database.ts";
import type { FeedEntry } from "./rows.ts";
import { weighAgain } from "./turns.ts";

/** Cards of one group, the newest, that are taken to be on somebody's screen. */
export const ON_SCREENS = 1_000;

/** What to write to the feed after the row that says what has changed. */
export async function cardsAgain(tx: Queryable, groupId: string, actor: string | null): Promise<FeedEntry[]> {
  await weighAgain(tx, groupId);
  const cards = await tx.query<{ id: string }>(
    "select id from card where grp = $1 order by id desc limit $2",
    [groupId, ON_SCREENS],
  );
  return cards.map(({ id }) => ({ kind: "CARD_CHANGED", keys: { card: id }, actor }));
}
