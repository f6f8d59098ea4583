// The life of the graph while the gateway runs.
//
//   something may have changed ▸ read ▸ check ▸ plan what is in use ▸ the new one is in force
//
// What is under way in the old one comes to its end there; who follows something goes on in the new one. A graph that
// is not right is refused with what is wrong, and the one in force stays.
import { JuntoError } from "../errors/index.ts";
import type { Log, Metrics } from "../observe/index.ts";
import type { Graph } from "./graph.ts";
import { warm } from "./warm.ts";

export interface GraphsParts {
  readonly first: Graph;
  /** The version that there is now. */
  readonly version: () => string;
  /** Reads and makes it. @throws JuntoError CONFIGURATION */
  readonly read: () => Graph;
  /** What must be done before a graph can be in force. */
  readonly prepare: (next: Graph) => Promise<void>;
  /** It is in force from this moment. Everything that holds the graph for longer than a request takes it over now. */
  readonly onChange: (next: Graph, before: Graph) => void;
  readonly metrics: Metrics;
  readonly log: Log;
}

export interface Graphs {
  readonly current: () => Graph;
  /** Looks whether there is another, and has it take the place of the one in force. One look at a time. */
  look(): Promise<void>;
  /** What health says of it. */
  status(): { readonly version: string; readonly since: string; readonly refused?: string };
}

export function createGraphs(parts: GraphsParts): Graphs {
  const { log } = parts;
  const outcomes = parts.metrics.counter("junto_graphs_total", "New graphs, by what became of them.", {
    outcome: ["taken", "refused"],
  });
  let current = parts.first;
  let since = new Date();
  let refused: string | undefined;
  let looking: Promise<void> | undefined;
  let again = false;
  let trouble: string | undefined;

  async function take(version: string): Promise<void> {
    const began = performance.now();
    let next: Graph;
    try {
      next = parts.read();
    } catch (error) {
      refused = version;
      outcomes.add({ outcome: "refused" });
      log.error(
        { version, inForce: current.agreement.version, err: JuntoError.from(error) },
        `The new graph is refused, and the one in force stays. ${messageOf(error)}`,
      );
      return;
    }
    const { planned, invalid } = await warm(current, next);
    if (invalid.length > 0)
      log.warn(
        { count: invalid.length, operations: invalid.slice(0, 20) },
        "Operations that clients use are not valid in the new graph.",
      );
    await parts.prepare(next);
    const before = current;
    current = next;
    since = new Date();
    refused = undefined;
    parts.onChange(next, before);
    outcomes.add({ outcome: "taken" });
    const took = Math.round(performance.now() - began);
    log.info({ version: next.agreement.version, planned, took }, "A new graph is in force.");
  }

  async function lookNow(): Promise<void> {
    do {
      again = false;
      try {
        const version = parts.version();
        if (version !== current.agreement.version && version !== refused) await take(version);
        else if (version === current.agreement.version) refused = undefined;
        trouble = undefined;
      } catch (error) {
        const { message } = error as Error;
        if (message !== trouble)
          log.error({ err: error }, "The graph could not be looked at; the one in force stays.");
        trouble = message;
      }
    } while (again);
  }

  return {
    current: () => current,
    look() {
      again = true;
      looking ??= lookNow().finally(() => (looking = undefined));
      return looking;
    },
    status: () => ({
      version: current.agreement.version,
      since: since.toISOString(),
      ...(refused !== undefined && { refused }),
    }),
  };
}

function messageOf(error: unknown): string {
  return error instanceof JuntoError && error.code === "CONFIGURATION" ? error.message : "";
}
