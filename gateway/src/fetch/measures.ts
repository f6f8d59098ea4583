// What an operator sees of the subgraphs: durations, failures, tries again, what is under way, and breakers.
import type { Log, Metrics } from "../observe/index.ts";
import type { BreakerState } from "./breaker.ts";
import { FAILURE_REASONS } from "./exchange.ts";
import type { HttpSubgraph, SubgraphEvent } from "./http.ts";

/** As a number, for metrics. */
const STATE: Readonly<Record<BreakerState, number>> = { closed: 0, "half-open": 1, open: 2 };

export interface SubgraphMeasures {
  /** What to call with each event of a subgraph. */
  of(subgraph: string): (event: SubgraphEvent) => void;
  /** Shows what the clients themselves know. Once. */
  show(clients: ReadonlyMap<string, HttpSubgraph>): void;
}

export function createSubgraphMeasures(
  metrics: Metrics,
  log: Log,
  subgraphs: readonly string[],
): SubgraphMeasures {
  const seconds = metrics.histogram("junto_subgraph_seconds", "Until a subgraph has answered, or has not.", {
    subgraph: subgraphs,
  });
  const failures = metrics.counter("junto_subgraph_failures_total", "Requests without an answer.", {
    subgraph: subgraphs,
    reason: FAILURE_REASONS,
  });
  const retries = metrics.counter("junto_subgraph_retries_total", "Reads that were tried again.", {
    subgraph: subgraphs,
  });
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
    show(clients) {
      const each = (read: (client: HttpSubgraph) => number) =>
        new Map([...clients].map(([name, client]) => [name, () => read(client)]));
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
    },
  };
}
