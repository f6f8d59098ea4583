// The story of a change: what a subgraph says has changed, which groups and cards it concerns, what each audience
// then sees, and the sockets that get it.
//
//   a change ▸ the log ▸ cards that showed it, rules that wait for it ▸ rows of feeds      (`take`)
//   a row of a feed ▸ audiences ▸ join ▸ envelope ▸ text, once for each                    (`render`)
//   text ▸ every open subscription, live or after a replay                                 (`subscribe`, push/)
import { Kind, valueFromASTUntyped } from "graphql";
import type { Answering, Request } from "./answer.ts";
import type { Cohort } from "./audience/cohorts.ts";
import type { Places } from "./audience/places.ts";
import type { Cards } from "./cards/cards.ts";
import type { Rules } from "./cards/rules.ts";
import { JuntoError } from "./errors/index.ts";
import type { Change } from "./events/log.ts";
import type { Engine } from "./execute/engine.ts";
import type { CardEnvelope } from "./groups/subgraph.ts";
import type { FeedRow, Groups } from "./groups/store.ts";
import type { Log } from "./observe/index.ts";
import type { Operation } from "./operation/prepare.ts";
import { createHub, type Hub } from "./push/hub.ts";
import type { Sink } from "./push/subscription.ts";
import type { Rendered } from "./push/tail.ts";

/** What the resolvers of a pushed event get: the row, and its card as it came out for the audience. */
export interface PushedEvent {
  readonly groupFeed: FeedRow;
  readonly card: { readonly id: string; readonly envelope: CardEnvelope } | null;
}

export interface AnnounceParts {
  readonly groups: Groups;
  readonly places: Places;
  readonly rules: Rules;
  readonly cards: Cards;
  readonly engine: Engine;
  readonly answering: Answering;
  readonly log: Log;
}

export interface Announcing {
  /** Takes changes from the log: writes to the feeds of the groups that they concern. */
  take(changes: readonly Change[]): Promise<void>;
  /** Opens a subscription to a group's feed. @returns what ends it. @throws JuntoError */
  subscribe(request: Request, sink: Sink): Promise<() => void>;
  readonly hub: Hub;
}

export function createAnnouncing(parts: AnnounceParts): Announcing {
  const { groups, cards, rules, engine, answering } = parts;

  async function take(changes: readonly Change[]): Promise<void> {
    const touched = new Set<string>();
    for (const { entity, key } of changes)
      for (const { cardId } of await groups.cardsShowing(entity, key)) touched.add(cardId);
    await groups.touchCards([...touched]);
    await rules.apply(changes);
  }

  /** A row's card is joined once for each audience, for whichever cohort of it comes first. */
  const joins = new WeakMap<FeedRow, Map<string, Promise<PushedEvent["card"]>>>();

  async function cardOf(row: FeedRow, { viewer }: Cohort): Promise<PushedEvent["card"]> {
    if (row.kind !== "CARD_POSTED" && row.kind !== "CARD_CHANGED") return null;
    let byAudience = joins.get(row);
    if (!byAudience) joins.set(row, (byAudience = new Map()));
    let joined = byAudience.get(viewer.audience);
    if (!joined) {
      const { card: id } = row.keys;
      joined = groups
        .card(id)
        .then(async (card) => (card ? { id, envelope: (await cards.open(card, viewer)).envelope } : null));
      byAudience.set(viewer.audience, joined);
    }
    return joined;
  }

  async function render(row: FeedRow, cohort: Cohort): Promise<Rendered> {
    const card = await cardOf(row, cohort);
    const event: PushedEvent = { groupFeed: row, card };
    const joined = await engine.join(cohort.operation, cohort.variables, { viewer: cohort.viewer, event });
    const text = answering.respond(cohort.operation, cohort.variables, joined);
    return { text, ...(card && { card: { id: card.id, revision: card.envelope.revision } }) };
  }

  const hub = createHub({
    readFeed: groups.readFeed,
    head: groups.head,
    onFeed: groups.onFeed,
    place: parts.places.of,
    places: parts.places.all,
    render,
    cursorVariable: (operation) => feedField(operation)?.cursorVariable ?? null,
    log: parts.log,
  });

  async function subscribe(request: Request, sink: Sink): Promise<() => void> {
    const { operation, variables, viewer } = await answering.understand(request);
    const feed = feedField(operation);
    if (!feed) throw new JuntoError("BAD_REQUEST", "A subscription has one field at its root: groupFeed.");
    if (!viewer.person || !viewer.group)
      throw new JuntoError("NOT_FOUND", "There is no such group, or you are not a member of it.");
    const after = feed.after(variables) ?? 0;
    const head = await groups.head(viewer.group.id);
    if (typeof after !== "number" || after < 0 || after > head)
      throw new JuntoError(
        "BAD_USER_INPUT",
        `"after" is ${JSON.stringify(after)}; the newest event of this group is ${head}. Begin from 0, or from the last event you have.`,
      );
    return hub.subscribe({ person: viewer.person, place: viewer.group, operation, variables, after }, sink);
  }

  return { take, subscribe, hub };
}

/** The groupFeed field of a subscription, with what it says of the cursor. */
function feedField(
  operation: Operation,
): { cursorVariable: string | null; after(variables: Readonly<Record<string, unknown>>): unknown } | null {
  const [field, ...others] = operation.definition.selectionSet.selections;
  if (
    operation.kind !== "subscription" ||
    others.length > 0 ||
    field?.kind !== Kind.FIELD ||
    field.name.value !== "groupFeed"
  )
    return null;
  const value = field.arguments?.find((argument) => argument.name.value === "after")?.value;
  return {
    cursorVariable: value?.kind === Kind.VARIABLE ? value.name.value : null,
    after: (variables) => value && valueFromASTUntyped(value, variables),
  };
}
