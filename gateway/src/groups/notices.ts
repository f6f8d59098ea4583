// What gateways on one database tell each other at once. It goes by notifications, which are kept nowhere and can be lost:
// whoever needs what was told before looks for itself when it listens (again).
import type { Database } from "../database/database.ts";
import { listen } from "../database/listen.ts";
import type { Log } from "../observe/index.ts";

export const CHANNELS = {
  /** There is more in a group's feed: `<group>:<seq>`. */
  feed: "junto_feed",
  /** Something is another for one person in a group, how far they have read for example: `<group>:<person>`. */
  personal: "junto_personal",
  /** Who is where: presence/presence.ts. */
  presence: "junto_presence",
} as const;

type Topic = keyof typeof CHANNELS;

export interface Notices {
  /** Tells every gateway, this one as well. `payload`: 8,000 bytes at most. */
  tell(topic: Topic, payload: string): Promise<void>;
  /** @returns what ends it */
  onNotice(topic: Topic, listener: (payload: string) => void): () => void;
  /** From now on nothing is missed, until the next break. @returns what ends it */
  onListening(listener: () => void): () => void;
  close(): Promise<void>;
}

export function createNotices(parts: {
  readonly database: Database;
  readonly databaseUrl: string;
  readonly log: Log;
}): Notices {
  const { database, databaseUrl, log } = parts;
  const listeners = new Map<string, Set<(payload: string) => void>>();
  const on = (name: string, listener: (payload: string) => void): (() => void) => {
    // An own function: the same one given twice is told twice, and each is ended by itself.
    const own = (payload: string): void => listener(payload);
    const known = listeners.get(name) ?? new Set();
    listeners.set(name, known.add(own));
    return () => void known.delete(own);
  };
  const say = (name: string, payload: string): void => {
    for (const listener of listeners.get(name) ?? []) {
      try {
        listener(payload);
      } catch (error) {
        log.error({ err: error, channel: name }, "a listener to notifications failed");
      }
    }
  };
  const listening = listen({
    databaseUrl,
    channels: Object.values(CHANNELS),
    log,
    onNotification: say,
    onListening: () => say(LISTENING, ""),
  });
  return {
    tell: async (topic, payload) =>
      void (await database.query("select pg_notify($1, $2)", [CHANNELS[topic], payload])),
    onNotice: (topic, listener) => on(CHANNELS[topic], listener),
    onListening: (listener) => on(LISTENING, listener),
    close: () => listening.close(),
  };
}

/** Beside the names of channels. */
const LISTENING = "";
