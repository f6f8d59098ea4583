// One consumer of the log in PostgreSQL: a connection of its own, which holds the consumer's lock, hears of
// new changes and keeps how far it is. When the connection breaks the lock falls, and nothing that was handled
// on it can be acknowledged any more: whoever has the lock next goes on from what is kept.
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "pg";
import { JuntoError } from "../errors/index.ts";
import { connectionOptions } from "../database/database.ts";
import type { Log } from "../observe/index.ts";
import { createBell, type Bell } from "./bell.ts";
import type { Change, ChangeHandler, ChangeSubscription } from "./log.ts";
import { CHANGE_CHANNEL } from "./tables.ts";

export interface ConsumerOptions {
  readonly databaseUrl: string;
  readonly log: Log;
  readonly consumer: string;
  readonly handler: ChangeHandler;
  readonly attempts: number;
  readonly pause: number;
  readonly lookEvery: number;
}

interface Positioned {
  readonly position: string;
  readonly change: Change;
}

/** One session: from the connection to its end. */
interface Session extends ConsumerOptions {
  readonly client: Client;
  readonly bell: Bell;
  readonly closing: AbortSignal;
}

const BATCH = 200;
const LONGEST_PAUSE = 5_000;
/** How soon another gateway goes on when this one dies. */
const STANDBY_LOOKS_EVERY = 500;

export function consume(options: ConsumerOptions): ChangeSubscription {
  const closing = new AbortController();
  const bell = createBell();
  const running = keepRunning(options, bell, closing.signal);
  return {
    async close() {
      closing.abort();
      bell.ring();
      await running;
    },
  };
}

async function keepRunning(options: ConsumerOptions, bell: Bell, closing: AbortSignal): Promise<void> {
  let pause = 50;
  while (!closing.aborted) {
    const client = new Client({ ...connectionOptions(options.databaseUrl), query_timeout: 15_000 });
    client.on("error", bell.ring);
    client.on("end", bell.ring);
    client.on("notification", bell.ring);
    try {
      await client.connect();
      pause = 50;
      await run({ ...options, client, bell, closing });
    } catch (error) {
      options.log.warn({ err: error, consumer: options.consumer }, "a consumer of changes begins again");
    } finally {
      await client.end().catch(() => {});
    }
    await delay(pause, undefined, { signal: closing }).catch(() => {});
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }
}

async function run(session: Session): Promise<void> {
  const { client, bell, closing, consumer } = session;
  await client.query(`listen ${CHANGE_CHANNEL}`);
  while (!closing.aborted && !(await lock(client, consumer))) await bell.wait(STANDBY_LOOKS_EVERY);
  if (closing.aborted) return;
  await client.query("insert into change_consumer (name, position) values ($1, 0) on conflict do nothing", [
    consumer,
  ]);
  let position = await positionOf(client, consumer);
  while (!closing.aborted) {
    const batch = await read(client, position);
    if (batch.length === 0) await bell.wait(session.lookEvery);
    else position = (await deliver(session, batch)) ?? position;
  }
  // Who stands by need not wait until it looks again.
  await client.query("select pg_advisory_unlock_all(), pg_notify($1, '')", [CHANGE_CHANNEL]);
}

/** @returns the position up to which everything has been dealt with; null: of nothing, because it is closing */
async function deliver(session: Session, batch: readonly Positioned[]): Promise<string | null> {
  const last = batch.at(-1)!.position;
  const failed = await attempt(
    session,
    batch.map(({ change }) => change),
  );
  if (failed === null) {
    await acknowledge(session, last);
    return last;
  }
  session.log.warn(
    { err: failed.error, consumer: session.consumer, changes: batch.length },
    "changes were not handled, and are tried one by one",
  );
  for (const positioned of batch) {
    const dealtWith = await deliverAlone(session, positioned);
    if (!dealtWith) return null;
  }
  return last;
}

/** @returns false when it is closing and the change has been neither handled nor skipped */
async function deliverAlone(session: Session, { position, change }: Positioned): Promise<boolean> {
  const { closing, attempts, consumer, log } = session;
  let pause = session.pause;
  for (let failures = 0; ;) {
    await delay(pause, undefined, { signal: closing }).catch(() => {});
    if (closing.aborted) return false;
    const failed = await attempt(session, [change]);
    if (failed === null) {
      await acknowledge(session, position);
      return true;
    }
    // Then it is not the change's fault, and it waits for as long as it takes.
    const { error } = failed;
    const away = error instanceof JuntoError && error.code === "UNAVAILABLE";
    if (!away && ++failures >= attempts) {
      const { source, id, entity } = change;
      log.error({ err: error, consumer, source, id, entity }, "a change could not be handled and is skipped");
      await skip(session, position, change, error);
      return true;
    }
    pause = Math.min(pause * 3, LONGEST_PAUSE);
  }
}

/** Errors of the handler; those of the connection, on which nothing can be acknowledged any more, end the session. */
async function attempt(
  { handler }: Session,
  changes: readonly Change[],
): Promise<{ readonly error: unknown } | null> {
  try {
    await handler(changes);
    return null;
  } catch (error) {
    return { error };
  }
}

async function lock(client: Client, consumer: string): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>(
    "select pg_try_advisory_lock(hashtextextended('consumer of changes ' || $1, 0)) as locked",
    [consumer],
  );
  return rows[0]?.locked === true;
}

async function positionOf(client: Client, consumer: string): Promise<string> {
  const { rows } = await client.query<{ position: string }>(
    "select position from change_consumer where name = $1",
    [consumer],
  );
  return rows[0]!.position;
}

async function read(client: Client, after: string): Promise<Positioned[]> {
  const { rows } = await client.query<{ position: string } & Omit<Change, "time"> & { time: Date }>(
    `select position, source, id, entity, key, kind, subjects, time from change
     where position > $1 order by position limit $2`,
    [after, BATCH],
  );
  return rows.map(({ position, time, ...change }) => ({
    position,
    change: { ...change, time: time.toISOString() },
  }));
}

async function acknowledge({ client, consumer }: Session, position: string): Promise<void> {
  await client.query("update change_consumer set position = $2 where name = $1", [consumer, position]);
}

async function skip(
  session: Session,
  position: string,
  { source, id, entity }: Change,
  error: unknown,
): Promise<void> {
  const reason =
    error instanceof JuntoError ? error.code : error instanceof Error ? error.name : typeof error;
  await session.client.query(
    `insert into change_skipped (consumer, position, source, id, entity, reason) values ($1, $2, $3, $4, $5, $6)
     on conflict do nothing`,
    [session.consumer, position, source, id, entity, reason],
  );
  await acknowledge(session, position);
}
