// The feed of a group: rows numbered without gaps and without late arrivals, and the messages in it.
import { JuntoError } from "../errors/index.ts";
import { isId, newId } from "./ids.ts";
import type { Database, Queryable } from "../database/database.ts";
import type { FeedEntry, FeedRow, MessageRow } from "./rows.ts";

/** Payload: `<group>:<seq>`. */
export const FEED_CHANNEL = "junto_feed";

export interface Feed {
  /** Rows after `after`, the oldest first. Rows that a newer one has replaced are not among them. */
  readFeed(groupId: string, after: number, limit: number): Promise<readonly FeedRow[]>;
  /** `seq` of the newest row; 0 when there is none, or no such group. */
  head(groupId: string): Promise<number>;
  /** Says something, once for each (group, actor, key). Refused in a closed group. */
  postMessage(
    message: NewMessage,
  ): Promise<{ readonly message: MessageRow; readonly row: FeedRow; readonly created: boolean }>;
  /** In the order of the ids. */
  messages(ids: readonly string[]): Promise<readonly (MessageRow | null)[]>;
}

interface NewMessage {
  readonly groupId: string;
  readonly actor: string;
  readonly text: string;
  readonly key: string;
}

const LONGEST_PAGE = 1_000;
const ROW = `grp as "groupId", seq, kind, at, actor, keys`;
const MESSAGE = `id, grp as "groupId", seq, author, text`;

export function createFeed(database: Database): Feed {
  return {
    async readFeed(groupId, after, limit) {
      if (!isId(groupId)) return [];
      return database.query<FeedRow>(
        `select ${ROW} from feed where grp = $1 and seq > $2 order by seq limit $3`,
        [groupId, Math.max(0, Math.min(after, 2 ** 31 - 1)), Math.max(0, Math.min(limit, LONGEST_PAGE))],
      );
    },

    async head(groupId) {
      if (!isId(groupId)) return 0;
      const [group] = await database.query<{ head: number }>("select head from grp where id = $1", [groupId]);
      return group?.head ?? 0;
    },

    postMessage: (message) => database.transaction((tx) => postMessage(tx, message)),

    async messages(ids) {
      const rows = await database.query<MessageRow>(`select ${MESSAGE} from message where id = any($1)`, [
        ids.filter(isId),
      ]);
      const byId = new Map(rows.map((row) => [row.id, row]));
      return ids.map((id) => byId.get(id) ?? null);
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
const LATEST: { readonly [kind: string]: string } = { CARD_CHANGED: "card", ACTION: "action" };

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
  const rows = await tx.query<FeedRow>(
    `insert into feed (grp, seq, kind, at, actor, keys, latest)
     select $1, seq, kind, now.at, actor, keys, latest
     from jsonb_to_recordset($2::jsonb) as row (seq int, kind text, actor text, keys jsonb, latest uuid),
       (select clock_timestamp() as at) as now
     returning ${ROW}`,
    [groupId, JSON.stringify(numbered)],
  );
  await tx.query("select pg_notify($1, $2)", [FEED_CHANNEL, `${groupId}:${group.head}`]);
  return rows.sort((a, b) => a.seq - b.seq);
}

async function postMessage(
  tx: Queryable,
  { groupId, actor, text, key }: NewMessage,
): ReturnType<Feed["postMessage"]> {
  const { closed } = await lockGroup(tx, groupId, "allowed");
  const [said] = await tx.query<MessageRow>(
    `select ${MESSAGE} from message where grp = $1 and author = $2 and key = $3`,
    [groupId, actor, key],
  );
  if (said !== undefined) {
    const [row] = await tx.query<FeedRow>(`select ${ROW} from feed where grp = $1 and seq = $2`, [
      groupId,
      said.seq,
    ]);
    return { message: said, row: row!, created: false };
  }
  if (closed) await lockGroup(tx, groupId);
  const id = newId();
  const [row] = await append(tx, groupId, [{ kind: "MESSAGE", keys: { message: id }, actor }]);
  const [message] = await tx.query<MessageRow>(
    `insert into message (id, grp, seq, author, key, text) values ($1, $2, $3, $4, $5, $6) returning ${MESSAGE}`,
    [id, groupId, row!.seq, actor, key, text],
  );
  return { message: message!, row: row!, created: true };
}
