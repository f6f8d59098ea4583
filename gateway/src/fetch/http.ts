// A subgraph over HTTP: a deadline over everything, reads that are tried again, a breaker, and answers that are
// bounded and checked. A client that leaves stops what is under way.
import type { Dispatcher } from "undici";
import { JuntoError } from "../errors/index.ts";
import type { SubgraphAnswer } from "../execute/fetch-request.ts";
import { createBreaker, type BreakerState, type Outcome } from "./breaker.ts";
import { exchange, type Failure, type FailureReason } from "./exchange.ts";
import { openConnections } from "./pool.ts";
import { LEFT, Stop } from "./stop.ts";
import { REAL_TIME, type Time } from "./time.ts";
import { createTries, type HttpRequest } from "./tries.ts";

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

export function createHttpSubgraph(options: HttpSubgraphOptions): HttpSubgraph {
  const { name, time = REAL_TIME, onEvent } = options;
  const { deadline, maxResponse, connections, retries, http2 } = { ...DEFAULTS, ...options };
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
  let inFlight = 0;
  let closed = false;
  const ask = createTries({
    name,
    connections: pools,
    path: pathname + search,
    headers: options.headers ?? {},
    maxResponse,
    time,
    closed: () => closed,
    onRetry: () => onEvent?.({ kind: "retried" }),
  });

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
      const stop = new Stop(began + deadline, time, request.signal);
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
      const well = await isWell(pools.reads, new Stop(time.now() + deadline, time));
      if (well) breaker.close();
      return well;
    },
    inFlight: () => inFlight,
    breaker: () => breaker.state,
    close() {
      closed = true;
      return pools.close();
    },
  };
}

async function isWell(reads: Dispatcher, stop: Stop): Promise<boolean> {
  try {
    const get = { method: "GET", path: "/health" } as const;
    const { status, text } = await exchange(reads, get, MAX_HEALTH, stop.watch);
    const health = JSON.parse(text) as { readonly legacy?: unknown } | null;
    return status === 200 && health?.legacy !== "away";
  } catch {
    return false;
  } finally {
    stop.end();
  }
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
