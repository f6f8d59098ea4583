// Tells of new rows in feeds, whichever gateway wrote them: by notification at once, and by looking now and
// then for what a notification was lost of.
import type { Log } from "../observe/index.ts";
import type { Database } from "../database/database.ts";
import type { Notices } from "./notices.ts";

/** There are rows up to `seq` in the group's feed. May be told more than once. */
type FeedListener = (groupId: string, seq: number) => void;

export interface Announcements {
  /** @returns what ends it */
  onFeed(listener: FeedListener): () => void;
  close(): Promise<void>;
}

export interface AnnouncementsOptions {
  readonly database: Database;
  readonly notices: Notices;
  readonly log: Log;
  /** How often to look, in ms. */
  readonly interval?: number;
}

/** How far back to look, so that also what was committed late is found. */
const WINDOW = 60_000;

export function createAnnouncements({
  database,
  notices,
  log,
  interval = 1_500, // so that I8 holds also while notifications do not come
}: AnnouncementsOptions): Announcements {
  const listeners = new Set<FeedListener>();
  let announced = new Map<string, number>();
  let lookedAt = Date.now();
  let looking: Promise<void> | undefined;

  const announce = (groupId: string, seq: number): void => {
    if ((announced.get(groupId) ?? 0) >= seq) return;
    announced.set(groupId, seq);
    for (const listener of listeners) {
      try {
        listener(groupId, seq);
      } catch (error) {
        log.error({ err: error, group: groupId }, "a listener to feeds failed");
      }
    }
  };

  const look = async (): Promise<void> => {
    const startedAt = Date.now();
    const rows = await database.query<{ groupId: string; seq: number }>(
      `select grp as "groupId", max(seq) as seq from feed
       where at > clock_timestamp() - make_interval(secs => $1) group by grp`,
      [(startedAt - lookedAt + WINDOW) / 1_000],
    );
    for (const { groupId, seq } of rows) announce(groupId, seq);
    // What has left the window cannot be found again: only the rest must be remembered.
    announced = new Map(
      rows.map(({ groupId, seq }) => [groupId, Math.max(seq, announced.get(groupId) ?? 0)]),
    );
    lookedAt = startedAt;
  };
  const lookSoon = (): void => {
    looking ??= look()
      .catch((error: unknown) => log.warn({ err: error }, "could not look for new rows in feeds"))
      .finally(() => (looking = undefined));
  };

  const timer = setInterval(lookSoon, interval);
  notices.onNotice("feed", (payload) => {
    const [groupId, seq] = payload.split(":");
    if (groupId !== undefined && Number.isInteger(Number(seq))) announce(groupId, Number(seq));
  });
  notices.onListening(lookSoon);

  return {
    onFeed(listener) {
      // An own function: the same one given twice is told twice, and each is ended by itself.
      const own: FeedListener = (groupId, seq) => listener(groupId, seq);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    async close() {
      clearInterval(timer);
      listeners.clear();
      await looking;
    },
  };
}
