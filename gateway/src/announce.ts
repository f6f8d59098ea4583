// The story of a change: what a subgraph says has changed, which groups and cards it concerns, what each audience
// then sees, and the sockets that get it.
//
//   a change ▸ the log ▸ cards that showed it, rules that wait for it ▸ rows of feeds      (`take`)
//   a row of a feed ▸ audiences ▸ join ▸ envelope ▸ text, once for each                    (`render`)
//   text ▸ every open subscription, live or after a replay                                 (`subscribe`, push/)
//
// Beside the feed, a subscription may be to a field of any subgraph: its events come from there as they happen, and
// are joined and written once for each audience too (push/relays.ts).
import { Kind, valueFromASTUntyped, type FieldNode } from "graphql";
import type { Answering, Request, Understood } from "./answer.ts";
import type { Cohort } from "./audience/cohorts.ts";
import type { Places } from "./audience/places.ts";
import type { Cards } from "./cards/cards.ts";
import type { Rules } from "./cards/rules.ts";
import { JuntoError } from "./errors/index.ts";
import type { Change } from "./events/log.ts";
import type { Engine } from "./execute/engine.ts";
import type { Upstreams } from "./fetch/upstream.ts";
import type { CardEnvelope } from "./groups/subgraph.ts";
import type { FeedRow, Groups } from "./groups/store.ts";
import type { Log } from "./observe/index.ts";
import { rootField } from "./operation/root-field.ts";
import { createHub } from "./push/hub.ts";
import { createRelays } from "./push/relays.ts";
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
  readonly upstreams: Upstreams;
  readonly organizationOf: (subgraph: string) => string;
  readonly log: Log;
}

export interface Announcing {
  /** Takes changes from the log: writes to the feeds of the groups that they concern. */
  take(changes: readonly Change[]): Promise<void>;
  /** Opens a subscription: to a group's feed, or to a field of a subgraph. @returns what ends it. @throws JuntoError */
  subscribe(request: Request, sink: Sink): Promise<() => void>;
  /** Open subscriptions. */
  size(): number;
  close(): void;
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

  const feeds = {
    readFeed: groups.readFeed,
    head: groups.head,
    onFeed: groups.onFeed,
    place: parts.places.of,
    places: parts.places.all,
    log: parts.log,
  };
  const hub = createHub({
    ...feeds,
    render,
    cursorVariable: (operation) => cursorOf(rootField(operation)).variable,
  });
  const relays = createRelays({
    ...feeds,
    source: ({ operation, variables, viewer }) => engine.source(operation, variables, { viewer }),
    open: parts.upstreams.open,
    async render({ operation, variables, viewer }, event) {
      return answering.respond(
        operation,
        variables,
        await engine.join(operation, variables, { viewer, event }),
      );
    },
    organizationOf: parts.organizationOf,
  });

  async function subscribe(request: Request, sink: Sink): Promise<() => void> {
    const understood = await answering.understand(request);
    const field = rootField(understood.operation);
    return field.name.value === "groupFeed"
      ? followFeed(understood, field, sink)
      : relays.subscribe(understood, sink);
  }

  async function followFeed(
    { operation, variables, viewer }: Understood,
    field: FieldNode,
    sink: Sink,
  ): Promise<() => void> {
    if (!viewer.person || !viewer.group)
      throw new JuntoError("NOT_FOUND", "There is no such group, or you are not a member of it.");
    const after = cursorOf(field).value(variables) ?? 0;
    const head = await groups.head(viewer.group.id);
    if (typeof after !== "number" || after < 0 || after > head)
      throw new JuntoError(
        "BAD_USER_INPUT",
        `"after" is ${JSON.stringify(after)}; the newest event of this group is ${head}. Begin from 0, or from the last event you have.`,
      );
    return hub.subscribe({ person: viewer.person, place: viewer.group, operation, variables, after }, sink);
  }

  return {
    take,
    subscribe,
    size: () => hub.size() + relays.size(),
    close() {
      hub.close();
      relays.close();
    },
  };
}

/** What a groupFeed field says of the cursor. */
function cursorOf(field: FieldNode): {
  readonly variable: string | null;
  value(variables: Readonly<Record<string, unknown>>): unknown;
} {
  const given = field.arguments?.find((argument) => argument.name.value === "after")?.value;
  return {
    variable: given?.kind === Kind.VARIABLE ? given.name.value : null,
    value: (variables) => given && valueFromASTUntyped(given, variables),
  };
}
