// Brings stored changes to the gateway: in order, each at least once, again and again while it is away.
import { Agent, request } from "undici";
import { describeError } from "./errors.ts";
import type { OwnKeys } from "./keys.ts";
import type { Outbox, StoredEvent } from "./outbox.ts";
import { createRetry, type RetryTimes } from "./retry.ts";
import type { Logger } from "./types.ts";

export interface SenderOptions {
  readonly outbox: Outbox;
  readonly keys: OwnKeys;
  readonly log: Logger;
  /** The subgraph. */
  readonly name: string;
  /** The gateway: where it is, and what it calls itself. */
  readonly gateway: { readonly url: string; readonly issuer: string };
  readonly retry?: RetryTimes;
}

export interface Sender {
  /** There is something new to send. */
  wake(): void;
  drained(): Promise<void>;
  close(): Promise<void>;
}

const largestBatch = 100;
const answerTimeout = 10_000;

/** What became of a batch. "later": nothing is wrong with it, so it must be sent again. */
type Outcome =
  | { readonly kind: "accepted" }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "later"; readonly reason: object; readonly after?: number };

export function startSender(options: SenderOptions): Sender {
  const { outbox, log } = options;
  const agent = new Agent({ headersTimeout: answerTimeout, bodyTimeout: answerTimeout });
  const stopped = new AbortController();
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
        const outcome = await deliver(events);
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

  async function deliver(events: readonly StoredEvent[]): Promise<Outcome> {
    const body = `[${events.map(({ event }) => event).join()}]`;
    try {
      const token = await options.keys.sign(body, { issuer: options.name, audience: options.gateway.issuer });
      const answer = await request(`${options.gateway.url}/changes`, {
        method: "POST",
        headers: {
          "content-type": "application/cloudevents-batch+json",
          authorization: `Bearer ${token}`,
        },
        body,
        dispatcher: agent,
        signal: stopped.signal,
      });
      return await outcomeOf(answer);
    } catch (error) {
      return { kind: "later", reason: { err: describeError(error) } };
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
      await agent.destroy();
    },
  };
}

async function outcomeOf(answer: Awaited<ReturnType<typeof request>>): Promise<Outcome> {
  const { statusCode, headers, body } = answer;
  if (statusCode === 202) {
    await body.dump();
    return { kind: "accepted" };
  }
  if (statusCode === 400 || statusCode === 403 || statusCode === 413) {
    return { kind: "refused", reason: `${statusCode} ${(await body.text()).slice(0, 500)}` };
  }
  await body.dump();
  const after = Number(headers["retry-after"]);
  return {
    kind: "later",
    reason: { status: statusCode },
    ...(Number.isFinite(after) && { after: after * 1000 }),
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
