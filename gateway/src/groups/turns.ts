// Whose turn it is with a card: roles of organizations, with the names of the actions that are open to them now. It is found
// anew when a card could have become another, and when who may do what in its group has changed; audience/turns.ts does so.
import type { Database, Queryable } from "../database/database.ts";
import { CARD } from "./cards.ts";
import { isId } from "./ids.ts";
import { CHANNELS } from "./notices.ts";
import type { CardRow, TurnRow } from "./rows.ts";

export interface Turns {
  /**
   * Open cards whose turns have to be found, the newest first. For a while no other gateway takes them; whoever has not
   * said by then what they found has failed.
   */
  takeUnweighed(most: number): Promise<readonly CardRow[]>;
  turns(cardId: string): Promise<readonly TurnRow[]>;
  /** What was found of the card as it was taken, in the place of what was known. Whom it concerns is told. */
  setTurns(card: Pick<CardRow, "id" | "touched">, turns: readonly TurnRow[]): Promise<void>;
  /** All turns have to be found again when this is another version of what the organizations agreed on. */
  weighIn(version: string): Promise<void>;
}

/** Longer than any join takes. */
const LEASE = "60 seconds";

export function createTurns(database: Database): Turns {
  return {
    takeUnweighed: (most) =>
      database.query<CardRow>(
        `update card set weighing_until = clock_timestamp() + interval '${LEASE}' where id in (
           select card.id from card join grp on grp.id = card.grp
           where open and weighed < touched and not grp.closed
             and (weighing_until is null or weighing_until < clock_timestamp())
           order by card.id desc limit $1 for update of card skip locked)
         returning ${CARD}`,
        [most],
      ),

    async turns(cardId) {
      if (!isId(cardId)) return [];
      return database.query<TurnRow>("select organization, role, verbs from card_turn where card = $1", [
        cardId,
      ]);
    },

    async setTurns({ id, touched }, turns) {
      await database.query(
        `with found as (
           select * from jsonb_to_recordset($3::jsonb) as row (organization text, role text, verbs text[])
         ), gone as (
           delete from card_turn where card = $1 and (organization, role) not in (select organization, role from found)
           returning organization, role
         ), put as (
           insert into card_turn (card, organization, role, verbs) select $1, organization, role, verbs from found
           on conflict (card, organization, role) do update set verbs = excluded.verbs
             where card_turn.verbs <> excluded.verbs
           returning organization, role
         ), done as (
           update card set weighed = greatest(weighed, $2), weighing_until = null where id = $1
         )
         select pg_notify($4, member.grp || ':' || member.person)
         from card join member on member.grp = card.grp join person on person.id = member.person
           join (select * from gone union select * from put) as changed
             on changed.organization = person.organization and changed.role = member.role
         where card.id = $1`,
        [id, touched, JSON.stringify(turns), CHANNELS.personal],
      );
    },

    weighIn: (version) =>
      database.transaction(async (tx) => {
        const [isNew] = await tx.query(
          `insert into weighed_in (version) values ($1)
           on conflict (one) do update set version = excluded.version where weighed_in.version <> excluded.version
           returning version`,
          [version],
        );
        if (isNew)
          await tx.query(
            "update card set touched = touched + 1 from grp where grp.id = card.grp and open and not closed",
          );
      }),
  };
}

/** The turns of the open cards of a group have to be found again. */
export async function weighAgain(tx: Queryable, groupId: string): Promise<void> {
  await tx.query(
    "update card set touched = touched + 1 from grp where grp.id = $1 and card.grp = grp.id and open and not closed",
    [groupId],
  );
}
