// How cards stand with one person: those that wait for them, those that they put off, and those that they have
// finished. Of the cards there are ids and the names of what was offered.
import { CARD } from "./cards.ts";
import { isId } from "./ids.ts";
import { CHANNELS } from "./notices.ts";
import { isText } from "./people.ts";
import { TURN, WAITS } from "./waiting.ts";
import type { Database } from "../database/database.ts";
import type { InboxRow, InboxState } from "./rows.ts";

export interface Inbox {
  /**
   * Cards of the person's groups. WAITING, the newest first: it is the turn of their role, in a group that is not closed,
   * and they have neither snoozed nor finished it. SNOOZED: likewise, but put off, the first to come back first. DONE: what
   * was finished last first.
   */
  inbox(personId: string, state: InboxState, first: number): Promise<readonly InboxRow[]>;
  /** How many cards wait for the person, over all their groups; of each group `readings` tells it. */
  waiting(personId: string): Promise<number>;
  /** When the first of what is snoozed comes back; null: nothing is. */
  wakes(personId: string): Promise<Date | null>;
  /**
   * Puts a card off until then, or, with null, finishes it for the person. `verbs`: what they have seen it offer; when a
   * finished card offers something else, it comes back.
   */
  markCard(personId: string, cardId: string, until: Date | null, verbs: readonly string[]): Promise<void>;
  /** It waits again. */
  unmarkCard(personId: string, cardId: string): Promise<void>;
}

/** The cards of the groups of person $1, with what they have done with them. */
const MINE = `card join grp on grp.id = card.grp join member on member.grp = card.grp and member.person = $1
  left join card_mark as mark on mark.card = card.id and mark.person = $1`;

/** What is in a state, and in which order. */
const STATES: Readonly<Record<InboxState, readonly [where: string, order: string]>> = {
  WAITING: [WAITS, "id desc"],
  SNOOZED: [`${TURN} and mark.until > clock_timestamp()`, "until, id"],
  DONE: [`mark.card is not null and mark.until is null and not ${WAITS}`, `"markedAt" desc, id desc`],
};

/** That something is another for person $1 in the group of what was `marked`. */
const tell = (channel: string): string =>
  `select pg_notify(${channel}, card.grp || ':' || $1) from marked join card on card.id = marked.card`;

export function createInbox(database: Database): Inbox {
  return {
    async inbox(personId, state, first) {
      if (!isText(personId)) return [];
      const [where, order] = STATES[state];
      return database.query<InboxRow>(
        `select ${CARD}, until, "markedAt" from
           (select card.*, mark.until, mark.at as "markedAt" from ${MINE} where ${where}) as card
         order by ${order} limit $2`,
        [personId, first],
      );
    },

    async waiting(personId) {
      if (!isText(personId)) return 0;
      const [row] = await database.query<{ count: number }>(
        `select count(*)::int as count from ${MINE} where ${STATES.WAITING[0]}`,
        [personId],
      );
      return row?.count ?? 0;
    },

    async wakes(personId) {
      if (!isText(personId)) return null;
      const [row] = await database.query<{ until: Date | null }>(
        `select min(mark.until) as until from ${MINE} where ${STATES.SNOOZED[0]}`,
        [personId],
      );
      return row?.until ?? null;
    },

    async markCard(personId, cardId, until, verbs) {
      if (!isId(cardId)) return;
      await database.query(
        `with marked as (
           insert into card_mark (person, card, until, verbs)
           select $1, id, $3, array(
             select unnest($4::text[]) union
             select unnest(verbs) from card_turn as turn join person using (organization)
               join member on member.person = person.id and member.role = turn.role
             where turn.card = card.id and person.id = $1 and member.grp = card.grp)
           from card where id = $2
           on conflict (person, card) do update
             set until = excluded.until, verbs = excluded.verbs, at = excluded.at
           returning card)
         ${tell("$5")}`,
        [personId, cardId, until, verbs, CHANNELS.personal],
      );
    },

    async unmarkCard(personId, cardId) {
      if (!isId(cardId)) return;
      await database.query(
        `with marked as (delete from card_mark where person = $1 and card = $2 returning card) ${tell("$3")}`,
        [personId, cardId, CHANNELS.personal],
      );
    },
  };
}
