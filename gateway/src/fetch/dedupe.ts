// Equal reads in flight for the same audience are one request. Never across audiences, persons or groups.
import { copy } from "../execute/data.ts";
import { createStopper, type Stopper, type StopSignal } from "../cancel/stopper.ts";
import type { FetchRequest, SubgraphAnswer } from "../execute/fetch-request.ts";

export interface StoppableRequest<C> extends FetchRequest<C> {
  readonly signal?: StopSignal;
}

interface InFlight {
  readonly answer: Promise<SubgraphAnswer>;
  /** Who ever asked: one alone takes the answer as it is. */
  askers: number;
  /** Who waits for it; when the last one leaves, it is stopped. */
  waiting: number;
  readonly stop: Stopper | null;
}

/**
 * Joins equal requests in flight. `scope` names for whom a request is made by all that decides the answer; null: this
 * request stands alone. Each asker gets an answer of its own.
 */
export function dedupe<C>(
  send: (request: StoppableRequest<C>) => Promise<SubgraphAnswer>,
  scope: (request: StoppableRequest<C>) => string | null,
): (request: StoppableRequest<C>) => Promise<SubgraphAnswer> {
  /** By scope and subgraph, then by body: no long text is put together to be looked up. */
  const inFlight = new Map<string, Map<string, InFlight>>();
  return (request) => {
    const within = request.operationKind === "query" ? scope(request) : null;
    if (within === null) return send(request);
    const key = `${request.subgraph} ${within}`;
    let bodies = inFlight.get(key);
    if (!bodies) inFlight.set(key, (bodies = new Map()));
    const { body, signal } = request;
    let entry = bodies.get(body);
    if (!entry) {
      const stop = signal ? createStopper() : null;
      const answer = send(stop ? { ...request, signal: stop.signal } : request);
      bodies.set(body, (entry = { answer, askers: 0, waiting: 0, stop }));
      const ended = bodies;
      const own = entry;
      const forget = (): void => remove(inFlight, key, ended, body, own);
      answer.then(forget, forget);
    }
    return waitFor(entry, signal, () => remove(inFlight, key, bodies, body, entry));
  };
}

function remove(
  inFlight: Map<string, Map<string, InFlight>>,
  key: string,
  bodies: Map<string, InFlight>,
  body: string,
  entry: InFlight,
): void {
  if (bodies.get(body) === entry) bodies.delete(body);
  if (bodies.size === 0 && inFlight.get(key) === bodies) inFlight.delete(key);
}

/** The answer, until the asker leaves. Whoever cannot leave keeps the request going. */
function waitFor(
  entry: InFlight,
  signal: StopSignal | undefined,
  stopped: () => void,
): Promise<SubgraphAnswer> {
  entry.waiting += 1;
  entry.askers += 1;
  const { stop } = entry;
  const own = (): Promise<SubgraphAnswer> =>
    entry.answer.then((answer) => (entry.askers > 1 ? copy(answer) : answer));
  if (!signal) return own();
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      entry.waiting -= 1;
      if (entry.waiting > 0 || !stop) return reject(new Error("Nobody waits for this answer any more."));
      stopped(); // whoever comes now must not join what is being stopped
      own().then(resolve, reject);
      stop.stop();
    };
    if (signal.aborted) return leave();
    signal.addEventListener("abort", leave);
    const end = (): void => signal.removeEventListener("abort", leave);
    own().then(
      (answer) => (end(), resolve(answer)),
      (error: unknown) => (end(), reject(asError(error))),
    );
  });
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
