// LISTEN on a connection of its own, which comes back when it breaks. Notifications can be lost: who listens
// is told of every (re)connection, and looks for itself.
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "pg";
import type { Log } from "../observe/index.ts";
import { connectionOptions } from "./database.ts";

export interface ListenOptions {
  readonly databaseUrl: string;
  readonly channels: readonly string[];
  readonly log: Log;
  readonly onNotification: (channel: string, payload: string) => void;
  /** From now on nothing is missed, until the next break. */
  readonly onListening: () => void;
}

export interface Listening {
  close(): Promise<void>;
}

/** A connection that is dead without having said so is found out within two of these. */
const HEARTBEAT = 15_000;
const LONGEST_PAUSE = 5_000;

export function listen(options: ListenOptions): Listening {
  const closing = new AbortController();
  const running = keepListening(options, closing.signal);
  return {
    async close() {
      closing.abort();
      await running;
    },
  };
}

async function keepListening(options: ListenOptions, signal: AbortSignal): Promise<void> {
  let pause = 50;
  while (!signal.aborted) {
    try {
      await listenOnce(options, signal, () => (pause = 50));
    } catch (error) {
      options.log.warn(
        { err: error, channels: options.channels },
        "the connection that listens to PostgreSQL broke",
      );
    }
    await delay(pause, undefined, { signal }).catch(() => {});
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }
}

/** Listens until the connection ends or is not wanted any more. */
async function listenOnce(options: ListenOptions, signal: AbortSignal, connected: () => void): Promise<void> {
  const client = new Client({ ...connectionOptions(options.databaseUrl), query_timeout: HEARTBEAT });
  const ended = new Promise<void>((resolve, reject) => {
    client.once("error", reject);
    client.once("end", resolve);
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  // Awaited below; until then an error here is one of `connect`, too.
  ended.catch(() => {});
  client.on("error", () => {});
  client.on("notification", ({ channel, payload }) => options.onNotification(channel, payload ?? ""));
  let heartbeat: NodeJS.Timeout | undefined;
  try {
    await client.connect();
    for (const channel of options.channels) await client.query(`listen ${client.escapeIdentifier(channel)}`);
    if (signal.aborted) return;
    connected();
    options.onListening();
    const failed = new Promise<never>((_, reject) => {
      heartbeat = setInterval(() => void client.query("select 1").catch(reject), HEARTBEAT);
    });
    await Promise.race([ended, failed]);
  } finally {
    clearInterval(heartbeat);
    void client.end().catch(() => {});
  }
}
