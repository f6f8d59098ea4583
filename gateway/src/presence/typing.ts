// Who is writing, at whichever gateway: for a while after they have said so.
import type { Spot } from "./messages.ts";

export interface Typing {
  set(spot: Spot, isTyping: boolean): void;
  has(spot: Spot): boolean;
  of(group: string): readonly string[];
  close(): void;
}

/** Milliseconds for which one is writing after having said so. */
export const TYPING = 6_000;

export function createTyping(changed: (group: string) => void): Typing {
  const typing = new Map<string, Map<string, NodeJS.Timeout>>();

  function set([group, person]: Spot, isTyping: boolean): void {
    const people = typing.get(group) ?? new Map<string, NodeJS.Timeout>();
    const timer = people.get(person);
    clearTimeout(timer);
    if (isTyping)
      people.set(
        person,
        setTimeout(() => set([group, person], false), TYPING),
      );
    else people.delete(person);
    if (people.size > 0) typing.set(group, people);
    else typing.delete(group);
    if (isTyping !== (timer !== undefined)) changed(group);
  }

  return {
    set,
    has: ([group, person]) => typing.get(group)?.has(person) ?? false,
    of: (group) => [...(typing.get(group)?.keys() ?? [])],
    close() {
      for (const people of typing.values()) for (const timer of people.values()) clearTimeout(timer);
    },
  };
}
