// Subscribes to a subgraph as the gateway does: one connection, whose token comes in `connection_init`.
import { createClient } from "graphql-ws";
import { WebSocket } from "ws";
import type { QueryResult } from "./result.ts";

/** Events, one after the other. `return` ends the subscription. */
export type TestEvents = AsyncIterableIterator<Omit<QueryResult, "status">>;

/** What `next` rejects with when the subgraph refuses or fails. */
export interface SubscriptionFailure extends Error {
  /** What it said in an `error` message. */
  readonly errors?: QueryResult["errors"];
  /** The code with which it closed the connection. */
  readonly closeCode?: number;
}

export function subscribeTo(
  url: string,
  asked: { readonly query: string; readonly variables?: Readonly<Record<string, unknown>> },
  authorization: string | undefined,
): TestEvents {
  const client = createClient({
    url: url.replace(/^http/, "ws"),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: authorization === undefined ? {} : { authorization },
  });
  const events = client.iterate({ query: asked.query, variables: { ...asked.variables } });
  const done = async (): Promise<IteratorResult<never>> => {
    await events.return?.(undefined);
    await client.dispose();
    return { done: true, value: undefined };
  };
  return {
    async next() {
      try {
        const result = await events.next();
        return result.done
          ? await done()
          : { done: false, value: result.value as Omit<QueryResult, "status"> };
      } catch (thrown) {
        throw failure(thrown);
      }
    },
    return: done,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

function failure(thrown: unknown): SubscriptionFailure {
  if (Array.isArray(thrown)) {
    const errors = thrown as NonNullable<QueryResult["errors"]>;
    return Object.assign(new Error(errors[0]?.message ?? "The subgraph refused"), { errors });
  }
  const { code } = thrown as { code?: unknown };
  if (typeof code !== "number") return thrown instanceof Error ? thrown : new Error(String(thrown));
  return Object.assign(new Error(`The subgraph closed the connection with ${code}`), { closeCode: code });
}
