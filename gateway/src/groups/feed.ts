// The feed of a group: rows numbered without gaps and without late arrivals.
import { JuntoError } from "../errors/index.ts";
import { isId } from "./ids.ts";
import type { Database, Queryable } from "../database/database.ts";
import { CHANNELS } from "./notices.ts";
import type { FeedEntry, FeedRow } from "./rows.ts";

export interface Feed {
  /** Rows after `after`, the oldest first. Rows that a newer one has replaced are not among them. */
  readFeed(groupId: string, after: number, limit: number): Promise<readonly FeedRow[]>;
  /** The last rows before `before`, the oldest first: a page that is full as long as there is something. */
  readFeedBefore(groupId: string, before: number, limit: number): Promise<readonly FeedRow[]>;
  /** `seq` of the newest row; 0 when there is none, or no such group. */
  head(groupId: string): Promise<number>;
}

const LONGEST_PAGE = 1_000;
/** A `seq` that the database can hold, for any that a client may send. */
const inRange = (seq: number): number => Math.max(0, Math.min(seq, 2 ** 31 - 1));
export const ROW: string = `grp as "groupId", seq, kind, at, actor, keys`;

export function createFeed(database: Database): Feed {
  return {
    async readFeed(groupId, after, limit) {
      if (!isId(groupId)) return [];
      return database.query<FeedRow>(
        `select ${ROW} from feed where grp = $1 and seq > $2 order by seq limit $3`,
        [groupId, inRange(after), Math.max(0, Math.min(limit, LONGEST_PAGE))],
      );
    },

    async readFeedBefore(groupId, before, limit) {
      if (!isId(groupId)) return [];
      const rows = await database.query<FeedRow>(
        `select ${ROW} from feed where grp = $1 and seq < $2 order by seq desc limit $3`,
        [groupId, inRange(before), Math.max(0, Math.min(limit, LONGEST_PAGE))],
      );
      return rows.reverse();
    },

    async head(groupId) {
      if (!isId(groupId)) return 0;
      const [group] = await database.query<{ head: number }>("select head from grp where id = $1", [groupId]);
      return group?.head ?? 0;
    },
  };
}

/**
 * Takes the group's row lock, which orders everything that happens in the group until the transaction ends.
 * @throws JuntoError NOT_FOUND; FORBIDDEN when it is closed, unless that is `allowed`
 */
export async function lockGroup(
  tx: Queryable,
  groupId: string,
  closed: "refused" | "allowed" = "refused",
): Promise<{ closed: boolean }> {
  const [group] = isId(groupId)
    ? await tx.query<{ closed: boolean }>("select closed from grp where id = $1 for no key update", [groupId])
    : [];
  if (group === undefined) throw new JuntoError("NOT_FOUND", "There is no such group.");
  if (group.closed && closed === "refused") {
    throw new JuntoError("FORBIDDEN", "The group is closed.", { details: { reason: "GROUP_CLOSED" } });
  }
  return group;
}

/** Of these kinds only the newest row about the same thing is kept. */
const LATEST: { readonly [kind: string]: string } = {
  CARD_CHANGED: "card",
  ACTION: "action",
  MESSAGE_CHANGED: "message",
};

/**
 * Appends rows under the group's row lock, so that they become visible in the order of their numbers. Whoever
 * holds that lock already loses nothing by it.
 */
export async function append(
  tx: Queryable,
  groupId: string,
  entries: readonly FeedEntry[],
): Promise<FeedRow[]> {
  // The lock comes in a statement of its own: the next one then sees all that was committed before.
  const [group] = await tx.query<{ head: number }>(
    "update grp set head = head + $2, changed_at = clock_timestamp() where id = $1 returning head",
    [groupId, entries.length],
  );
  if (group === undefined) throw new JuntoError("NOT_FOUND", "There is no such group.");
  const first = group.head - entries.length + 1;
  const numbered = entries.map(({ kind, keys, actor }, index) => {
    const about = LATEST[kind];
    return {
      seq: first + index,
      kind,
      actor,
      keys,
      latest: about === undefined ? null : new Map(Object.entries(keys)).get(about),
    };
  });
  for (const kind of new Set(numbered.filter(({ latest }) => latest !== null).map((row) => row.kind))) {
    const about = numbered.filter((row) => row.kind === kind).map(({ latest }) => latest);
    await tx.query("delete from feed where grp = $1 and kind = $2 and latest = any($3)", [
      groupId,
      kind,
      about,
    ]);
  }
  const changed = numbered.flatMap(({ kind, latest }) => (kind === "CARD_CHANGED" ? [latest] : []));
  if (changed.length > 0)
    await tx.query(
      "update card set touched = touched + 1 from grp where card.id = any($1) and grp.id = card.grp and not closed",
      [changed],
    );
  const rows = await tx.query<FeedRow>(
    `insert into feed (grp, seq, kind, at, actor, keys, latest)
     select $1, seq, kind, now.at, actor, keys, latest
     from jsonb_to_recordset($2::jsonb) as row (seq int, kind text, actor text, keys jsonb, latest uuid),
       (select clock_timestamp() as at) as now
     returning ${ROW}`,
    [groupId, JSON.stringify(numbered)],
  );
  await tx.query("select pg_notify($1, $2)", [CHANNELS.feed, `${groupId}:${group.head}`]);
  return rows.sort((a, b) => a.seq - b.seq);
}
