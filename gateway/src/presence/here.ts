// Who is at this gateway: each person once, on however many screens.
import type { Spot } from "./messages.ts";

export interface Here {
  /** One screen more, until the returned function is called. */
  enter(spot: Spot): () => void;
  of(group: string): readonly string[];
  all(): readonly Spot[];
}

/** @param changed called when somebody comes, and when they have left */
export function createHere(changed: (spot: Spot, isHere: boolean) => void): Here {
  const groups = new Map<string, Map<string, number>>();

  function leave([group, person]: Spot): void {
    const people = groups.get(group)!;
    const rest = people.get(person)! - 1;
    if (rest > 0) return void people.set(person, rest);
    people.delete(person);
    if (people.size === 0) groups.delete(group);
    changed([group, person], false);
  }

  return {
    enter(spot) {
      const [group, person] = spot;
      const people = groups.get(group) ?? new Map<string, number>();
      const screens = people.get(person) ?? 0;
      groups.set(group, people.set(person, screens + 1));
      if (screens === 0) changed(spot, true);
      let left = false;
      return () => {
        if (left) return;
        left = true;
        leave(spot);
      };
    },
    of: (group) => [...(groups.get(group)?.keys() ?? [])],
    all: () =>
      [...groups].flatMap(([group, people]) => [...people.keys()].map((person): Spot => [group, person])),
  };
}
