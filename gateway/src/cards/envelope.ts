// What a joined card looks like to its readers: in words, in their language, with what may be done.
import {
  CardTooLargeError,
  evaluate,
  type expand,
  expandText,
  formatMessage,
  type Json,
  type Locale,
  localeOf,
  offering,
  type Template,
  templateBody,
  verbsIn,
  type View,
} from "@junto/template";
import type { Withheld } from "../access/prune.ts";
import type { ActionView, CardEnvelope, ClosedActionView } from "../groups/subgraph.ts";
import type { CardRow } from "../groups/store.ts";
import type { ActionType, CardType } from "./app/apps.ts";
import { expanded } from "./expanded.ts";
import type { JoinedCard } from "./join.ts";

/** Who keeps a viewer from an action, and a policy of which a grant would help; null when none would. */
export type ClosedBy = Pick<Withheld, "owner" | "policy">;

/** How one speaks in a group: whose clock, and what people and organizations are called. */
export type Manners = Pick<View, "timeZone" | "personName" | "organizationName">;

/** A card that came out for somebody. */
export interface CameOut {
  readonly card: CardRow;
  readonly type: CardType;
  readonly joined: JoinedCard;
  readonly actions: readonly ActionType[];
  /** What could be done with it now, but not by them. */
  readonly closed: readonly { readonly action: ActionType; readonly by: ClosedBy }[];
  readonly revision: number;
  readonly manners: Manners;
}

export function envelopeOf({
  card,
  type,
  joined,
  actions,
  closed,
  revision,
  manners,
}: CameOut): CardEnvelope {
  const withheld = joined.withheld.map(({ path, owner, policy }) => ({
    path: path.join("."),
    organization: owner,
    policy,
  }));
  const missing = joined.missing.map(({ path, organization }) => ({ path: path.join("."), organization }));
  const view = { ...manners, withheld, missing };
  const options = (locale: string) => ({ ...view, locale: localeOf(locale), data: joined.data });
  const offered = (locale: string) => actions.map((action) => offer(action, locale, joined.data, view));
  return {
    revision,
    templateRef: type.template.ref,
    template: (locale) => templateBody(type.template, localeOf(locale)),
    data: joined.data,
    summary: (locale) => summaryOf(type, options(locale)),
    actions: offered,
    due: dueOf(card, type, joined.data),
    closedActions: (locale) => closed.map(({ action, by }) => refuseTo(action, by, locale)),
    provenance: joined.provenance,
    withheld,
    adaptiveCard: (locale) =>
      publish(type.template, options(locale), offered(locale), (action) =>
        published(action, card.id, revision),
      ),
  };
}

/** What is in lists of cards, in notifications and on a terminal. */
const LONGEST_SUMMARY = 300;

/** One line. Of what is longer than anybody reads in a line there is the beginning. */
function summaryOf({ summary, messages }: CardType, options: Parameters<typeof expand>[1]): string {
  try {
    const line = expandText(summary, messages, options).replace(/\s+/g, " ").trim();
    const characters = Array.from(line);
    return characters.length > LONGEST_SUMMARY
      ? `${characters.slice(0, LONGEST_SUMMARY - 1).join("")}…`
      : line;
  } catch (error) {
    if (!(error instanceof CardTooLargeError)) throw error;
    return options.locale === "en" ? error.message : "这张卡片内容过多，无法显示。";
  }
}

/** Until when something should be done with it. */
export function dueOf({ open, postedAt }: CardRow, { due }: CardType, data: JoinedCard["data"]): Date | null {
  if (!open || !due) return null;
  const instant = evaluate(due, data, { $postedAt: postedAt.toISOString() });
  const date = new Date(typeof instant === "string" ? instant : Number.NaN);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** An action as it is offered: its title, and the form filled with data. */
export function offer(
  action: ActionType,
  locale: string,
  data: unknown,
  view: Omit<View, "locale">,
): ActionView {
  const known: Locale = localeOf(locale);
  const template = action.form?.template;
  return {
    verb: action.verb,
    title: actionTitle(action, locale),
    form: template ? (knows) => expanded(template, { ...view, locale: known, data, knows }) : null,
  };
}

/** An action as it is shown to who may not take it. */
export function refuseTo(action: ActionType, { owner, policy }: ClosedBy, locale: string): ClosedActionView {
  return { verb: action.verb, title: actionTitle(action, locale), organization: owner, policy };
}

export function actionTitle({ messages, name, verb }: ActionType, locale: string): string {
  return formatMessage(messages, localeOf(locale), `action.${name}`) ?? verb;
}

/** Other hosts know the standard, and no extension of it. */
const NOTHING: ReadonlySet<string> = new Set();

/** The card with what is offered: where its template has a place for it, and what it has none for at the end. */
function publish(
  template: Template,
  options: Parameters<typeof expand>[1],
  actions: readonly ActionView[],
  drawn: (action: ActionView) => Json,
): Json {
  const offered = offering(actions, drawn);
  const card = expanded(template, { ...options, offered }) as { readonly actions?: readonly Json[] };
  const placed = new Set(verbsIn(card));
  const rest = actions.filter(({ verb }) => !placed.has(verb)).map(drawn);
  const all = [...(card.actions ?? []), ...rest];
  return all.length === 0 ? card : { ...card, actions: all };
}

/** Other hosts send back what stands in `data`: which card, and which revision of it the person saw. */
function published({ verb, title, form }: ActionView, cardId: string, seen: number): Json {
  const execute = { type: "Action.Execute", verb, title, data: { cardId, seen } };
  // A form is shown in place; what is filled in goes with the click.
  return form === null
    ? execute
    : { type: "Action.ShowCard", title, card: { ...(form(NOTHING) as object), actions: [execute] } };
}

/** A card whose app is not installed any more. It can be read that there was one. */
export function envelopeOfUnknown(card: CardRow): CardEnvelope {
  const text = (locale: string) =>
    locale.startsWith("zh")
      ? `此处未安装应用 ${card.type}。`
      : `The app of ${card.type} is not installed here.`;
  const body = (locale: string) => ({
    type: "AdaptiveCard",
    version: "1.5",
    body: [{ type: "TextBlock", wrap: true, text: text(locale) }],
  });
  return {
    revision: card.revision,
    templateRef: "none",
    template: body,
    data: null,
    summary: text,
    actions: () => [],
    due: null,
    closedActions: () => [],
    provenance: [],
    withheld: [],
    adaptiveCard: body,
  };
}
