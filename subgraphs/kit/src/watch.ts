// Keeps the integrator's `watch` going: started, started again when it fails, stopped.
import { setTimeout as sleep } from "node:timers/promises";
import { describeError } from "./errors.ts";
import type { Outbox } from "./outbox.ts";
import { createRetry } from "./retry.ts";
import { createReconcile } from "./rows.ts";
import type { State } from "./state.ts";
import type { ChangeSink, Logger, Watch } from "./types.ts";

export interface Watcher {
  /** True while it runs, or when there is nothing to watch. */
  running(): boolean;
  close(): Promise<void>;
}

/** Returns after the first attempt, whether it worked or not, or when `patience` is over. */
export async function startWatcher(options: {
  readonly watch: Watch | undefined;
  readonly sink: ChangeSink;
  readonly log: Logger;
  readonly patience: number;
}): Promise<Watcher> {
  const { watch, sink, log } = options;
  if (!watch) return { running: () => true, close: () => Promise.resolve() };
  const stopped = new AbortController();
  let handle: { close(): Promise<void> } | undefined;
  let tried!: () => void;
  const firstAttempt = new Promise<void>((resolve) => (tried = resolve));

  const keepTrying = async (): Promise<void> => {
    const retry = createRetry(stopped.signal, { first: 500, longest: 15_000 });
    while (!stopped.signal.aborted && !handle) {
      try {
        handle = await watch(sink, { log, signal: stopped.signal });
      } catch (error) {
        if (stopped.signal.aborted) return;
        log.error({ err: describeError(error) }, "changes of the old system cannot be watched: trying again");
        tried();
        await retry.pause();
      }
    }
    tried();
  };
  const trying = keepTrying();
  const timer = setTimeout(tried, options.patience);
  await firstAttempt;
  clearTimeout(timer);

  return {
    running: () => handle !== undefined,
    async close() {
      stopped.abort();
      // A `watch` that does not heed the signal must not hold up the end.
      const late = new AbortController();
      await Promise.race([trying, sleep(options.patience, undefined, { signal: late.signal })]);
      late.abort();
      await handle?.close();
    },
  };
}

/** The sink that `watch` gets. `stored` is called when there is something new to send. */
export function createSink(state: State, outbox: Outbox, secret: string, stored: () => void): ChangeSink {
  const reconcile = createReconcile(state, outbox, secret);
  return {
    async emit(changes, cursor) {
      state.transaction(() => outbox.add(changes, cursor));
      stored();
    },
    async cursor(name) {
      return outbox.cursor(name);
    },
    async reconcile(reconciliation) {
      const difference = await reconcile(reconciliation);
      stored();
      return difference;
    },
  };
}
