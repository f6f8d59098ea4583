// What happens in groups ▸ those here who are in them: a message, somebody who comes or goes, something they have read.
import type { Log } from "../observe/index.ts";
import { onPlacesChanged } from "./places-changed.ts";
import type { StandingParts } from "./standing.ts";

export interface InGroupsParts extends Pick<StandingParts, "readFeed" | "onFeed"> {
  /** Something is another for one person in a group: how far they have read. */
  readonly onPersonal: (listener: (group: string, person: string) => void) => () => void;
  readonly groupsOf: (person: string) => Promise<readonly { readonly id: string }[]>;
  readonly members: (group: string) => Promise<readonly { readonly person: string }[]>;
  readonly log: Log;
}

export interface InGroups<One> {
  readonly all: ReadonlySet<One>;
  /** From now on they are told of groups in which they turn out to be. */
  add(one: One): void;
  /** Finds their groups. What happens there from then on they are told. */
  find(one: One): Promise<void>;
  remove(one: One): void;
  close(): void;
}

/** @param tell called with everyone whom it concerns that something has happened in a group */
export function createInGroups<One extends { readonly person: string }>(
  parts: InGroupsParts,
  tell: (one: One, group: string) => void,
): InGroups<One> {
  const all = new Set<One>();
  const groups = new Map<string, Set<One>>();

  function put(one: One, group: string): void {
    groups.set(group, (groups.get(group) ?? new Set()).add(one));
  }

  function take(one: One, group: string): void {
    const there = groups.get(group);
    there?.delete(one);
    if (there?.size === 0) groups.delete(group);
  }

  /** Somebody may have come into the group or left it. */
  async function look(group: string): Promise<void> {
    if (all.size === 0) return;
    const members = new Set((await parts.members(group)).map(({ person }) => person));
    for (const one of all) {
      const was = groups.get(group)?.has(one) ?? false;
      const is = members.has(one.person);
      if (is) put(one, group);
      else take(one, group);
      if (is || was) tell(one, group);
    }
  }

  const failed = (error: unknown): void =>
    parts.log.warn({ err: error }, "whose group it is could not be looked at");
  const ends = [
    parts.onFeed((group) => {
      for (const one of groups.get(group) ?? []) tell(one, group);
    }),
    onPlacesChanged(parts, (group) => void look(group).catch(failed), failed),
    parts.onPersonal((group, person) => {
      for (const one of groups.get(group) ?? []) if (one.person === person) tell(one, group);
    }),
  ];

  return {
    all,
    add: (one) => void all.add(one),
    async find(one) {
      const found = await parts.groupsOf(one.person);
      if (all.has(one)) for (const { id } of found) put(one, id);
    },
    remove(one) {
      all.delete(one);
      for (const group of [...groups.keys()]) take(one, group);
    },
    close() {
      for (const end of ends) end();
    },
  };
}
