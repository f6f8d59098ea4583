// Brings stored changes to the gateway: in order, each at least once, again and again while it is away.
import { createDelivery, type DeliveryOptions, type Outcome } from "./delivery.ts";
import { describeError } from "./errors.ts";
import type { Outbox, StoredEvent } from "./outbox.ts";
import { createRetry, type RetryTimes } from "./retry.ts";
import type { Logger } from "./types.ts";

export interface SenderOptions extends DeliveryOptions {
  readonly outbox: Outbox;
  readonly log: Logger;
  readonly retry?: RetryTimes;
}

export interface Sender {
  /** There is something new to send. */
  wake(): void;
  drained(): Promise<void>;
  close(): Promise<void>;
}

const largestBatch = 100;

export function startSender(options: SenderOptions): Sender {
  const { outbox, log } = options;
  const stopped = new AbortController();
  const delivery = createDelivery(options, stopped.signal);
  const retry = createRetry(stopped.signal, options.retry);
  const waiting = new Set<PromiseWithResolvers>();
  let running: Promise<void> | undefined;
  let batch = largestBatch;

  const wake = (): void => {
    if (!stopped.signal.aborted) running ??= Promise.resolve().then(run);
  };

  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      try {
        const events = outbox.next(batch);
        if (events.length === 0) break;
        const outcome = await delivery.deliver(events);
        if (!stopped.signal.aborted) await settle(events, outcome);
      } catch (error) {
        log.error({ err: describeError(error) }, "the outbox failed");
        await retry.pause();
      }
    }
    // Nothing can be stored between the look that found nothing and here: a `wake` after this starts anew.
    running = undefined;
    if (stopped.signal.aborted) return;
    for (const waiter of waiting) waiter.resolve();
    waiting.clear();
  }

  async function settle(events: readonly StoredEvent[], outcome: Outcome): Promise<void> {
    if (outcome.kind === "accepted") {
      outbox.sent(events);
      retry.reset();
      batch = Math.min(batch * 2, largestBatch);
    } else if (outcome.kind === "later") {
      log.warn(
        { gateway: options.gateway.url, ...outcome.reason },
        "changes wait: the gateway did not take them",
      );
      await retry.pause(outcome.after);
    } else if (events.length > 1) {
      // One of them is at fault. Smaller batches find it, and keep the order.
      batch = Math.max(1, Math.floor(events.length / 2));
    } else {
      const [event] = events as [StoredEvent];
      log.error({ event: event.id, reason: outcome.reason }, "the gateway refused a change: put aside");
      outbox.refuse(event, outcome.reason);
      batch = largestBatch;
    }
  }

  return {
    wake,
    drained() {
      if (stopped.signal.aborted) return Promise.reject(closedError());
      if (!running && outbox.pending() === 0) return Promise.resolve();
      const waiter = withResolvers();
      waiting.add(waiter);
      wake();
      return waiter.promise;
    },
    async close() {
      stopped.abort();
      for (const waiter of waiting) waiter.reject(closedError());
      waiting.clear();
      await running;
      await delivery.close();
    },
  };
}

interface PromiseWithResolvers {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

function withResolvers(): PromiseWithResolvers {
  let resolve!: () => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

function closedError(): Error {
  return new Error("The subgraph was closed before all changes were sent");
}
