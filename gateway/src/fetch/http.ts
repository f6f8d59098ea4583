// A subgraph over HTTP: a deadline over everything, reads that are tried again, a breaker, and answers that are
// bounded and checked. A client that leaves stops what is under way.
import type { Dispatcher } from "undici";
import { JuntoError } from "../errors/index.ts";
import type { SubgraphAnswer } from "../execute/fetch-request.ts";
import { readAnswer } from "./answer.ts";
import { createBreaker, type BreakerState, type Outcome } from "./breaker.ts";
import { exchange, Failure, type Exchanged, type FailureReason, type UnderWay } from "./exchange.ts";
import { openConnections } from "./pool.ts";
import type { StopSignal } from "../cancel/stopper.ts";
import { createRetryBudget, isMomentary, isSafeToRepeat, retryAfter, waitBefore } from "./retry.ts";

export interface HttpSubgraphOptions {
  readonly name: string;
  /** Where it answers GraphQL over HTTP. */
  readonly url: string;
  /** Milliseconds from the request to the last byte of the answer, further tries included. */
  readonly deadline?: number;
  /** Bytes of one answer. */
  readonly maxResponse?: number;
  /** Connections at once; with HTTP/2 each serves many requests. */
  readonly connections?: number;
  /** How often a read is tried again. */
  readonly retries?: number;
  /** Whether HTTP/2 is spoken where the subgraph offers it over TLS. */
  readonly http2?: boolean;
  /** Certificates (PEM) to trust, in the place of those that Node does. */
  readonly ca?: string;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly onEvent?: (event: SubgraphEvent) => void;
  readonly time?: Time;
}

/** What an operator may want to know. */
export type SubgraphEvent =
  | { readonly kind: "retried" }
  | { readonly kind: "failed"; readonly reason: FailureReason }
  /** With milliseconds from `send` to its end. */
  | { readonly kind: "done"; readonly took: number }
  | { readonly kind: "breaker"; readonly state: BreakerState };

/** Clock, chance and timers: tests bring their own. */
export interface Time {
  /** Milliseconds that only rise. */
  now(): number;
  /** Milliseconds since 1970. */
  date(): number;
  /** From 0 to 1. */
  random(): number;
  setTimeout(run: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
}

export interface HttpRequest {
  readonly operationKind: "query" | "mutation" | "subscription";
  /** The JSON text of the request. */
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: StopSignal;
}

export interface HttpSubgraph {
  /** @throws JuntoError SUBGRAPH_AWAY when there was no answer that is GraphQL. */
  send(request: HttpRequest): Promise<SubgraphAnswer>;
  /** Whether the subgraph and the old system behind it say that they are well. */
  healthy(): Promise<boolean>;
  inFlight(): number;
  breaker(): BreakerState;
  close(): Promise<void>;
}

/** Of what is not set. */
export const DEFAULTS: Required<
  Pick<HttpSubgraphOptions, "deadline" | "maxResponse" | "connections" | "retries" | "http2">
> = { deadline: 5_000, maxResponse: 16 * 1024 * 1024, connections: 32, retries: 2, http2: true };

/** Bytes of an answer to /health. */
const MAX_HEALTH = 64 * 1024;
const ACCEPT = "application/graphql-response+json, application/json;q=0.9";

const REAL_TIME: Time = {
  now: () => performance.now(),
  date: Date.now,
  random: Math.random,
  setTimeout,
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
};

export function createHttpSubgraph(options: HttpSubgraphOptions): HttpSubgraph {
  const { name, time = REAL_TIME, onEvent } = options;
  const { deadline = DEFAULTS.deadline, maxResponse = DEFAULTS.maxResponse } = options;
  const { retries = DEFAULTS.retries, connections = DEFAULTS.connections, http2 = DEFAULTS.http2 } = options;
  const { origin, pathname, search } = new URL(options.url);
  const pools = openConnections({
    origin,
    connections,
    deadline,
    http2,
    ...(options.ca !== undefined && { ca: options.ca }),
  });
  const breaker = createBreaker({
    now: time.now,
    onChange: (state) => onEvent?.({ kind: "breaker", state }),
  });
  const budget = createRetryBudget();
  const path = pathname + search;
  const always = ["content-type", "application/json", "accept", ACCEPT];
  for (const [header, value] of Object.entries(options.headers ?? {})) always.push(header, value);
  let inFlight = 0;
  let closed = false;

  const post = (request: HttpRequest, headers: string[], stop: Stop): Promise<Exchanged> => {
    const isRead = request.operationKind === "query";
    const dispatch: Dispatcher.DispatchOptions = {
      method: "POST",
      path,
      headers,
      body: request.body,
      idempotent: isRead,
    };
    return exchange(isRead ? pools.reads : pools.writes, dispatch, maxResponse, stop.watch);
  };

  /** Asks until there is an answer, or no reason to ask again. */
  const ask = async (request: HttpRequest, most: number, stop: Stop): Promise<SubgraphAnswer> => {
    const headers = [...always];
    for (const header in request.headers) headers.push(header, request.headers[header]!);
    budget.earn();
    for (let tried = 1; ; tried++) {
      let failure: Failure;
      let after = 0;
      try {
        const exchanged = await post(request, headers, stop);
        if (!isMomentary(exchanged.status)) return read(exchanged);
        after = retryAfter(exchanged.retryAfter, time.date);
        failure = new Failure("status", `It answered ${exchanged.status}.`);
      } catch (error) {
        failure = error as Failure;
      }
      const wait = Math.max(after, waitBefore(tried, time.random));
      const isWorthIt = tried <= most && !closed && time.now() + wait < stop.at;
      if (!isWorthIt || !isSafeToRepeat(request.operationKind, failure) || !budget.spend()) throw failure;
      onEvent?.({ kind: "retried" });
      await pause(wait, time, stop);
    }
  };

  const read = ({ status, text }: Exchanged): SubgraphAnswer => {
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
  };

  return {
    async send(request) {
      if (request.signal?.aborted) throw away(name, LEFT);
      const ticket = breaker.enter();
      if (!ticket)
        throw new JuntoError(
          "SUBGRAPH_AWAY",
          `Subgraph ${name} did not answer lately and is not asked for a moment.`,
        );
      const began = time.now();
      const stop = createStop(began + deadline, time, request.signal);
      inFlight += 1;
      let outcome: Outcome = "succeeded";
      try {
        return await ask(request, ticket.isTry ? 0 : retries, stop);
      } catch (error) {
        const failure = error as Failure;
        outcome = outcomeOf(failure);
        if (failure !== LEFT) onEvent?.({ kind: "failed", reason: failure.reason });
        throw away(name, failure);
      } finally {
        stop.end();
        inFlight -= 1;
        breaker.leave(ticket, outcome);
        onEvent?.({ kind: "done", took: time.now() - began });
      }
    },
    async healthy() {
      const stop = createStop(time.now() + deadline, time);
      try {
        const get = { method: "GET", path: "/health" };
        const { status, text } = await exchange(pools.reads, get, MAX_HEALTH, stop.watch);
        const health = JSON.parse(text) as { readonly legacy?: unknown } | null;
        const well = status === 200 && health?.legacy !== "away";
        if (well) breaker.close();
        return well;
      } catch {
        return false;
      } finally {
        stop.end();
      }
    },
    inFlight: () => inFlight,
    breaker: () => breaker.state,
    close() {
      closed = true;
      return pools.close();
    },
  };
}

const LEFT = new Failure("cancelled", "Nobody waits for the answer any more.");

/** Ends what is under way when the deadline passes or the client leaves. */
interface Stop {
  /** The deadline, by the clock. */
  readonly at: number;
  readonly watch: (underWay: UnderWay) => void;
  /** Lets go of the timer and the signal. */
  end(): void;
}

function createStop(at: number, time: Time, signal?: StopSignal): Stop {
  return new OwnStop(at, time, signal);
}

class OwnStop implements Stop {
  readonly at: number;
  readonly watch: (underWay: UnderWay) => void;
  readonly #time: Time;
  readonly #signal: StopSignal | undefined;
  readonly #left: (() => void) | undefined;
  readonly #timer: unknown;
  #current: UnderWay | null = null;
  #over: Failure | null = null;

  constructor(at: number, time: Time, signal: StopSignal | undefined) {
    this.at = at;
    this.#time = time;
    this.#signal = signal;
    this.watch = (underWay) => {
      this.#current = underWay;
      if (this.#over) underWay.abandon(this.#over);
    };
    this.#timer = time.setTimeout(
      () => this.#stop(new Failure("deadline", "The deadline has passed.")),
      at - time.now(),
    );
    if (signal) signal.addEventListener("abort", (this.#left = () => this.#stop(LEFT)));
  }

  end(): void {
    this.#time.clearTimeout(this.#timer);
    if (this.#left) this.#signal!.removeEventListener("abort", this.#left);
  }

  #stop(failure: Failure): void {
    this.#over ??= failure;
    this.#current?.abandon(this.#over);
  }
}

function pause(milliseconds: number, time: Time, stop: Stop): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = time.setTimeout(resolve, milliseconds);
    stop.watch({
      abandon(failure) {
        time.clearTimeout(timer);
        reject(failure);
      },
    });
  });
}

/** An answer that is too large, and what the client or the gateway did, say nothing of the subgraph's health. */
function outcomeOf({ reason }: Failure): Outcome {
  if (reason === "cancelled") return "unknown";
  return reason === "too large" || reason === "request" ? "succeeded" : "failed";
}

function away(name: string, failure: Failure): JuntoError {
  if (failure.cause instanceof JuntoError) return failure.cause;
  return new JuntoError("SUBGRAPH_AWAY", `Subgraph ${name} did not answer.`, { cause: failure });
}
