// Runs actions that were taken: each in the system that owns what it changes, once.
//
// An action is in the database before it runs. What a start finds there unfinished is run again under the same key,
// by which the owner's system knows a repetition.
import type { Viewer } from "../access/viewer.ts";
import { JuntoError } from "../errors/index.ts";
import type { Engine } from "../execute/engine.ts";
import { entitiesIn, type EntityKeys } from "../execute/keys.ts";
import type { UserError } from "../groups/subgraph.ts";
import type { ActionRow, ActionStatus, Entity, Groups } from "../groups/store.ts";
import type { Log } from "../observe/index.ts";
import type { Operations } from "../operation/prepare.ts";
import type { ActionType } from "./app/apps.ts";

export interface RunnerParts {
  readonly groups: Pick<Groups, "card" | "finishAction" | "markCard" | "touchCards">;
  readonly log: Log;
}

/** What an action runs over: of the graph in which it was taken. */
export interface RunsOver {
  readonly engine: Engine;
  readonly operations: Operations;
  /** Of the entities that cards can be about. */
  readonly entities: EntityKeys;
}

/** Path of a field in the mutation's input ▸ its path as the person sent it. */
export type SentPath = (field: readonly string[]) => readonly string[];

/** How the person saw it. */
export interface Sent {
  readonly sentPath: SentPath;
  /** Verbs that the card offered. */
  readonly offered: readonly string[];
}

export interface Runner {
  /** Starts; the outcome comes in the feed. */
  start(over: RunsOver, run: ActionRow, action: ActionType, viewer: Viewer, sent: Sent): void;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
}

interface Outcome {
  readonly status: Exclude<ActionStatus, "PENDING">;
  readonly userErrors: readonly UserError[];
  /** Entities that the answer names. */
  readonly named: readonly Entity[];
}

export function createRunner({ groups, log }: RunnerParts): Runner {
  const underWay = new Set<Promise<void>>();

  async function run(
    over: RunsOver,
    row: ActionRow,
    action: ActionType,
    viewer: Viewer,
    { sentPath, offered }: Sent,
  ): Promise<void> {
    const { status, userErrors, named } = await carryOut(over, row, action, viewer);
    const errors = userErrors.map(({ field, code }) => ({ field: sentPath(field), code }));
    // Who did with it what there was to do need not say that they are done with it.
    if (status === "DONE" && row.cardId) await groups.markCard(row.person, row.cardId, null, offered);
    await groups.finishAction(row.id, status, errors, named);
    // The owner's system tells of its change by itself; a slow one should not keep the person waiting.
    if (row.cardId) await groups.touchCards([row.cardId], row.person);
  }

  async function carryOut(
    { engine, operations, entities }: RunsOver,
    row: ActionRow,
    { mutation, verb }: ActionType,
    viewer: Viewer,
  ): Promise<Outcome> {
    try {
      const card = row.cardId ? await groups.card(row.cardId) : null;
      const making = {
        viewer,
        keys: true,
        idempotencyKey: row.key,
        occasion: {
          ...(card && { card: { id: card.id, type: card.type } }),
          action: { run: row.id, verb, about: card?.entity ?? null },
        },
      };
      const { execution } = await engine.join(
        operations.prepare(mutation.text),
        { input: row.input },
        making,
      );
      const payload = execution.data[mutation.field] as
        { userErrors?: readonly UserError[] } | null | undefined;
      const userErrors = payload?.userErrors ?? [];
      if (userErrors.length > 0) return { status: "REFUSED", userErrors, named: [] };
      // Without a payload nobody knows whether it was done: the person may try again.
      return { status: payload ? "DONE" : "FAILED", userErrors, named: entitiesIn(execution, entities) };
    } catch (error) {
      // It was sent, and nobody has written down how it came out: it is not to be tried again under another key.
      if (error instanceof JuntoError && error.details["sent"] === true) throw error;
      log.warn({ err: error, action: row.id, verb }, "an action failed");
      return { status: "FAILED", userErrors: [], named: [] };
    }
  }

  return {
    start(over, row, action, viewer, sent) {
      const work = run(over, row, action, viewer, sent).catch((error: unknown) =>
        log.error(
          { err: error, action: row.id },
          "an action's outcome could not be written; it runs again at the next start",
        ),
      );
      underWay.add(work);
      void work.finally(() => underWay.delete(work));
    },
    settled: async () => void (await Promise.all(underWay)),
  };
}
