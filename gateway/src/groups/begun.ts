// What actions have begun: entities that came to be by them, by key, and who took the action.
import type { Database, Queryable } from "../database/database.ts";
import { isId } from "./ids.ts";
import { canonicalKey, type Entity } from "./keys.ts";
import type { ActionRow, CardRow } from "./rows.ts";

export interface Begun {
  /** By whose action what the card is about came to be, in the order of the cards; null: by nobody's here. */
  begunBy(cards: readonly CardRow[]): Promise<readonly (string | null)[]>;
  /** What each action has begun, in the order of the ids. */
  begunIn(actionIds: readonly string[]): Promise<readonly (readonly Entity[])[]>;
}

export function createBegun(database: Database): Begun {
  return {
    async begunBy(cards) {
      const rows = await database.query<{ id: string; person: string }>(
        `select card.id, action.person from card
           join begun on begun.grp = card.grp and begun.entity_type = card.entity_type and begun.entity_key = card.entity_key
           join action on action.id = begun.action
         where card.id = any($1)`,
        [cards.map(({ id }) => id)],
      );
      const byCard = new Map(rows.map(({ id, person }) => [id, person]));
      return cards.map(({ id }) => byCard.get(id) ?? null);
    },

    async begunIn(actionIds) {
      const rows = await database.query<{ action: string; entity: Entity }>(
        `select action, json_build_object('type', entity_type, 'key', entity_key) as entity from begun
         where action = any($1) order by entity_type, entity_key`,
        [actionIds.filter(isId)],
      );
      return actionIds.map((id) => rows.filter(({ action }) => action === id).map(({ entity }) => entity));
    },
  };
}

/** What an action's answer names is begun by it, unless the group had a card about it before. */
export async function noteBegun(
  tx: Queryable,
  { id, groupId, begunAt }: Pick<ActionRow, "id" | "groupId" | "begunAt">,
  entities: readonly Entity[],
): Promise<void> {
  for (const { type, key } of entities)
    await tx.query(
      `insert into begun (grp, entity_type, entity_key, action) select $1, $2, $3, $4
       where not exists (
         select from card where grp = $1 and entity_type = $2 and entity_key = $3 and posted_at < $5)
       on conflict do nothing`,
      [groupId, type, canonicalKey(key), id, begunAt],
    );
}
