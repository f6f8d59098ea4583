// A request to a subgraph, made again where that is safe and worth it, until there is an answer.
import type { Dispatcher } from "undici";
import type { StopSignal } from "../cancel/stopper.ts";
import type { SubgraphAnswer } from "../execute/fetch-request.ts";
import { readAnswer } from "./answer.ts";
import { exchange, Failure, type Exchanged } from "./exchange.ts";
import type { Connections } from "./pool.ts";
import { createRetryBudget, isMomentary, isSafeToRepeat, retryAfter, waitBefore } from "./retry.ts";
import type { Stop } from "./stop.ts";
import type { Time } from "./time.ts";

export interface HttpRequest {
  readonly operationKind: "query" | "mutation" | "subscription";
  /** The JSON text of the request. */
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: StopSignal | undefined;
}

export interface TriesParts {
  /** Of the subgraph. */
  readonly name: string;
  readonly connections: Connections;
  readonly path: string;
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes of one answer. */
  readonly maxResponse: number;
  readonly time: Time;
  /** Nothing is tried again any more. */
  readonly closed: () => boolean;
  readonly onRetry: () => void;
}

/** @param most further tries. @throws Failure when there was no answer that is GraphQL */
export type Ask = (request: HttpRequest, most: number, stop: Stop) => Promise<SubgraphAnswer>;

const ACCEPT = "application/graphql-response+json, application/json;q=0.9";

export function createTries(parts: TriesParts): Ask {
  const { connections, path, maxResponse, time } = parts;
  const always = ["content-type", "application/json", "accept", ACCEPT];
  for (const [header, value] of Object.entries(parts.headers)) always.push(header, value);
  const budget = createRetryBudget();

  const post = (request: HttpRequest, headers: string[], stop: Stop): Promise<Exchanged> => {
    const isRead = request.operationKind === "query";
    const dispatch: Dispatcher.DispatchOptions = {
      method: "POST",
      path,
      headers,
      body: request.body,
      idempotent: isRead,
    };
    return exchange(isRead ? connections.reads : connections.writes, dispatch, maxResponse, stop.watch);
  };

  return async (request, most, stop) => {
    const headers = [...always];
    for (const header in request.headers) headers.push(header, request.headers[header]!);
    budget.earn();
    for (let tried = 1; ; tried++) {
      let failure: Failure;
      let after = 0;
      try {
        const exchanged = await post(request, headers, stop);
        if (!isMomentary(exchanged.status)) return read(parts.name, exchanged);
        after = retryAfter(exchanged.retryAfter, time.date);
        failure = new Failure("status", `It answered ${exchanged.status}.`);
      } catch (error) {
        failure = error as Failure;
      }
      const wait = Math.max(after, waitBefore(tried, time.random));
      const isWorthIt = tried <= most && !parts.closed() && time.now() + wait < stop.at;
      if (!isWorthIt || !isSafeToRepeat(request.operationKind, failure) || !budget.spend()) throw failure;
      parts.onRetry();
      await stop.pause(wait);
    }
  };
}

function read(name: string, { status, text }: Exchanged): SubgraphAnswer {
  if (status >= 300 && status < 400)
    throw new Failure("status", `It answered ${status}: a redirect, which is not followed.`);
  try {
    return readAnswer(`Subgraph ${name} answered ${status}`, text);
  } catch (error) {
    // What is wrong with the request (4xx) says nothing of the subgraph.
    throw new Failure(
      status >= 400 && status < 500 ? "request" : "not GraphQL",
      `It answered ${status}.`,
      error,
    );
  }
}
