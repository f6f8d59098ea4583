// Who is where in one group ▸ everyone who follows it there, who are those that are there. The same for all of an
// audience who ask for the same: it is written once for them.
import type { ViewerGroup } from "../access/viewer.ts";
import { JuntoError } from "../errors/index.ts";
import type { OwnEvent } from "../groups/subgraph.ts";
import type { Log } from "../observe/index.ts";
import type { Reread } from "../operation/reading.ts";
import type { Presence } from "../presence/presence.ts";
import { inPlace, keyOf, renew, type Following, type Follows } from "./following.ts";
import { createLatest, type Latest } from "./latest.ts";
import type { Standings } from "./standing.ts";
import type { Sink } from "./subscription.ts";

export interface RoomParts {
  readonly presence: Pick<Presence, "enter" | "of" | "onChange">;
  readonly standings: Standings;
  readonly render: (following: Following, event: OwnEvent) => Promise<string>;
  readonly log: Log;
}

/** Milliseconds between two states: many may read at once. */
const PACE = 250;

interface Follower extends Follows {
  readonly person: string;
  readonly latest: Latest;
  /** From now on they are not here; nothing: they have no place yet, and are given nothing. */
  leave?: () => void;
}

export class Room {
  readonly #group: string;
  readonly #parts: RoomParts;
  /** Called when the last one has left. */
  readonly #forget: (room: Room) => void;
  readonly #followers = new Set<Follower>();
  /** What is written of the state that is now, by who gets it. */
  readonly #written = new Map<string, Promise<string>>();

  constructor(group: string, parts: RoomParts, forget: (room: Room) => void) {
    this.#group = group;
    this.#parts = parts;
    this.#forget = forget;
  }

  get size(): number {
    return this.#followers.size;
  }

  /** Follows it as a member, who is here from now on. @returns what ends it. */
  join(person: string, following: Following, sink: Sink): () => void {
    const latest = createLatest({
      render: () => this.#render(follower),
      sink,
      pace: PACE,
      onEnd: () => {
        this.#followers.delete(follower);
        leaveStandings();
        follower.leave?.();
        if (this.size === 0) this.#forget(this);
      },
    });
    const fail = (error: unknown): void => latest.end(JuntoError.from(error));
    const follower: Follower = { person, following, latest, fail };
    this.#followers.add(follower);
    const leaveStandings = this.#parts.standings.add(this.#group, {
      person,
      put: (place) => this.#put(follower, place),
      fail,
    });
    return () => latest.end(null);
  }

  /** Its state is another. */
  touch(): void {
    this.#written.clear();
    for (const { latest, leave } of this.#followers) if (leave) latest.touch();
  }

  renew(reread: Reread): void {
    this.#written.clear();
    for (const follower of [...this.#followers]) renew(follower, reread);
  }

  close(): void {
    for (const { latest } of [...this.#followers]) latest.end(null);
  }

  #put(follower: Follower, place: ViewerGroup): void {
    follower.following = inPlace(follower.following, place);
    follower.leave ??= this.#parts.presence.enter([this.#group, follower.person]);
    this.#written.clear();
    follower.latest.touch();
  }

  async #render({ following }: Follower): Promise<string> {
    const key = keyOf(following);
    let text = this.#written.get(key);
    if (!text) this.#written.set(key, (text = this.#write(following)));
    const written = await text;
    await this.#parts.standings.settled(this.#group);
    return written;
  }

  async #write(following: Following): Promise<string> {
    const { presence, render, log } = this.#parts;
    const group = this.#group;
    try {
      return await render(following, { groupPresence: { groupId: group, ...presence.of(group) } });
    } catch (error) {
      if (JuntoError.from(error).code === "INTERNAL")
        log.error({ err: error, group }, "who is where could not be written");
      throw error;
    }
  }
}
