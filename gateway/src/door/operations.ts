// What one client has open: each operation from its subscribe to whichever comes first of its end and the client's
// complete.
//
//   ASKED ──a query or mutation──▸ ANSWERING ──answered──▸ over, with `complete`
//   ASKED ──a subscription──▸ STARTING ──started──▸ PUSHING ──failed──▸ over, with `error`
//   any ──the client's complete, its connection has gone──▸ over, silently; what is under way for it stops
//
// A mutation that has begun runs to its end (answer.ts); its answer goes nowhere.
import type { DoorAnswering, Request } from "../answer.ts";
import { createStopper, type Stopper, type StopSignal } from "../cancel/stopper.ts";
import { JuntoError } from "../errors/index.ts";
import type { Log } from "../observe/index.ts";
import type { Sink } from "../push/subscription.ts";
import type { Backlog } from "./backlog.ts";
import type { Quota } from "./quota.ts";

export type Subscribe = (request: Request, sink: Sink) => Promise<() => void>;

/** Where what comes of operations goes: a connection, seen from here. An `id` is the client's name of an operation. */
export interface Outlet extends Backlog {
  /**
   * @param payload a whole response as text
   * @param event its name, by which a client can say later what it had last; where a door has such names
   */
  next(id: string, payload: string, event?: string): void;
  fail(id: string, error: JuntoError): void;
  complete(id: string): void;
}

export interface OperationsParts {
  readonly answering: DoorAnswering;
  /** Starts a subscription; returns what ends it. @throws JuntoError */
  readonly subscribe: Subscribe;
  readonly outlet: Outlet;
  /** Subscriptions of each person. */
  readonly subscriptions: Quota;
  /** Operations open at once. */
  readonly most: number;
  readonly log: Log;
}

export interface OpenOperations {
  has(id: string): boolean;
  /** @param request made with the signal that tells what is under way for it to stop */
  start(id: string, request: (signal: StopSignal) => Request): void;
  /** The client does not want it any more. */
  stop(id: string): void;
  stopAll(): void;
  /** Resolves when no query or mutation is under way. */
  answered(): Promise<void>;
}

/** One that is open. */
interface Open {
  readonly leaving: Stopper;
  /** Given back, and undone, when it is over. */
  readonly ends: (() => void)[];
}

export function createOpenOperations(parts: OperationsParts): OpenOperations {
  const { answering, outlet } = parts;
  const open = new Map<string, Open>();
  const answers = new Set<Promise<void>>();

  /** False when it was over already. */
  function end(id: string, operation: Open): boolean {
    if (open.get(id) !== operation) return false;
    open.delete(id);
    for (const undo of operation.ends.splice(0)) undo();
    return true;
  }

  async function answer(id: string, operation: Open, request: Request): Promise<void> {
    const { text } = await answering.answer(request);
    if (!end(id, operation)) return;
    outlet.next(id, text);
    outlet.complete(id);
  }

  async function push(id: string, operation: Open, request: Request): Promise<void> {
    const giveBack = parts.subscriptions.take(request.person!.id);
    if (!giveBack) throw tooManySubscriptions(parts.subscriptions.most);
    operation.ends.push(giveBack);
    const undo = await parts.subscribe(request, {
      next: (text, event) => outlet.next(id, text, event),
      error: (error) => {
        if (end(id, operation)) outlet.fail(id, error);
      },
      complete: () => {
        if (end(id, operation)) outlet.complete(id);
      },
      congested: outlet.congested,
      drained: outlet.drained,
    });
    if (open.get(id) === operation) operation.ends.push(undo);
    else undo();
  }

  async function run(id: string, operation: Open, request: Request): Promise<void> {
    try {
      if (answering.kindOf(request) === "subscription") return await push(id, operation, request);
      const answered = answer(id, operation, request);
      answers.add(answered);
      await answered.finally(() => answers.delete(answered));
    } catch (thrown) {
      const error = JuntoError.from(thrown);
      if (error.code === "INTERNAL") parts.log.error({ err: thrown }, "an operation could not be started");
      if (end(id, operation)) outlet.fail(id, error);
    }
  }

  function stop(id: string, operation: Open): void {
    operation.leaving.stop();
    end(id, operation);
  }

  return {
    has: (id) => open.has(id),
    start(id, request) {
      if (open.size >= parts.most) return outlet.fail(id, tooManyOperations(parts.most));
      const operation: Open = { leaving: createStopper(), ends: [] };
      open.set(id, operation);
      void run(id, operation, request(operation.leaving.signal));
    },
    stop(id) {
      const operation = open.get(id);
      if (operation) stop(id, operation);
    },
    stopAll() {
      for (const [id, operation] of open) stop(id, operation);
    },
    answered: async () => void (await Promise.allSettled(answers)),
  };
}

function tooManyOperations(most: number): JuntoError {
  return new JuntoError("TOO_MANY", `At most ${most} operations may be open on one socket.`, {
    details: { limit: { name: "operationsPerSocket", most } },
  });
}

function tooManySubscriptions(most: number): JuntoError {
  return new JuntoError("TOO_MANY", "You have as many subscriptions open as one person may have.", {
    details: { limit: { name: "subscriptionsPerPerson", most } },
  });
}
