// Follows the ERP's write-ahead log for as long as the subgraph runs: a few milliseconds after a commit its
// changes are in the outbox. A position is acknowledged only after that, so nothing is lost by a restart of
// either side; and positions that the outbox has are skipped, so nothing comes twice.
import { setTimeout as pause } from "node:timers/promises";
import type { Change, ChangeSink, Logger, Watch } from "@junto/subgraph";
import type { Pgoutput } from "pg-logical-replication";
import type { Database } from "../database.ts";
import { watchDays } from "./days.ts";
import { describe, describeEverything } from "./describe.ts";
import { lsnOf, lsnText } from "./lsn.ts";
import { prepareSlot, type SlotNames } from "./slot.ts";
import { openStream, type LogReader, type LogStream } from "./stream.ts";
import { merge, nothingTouched, touch, type Touched } from "./touched.ts";

export interface WatchOptions extends SlotNames {
  readonly databaseUrl: string;
  readonly db: Database;
  /** Tells the time; the system's clock when absent. */
  readonly now?: () => Date;
}

/** For `startSubgraph`. Throws while the log cannot be read at all; afterwards it reconnects by itself. */
export function watchLog(options: WatchOptions): Watch {
  return async (sink, { log, signal }) => {
    const closed = new AbortController();
    const over = AbortSignal.any([signal, closed.signal]);
    const again = (): Promise<LogStream> => connect(options, sink, log, over);
    const going = keepGoing(await again(), again, over, log);
    const days = await watchDays(options, sink, log);
    return {
      async close() {
        closed.abort();
        days.close();
        await going;
      },
    };
  };
}

const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 5_000;

async function keepGoing(
  first: LogStream,
  again: () => Promise<LogStream>,
  signal: AbortSignal,
  log: Logger,
): Promise<void> {
  let stream: LogStream | undefined = first;
  let wait = FIRST_PAUSE;
  while (!signal.aborted) {
    const since = Date.now();
    try {
      stream ??= await again();
      const error = await endOf(stream, signal);
      if (error) throw error;
    } catch (error) {
      log.warn({ reason: (error as Error).message }, "the ERP's log cannot be read: connecting again");
    }
    stream = undefined;
    if (signal.aborted) return;
    // One that breaks off as soon as it has begun is not asked again at once.
    if (Date.now() - since > LONGEST_PAUSE) wait = FIRST_PAUSE;
    await pause(wait, undefined, { signal }).catch(() => undefined);
    wait = Math.min(wait * 2, LONGEST_PAUSE);
  }
}

async function endOf(stream: LogStream, signal: AbortSignal): Promise<Error | undefined> {
  const close = (): void => void stream.close();
  signal.addEventListener("abort", close);
  if (signal.aborted) close();
  const error = await stream.ended;
  signal.removeEventListener("abort", close);
  return signal.aborted ? undefined : (error ?? new Error("The server ended it"));
}

/** How far the outbox has the log of which server; when that was written. */
interface Position {
  readonly system: string;
  readonly lsn: string;
  readonly time: string;
  /** What follows cannot be read from the log. */
  readonly gap?: true;
}

const CURSOR = "log";

/** Prepares the server, makes up for what its log does not have, and reads on. */
async function connect(
  options: WatchOptions,
  sink: ChangeSink,
  log: Logger,
  signal: AbortSignal,
): Promise<LogStream> {
  const { db, now = () => new Date() } = options;
  const stored = await sink.cursor(CURSOR);
  let position = stored === undefined ? undefined : (JSON.parse(stored) as Position);
  const store: Store = (changes, next) => {
    position = next;
    return sink.emit(changes, { name: CURSOR, value: JSON.stringify(next) });
  };
  const { system, end } = await prepareSlot(
    options.databaseUrl,
    options,
    async () => {
      if (position) await store([], { ...position, gap: true });
    },
    signal,
  );
  if (!position || hasGap(position, system, end)) {
    const time = now().toISOString();
    // Read after the slot was made: what is committed meanwhile is said twice rather than not at all.
    const missed = position ? await describeMissed(db, position, time, log) : [];
    await store(missed, { system, lsn: "0/0", time });
  }
  const after = lsnOf(position!.lsn);
  return openStream(options, (stream) =>
    makeReader({
      db,
      after,
      stream,
      now,
      store: (changes, lsn, time) => store(changes, { system, lsn: lsnText(lsn), time }),
    }),
  );
}

type Store = (changes: readonly Change[], position: Position) => Promise<void>;

/** The log from there on cannot be had; or the server is another one, or an older copy of itself. */
function hasGap(position: Position, system: string, end: bigint): boolean {
  return position.gap === true || position.system !== system || lsnOf(position.lsn) > end;
}

/** Transactions commit a little after the clock was read. */
const MARGIN = 10 * 60_000;

function describeMissed(db: Database, position: Position, time: string, log: Logger): Promise<Change[]> {
  const since = new Date(Date.parse(position.time) - MARGIN);
  log.warn({ since }, "the ERP's log has a gap: everything since then counts as changed");
  return describeEverything(db, since, time);
}

interface ReaderOptions {
  readonly db: Database;
  /** Up to here the outbox has it. */
  readonly after: bigint;
  readonly stream: LogStream;
  readonly store: (changes: readonly Change[], lsn: bigint, time: string) => Promise<void>;
  readonly now: () => Date;
}

/** Gathers transactions. While some are being stored, those that follow are merged and stored together. */
function makeReader({ db, after, stream, store, now }: ReaderOptions): LogReader {
  let open: Touched | undefined;
  let waiting: { touched: Touched; lsn: bigint; time: string } | undefined;
  let storing = false;

  const storeWaiting = async (): Promise<void> => {
    if (storing) return;
    storing = true;
    try {
      while (waiting) {
        const { touched, lsn, time } = waiting;
        waiting = undefined;
        const changes = touched.everything
          ? await describeEverything(db, now(), time)
          : await describe(db, touched, time);
        await store(changes, lsn, time);
        stream.acknowledge(lsn);
      }
    } catch (error) {
      stream.fail(error as Error);
      return;
    }
    storing = false;
  };

  const commit = (touched: Touched, { commitEndLsn, commitTime }: Pgoutput.MessageCommit): void => {
    const lsn = lsnOf(commitEndLsn!);
    if (lsn <= after) return;
    const time = new Date(Number(commitTime) / 1000).toISOString();
    if (waiting) merge(waiting.touched, touched);
    waiting = { touched: waiting?.touched ?? touched, lsn, time };
    void storeWaiting();
  };

  return {
    message(message) {
      if (message.tag === "begin") open = nothingTouched();
      else if (open && message.tag === "commit") {
        commit(open, message);
        open = undefined;
      } else if (open) touch(open, message);
    },
    idle: () => !open && !waiting && !storing,
  };
}
