// An action: named by its verb, checked, taken down, and then run in the system that owns what it changes.
//
// Nothing is done on a stale view (I7): what the person saw is compared with the card as it is now. An action runs
// once: it is in the database before it runs, and what is found there unfinished at a start is run again under
// the same key, which the owner's system knows.
import type { Viewer } from "../access/viewer.ts";
import type { Engine } from "../execute/engine.ts";
import type { ActInput, ActionView, ActResult, UserError } from "../groups/subgraph.ts";
import type { ActionRow, ActionStatus, Groups } from "../groups/store.ts";
import type { Log } from "../observe/index.ts";
import type { Operations } from "../operation/prepare.ts";
import type { ActionType, App } from "./app/apps.ts";
import { namesFor, type Cards } from "./cards.ts";
import { offer, type Manners } from "./envelope.ts";
import { evaluate } from "./template/expression.ts";
import { coerceInput } from "./app/form.ts";
import type { CardJoin } from "./join.ts";

export interface ActingParts {
  readonly apps: readonly App[];
  readonly appsOf: (group: string) => Promise<readonly App[]>;
  readonly groups: Pick<
    Groups,
    "actionByKey" | "beginAction" | "finishAction" | "pendingActions" | "touchCards" | "card"
  >;
  readonly cards: Cards;
  readonly manners: (group: string) => Promise<Manners>;
  readonly join: CardJoin;
  readonly engine: Engine;
  readonly operations: Operations;
  /** Who took an action, as they are now; null when they are not a member any more. */
  readonly viewerOf: (person: string, group: string) => Promise<Viewer | null>;
  readonly log: Log;
}

export interface Acting {
  act(input: ActInput, viewer: Viewer): Promise<ActResult>;
  /** Actions that begin something new and that the viewer may take. */
  groupActions(group: string, viewer: Viewer, locale: string): Promise<readonly ActionView[]>;
  /** Runs what was taken before this gateway started and never finished. */
  resume(): Promise<void>;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
}

export function createActing(parts: ActingParts): Acting {
  const { groups, cards } = parts;
  const actions = new Map(
    parts.apps.flatMap((app) => [...app.actions.values()].map((action) => [action.verb, action] as const)),
  );
  const underWay = new Set<Promise<void>>();

  async function act(input: ActInput, viewer: Viewer): Promise<ActResult> {
    const { groupId, person, key, verb } = input;
    const before = await groups.actionByKey(groupId, person, key);
    if (before) return { action: before, card: null, userErrors: [] };
    const action = actions.get(verb);
    if (!action || !(await parts.appsOf(groupId)).some(({ name }) => name === action.app))
      return refused("verb", "UNKNOWN_ACTION", `There is no action ${verb} in this group.`);
    if (!cards.allows(action, viewer))
      return refused("verb", "NOT_ALLOWED", "The owner does not allow this to your role in this group.");
    const seen = action.scope === "card" ? await onCard(action, input, viewer) : { data: null };
    if ("userErrors" in seen) return seen;
    const names = namesFor(viewer, input.card, key);
    const bound = Object.fromEntries(
      [...action.bind].map(([field, expression]) => [field, evaluate(expression, seen.data, names)]),
    );
    const coerced = coerceInput(action.mutation.inputType, input.input, bound, action.form?.lists);
    if ("userErrors" in coerced) return { action: null, card: null, userErrors: coerced.userErrors };
    const cardId = action.scope === "card" ? (input.card?.id ?? null) : null;
    const { run, fresh } = await groups.beginAction({
      groupId,
      personId: person,
      key,
      verb,
      cardId,
      input: coerced.value,
    });
    if (fresh) start(run, action, viewer, coerced.sentPath);
    return { action: run, card: null, userErrors: [] };
  }

  /** I7: the card, if it is as the person saw it and can be acted on so. */
  async function onCard(
    action: ActionType,
    { card, seen }: ActInput,
    viewer: Viewer,
  ): Promise<{ data: unknown } | ActResult> {
    if (!card) return refused("cardId", "REQUIRED", "This action is taken on a card: name it.");
    if (seen === null)
      return refused("seen", "REQUIRED", "Name the revision of the card that the person saw.");
    const opened = await cards.open(card, viewer);
    if (opened.envelope.revision !== seen)
      return {
        ...refused(
          "seen",
          "STALE",
          `The card is at revision ${opened.envelope.revision} now. Nothing was done.`,
        ),
        card,
      };
    if (!opened.actions.includes(action))
      return { ...refused("verb", "NOT_NOW", "This cannot be done with the card as it is."), card };
    return { data: opened.data };
  }

  function start(
    run: ActionRow,
    action: ActionType,
    viewer: Viewer,
    sentPath: (field: readonly string[]) => readonly string[],
  ): void {
    const work = carryOut(run, action, viewer)
      .then(async ({ status, userErrors }) => {
        await groups.finishAction(
          run.id,
          status,
          userErrors.map((error) => ({ field: sentPath(error.field), code: error.code })),
        );
        // The owner's system tells of its change by itself; a slow one should not keep the person waiting.
        if (run.cardId) await groups.touchCards([run.cardId], run.person);
      })
      .catch((error: unknown) =>
        parts.log.error(
          { err: error, action: run.id },
          "an action's outcome could not be written; it is run again at the next start",
        ),
      );
    underWay.add(work);
    void work.finally(() => underWay.delete(work));
  }

  async function carryOut(
    run: ActionRow,
    action: ActionType,
    viewer: Viewer,
  ): Promise<{ status: Exclude<ActionStatus, "PENDING">; userErrors: readonly UserError[] }> {
    try {
      const operation = parts.operations.prepare(action.mutation.text);
      const { execution } = await parts.engine.join(
        operation,
        { input: run.input },
        { viewer, idempotencyKey: run.key },
      );
      const payload = execution.data[action.mutation.field] as
        { userErrors?: readonly UserError[] } | null | undefined;
      if (payload?.userErrors && payload.userErrors.length > 0)
        return { status: "REFUSED", userErrors: payload.userErrors };
      // Without a payload nobody knows whether it was done: the person may try again.
      return { status: payload ? "DONE" : "FAILED", userErrors: [] };
    } catch (error) {
      parts.log.warn({ err: error, action: run.id, verb: run.verb }, "an action failed");
      return { status: "FAILED", userErrors: [] };
    }
  }

  async function groupActions(group: string, viewer: Viewer, locale: string): Promise<readonly ActionView[]> {
    const offered = (await parts.appsOf(group))
      .flatMap((app) => [...app.actions.values()])
      .filter((action) => action.scope === "group" && cards.allows(action, viewer));
    const subject = viewer.group?.subjects[0];
    const manners = await parts.manners(group);
    return Promise.all(
      offered.map(async (action) => {
        const fragment = action.form?.fragment;
        const joined =
          fragment && subject
            ? await parts.join({ fragment }, { type: subject.type, key: { id: subject.id } }, viewer)
            : null;
        return offer(action, locale, joined?.data ?? null, manners);
      }),
    );
  }

  async function resume(): Promise<void> {
    for (const run of await groups.pendingActions(new Date())) {
      const action = actions.get(run.verb);
      const viewer = await parts.viewerOf(run.person, run.groupId);
      if (action && viewer && cards.allows(action, viewer)) start(run, action, viewer, (field) => field);
      else await groups.finishAction(run.id, "FAILED", []);
    }
  }

  return {
    act,
    groupActions,
    resume,
    settled: async () => void (await Promise.all(underWay)),
  };
}

function refused(field: string, code: string, message: string): ActResult {
  return { action: null, card: null, userErrors: [{ field: [field], code, message }] };
}
