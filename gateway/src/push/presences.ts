// Who is where in a group ▸ everyone who follows it there, who are those that are there. The same for all of an audience
// who ask for the same: it is written once for them.
import { audienceViewer, type ViewerGroup } from "../access/viewer.ts";
import { JuntoError } from "../errors/index.ts";
import type { OwnEvent } from "../groups/subgraph.ts";
import type { Log } from "../observe/index.ts";
import type { Reread } from "../operation/reading.ts";
import type { Presence } from "../presence/presence.ts";
import { createLatest, type Latest } from "./latest.ts";
import type { Following } from "./relay.ts";
import { Standings, type StandingParts } from "./standing.ts";
import type { Streams } from "./streams.ts";

export interface PresencesParts extends StandingParts {
  readonly presence: Pick<Presence, "enter" | "of" | "onChange">;
  readonly onFeed: (listener: (group: string, seq: number) => void) => () => void;
  /** Somebody has read. */
  readonly onPersonal: (listener: (group: string, person: string) => void) => () => void;
  readonly render: (following: Following, event: OwnEvent) => Promise<string>;
  readonly log: Log;
}

/** Milliseconds between two states: many may read at once. */
const PACE = 250;

interface Follower {
  following: Following;
  readonly latest: Latest;
  /** From now on they are not here; nothing: they have no place yet, and are given nothing. */
  leave?: () => void;
}

interface Room {
  readonly standings: Standings;
  readonly followers: Set<Follower>;
  /** What is written of the state that is now, by who gets it. */
  written: Map<string, Promise<string>>;
}

export function createPresences(parts: PresencesParts): Streams {
  const { presence } = parts;
  const rooms = new Map<string, Room>();

  function touch(group: string): void {
    const room = rooms.get(group);
    if (!room) return;
    room.written = new Map();
    for (const { latest, leave } of room.followers) if (leave) latest.touch();
  }

  const ends = [
    presence.onChange(touch),
    parts.onPersonal(touch),
    parts.onFeed((group) => rooms.get(group)?.standings.wake()),
  ];

  function roomOf(group: string): Room {
    let room = rooms.get(group);
    if (!room)
      rooms.set(
        group,
        (room = { standings: new Standings(group, parts), followers: new Set(), written: new Map() }),
      );
    return room;
  }

  async function render(group: string, room: Room, { following }: Follower): Promise<string> {
    const { operation, variables, viewer } = following;
    const key = JSON.stringify([operation.digest, variables, viewer.audience]);
    let text = room.written.get(key);
    if (!text) {
      text = parts.render(following, { groupPresence: { groupId: group, ...presence.of(group) } });
      room.written.set(key, text);
      text.catch((error: unknown) => {
        if (JuntoError.from(error).code === "INTERNAL")
          parts.log.error({ err: error, group }, "who is where could not be written");
      });
    }
    const written = await text;
    await room.standings.settled();
    return written;
  }

  return {
    subscribe({ viewer, reading }, sink) {
      const { person, group } = viewer;
      if (!person || !group)
        throw new JuntoError("NOT_FOUND", "There is no such group, or you are not a member of it.");
      const room = roomOf(group.id);
      const latest = createLatest({
        render: () => render(group.id, room, follower),
        sink,
        pace: PACE,
        onEnd() {
          room.followers.delete(follower);
          leaveStandings();
          follower.leave?.();
          if (room.followers.size === 0 && rooms.get(group.id) === room) rooms.delete(group.id);
        },
      });
      const follower: Follower = { following: { ...reading(), viewer }, latest };
      const put = (place: ViewerGroup | null): void => {
        if (!place)
          return latest.end(new JuntoError("FORBIDDEN", "You are no longer a member of this group."));
        const seen = audienceViewer(viewer.organization, place, viewer.scopes);
        follower.following = { ...follower.following, viewer: seen };
        follower.leave ??= presence.enter([group.id, person.id]);
        room.written = new Map();
        latest.touch();
      };
      const fail = (error: unknown): void => latest.end(JuntoError.from(error));
      room.followers.add(follower);
      const leaveStandings = room.standings.add({ person: person.id, put, fail });
      return () => latest.end(null);
    },
    renew(reread: Reread) {
      for (const room of rooms.values()) {
        room.written = new Map();
        for (const follower of [...room.followers]) {
          try {
            follower.following = { ...follower.following, ...reread(follower.following) };
          } catch (error) {
            follower.latest.end(JuntoError.from(error));
          }
        }
      }
    },
    size: () => [...rooms.values()].reduce((sum, { followers }) => sum + followers.size, 0),
    close() {
      for (const end of ends) end();
      for (const { followers } of rooms.values()) for (const { latest } of [...followers]) latest.end(null);
    },
  };
}
