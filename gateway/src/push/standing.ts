// Who of a group follows something that is not its feed: each has the place that they have now. The feed tells when
// members, roles or grants have changed; from that moment on nobody is given anything until all are placed anew.
import type { ViewerGroup } from "../access/viewer.ts";
import type { FeedRow } from "../groups/store.ts";
import { changesPlaces } from "./tail.ts";

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
  readonly #ready: Promise<void>;
  #head = 0;
  /** Grows with each word of the feed: what was read before may be of before. */
  #words = 0;
  #running: Promise<void> | undefined;

  constructor(group: string, parts: StandingParts) {
    this.#group = group;
    this.#parts = parts;
    this.#ready = parts.head(group).then((head) => void (this.#head = head));
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
    this.#words += 1;
    this.#running ??= this.#run();
  }

  async settled(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #begin(standing: Standing): Promise<void> {
    await this.#ready;
    let words: number;
    let place: ViewerGroup | null;
    do {
      words = this.#words;
      place = await this.#parts.place(this.#group, standing.person);
    } while (words !== this.#words);
    if (this.#all.has(standing)) standing.put(place);
  }

  async #run(): Promise<void> {
    try {
      await this.#ready;
      let words: number;
      do {
        words = this.#words;
        if (await this.#haveChanged()) {
          const placeOf = await this.#parts.places(this.#group);
          for (const standing of [...this.#all]) standing.put(placeOf(standing.person));
        }
      } while (words !== this.#words);
    } catch (error) {
      // Who may see what is not known: nobody is given anything.
      for (const standing of [...this.#all]) standing.fail(error);
    } finally {
      this.#running = undefined;
    }
  }

  async #haveChanged(): Promise<boolean> {
    let changed = false;
    let rows: readonly FeedRow[];
    do {
      rows = await this.#parts.readFeed(this.#group, this.#head, PAGE);
      changed ||= rows.some(changesPlaces);
      this.#head = rows.at(-1)?.seq ?? this.#head;
    } while (rows.length > 0);
    return changed;
  }
}
