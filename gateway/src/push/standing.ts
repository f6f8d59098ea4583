// Who of a group follows something in it, its feed or the events of a subgraph: each has the place that they have now.
// The feed tells when members, roles or grants have changed; from that moment on nobody is given anything until all are
// placed anew. It does not wait for what is being joined meanwhile (I8).
import type { ViewerGroup } from "../access/viewer.ts";
import { JuntoError } from "../errors/index.ts";
import type { FeedRow } from "../groups/store.ts";
import { changesPlaces } from "./places-changed.ts";

export interface StandingParts {
  readonly readFeed: (group: string, after: number, limit: number) => Promise<readonly FeedRow[]>;
  readonly head: (group: string) => Promise<number>;
  readonly onFeed: (listener: (group: string, seq: number) => void) => () => void;
  readonly place: (group: string, person: string) => Promise<ViewerGroup | null>;
  readonly places: (group: string) => Promise<(person: string) => ViewerGroup | null>;
}

export interface Standing {
  readonly person: string;
  /** Called when they come, and again whenever it may be another. */
  put(place: ViewerGroup): void;
  /** They are no member, or nobody can say. */
  fail(error: unknown): void;
}

/** Those of every group in which somebody here follows something. */
export interface Standings {
  /** @returns what takes them out. */
  add(group: string, standing: Standing): () => void;
  /** There is more in the group's feed. What the feed itself tells is heeded unasked. */
  wake(group: string): void;
  /** Resolves when everyone has the place that what the feed has said until now gives them. */
  settled(group: string): Promise<void>;
  close(): void;
}

export function createStandings(parts: StandingParts): Standings {
  const groups = new Map<string, GroupStandings>();
  const wake = (group: string): void => groups.get(group)?.wake();
  const stop = parts.onFeed(wake);
  return {
    add(group, standing) {
      let there = groups.get(group);
      if (!there) groups.set(group, (there = new GroupStandings(group, parts)));
      const within = there;
      const leave = within.add(standing);
      return () => {
        leave();
        if (within.size === 0 && groups.get(group) === within) groups.delete(group);
      };
    },
    wake,
    settled: (group) => groups.get(group)?.settled() ?? SETTLED,
    close: stop,
  };
}

const SETTLED = Promise.resolve();

/** Rows read at a time. */
const PAGE = 100;

class GroupStandings {
  readonly #group: string;
  readonly #parts: StandingParts;
  readonly #all = new Set<Standing>();
  #head = 0;
  /** Grows whenever all are placed anew: what was read before may be of before. */
  #placings = 0;
  readonly #ready: Promise<void>;
  /** The look at the feed that is under way, or was the last one. */
  #look: Promise<void>;
  /** The one after it, which heeds all that the feed has said by then. */
  #next: Promise<void> | undefined;

  constructor(group: string, parts: StandingParts) {
    this.#group = group;
    this.#parts = parts;
    this.#ready = parts.head(group).then((head) => void (this.#head = head));
    this.#look = this.#ready.catch(() => undefined); // who begins is told
  }

  get size(): number {
    return this.#all.size;
  }

  add(standing: Standing): () => void {
    this.#all.add(standing);
    this.#begin(standing).catch((error: unknown) => standing.fail(error));
    return () => this.#all.delete(standing);
  }

  wake(): void {
    if (this.#next) return;
    const next = this.#look.then(() => {
      this.#next = undefined;
      this.#look = next;
      return this.#heed();
    });
    this.#next = next;
  }

  settled(): Promise<void> {
    return this.#next ?? this.#look;
  }

  async #begin(standing: Standing): Promise<void> {
    await this.#ready;
    let placings: number;
    let place: ViewerGroup | null;
    do {
      placings = this.#placings;
      place = await this.#parts.place(this.#group, standing.person);
    } while (placings !== this.#placings);
    if (this.#all.has(standing)) put(standing, place);
  }

  async #heed(): Promise<void> {
    try {
      if (!(await this.#haveChanged())) return;
      this.#placings += 1;
      const placeOf = await this.#parts.places(this.#group);
      for (const standing of [...this.#all]) put(standing, placeOf(standing.person));
    } catch (error) {
      // Who may see what is not known: nobody is given anything.
      for (const standing of [...this.#all]) standing.fail(error);
    }
  }

  async #haveChanged(): Promise<boolean> {
    let changed = false;
    let rows: readonly FeedRow[];
    do {
      rows = await this.#parts.readFeed(this.#group, this.#head, PAGE);
      changed ||= rows.some(changesPlaces);
      this.#head = rows.at(-1)?.seq ?? this.#head;
    } while (rows.length === PAGE);
    return changed;
  }
}

function put(standing: Standing, place: ViewerGroup | null): void {
  if (place) standing.put(place);
  else standing.fail(new JuntoError("FORBIDDEN", "You are no longer a member of this group."));
}
