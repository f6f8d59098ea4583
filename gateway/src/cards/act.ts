// An action: named by its verb, checked, taken down, and handed to whoever runs it.
import { evaluate, EXTENSIONS, type Json } from "@junto/template";
import type { Viewer } from "../access/viewer.ts";
import type { ActInput, ActionView, ActResult, ClosedActionView } from "../groups/subgraph.ts";
import type { Groups } from "../groups/store.ts";
import type { ActionType, App } from "./app/apps.ts";
import { coerceInput, type Form, type UserError } from "./app/form.ts";
import { asksByData, limitErrors } from "./app/limits.ts";
import { namesFor, type Cards } from "./cards.ts";
import { actionTitle, offer, refuseTo, type Manners } from "./envelope.ts";
import { expanded } from "./expanded.ts";
import type { CardJoin, JoinedCard } from "./join.ts";
import type { Runner, RunsOver } from "./run.ts";

export interface ActingParts {
  readonly apps: readonly App[];
  /** The apps that a group uses. */
  readonly appsOf: (group: string) => Promise<readonly App[]>;
  readonly groups: Pick<Groups, "actionByKey" | "beginAction" | "finishAction" | "pendingActions">;
  readonly cards: Cards;
  readonly join: CardJoin;
  readonly manners: (group: string) => Promise<Manners>;
  readonly runner: Pick<Runner, "start">;
  readonly over: RunsOver;
  /** Who took an action, as they are now; null when they are not a member any more. */
  readonly viewerOf: (person: string, group: string) => Promise<Viewer | null>;
}

export interface Acting {
  act(input: ActInput, viewer: Viewer): Promise<ActResult>;
  /** Actions that begin something new and that the viewer may take. */
  groupActions(group: string, viewer: Viewer, locale: string): Promise<readonly ActionView[]>;
  /** Those that the viewer may not take. */
  closedActions(group: string, viewer: Viewer, locale: string): Promise<readonly ClosedActionView[]>;
  /** What an action is called; undefined: there is none of this verb. */
  titleOf(verb: string, locale: string): string | undefined;
  /** Runs what was taken before this gateway started and never finished. */
  resume(): Promise<void>;
}

export function createActing(parts: ActingParts): Acting {
  const { groups, cards, runner } = parts;
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
    const names = namesFor(viewer, card, key);
    const bound = [...action.bind].map(([field, expression]) => [
      field,
      evaluate(expression, seen.data, names),
    ]);
    const { inputType } = action.mutation;
    const coerced = coerceInput(inputType, input.input, Object.fromEntries(bound), action.form?.lists);
    if ("userErrors" in coerced) return { action: null, card: null, userErrors: coerced.userErrors };
    const userErrors = await againstForm(action, seen.data, coerced, viewer);
    if (userErrors.length > 0) return { action: null, card: null, userErrors };
    const cardId = action.scope === "card" ? (card?.id ?? null) : null;
    const taken = await groups.beginAction({
      groupId,
      personId: person,
      key,
      verb,
      cardId,
      input: coerced.value,
    });
    if (taken.fresh)
      runner.start(parts.over, taken.run, action, viewer, {
        sentPath: coerced.sentPath,
        offered: seen.offered,
      });
    return { action: taken.run, card: null, userErrors: [] };
  }

  async function beginnings(group: string): Promise<readonly ActionType[]> {
    const all = (await parts.appsOf(group)).flatMap((app) => [...app.actions.values()]);
    return all.filter(({ scope }) => scope === "group");
  }

  async function closedActions(
    group: string,
    viewer: Viewer,
    locale: string,
  ): Promise<readonly ClosedActionView[]> {
    return (await beginnings(group)).flatMap((action) => {
      const by = cards.closedBy(action, viewer);
      return by ? [refuseTo(action, by, locale)] : [];
    });
  }

  function titleOf(verb: string, locale: string): string | undefined {
    const action = actions.get(verb);
    return action && actionTitle(action, locale);
  }

  async function groupActions(group: string, viewer: Viewer, locale: string): Promise<readonly ActionView[]> {
    const offered = (await beginnings(group)).filter((action) => cards.closedBy(action, viewer) === null);
    const manners = await parts.manners(group);
    return Promise.all(
      offered.map(async (action) =>
        offer(action, locale, (await joinedFor(action.form, viewer))?.data ?? null, manners),
      ),
    );
  }

  /** What a form of the group shows of its subject. */
  async function joinedFor(form: Form | undefined, viewer: Viewer): Promise<JoinedCard | null> {
    const [subject] = viewer.group?.subjects ?? [];
    if (!form?.fragment || !subject) return null;
    const entity = { type: subject.type, key: { id: subject.id } };
    return parts.join({ fragment: form.fragment }, entity, viewer, {});
  }

  /**
   * What the form asks of its inputs. That of a card is known as the person saw it. That of the group may ask by its data,
   * and nobody knows which data that was: it is what the form would be shown with now. Where that is not complete, because a
   * system is silent, only what does not depend on it is asked.
   */
  async function againstForm(
    { form }: ActionType,
    data: unknown,
    coerced: Parameters<typeof limitErrors>[1],
    viewer: Viewer,
  ): Promise<readonly UserError[]> {
    if (!form) return [];
    const { template, fragment, lists } = form;
    const filled = (shown: unknown): Json =>
      expanded(template, { locale: "en", data: shown, knows: new Set(EXTENSIONS.keys()) });
    if (!fragment) return limitErrors(filled(data), coerced, lists);
    const joined = asksByData(template.source) ? await joinedFor(form, viewer) : null;
    const isComplete = joined?.data && joined.missing.length === 0;
    return limitErrors(isComplete ? filled(joined.data) : template.source, coerced, lists);
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

  return { act, groupActions, closedActions, titleOf, resume };
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
