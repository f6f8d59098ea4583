// Equal reads in flight for the same audience are one request. Never across audiences, persons or groups.
import { createStopper, type Stopper, type StopSignal } from "../cancel/stopper.ts";
import type { FetchRequest, SubgraphAnswer } from "../execute/fetch-request.ts";

export interface StoppableRequest<C> extends FetchRequest<C> {
  readonly signal?: StopSignal;
}

/**
 * Joins equal requests in flight. `scope` says for whom a request is made by all that decides the answer: an object or a
 * text, the same for the same; null: this request stands alone. Each asker gets an answer of its own. The request is stopped when the last asker has left; one
 * who leaves before gets its answer with the others.
 */
export function dedupe<C>(
  send: (request: StoppableRequest<C>) => Promise<SubgraphAnswer>,
  scope: (request: StoppableRequest<C>) => object | string | null,
): (request: StoppableRequest<C>) => Promise<SubgraphAnswer> {
  const bySubgraph = new Map<string, Map<object | string, Flights<C>>>();
  return (request) => {
    const { subgraph, body, signal } = request;
    const within = request.operationKind === "query" ? scope(request) : null;
    if (within === null || signal?.aborted) return send(request);
    let inFlight = bySubgraph.get(subgraph);
    if (!inFlight) bySubgraph.set(subgraph, (inFlight = new Map()));
    let flights = inFlight.get(within);
    if (!flights) inFlight.set(within, (flights = new Flights()));
    const found = flights.find(body);
    if (found) return found.join(signal);
    const [all, own] = [inFlight, flights];
    const flight = new Flight(request, send, () => {
      own.remove(flight);
      if (own.size === 0 && all.get(within) === own) all.delete(within);
    });
    flights.add(flight);
    return flight.answer;
  };
}

/** What is in flight of one subgraph for one scope: most often one request, for which no text has to be hashed. */
class Flights<C> {
  #only: Flight<C> | null = null;
  #others: Map<string, Flight<C>> | null = null;

  get size(): number {
    return (this.#only ? 1 : 0) + (this.#others?.size ?? 0);
  }

  find(body: string): Flight<C> | undefined {
    return this.#only?.body === body ? this.#only : this.#others?.get(body);
  }

  add(flight: Flight<C>): void {
    if (this.#only) (this.#others ??= new Map()).set(flight.body, flight);
    else this.#only = flight;
  }

  remove(flight: Flight<C>): void {
    if (this.#only === flight) this.#only = null;
    else if (this.#others?.get(flight.body) === flight) this.#others.delete(flight.body);
  }
}

/** One request, and whoever waits for it. Most have one asker, who takes the answer as it is. */
class Flight<C> {
  readonly body: string;
  readonly answer: Promise<SubgraphAnswer>;
  readonly #stopper: Stopper | null;
  readonly #forget: () => void;
  /** When the last one leaves, it is stopped. Whoever cannot leave keeps it going. */
  #waiting = 0;
  #isJoined = false;
  /** For the others, taken before the first one has the answer: answers belong to whoever asked. */
  #text = "";

  constructor(
    request: StoppableRequest<C>,
    send: (request: StoppableRequest<C>) => Promise<SubgraphAnswer>,
    forget: () => void,
  ) {
    this.body = request.body;
    this.#forget = forget;
    this.#stopper = request.signal ? createStopper() : null;
    this.#wait(request.signal);
    this.answer = send(this.#stopper ? { ...request, signal: this.#stopper.signal } : request).then(
      (answer) => {
        forget();
        if (this.#isJoined) this.#text = JSON.stringify(answer);
        return answer;
      },
      (error: unknown) => {
        forget();
        throw error;
      },
    );
  }

  async join(signal: StopSignal | undefined): Promise<SubgraphAnswer> {
    this.#isJoined = true;
    this.#wait(signal);
    await this.answer;
    return JSON.parse(this.#text) as SubgraphAnswer;
  }

  #wait(signal: StopSignal | undefined): void {
    this.#waiting += 1;
    signal?.addEventListener("abort", () => this.#leave());
  }

  #leave(): void {
    this.#waiting -= 1;
    if (this.#waiting > 0 || !this.#stopper) return;
    this.#forget(); // whoever comes now must not join what is being stopped
    this.#stopper.stop();
  }
}
