// Who is where in groups ▸ open subscriptions: one room for each group that somebody here follows so.
import { Room, type RoomParts } from "./room.ts";
import { memberOf, type Streams } from "./streams.ts";

export interface PresencesParts extends RoomParts {
  /** Somebody has read. */
  readonly onPersonal: (listener: (group: string, person: string) => void) => () => void;
}

export function createPresences(parts: PresencesParts): Streams {
  const rooms = new Map<string, Room>();
  const touch = (group: string): void => rooms.get(group)?.touch();
  const ends = [parts.presence.onChange(touch), parts.onPersonal(touch)];

  return {
    subscribe({ viewer, reading }, sink) {
      const { person, group } = memberOf(viewer);
      const following = { ...reading(), viewer };
      let room = rooms.get(group.id);
      if (!room) {
        room = new Room(group.id, parts, (left) => {
          if (rooms.get(group.id) === left) rooms.delete(group.id);
        });
        rooms.set(group.id, room);
      }
      return room.join(person.id, following, sink);
    },
    renew(reread) {
      for (const room of [...rooms.values()]) room.renew(reread);
    },
    size: () => [...rooms.values()].reduce((sum, { size }) => sum + size, 0),
    close() {
      for (const end of ends) end();
      for (const room of [...rooms.values()]) room.close();
    },
  };
}
