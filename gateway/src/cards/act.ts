// An action: named by its verb, checked, taken down, and handed to whoever runs it.
import type { Viewer } from "../access/viewer.ts";
import type { ActInput, ActResult } from "../groups/subgraph.ts";
import type { Groups } from "../groups/store.ts";
import type { ActionType, App } from "./app/apps.ts";
import { namesFor, type Cards } from "./cards.ts";
import { actionTitle } from "./envelope.ts";
import { fillIn } from "./fill-in.ts";
import { createGroupActions, type GroupActions, type GroupActionsParts } from "./group-actions.ts";
import type { Runner, RunsOver } from "./run.ts";

export interface ActingParts extends GroupActionsParts {
  readonly apps: readonly App[];
  readonly groups: Pick<Groups, "actionByKey" | "beginAction" | "finishAction" | "pendingActions">;
  readonly cards: Cards;
  readonly runner: Pick<Runner, "start">;
  readonly over: RunsOver;
  /** Who took an action, as they are now; null when they are not a member any more. */
  readonly viewerOf: (person: string, group: string) => Promise<Viewer | null>;
}

export interface Acting extends GroupActions {
  act(input: ActInput, viewer: Viewer): Promise<ActResult>;
  /** What an action is called; undefined: there is none of this verb. */
  titleOf(verb: string, locale: string): string | undefined;
  /** Runs what was taken before this gateway started and never finished. */
  resume(): Promise<void>;
}

export function createActing(parts: ActingParts): Acting {
  const { groups, cards, join, runner } = parts;
  const actions = new Map(
    parts.apps.flatMap((app) => [...app.actions.values()].map((action) => [action.verb, action] as const)),
  );

  async function act(input: ActInput, viewer: Viewer): Promise<ActResult> {
    const { groupId, person, key, verb, card } = input;
    const before = await groups.actionByKey(groupId, person, key);
    if (before) return { action: before, card: null, userErrors: [] };
    const action = actions.get(verb);
    const used = await parts.appsOf(groupId);
    if (!action || !used.some(({ name }) => name === action.app))
      return refused("verb", "UNKNOWN_ACTION", `There is no action ${verb} in this group.`);
    if (cards.closedBy(action, viewer) !== null)
      return refused("verb", "NOT_ALLOWED", "The owner does not allow this to your role in this group.");
    const seen =
      action.scope === "card" ? await asSeen(action, input, viewer, cards) : { data: null, offered: [] };
    if ("userErrors" in seen) return seen;
    const filled = await fillIn({
      action,
      input,
      shown: seen.data,
      viewer,
      names: namesFor(viewer, card, key),
      join,
    });
    if ("userErrors" in filled) return { action: null, card: null, userErrors: filled.userErrors };
    const cardId = action.scope === "card" ? (card?.id ?? null) : null;
    const taken = await groups.beginAction({
      groupId,
      personId: person,
      key,
      verb,
      cardId,
      input: filled.value,
    });
    const { sentPath } = filled;
    if (taken.fresh) runner.start(parts.over, taken.run, action, viewer, { sentPath, offered: seen.offered });
    return { action: taken.run, card: null, userErrors: [] };
  }

  function titleOf(verb: string, locale: string): string | undefined {
    const action = actions.get(verb);
    return action && actionTitle(action, locale);
  }

  async function resume(): Promise<void> {
    for (const run of await groups.pendingActions(new Date())) {
      const action = actions.get(run.verb);
      const viewer = await parts.viewerOf(run.person, run.groupId);
      if (action && viewer && cards.closedBy(action, viewer) === null)
        runner.start(parts.over, run, action, viewer, { sentPath: (field) => field, offered: [run.verb] });
      else await groups.finishAction(run.id, "FAILED", []);
    }
  }

  return { act, titleOf, resume, ...createGroupActions(parts) };
}

/** I7: the card's data, if the card is as the person saw it and can be acted on so. */
async function asSeen(
  action: ActionType,
  { card, seen }: ActInput,
  viewer: Viewer,
  cards: Cards,
): Promise<{ readonly data: unknown; readonly offered: readonly string[] } | ActResult> {
  if (!card) return refused("cardId", "REQUIRED", "This action is taken on a card: name it.");
  if (seen === null) return refused("seen", "REQUIRED", "Name the revision of the card that the person saw.");
  const { envelope, actions, data } = await cards.open(card, viewer);
  if (envelope.revision !== seen)
    return {
      ...refused("seen", "STALE", `The card is at revision ${envelope.revision} now. Nothing was done.`),
      card,
    };
  if (!actions.includes(action))
    return { ...refused("verb", "NOT_NOW", "This cannot be done with the card as it is."), card };
  return { data, offered: actions.map(({ verb }) => verb) };
}

function refused(field: string, code: string, message: string): ActResult {
  return { action: null, card: null, userErrors: [{ field: [field], code, message }] };
}
