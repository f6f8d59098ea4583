// What an operator sees of the subgraphs: durations, failures, tries again, what is under way, and breakers.
import type { Counter, Log, Metrics } from "../observe/index.ts";
import type { BreakerState } from "./breaker.ts";
import { FAILURE_REASONS } from "./exchange.ts";
import type { HttpSubgraph, SubgraphEvent } from "./http.ts";

/** As a number, for metrics. */
const STATE: Readonly<Record<BreakerState, number>> = { closed: 0, "half-open": 1, open: 2 };

export interface SubgraphMeasures {
  /** What to call with each event of a subgraph. */
  of(subgraph: string): (event: SubgraphEvent) => void;
  /** A request has been sent to it. */
  requested(subgraph: string): void;
  /** An event of a subscription has come from it. */
  heard(subgraph: string): void;
}

/**
 * @param clients those that are in use now, by subgraph
 * @param subgraphs all that have been in the graph since the start; it may grow
 */
export function createSubgraphMeasures(
  metrics: Metrics,
  log: Log,
  subgraphs: readonly string[],
  clients: () => ReadonlyMap<string, HttpSubgraph>,
): SubgraphMeasures {
  const label = { subgraph: subgraphs };
  const seconds = metrics.histogram(
    "junto_subgraph_seconds",
    "Until a subgraph has answered, or has not.",
    label,
  );
  const failures = metrics.counter("junto_subgraph_failures_total", "Requests without an answer.", {
    ...label,
    reason: FAILURE_REASONS,
  });
  const retries = metrics.counter("junto_subgraph_retries_total", "Reads that were tried again.", label);
  const requests = metrics.counter("junto_subgraph_requests_total", "Requests sent to subgraphs.", label);
  const events = metrics.counter(
    "junto_subgraph_events_total",
    "Events of subscriptions that came from subgraphs.",
    label,
  );
  const each = (read: (client: HttpSubgraph) => number) => (): (readonly [string, number])[] =>
    [...clients()].map(([name, client]) => [name, read(client)]);
  metrics.gauges(
    "junto_subgraph_in_flight",
    "Requests under way.",
    "subgraph",
    each((client) => client.inFlight()),
  );
  metrics.gauges(
    "junto_subgraph_breaker",
    "0: asked. 1: one request is tried. 2: left alone.",
    "subgraph",
    each((client) => STATE[client.breaker()]),
  );
  return {
    of(subgraph) {
      const took = seconds.of({ subgraph });
      const retried = retries.of({ subgraph });
      return (event) => {
        if (event.kind === "done") took(event.took / 1_000);
        else if (event.kind === "retried") retried();
        else if (event.kind === "failed") failures.add({ subgraph, reason: event.reason });
        else if (event.state === "open")
          log.warn({ subgraph }, "a subgraph does not answer and is left alone");
        else if (event.state === "closed") log.info({ subgraph }, "a subgraph answers again");
      };
    },
    requested: ofSubgraph(requests),
    heard: ofSubgraph(events),
  };
}

/** Finds the series of a subgraph once. */
function ofSubgraph(counter: Counter<{ readonly subgraph: readonly string[] }>): (subgraph: string) => void {
  const found = new Map<string, () => void>();
  return (subgraph) => {
    let add = found.get(subgraph);
    if (!add) found.set(subgraph, (add = counter.of({ subgraph })));
    add();
  };
}
