// A card ▸ the envelope that a viewer gets: joined data, what may be done with it, who answered, a revision.
import type { Visibility } from "../access/prune.ts";
import type { Viewer } from "../access/viewer.ts";
import type { ActionView, CardEnvelope } from "../groups/subgraph.ts";
import type { CardRow, Groups } from "../groups/store.ts";
import type { Operations } from "../operation/prepare.ts";
import type { ActionType, App, CardType } from "./apps.ts";
import { canonicalDigest } from "./digest.ts";
import { isTrue } from "./expression.ts";
import type { CardJoin, JoinedCard } from "./join.ts";
import { formatMessage, type Locale } from "./messages.ts";
import type { Recovery } from "./recovery.ts";
import { localeOf, type View } from "./speech.ts";
import { expand, expandText, templateBody } from "./template.ts";

export interface CardsParts {
  readonly apps: readonly App[];
  readonly join: CardJoin;
  readonly groups: Pick<Groups, "recordView" | "setShown">;
  readonly operations: Operations;
  readonly visibility: Visibility;
  readonly recovery: Recovery;
  /** For digests of what came out: without it nobody can try values out against them. */
  readonly secret: Buffer;
  readonly organizationName: (id: string, locale: Locale) => string;
  /** Where days and hours in a group are those of, and what its people are called. */
  readonly manners: (group: string) => Promise<Pick<View, "timeZone" | "personName">>;
}

/** A card that was opened: what is known of it beside what the viewer gets. */
export interface OpenCard {
  readonly envelope: CardEnvelope;
  readonly joined: JoinedCard;
  /** What this viewer may do with it now. */
  readonly actions: readonly ActionType[];
}

export interface Cards {
  /** Joins a card for a viewer and says at which revision of it they are. */
  open(card: CardRow, viewer: Viewer): Promise<OpenCard>;
  /** Whether the owner allows the viewer to do this here at all. */
  allows(action: ActionType, viewer: Viewer): boolean;
  /** An action as it is offered: its title, and the form filled with data. */
  offer(action: ActionType, locale: string, data: unknown, view: Omit<View, "locale">): ActionView;
}

/** What expressions know beside the data. */
export function namesFor(
  viewer: Viewer,
  card: CardRow | null,
  key: string | null,
): Readonly<Record<string, unknown>> {
  return { $subject: viewer.group?.subjects[0] ?? null, $key: card?.entity.key ?? null, $action: { key } };
}

export function createCards(parts: CardsParts): Cards {
  const types = new Map(
    parts.apps.flatMap((app) => [...app.cards.values()].map((type) => [type.id, type] as const)),
  );

  const allows = (action: ActionType, viewer: Viewer): boolean =>
    parts
      .visibility(parts.operations.prepare(action.mutation.text), viewer)
      .withheld.every(({ path }) => path.length > 1);

  const offer: Cards["offer"] = (action, name, data, view) => {
    const locale = localeOf(name);
    return {
      verb: action.verb,
      title: formatMessage(action.messages, locale, `action.${action.name}`) ?? action.verb,
      form: action.form ? expand(action.form.template, { ...view, locale, data }) : null,
    };
  };

  async function open(card: CardRow, viewer: Viewer): Promise<OpenCard> {
    const type = types.get(card.type);
    if (!type) return unknownCard(card);
    const [joined, manners] = await Promise.all([parts.join(type, card.entity, viewer), parts.manners(card.groupId)]);
    const names = namesFor(viewer, card, null);
    const actions = type.actions.filter(
      (action) =>
        card.open &&
        joined.data !== null &&
        allows(action, viewer) &&
        (!action.when || isTrue(action.when, joined.data, names)),
    );
    const digest = canonicalDigest(
      parts.secret,
      [card.open, joined.data, joined.withheld, joined.missing],
      actions.map(({ verb }) => verb),
    );
    const [{ revision }] = await Promise.all([
      parts.groups.recordView(card.id, viewer.audience, digest),
      parts.groups.setShown(card.id, viewer.audience, joined.shown),
    ]);
    parts.recovery.note(
      card.id,
      viewer.audience,
      joined.provenance.filter(({ status }) => status !== "OK").map(({ system }) => system),
    );
    return { envelope: envelopeOf(card, type, joined, actions, revision), joined, actions };
  }

  function envelopeOf(
    card: CardRow,
    type: CardType,
    joined: JoinedCard,
    actions: readonly ActionType[],
    revision: number,
  ): CardEnvelope {
    const dotted = <T extends { readonly path: readonly string[] }>(each: T) => ({
      ...each,
      path: each.path.join("."),
    });
    const view = {
      withheld: joined.withheld.map(dotted).map(({ path, owner }) => ({ path, organization: owner })),
      missing: joined.missing.map(dotted),
      organizationName: parts.organizationName,
    };
    const offered = (locale: string) => actions.map((action) => offer(action, locale, joined.data, view));
    const expandFor = (locale: string) => ({ ...view, locale: localeOf(locale), data: joined.data });
    return {
      revision,
      templateRef: type.template.ref,
      template: (locale) => templateBody(type.template, localeOf(locale)),
      data: joined.data,
      summary: (locale) => expandText(type.summary, type.messages, expandFor(locale)),
      actions: offered,
      provenance: joined.provenance,
      withheld: joined.withheld
        .map(dotted)
        .map(({ path, owner, policy }) => ({ path, organization: owner, policy })),
      adaptiveCard: (locale) =>
        withActions(expand(type.template, expandFor(locale)), offered(locale), card.id, revision),
    };
  }

  return { open, allows, offer };
}

/** Other hosts send back what stands in `data`: which card, and which revision of it the person saw. */
function withActions(card: unknown, actions: readonly ActionView[], cardId: string, seen: number): unknown {
  if (actions.length === 0) return card;
  const offered = actions.map(({ verb, title, form }) => {
    const execute = { type: "Action.Execute", verb, title, data: { cardId, seen } };
    // A form is shown in place; what is filled in goes with the click.
    return form === null
      ? execute
      : { type: "Action.ShowCard", title, card: { ...(form as object), actions: [execute] } };
  });
  return { ...(card as object), actions: offered };
}

/** A card whose app is not here any more. It can be read that there was one. */
function unknownCard(card: CardRow): OpenCard {
  const text = (locale: string) =>
    locale.startsWith("zh")
      ? `此处没有应用 ${card.type}。`
      : `The app of ${card.type} is not installed here.`;
  const body = (locale: string) => ({
    type: "AdaptiveCard",
    version: "1.5",
    body: [{ type: "TextBlock", wrap: true, text: text(locale) }],
  });
  return {
    joined: { data: null, withheld: [], missing: [], provenance: [], shown: [] },
    actions: [],
    envelope: {
      revision: card.revision,
      templateRef: "none",
      template: body,
      data: null,
      summary: text,
      actions: () => [],
      provenance: [],
      withheld: [],
      adaptiveCard: body,
    },
  };
}
