// Follows a group's feed over WebSocket: from a cursor on, and on from there after every interruption.
import { setTimeout as delay } from "node:timers/promises";
import { createClient, type Client } from "graphql-ws";
import { WebSocket } from "ws";
import { describeErrors, noAnswer, type Connection, type GraphqlError } from "./connection.ts";
import type { FeedEvent } from "./draw/feed.ts";
import { failure } from "./errors.ts";
import { FEED } from "./operations.ts";

export interface FollowOptions {
  readonly connection: Pick<Connection, "url" | "token">;
  readonly group: string;
  /** `seq` of the last event that is known. */
  readonly after: number;
  readonly locale?: string;
  readonly signal: AbortSignal;
  onEvent(event: FeedEvent): void;
  /** The connection was lost, or is there again. */
  onState(state: "away" | "back"): void;
}

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 5_000;
const PING_MS = 15_000;
/** Close codes of graphql-ws that say "your token": a new one may help, once. */
const ABOUT_THE_TOKEN = new Set([4401, 4403]);
/** Close codes that say "you do it wrong": trying again does not help. */
const ABOUT_THE_CLIENT = new Set([4400, 4406, 4409]);

/** Ends when `signal` aborts. Throws when trying again would not help. */
export async function followFeed(options: FollowOptions): Promise<void> {
  const { connection, group, signal } = options;
  const state = { after: options.after, connected: false, away: false, failures: 0, refusals: 0 };

  while (!signal.aborted) {
    try {
      const token = await connection.token(state.refusals > 0);
      const client = openClient(connection.url, token, () => {
        if (state.away) options.onState("back");
        Object.assign(state, { connected: true, away: false, refusals: 0 });
      });
      const variables = { group, after: state.after, locale: options.locale ?? "en" };
      for await (const event of events(client, variables, signal)) {
        Object.assign(state, { after: event.seq, failures: 0 });
        options.onEvent(event);
      }
      if (!signal.aborted) throw failure("the gateway ended the feed: the group is no longer open to you.");
    } catch (error) {
      if (signal.aborted) return;
      const code = closeCode(error);
      if (code !== undefined && ABOUT_THE_TOKEN.has(code)) state.refusals += 1;
      if (!mayHelp(error, state)) throw explained(error, connection.url);
      if (!state.away) options.onState("away");
      state.away = true;
      await delay(waitFor(state.failures++), undefined, { signal }).catch(() => undefined);
    }
  }
}

function openClient(url: string, token: string, onConnected: () => void): Client {
  let pong: NodeJS.Timeout | undefined;
  const client: Client = createClient({
    url: `${url.replace(/^http/, "ws")}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    keepAlive: PING_MS,
    connectionParams: { authorization: `Bearer ${token}` },
    on: {
      connected: onConnected,
      // A line that is cut without a word is noticed by an answer that does not come.
      ping: (received) => {
        if (!received) pong = setTimeout(() => client.terminate(), PING_MS).unref();
      },
      pong: (received) => {
        if (received) clearTimeout(pong);
      },
      closed: () => clearTimeout(pong),
    },
  });
  return client;
}

async function* events(
  client: Client,
  variables: Record<string, unknown>,
  signal: AbortSignal,
): AsyncGenerator<FeedEvent, void, void> {
  const feed = client.iterate<{ groupFeed: FeedEvent }>({ query: FEED, variables });
  const stop = () => void Promise.resolve(client.dispose()).catch(() => undefined);
  signal.addEventListener("abort", stop, { once: true });
  try {
    for await (const { data, errors } of feed) {
      if (errors !== undefined && !data?.groupFeed) throw errors;
      if (data?.groupFeed) yield data.groupFeed;
    }
  } finally {
    signal.removeEventListener("abort", stop);
    await client.dispose();
  }
}

/** Whether another attempt may go better. A gateway that never answered is rather a wrong address. */
function mayHelp(error: unknown, state: { readonly connected: boolean; readonly refusals: number }): boolean {
  if (isGraphqlErrors(error)) return error.every(({ extensions }) => extensions?.code === "UNAVAILABLE");
  if (error instanceof Error && error.name === "CliError")
    return state.connected && error.cause !== undefined;
  const code = closeCode(error);
  if (code !== undefined && ABOUT_THE_CLIENT.has(code)) return false;
  if (code !== undefined && ABOUT_THE_TOKEN.has(code)) return state.refusals < 2;
  return state.connected;
}

function explained(error: unknown, url: string): unknown {
  if (isGraphqlErrors(error)) return failure(describeErrors(error));
  if (error instanceof Error && error.name === "CliError") return error;
  const code = closeCode(error);
  if (code === undefined || code < 4000) return failure(noAnswer("gateway", url), error);
  const reason = (error as { reason?: unknown }).reason;
  return failure(`the gateway closed the connection: ${String(reason)} (${code})`, error);
}

function waitFor(failures: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures) * (0.75 + Math.random() / 2);
}

function closeCode(error: unknown): number | undefined {
  const code = typeof error === "object" && error !== null ? (error as { code?: unknown }).code : undefined;
  return typeof code === "number" ? code : undefined;
}

function isGraphqlErrors(error: unknown): error is readonly GraphqlError[] {
  return Array.isArray(error);
}
