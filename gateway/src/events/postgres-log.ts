// The log of changes in PostgreSQL. Positions are given under the lock of one row, which is held to the commit:
// so they become visible in their order, and who reads on from the last that they saw misses nothing.
import { openDatabase, type Database, type Queryable } from "../database/database.ts";
import { migrate } from "../database/migrate.ts";
import type { Log } from "../observe/index.ts";
import { consume } from "./consumer.ts";
import type { Appended, Change, ChangeLog, ChangeSubscription, SkippedChange } from "./log.ts";
import { CHANGE_CHANNEL, MIGRATIONS } from "./tables.ts";

export interface ChangeLogOptions {
  readonly databaseUrl: string;
  readonly log: Log;
  /** How often a change is tried by itself before it is skipped. */
  readonly attempts?: number;
  /** Before a change is tried again, in ms; longer each time. */
  readonly pause?: number;
  /** How often to look for what a notification was lost of, in ms. */
  readonly lookEvery?: number;
  /** What every consumer has handled is kept for so long, in ms, so that it is known when it is sent again. */
  readonly keepFor?: number;
}

const MINUTE = 60_000;
const WEEK = 7 * 24 * 60 * MINUTE;

export async function openChangeLog(options: ChangeLogOptions): Promise<ChangeLog> {
  const { databaseUrl, log, attempts = 5, pause = 100, lookEvery = 2_000, keepFor = WEEK } = options;
  const database = openDatabase({ databaseUrl, log, connections: 4 });
  try {
    await migrate(database, "events", MIGRATIONS);
  } catch (error) {
    await database.close();
    throw error;
  }
  const subscriptions = new Set<ChangeSubscription>();
  const trimming = setInterval(
    () => {
      trim(database, keepFor, log).catch((error: unknown) =>
        log.warn({ err: error }, "could not trim the log of changes"),
      );
    },
    Math.min(keepFor, 10 * MINUTE),
  );
  trimming.unref();

  return {
    append: async (changes) =>
      changes.length === 0
        ? { accepted: 0, duplicates: 0 }
        : database.transaction((tx) => append(tx, changes)),

    subscribe(consumer, handler) {
      const subscription = consume({ databaseUrl, log, consumer, handler, attempts, pause, lookEvery });
      subscriptions.add(subscription);
      return subscription;
    },

    skipped: (consumer) =>
      database.query<SkippedChange>(
        "select source, id, entity, reason, at from change_skipped where consumer = $1 order by position desc limit 1000",
        [consumer],
      ),

    async close() {
      clearInterval(trimming);
      await Promise.all([...subscriptions].map((subscription) => subscription.close()));
      await database.close();
    },
  };
}

async function append(tx: Queryable, changes: readonly Change[]): Promise<Appended> {
  const [head] = await tx.query<{ position: string }>("select position from change_head for update");
  // In a statement of its own, which sees everything that was committed before the lock was had.
  const [counted] = await tx.query<{ accepted: number }>(
    `with given as (
       select distinct on (source, id) ordinal, source, id, entity, key, kind, subjects, time
       from jsonb_to_recordset($1::jsonb)
         as row (ordinal int, source text, id text, entity text, key jsonb, kind text, subjects jsonb, time timestamptz)
       order by source, id, ordinal
     ), stored as (
       insert into change (position, source, id, entity, key, kind, subjects, time)
       select $2::bigint + row_number() over (order by ordinal), source, id, entity, key, kind, subjects, time
       from given where not exists (select from change where (change.source, change.id) = (given.source, given.id))
       returning position
     )
     select count(*)::int as accepted from stored`,
    [JSON.stringify(changes.map((change, ordinal) => ({ ...change, ordinal }))), head!.position],
  );
  const { accepted } = counted!;
  if (accepted > 0) {
    await tx.query("update change_head set position = position + $1", [accepted]);
    await tx.query("select pg_notify($1, '')", [CHANGE_CHANNEL]);
  }
  return { accepted, duplicates: changes.length - accepted };
}

/** A consumer that does not come back would keep everything for ever: it is waited for four times as long. */
async function trim(database: Database, keepFor: number, log: Log): Promise<void> {
  const trimmed = await database.query<{ handled: boolean; changes: number }>(
    `with waited_for as (select min(position) as position from change_consumer),
     trimmed as (
       delete from change using waited_for
       where at < now() - make_interval(secs => $1)
         and (change.position <= waited_for.position or at < now() - 4 * make_interval(secs => $1))
       returning coalesce(change.position <= waited_for.position, false) as handled
     )
     select handled, count(*)::int as changes from trimmed group by handled`,
    [keepFor / 1_000],
  );
  const lost = trimmed.find(({ handled }) => !handled);
  if (lost !== undefined)
    log.error({ changes: lost.changes }, "changes were dropped that a consumer did not come for");
  await database.query("delete from change_skipped where at < now() - 4 * make_interval(secs => $1)", [
    keepFor / 1_000,
  ]);
}
