// One group's feed from where it is now, and everyone here who follows it: replay meets live without a seam.
import type { Viewer, ViewerGroup } from "../access/viewer.ts";
import { createCohorts, type Cohort, type Cohorts } from "../audience/cohorts.ts";
import { JuntoError } from "../errors/index.ts";
import type { FeedRow } from "../groups/store.ts";
import type { Person } from "../identity/index.ts";
import type { Log } from "../observe/index.ts";
import type { Operation } from "../operation/prepare.ts";
import type { Reading, Reread } from "../operation/reading.ts";
import { changesPlaces } from "./places-changed.ts";
import type { StandingParts, Standings } from "./standing.ts";
import { give, type Sink, type Subscription } from "./subscription.ts";

/** An event as a cohort gets it. */
export interface Rendered {
  readonly text: string;
  /** Of an event about a card: which, and how it looks. */
  readonly card?: { readonly id: string; readonly revision: number };
}

export interface TailParts extends Pick<StandingParts, "readFeed" | "head"> {
  /** Everyone's place: who was removed is gone, who has other rights is of another audience, before more is given. */
  readonly standings: Standings;
  /** @param hurried rights have just changed: what does not come soon comes later */
  readonly render: (row: FeedRow, cohort: Cohort, hurried: boolean) => Promise<Rendered>;
  readonly cursorVariable: (operation: Operation) => string | null;
  readonly log: Log;
}

export interface FeedRequest extends Reading {
  readonly person: Person;
  /** Theirs that the graph asks for. */
  readonly scopes: Viewer["scopes"];
  readonly place: ViewerGroup;
  readonly after: number;
}

/** Rows read at a time. */
const PAGE = 100;
/** Rows that are rendered side by side: after a change of rights every card of a group may come again (I8). */
const AHEAD = 16;
/** Milliseconds after a change of rights in which nothing waits long for a system that does not answer. */
const HURRY = 10_000;

export class Tail {
  readonly #group: string;
  readonly #parts: TailParts;
  /** Called when the last one has left. */
  readonly #forget: (tail: Tail) => void;
  readonly #cohorts: Cohorts;
  /** What is rendered ahead of its turn. */
  readonly #rendering = new WeakMap<FeedRow, Map<Cohort, Promise<Rendered>>>();
  readonly #subscriptions = new Set<Subscription>();
  readonly #ready: Promise<void>;
  /** Everything up to here is live: given to who is LIVE, read again by who is not. */
  #head = Infinity;
  #woken = false;
  #running = false;
  #hurriedUntil = 0;

  constructor(group: string, parts: TailParts, forget: (tail: Tail) => void) {
    this.#group = group;
    this.#parts = parts;
    this.#forget = forget;
    this.#cohorts = createCohorts(parts.cursorVariable);
    this.#ready = parts.head(group).then((head) => void (this.#head = head));
    this.#ready.catch(() => undefined); // who waits for it is told
  }

  get size(): number {
    return this.#subscriptions.size;
  }

  /** Follows the feed for a member. @returns what ends it. */
  join({ person, scopes, place, operation, variables, after }: FeedRequest, sink: Sink): () => void {
    const cohort = this.#cohorts.of({ ...person, scopes }, place, operation, variables);
    let begun = false;
    const subscription: Subscription = {
      person: person.id,
      sink,
      cohort,
      cursor: after,
      state: "REPLAY",
      // Their rights may have changed since the request was understood: they are placed before anything is given.
      leave: this.#parts.standings.add(this.#group, {
        person: person.id,
        put: (place) => {
          this.#put(subscription, place);
          if (begun) return;
          begun = true;
          this.#replay(subscription).catch((error: unknown) => this.#fail(subscription, error));
        },
        fail: (error) => this.#fail(subscription, error),
      }),
    };
    this.#subscriptions.add(subscription);
    return () => this.#end(subscription);
  }

  /** Another graph is in force: what comes from now on is joined in it. Who asks what it does not know is told so. */
  renew(reread: Reread): void {
    const renewed = this.#cohorts.renewed(reread);
    for (const subscription of [...this.#subscriptions]) {
      try {
        subscription.cohort = renewed(subscription.cohort);
      } catch (error) {
        this.#fail(subscription, error);
      }
    }
  }

  /** There is more in the feed. */
  wake(): void {
    this.#woken = true;
    void this.#run();
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    try {
      await this.#ready;
      while (this.#woken && this.size > 0) {
        this.#woken = false;
        let rows: readonly FeedRow[];
        do {
          rows = await this.#parts.readFeed(this.#group, this.#head, PAGE);
          for (const [at, row] of rows.entries()) {
            if (changesPlaces(row)) await this.#placed();
            this.#renderAhead(rows, at);
            await this.#push(row);
          }
        } while (rows.length > 0);
      }
    } catch (error) {
      // The feed is in the database: whoever follows comes back with a cursor and has lost nothing.
      for (const subscription of this.#subscriptions) this.#fail(subscription, error);
    } finally {
      this.#running = false;
      if (this.#woken && this.size > 0) void this.#run();
    }
  }

  /** The row was read: whoever told of it may not have told the standings yet. */
  #placed(): Promise<void> {
    this.#parts.standings.wake(this.#group);
    return this.#settled();
  }

  #settled(): Promise<void> {
    return this.#parts.standings.settled(this.#group);
  }

  async #push(row: FeedRow): Promise<void> {
    // First the head: who becomes LIVE while this is rendered has read the row already.
    this.#head = row.seq;
    // Once, unless rights or the graph changed meanwhile: then those who wait are given it as it is for them now.
    for (let waiting = this.#waitingFor(row); waiting.size > 0; waiting = this.#waitingFor(row))
      await Promise.all([...waiting].map(([cohort, members]) => this.#pushTo(cohort, members, row)));
  }

  async #pushTo(cohort: Cohort, members: readonly Subscription[], row: FeedRow): Promise<void> {
    try {
      const rendered = await this.#rendered(row, cohort);
      await this.#settled();
      const still = members.filter((member) => member.cohort === cohort && member.state === "LIVE");
      if (still.length === 0) return;
      const text = unlessGiven(row, cohort.given, rendered);
      for (const member of still) {
        give(member, row, text);
        this.#followUp(member);
      }
    } catch (error) {
      for (const member of members) if (member.cohort === cohort) this.#fail(member, error);
    }
  }

  #renderAhead(rows: readonly FeedRow[], from: number): void {
    const cohorts = new Set<Cohort>();
    for (const { state, cohort } of this.#subscriptions) if (state === "LIVE") cohorts.add(cohort);
    for (let at = from + 1; at < Math.min(rows.length, from + AHEAD); at++) {
      if (changesPlaces(rows[at]!)) return;
      // Whoever gives it hears how it went.
      for (const cohort of cohorts) this.#rendered(rows[at]!, cohort).catch(() => undefined);
    }
  }

  /** The same promise for the same row and cohort. */
  #rendered(row: FeedRow, cohort: Cohort): Promise<Rendered> {
    let byCohort = this.#rendering.get(row);
    if (!byCohort) this.#rendering.set(row, (byCohort = new Map()));
    let rendered = byCohort.get(cohort);
    if (!rendered) byCohort.set(cohort, (rendered = this.#parts.render(row, cohort, this.#isHurried())));
    return rendered;
  }

  #isHurried(): boolean {
    return performance.now() < this.#hurriedUntil;
  }

  async #replay(subscription: Subscription): Promise<void> {
    await this.#ready;
    const given = new Map<string, number>();
    while (subscription.state === "REPLAY") {
      const rows = await this.#parts.readFeed(this.#group, subscription.cursor, PAGE);
      if (rows.length === 0 && subscription.cursor >= this.#head) return this.#goLive(subscription, given);
      for (const row of rows) {
        const { cohort } = subscription;
        const rendered = await this.#parts.render(row, cohort, this.#isHurried());
        await this.#settled();
        // Their rights or the graph changed while this was rendered: it is rendered again for what they are now.
        if (subscription.cohort !== cohort) break;
        give(subscription, row, unlessGiven(row, given, rendered));
        if (this.#followUp(subscription) || !this.#subscriptions.has(subscription)) return;
      }
    }
  }

  #goLive(subscription: Subscription, given: ReadonlyMap<string, number>): void {
    subscription.state = "LIVE";
    // What this one was given last may differ from what the others were: then the cohort is given it again.
    for (const [card, revision] of given)
      if (subscription.cohort.given.get(card) !== revision) subscription.cohort.given.delete(card);
  }

  /** Who lags reads on when the socket has drained. */
  #followUp(subscription: Subscription): boolean {
    if (subscription.state !== "LAGGING") return false;
    void subscription.sink.drained().then(() => {
      if (subscription.state !== "LAGGING") return;
      subscription.state = "REPLAY";
      this.#replay(subscription).catch((error: unknown) => this.#fail(subscription, error));
    });
    return true;
  }

  #waitingFor(row: FeedRow): Map<Cohort, Subscription[]> {
    const waiting = new Map<Cohort, Subscription[]>();
    for (const each of this.#subscriptions) {
      if (each.state !== "LIVE" || each.cursor >= row.seq) continue;
      const members = waiting.get(each.cohort);
      if (members) members.push(each);
      else waiting.set(each.cohort, [each]);
    }
    return waiting;
  }

  #put(subscription: Subscription, place: ViewerGroup): void {
    const { viewer, operation, variables } = subscription.cohort;
    const cohort = this.#cohorts.of(viewer, place, operation, variables);
    if (cohort === subscription.cohort) return;
    subscription.cohort = cohort;
    // What the others of that cohort were given this one was not: every card comes again.
    cohort.given.clear();
    this.#hurriedUntil = performance.now() + HURRY;
  }

  #fail(subscription: Subscription, error: unknown): void {
    if (subscription.state === "ENDED") return;
    const shown = JuntoError.from(error);
    if (shown.code === "INTERNAL")
      this.#parts.log.error({ err: error, group: this.#group }, "a subscription failed");
    this.#end(subscription);
    subscription.sink.error(shown);
  }

  #end(subscription: Subscription): void {
    subscription.state = "ENDED";
    subscription.leave();
    this.#subscriptions.delete(subscription);
    if (this.size === 0) this.#forget(this);
  }
}

/** A card that came out as it was last given is not given again; a card that is new to them is. */
function unlessGiven(row: FeedRow, given: Map<string, number>, { text, card }: Rendered): string | null {
  if (!card) return text;
  const same = given.get(card.id) === card.revision;
  given.set(card.id, card.revision);
  return same && row.kind === "CARD_CHANGED" ? null : text;
}
