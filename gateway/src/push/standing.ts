// Who of a group follows something, its feed or the events of a subgraph: each has the place that they have now. The
// feed tells when members, roles or grants have changed; from that moment on nobody is given anything until all are
// placed anew. It does not wait for what is being joined meanwhile (I8).
import { LRUCache } from "lru-cache";
import type { ViewerGroup } from "../access/viewer.ts";
import type { FeedRow } from "../groups/store.ts";

export interface StandingParts {
  readonly readFeed: (group: string, after: number, limit: number) => Promise<readonly FeedRow[]>;
  readonly head: (group: string) => Promise<number>;
  readonly place: (group: string, person: string) => Promise<ViewerGroup | null>;
  readonly places: (group: string) => Promise<(person: string) => ViewerGroup | null>;
}

export interface Standing {
  readonly person: string;
  /** Called when they come, and again whenever it may be another. null: they are no member. */
  put(place: ViewerGroup | null): void;
  fail(error: unknown): void;
}

/** Rows read at a time. */
const PAGE = 100;

export class Standings {
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

  /** @returns what takes them out. */
  add(standing: Standing): () => void {
    this.#all.add(standing);
    this.#begin(standing).catch((error: unknown) => standing.fail(error));
    return () => this.#all.delete(standing);
  }

  /** There is more in the group's feed. */
  wake(): void {
    if (this.#next) return;
    const next = this.#look.then(() => {
      this.#next = undefined;
      this.#look = next;
      return this.#heed();
    });
    this.#next = next;
  }

  /** Resolves when everyone has the place that what the feed has said until now gives them. */
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
    if (this.#all.has(standing)) standing.put(place);
  }

  async #heed(): Promise<void> {
    try {
      if (!(await this.#haveChanged())) return;
      this.#placings += 1;
      const placeOf = await this.#parts.places(this.#group);
      for (const standing of [...this.#all]) standing.put(placeOf(standing.person));
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

/** Groups that are remembered, and rows that are looked back on in one that is not: a change of rights comes with many. */
const REMEMBERED = 10_000;
const BACK = 1_500;

/** Calls when places of a group may have changed. @returns what ends it */
export function onPlacesChanged(
  groups: Pick<StandingParts, "readFeed"> & {
    onFeed(listener: (group: string, seq: number) => void): () => void;
  },
  changed: (group: string) => void,
  failed: (error: unknown) => void,
): () => void {
  const looked = new LRUCache<string, number>({ max: REMEMBERED });
  const look = async (group: string, seq: number): Promise<void> => {
    let from = looked.get(group) ?? Math.max(0, seq - BACK);
    looked.set(group, Math.max(seq, from));
    let rows: readonly FeedRow[];
    do {
      rows = await groups.readFeed(group, from, PAGE);
      if (rows.some(changesPlaces)) return changed(group);
      from = rows.at(-1)?.seq ?? from;
    } while (rows.length === PAGE);
  };
  return groups.onFeed((group, seq) => void look(group, seq).catch(failed));
}

/** After such a row people may have other rights, or none. */
export function changesPlaces({ kind }: FeedRow): boolean {
  return kind === "MEMBER" || kind === "GRANT" || kind === "CLOSED";
}
