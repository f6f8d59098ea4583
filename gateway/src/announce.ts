// The story of a change: what a subgraph says has changed, which groups and cards it concerns, what each audience
// then sees, and the sockets that get it.
//
//   a change ▸ the log ▸ cards that showed it, rules that wait for it ▸ rows of feeds      (`take`)
//   a row of a feed ▸ audiences ▸ join ▸ envelope ▸ text, once for each                    (push/rows.ts)
//   text ▸ every open subscription, live or after a replay                                 (`subscribe`, push/)
//
// The graph in which things are joined may change meanwhile (graph/graphs.ts). Whoever follows something goes on in the
// new one; from that moment on every operation that is followed here is one of it (`renew`).
//
// Beside the feed, what a subscription tells may be what is so now, who is here for example (push/presences.ts,
// push/my-groups.ts); or it may be a field of any subgraph: its events come from there as they happen, and are joined and
// written once for each audience too (push/relays.ts). Its root field says which.
import type { Answering, Request } from "./answer.ts";
import type { Places } from "./audience/places.ts";
import type { Cards } from "./cards/cards.ts";
import type { Rules } from "./cards/rules.ts";
import type { Change } from "./events/log.ts";
import type { Engine } from "./execute/engine.ts";
import type { Upstreams } from "./fetch/upstream.ts";
import { ON_SCREENS } from "./groups/cards-again.ts";
import type { OwnEvent } from "./groups/subgraph.ts";
import type { Groups } from "./groups/store.ts";
import type { Log } from "./observe/index.ts";
import type { Operations } from "./operation/prepare.ts";
import { rereadIn, type Reading } from "./operation/reading.ts";
import { rootField } from "./operation/root-field.ts";
import type { Presence } from "./presence/presence.ts";
import { createFeeds } from "./push/feeds.ts";
import type { Following } from "./push/following.ts";
import { createMyGroups } from "./push/my-groups.ts";
import { createPresences } from "./push/presences.ts";
import { createRelays } from "./push/relays.ts";
import { createRows } from "./push/rows.ts";
import { createStandings } from "./push/standing.ts";
import type { Streams } from "./push/streams.ts";
import type { Sink } from "./push/subscription.ts";

/** What this story needs of a graph. */
export interface AnnouncedGraph {
  readonly rules: Rules;
  readonly cards: Cards;
  readonly engine: Engine;
  readonly operations: Operations;
  readonly answering: Answering;
  readonly organizationOf: (subgraph: string) => string;
}

export interface AnnounceParts {
  /** The one in force. */
  readonly graph: () => AnnouncedGraph;
  readonly groups: Groups;
  readonly places: Places;
  readonly presence: Presence;
  readonly upstreams: Upstreams;
  readonly log: Log;
}

export interface Announcing {
  /** Takes changes from the log: writes to the feeds of the groups that they concern. */
  take(changes: readonly Change[]): Promise<void>;
  /** Opens a subscription. @returns what ends it. @throws JuntoError */
  subscribe(request: Request, sink: Sink): Promise<() => void>;
  /** Another graph is in force, from this moment: nobody who follows something is cut off. */
  renew(): void;
  /** Has the cards joined again that somebody here may have on the screen. */
  touchOpenCards(): Promise<void>;
  /** Open subscriptions. */
  size(): number;
  close(): void;
}

export function createAnnouncing(parts: AnnounceParts): Announcing {
  const { graph, groups } = parts;

  async function take(changes: readonly Change[]): Promise<void> {
    const touched = new Set<string>();
    for (const { entity, key } of changes)
      for (const { cardId } of await groups.cardsShowing(entity, key)) touched.add(cardId);
    await groups.touchCards([...touched]);
    await graph().rules.apply(changes);
  }

  /** What is followed, in the graph in force. */
  async function render({ operation, variables, viewer }: Following, event: unknown): Promise<string> {
    const { engine, answering } = graph();
    return answering.respond(await engine.join(operation, variables, { viewer, event }));
  }

  const { readFeed, head, onFeed, onPersonal, groupsOf, members } = groups;
  const { of: place, all: places } = parts.places;
  const standings = createStandings({ readFeed, head, onFeed, place, places });
  const common = { standings, readFeed, head, onFeed, onPersonal, render, log: parts.log };
  const rows = createRows({ graph, card: groups.card });
  const feeds = createFeeds({ ...common, render: rows.render });
  const relays = createRelays({
    ...common,
    source: async ({ operation, variables, viewer }) =>
      graph().engine.source(operation, variables, { viewer }),
    open: parts.upstreams.open,
    keyOf: parts.upstreams.keyOf,
    organizationOf: (subgraph) => graph().organizationOf(subgraph),
  });
  /** Those of the gateway's own subgraph, by their root field. */
  const own: ReadonlyMap<string, Streams> = new Map(
    Object.entries({
      groupFeed: feeds,
      groupPresence: createPresences({ ...common, presence: parts.presence }),
      myGroups: createMyGroups({ ...common, groupsOf, members }),
    } satisfies { [Field in keyof Required<OwnEvent>]: Streams }),
  );
  const streams: readonly Streams[] = [...own.values(), relays];

  async function subscribe(request: Request, sink: Sink): Promise<() => void> {
    const asked = graph();
    const understood = await asked.answering.understand(request);
    const { viewer, operation } = understood;
    const stream = own.get(rootField(operation).name.value) ?? relays;
    const reading = (): Reading =>
      graph() === asked ? understood : rereadIn(graph().operations)(understood);
    return stream.subscribe({ viewer, reading, lastEvent: request.lastEvent }, sink);
  }

  return {
    take,
    subscribe,
    renew() {
      rows.renew();
      const reread = rereadIn(graph().operations);
      for (const each of streams) each.renew(reread);
    },
    async touchOpenCards() {
      for (const group of feeds.groups()) {
        const open = await groups.cards(group, { first: ON_SCREENS });
        await groups.touchCards(open.map(({ id }) => id));
      }
    },
    size: () => streams.reduce((sum, { size }) => sum + size(), 0),
    close() {
      standings.close();
      for (const each of streams) each.close();
    },
  };
}
