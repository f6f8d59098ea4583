// Who is at this gateway: each person once, on however many screens.
import type { Spot } from "./messages.ts";

export interface Here {
  /** One screen more. @returns whether they were not here before */
  enter(spot: Spot): boolean;
  /** One screen less. @returns whether they are not here any more */
  leave(spot: Spot): boolean;
  of(group: string): readonly string[];
  all(): readonly Spot[];
}

export function createHere(): Here {
  const groups = new Map<string, Map<string, number>>();
  return {
    enter([group, person]) {
      const people = groups.get(group) ?? new Map<string, number>();
      const screens = people.get(person) ?? 0;
      groups.set(group, people.set(person, screens + 1));
      return screens === 0;
    },
    leave([group, person]) {
      const people = groups.get(group);
      const screens = people?.get(person);
      if (!people || !screens) return false;
      if (screens > 1) {
        people.set(person, screens - 1);
        return false;
      }
      people.delete(person);
      if (people.size === 0) groups.delete(group);
      return true;
    },
    of: (group) => [...(groups.get(group)?.keys() ?? [])],
    all: () =>
      [...groups].flatMap(([group, people]) => [...people.keys()].map((person): Spot => [group, person])),
  };
}
