// The clients of the subgraphs over changes of the graph: one stays, with its connections and its breaker, for as long
// as what the graph says of its subgraph does.
import type { Transport } from "../config/transport.ts";
import type { Log, Metrics } from "../observe/index.ts";
import { createHttpSubgraph, type HttpSubgraph, type HttpSubgraphOptions } from "./http.ts";
import { createSubgraphMeasures, type SubgraphMeasures } from "./measures.ts";

/** What the graph says of a subgraph, as far as it is asked for that. */
export type ClientSettings = Omit<HttpSubgraphOptions, "onEvent" | "time">;

/** What the entry of a subgraph says of that; which headers of clients go along is for who asks to know. */
export function settingsOf(entry: {
  readonly name: string;
  readonly url: string;
  readonly transport: Transport;
}): ClientSettings {
  const { forward: _forward, ...transport } = entry.transport;
  return { name: entry.name, url: entry.url, ...transport };
}

export type ClientMap = ReadonlyMap<string, HttpSubgraph>;

export interface Clients {
  /** Those of a graph: of what has not changed the ones that are in use. */
  of(subgraphs: readonly ClientSettings[]): ClientMap;
  /** From now on these are in use. Of the others nobody is cut off: each is closed when it has been idle. */
  use(clients: ClientMap): void;
  current(): ClientMap;
  readonly measures: SubgraphMeasures;
  close(): Promise<void>;
}

/** Milliseconds after which a client that is no longer in the graph is looked at: a request may yet come back to it. */
const LINGER = 60_000;

export function createClients(metrics: Metrics, log: Log): Clients {
  const settings = new WeakMap<HttpSubgraph, string>();
  const names: string[] = [];
  const leaving = new Set<HttpSubgraph>();
  let current: ClientMap = new Map();
  const measures = createSubgraphMeasures(metrics, log, names, () => current);

  const create = (subgraph: ClientSettings): HttpSubgraph => {
    if (!names.includes(subgraph.name)) names.push(subgraph.name);
    const client = createHttpSubgraph({ ...subgraph, onEvent: measures.of(subgraph.name) });
    settings.set(client, JSON.stringify(subgraph));
    return client;
  };

  const letGo = (client: HttpSubgraph): void => {
    leaving.add(client);
    setTimeout(() => {
      if (!leaving.delete(client)) return;
      if (client.inFlight() > 0) return letGo(client);
      client.close().catch((error: unknown) => log.warn({ err: error }, "a subgraph's client did not close"));
    }, LINGER).unref();
  };

  return {
    of: (subgraphs) =>
      new Map(
        subgraphs.map((subgraph) => {
          const held = current.get(subgraph.name);
          const stays = held && settings.get(held) === JSON.stringify(subgraph);
          return [subgraph.name, stays ? held : create(subgraph)];
        }),
      ),
    use(clients) {
      const before = current;
      current = clients;
      for (const [name, client] of before) if (clients.get(name) !== client) letGo(client);
    },
    current: () => current,
    measures,
    async close() {
      const all = [...current.values(), ...leaving];
      leaving.clear();
      await Promise.all(all.map((client) => client.close()));
    },
  };
}
