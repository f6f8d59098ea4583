// Equal reads in flight for the same audience are one request. Never across audiences, persons or groups.
import { createStopper, type Stopper, type StopSignal } from "../cancel/stopper.ts";
import type { FetchRequest, SubgraphAnswer } from "../execute/fetch-request.ts";

/** Sends a request; with a signal it is stopped when nobody waits any more. */
export type Send<C> = (request: FetchRequest<C>, signal?: StopSignal) => Promise<SubgraphAnswer>;

/**
 * Joins equal requests in flight. `scope` says for whom a request is made by all that decides the answer: an object or a
 * text, the same for the same; null: this request stands alone. Each asker gets an answer of its own. The request is
 * stopped when the last asker has left; one who leaves before gets its answer with the others.
 */
export function dedupe<C>(
  send: Send<C>,
  scope: (request: FetchRequest<C>) => object | string | null,
): Send<C> {
  const bySubgraph = new Map<string, Map<object | string, Flights>>();
  return (request, signal) => {
    const { subgraph, body } = request;
    const within = request.operationKind === "query" ? scope(request) : null;
    if (within === null || signal?.aborted) return send(request, signal);
    let inFlight = bySubgraph.get(subgraph);
    if (!inFlight) bySubgraph.set(subgraph, (inFlight = new Map()));
    let flights = inFlight.get(within);
    if (!flights) inFlight.set(within, (flights = new Flights()));
    const found = flights.find(body);
    if (found) return found.join(signal);
    const [all, own] = [inFlight, flights];
    const flight = new Flight(body, signal, () => {
      own.remove(flight);
      if (own.size === 0 && all.get(within) === own) all.delete(within);
    });
    const answer = flight.take(send(request, flight.stopper?.signal));
    flights.add(flight);
    return answer;
  };
}

/** What is in flight of one subgraph for one scope: most often one request, for which no text has to be hashed. */
class Flights {
  #only: Flight | null = null;
  #others: Map<string, Flight> | null = null;

  get size(): number {
    return (this.#only ? 1 : 0) + (this.#others?.size ?? 0);
  }

  find(body: string): Flight | undefined {
    return this.#only?.body === body ? this.#only : this.#others?.get(body);
  }

  add(flight: Flight): void {
    if (this.#only) (this.#others ??= new Map()).set(flight.body, flight);
    else this.#only = flight;
  }

  remove(flight: Flight): void {
    if (this.#only === flight) this.#only = null;
    else if (this.#others?.get(flight.body) === flight) this.#others.delete(flight.body);
  }
}

/** One request, and whoever waits for it. Most have one asker, who takes the answer as it is. */
class Flight {
  readonly body: string;
  /** Stops the request; null: who asked cannot leave. */
  readonly stopper: Stopper | null;
  readonly #forget: () => void;
  #answer: Promise<SubgraphAnswer> | null = null;
  /** When the last one leaves, it is stopped. Whoever cannot leave keeps it going. */
  #waiting = 0;
  #isJoined = false;
  /** For the others, taken before the first one has the answer: answers belong to whoever asked. */
  #text = "";

  constructor(body: string, signal: StopSignal | undefined, forget: () => void) {
    this.body = body;
    this.#forget = forget;
    this.stopper = signal ? createStopper() : null;
    this.#wait(signal);
  }

  /** Takes what has been sent, for who asked first. */
  take(sent: Promise<SubgraphAnswer>): Promise<SubgraphAnswer> {
    return (this.#answer = this.#arrive(sent));
  }

  async #arrive(sent: Promise<SubgraphAnswer>): Promise<SubgraphAnswer> {
    try {
      const answer = await sent;
      if (this.#isJoined) this.#text = JSON.stringify(answer);
      return answer;
    } finally {
      this.#forget();
    }
  }

  async join(signal: StopSignal | undefined): Promise<SubgraphAnswer> {
    this.#isJoined = true;
    this.#wait(signal);
    await this.#answer;
    return JSON.parse(this.#text) as SubgraphAnswer;
  }

  #wait(signal: StopSignal | undefined): void {
    this.#waiting += 1;
    signal?.addEventListener("abort", () => this.#leave());
  }

  #leave(): void {
    this.#waiting -= 1;
    if (this.#waiting > 0 || !this.stopper) return;
    this.#forget(); // whoever comes now must not join what is being stopped
    this.stopper.stop();
  }
}
