// Which entities a rule in a group looks at, so that a change of one of them finds the rule.
import { JuntoError } from "../errors/index.ts";
import { isId } from "./ids.ts";
import { canonicalKey, entityText } from "./keys.ts";
import type { Entity, EntityKey } from "./keys.ts";
import type { Database } from "../database/database.ts";

export interface Watches {
  /** What the rule looks at in the group, in the place of what it looked at. */
  setWatch(groupId: string, rule: string, entities: readonly Entity[]): Promise<void>;
  /** In groups that are not closed. */
  watchers(
    type: string,
    key: EntityKey,
  ): Promise<readonly { readonly groupId: string; readonly rule: string }[]>;
}

export function createWatches(database: Database): Watches {
  return {
    async setWatch(groupId, rule, entities) {
      if (!isId(groupId)) throw new JuntoError("NOT_FOUND", "There is no such group.");
      const wanted = new Map(entities.map((entity) => [entityText(entity), entity]));
      const there = await database.query<Entity>(
        "select entity_type as type, entity_key as key from watch where grp = $1 and rule = $2",
        [groupId, rule],
      );
      if (there.length === wanted.size && there.every((entity) => wanted.has(entityText(entity)))) return;
      const values = [groupId, rule, JSON.stringify([...wanted.values()])];
      const rows = "select type, key from jsonb_to_recordset($3::jsonb) as row (type text, key jsonb)";
      await database.transaction(async (tx) => {
        await tx.query("select pg_advisory_xact_lock(hashtextextended($1, 0))", [`watch ${groupId} ${rule}`]);
        await tx.query(
          `delete from watch where grp = $1 and rule = $2 and (entity_type, entity_key) not in (${rows})`,
          values,
        );
        await tx.query(
          `insert into watch (grp, rule, entity_type, entity_key) select $1, $2, row.* from (${rows}) as row on conflict do nothing`,
          values,
        );
      });
    },

    watchers: async (type, key) =>
      database.query(
        `select watch.grp as "groupId", watch.rule from watch join grp on grp.id = watch.grp
         where watch.entity_type = $1 and watch.entity_key = $2 and not grp.closed order by watch.grp, watch.rule`,
        [type, canonicalKey(key)],
      ),
  };
}
