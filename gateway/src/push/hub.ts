// The feeds of groups ▸ open subscriptions. Each event is rendered once a cohort; replay meets live without a seam.
import type { ViewerGroup } from "../access/viewer.ts";
import { createCohorts, type Cohort } from "../audience/cohorts.ts";
import { JuntoError } from "../errors/index.ts";
import type { FeedRow } from "../groups/store.ts";
import type { Person } from "../identity/index.ts";
import type { Log } from "../observe/index.ts";
import type { Operation } from "../operation/prepare.ts";
import { give, type Sink, type Subscription } from "./subscription.ts";

/** An event as a cohort gets it. */
export interface Rendered {
  readonly text: string;
  /** Of an event about a card: which, and how it looks. */
  readonly card?: { readonly id: string; readonly revision: number };
}

export interface HubParts {
  readonly readFeed: (group: string, after: number, limit: number) => Promise<readonly FeedRow[]>;
  readonly head: (group: string) => Promise<number>;
  readonly onFeed: (listener: (group: string, seq: number) => void) => () => void;
  /** The places of a group's members as they are now. */
  readonly places: (group: string) => Promise<(person: string) => ViewerGroup | null>;
  readonly render: (row: FeedRow, cohort: Cohort) => Promise<Rendered>;
  readonly cursorVariable: (operation: Operation) => string | null;
  readonly log: Log;
}

export interface FeedRequest {
  readonly person: Person;
  readonly place: ViewerGroup;
  readonly operation: Operation;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly after: number;
}

export interface Hub {
  /** Gives a member everything after their cursor, then what happens. @returns what ends it. */
  subscribe(request: FeedRequest, sink: Sink): () => void;
  /** Open subscriptions. */
  readonly size: () => number;
  close(): void;
}

/** Rows read at a time. */
const PAGE = 100;

export function createHub(parts: HubParts): Hub {
  const tails = new Map<string, Tail>();
  const stop = parts.onFeed((group) => tails.get(group)?.wake());
  return {
    subscribe({ person, place, operation, variables, after }, sink) {
      let tail = tails.get(place.id);
      if (!tail) {
        const made = createTail(
          place.id,
          parts,
          () => tails.get(place.id) === made && tails.delete(place.id),
        );
        tails.set(place.id, (tail = made));
      }
      return tail.join(person, place, operation, variables, after, sink);
    },
    size: () => [...tails.values()].reduce((sum, tail) => sum + tail.size(), 0),
    close: stop,
  };
}

interface Tail {
  join(
    person: Person,
    place: ViewerGroup,
    operation: Operation,
    variables: Readonly<Record<string, unknown>>,
    after: number,
    sink: Sink,
  ): () => void;
  wake(): void;
  size(): number;
}

/** One group's feed from where it is now, and everyone here who follows it. */
function createTail(group: string, parts: HubParts, forget: () => void): Tail {
  const subscriptions = new Set<Subscription>();
  const cohorts = createCohorts(parts.cursorVariable);
  /** Everything up to here is live: given to who is LIVE, read again by who is not. */
  let head = Infinity;
  const ready = parts.head(group).then((found) => void (head = found));
  let woken = false;
  let running = false;

  const end = (subscription: Subscription): void => {
    subscription.state = "ENDED";
    subscriptions.delete(subscription);
    if (subscriptions.size === 0) forget();
  };

  const fail = (subscription: Subscription, error: unknown): void => {
    if (subscription.state === "ENDED") return;
    const shown = JuntoError.from(error);
    if (shown.code === "INTERNAL") parts.log.error({ err: error, group }, "a subscription failed");
    end(subscription);
    subscription.sink.error(shown);
  };

  async function run(): Promise<void> {
    if (running) return;
    running = true;
    try {
      await ready;
      while (woken && subscriptions.size > 0) {
        woken = false;
        for (
          let rows = await parts.readFeed(group, head, PAGE);
          rows.length > 0;
          rows = await parts.readFeed(group, head, PAGE)
        )
          for (const row of rows) await announceRow(row);
      }
    } catch (error) {
      // The feed is in the database: whoever follows comes back with a cursor and has lost nothing.
      for (const subscription of subscriptions) fail(subscription, error);
    } finally {
      running = false;
      if (woken && subscriptions.size > 0) void run();
    }
  }

  async function announceRow(row: FeedRow): Promise<void> {
    // First the head: who becomes LIVE while this is rendered has read the row already.
    head = row.seq;
    if (changesPlaces(row)) await replace();
    const live = new Map<Cohort, Subscription[]>();
    for (const each of subscriptions) {
      if (each.state !== "LIVE") continue;
      const members = live.get(each.cohort);
      if (members) members.push(each);
      else live.set(each.cohort, [each]);
    }
    await Promise.all(
      [...live].map(async ([cohort, members]) => {
        try {
          const text = unlessGiven(row, cohort.given, await parts.render(row, cohort));
          for (const member of members) {
            if (member.cohort !== cohort || member.state !== "LIVE") continue;
            give(member, row.seq, text);
            followUp(member);
          }
        } catch (error) {
          for (const member of members) fail(member, error);
        }
      }),
    );
  }

  /** Who has been removed is gone, and who has other rights is of another audience, before anything more is shown. */
  async function replace(): Promise<void> {
    const placeOf = await parts.places(group);
    for (const subscription of subscriptions) {
      const place = placeOf(subscription.person);
      const { viewer, operation, variables } = subscription.cohort;
      if (!place)
        fail(subscription, new JuntoError("FORBIDDEN", "You are no longer a member of this group."));
      else subscription.cohort = cohorts.of(viewer.organization, place, operation, variables);
    }
  }

  function followUp(subscription: Subscription): void {
    if (subscription.state !== "LAGGING") return;
    void subscription.sink.drained().then(() => {
      if (subscription.state !== "LAGGING") return;
      subscription.state = "REPLAY";
      void replay(subscription);
    });
  }

  /** What this one was given last may differ from what the others were: then the cohort is given it again. */
  function goLive(subscription: Subscription, given: ReadonlyMap<string, number>): void {
    subscription.state = "LIVE";
    for (const [card, revision] of given)
      if (subscription.cohort.given.get(card) !== revision) subscription.cohort.given.delete(card);
  }

  async function replay(subscription: Subscription): Promise<void> {
    const given = new Map<string, number>();
    try {
      while (subscription.state === "REPLAY") {
        const rows = await parts.readFeed(group, subscription.cursor, PAGE);
        if (rows.length === 0 && subscription.cursor >= head) {
          goLive(subscription, given);
          return;
        }
        for (const row of rows) {
          const { cohort } = subscription;
          const text = unlessGiven(row, given, await parts.render(row, cohort));
          // Their rights changed while this was rendered: it is rendered again for what they are now.
          if (subscription.cohort !== cohort) break;
          give(subscription, row.seq, text);
          if ((subscription.state as string) !== "REPLAY") break;
        }
      }
      followUp(subscription);
    } catch (error) {
      fail(subscription, error);
    }
  }

  return {
    join(person, place, operation, variables, after, sink) {
      const subscription: Subscription = {
        person: person.id,
        sink,
        cohort: cohorts.of(person.organization, place, operation, variables),
        cursor: after,
        state: "REPLAY",
      };
      subscriptions.add(subscription);
      // Their rights may have changed between the request and now; from now on the tail tells.
      void ready
        .then(replace)
        .then(() => replay(subscription))
        .catch((error: unknown) => fail(subscription, error));
      return () => end(subscription);
    },
    wake() {
      woken = true;
      void run();
    },
    size: () => subscriptions.size,
  };
}

/** A card that came out as it was last given is not given again; a card that is new to them is. */
function unlessGiven(row: FeedRow, given: Map<string, number>, { text, card }: Rendered): string | null {
  if (!card) return text;
  const same = given.get(card.id) === card.revision;
  given.set(card.id, card.revision);
  return same && row.kind === "CARD_CHANGED" ? null : text;
}

function changesPlaces({ kind }: FeedRow): boolean {
  return kind === "MEMBER" || kind === "GRANT" || kind === "CLOSED";
}
