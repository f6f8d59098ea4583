// Who follows their groups here, by the groups that they are in.

export interface ByGroup<One> {
  put(one: One, group: string): void;
  take(one: One, group: string): void;
  /** From every group. */
  takeAll(one: One): void;
  has(one: One, group: string): boolean;
  in(group: string): Iterable<One>;
}

export function createByGroup<One>(): ByGroup<One> {
  const groups = new Map<string, Set<One>>();
  const nobody: ReadonlySet<One> = new Set();

  function take(one: One, group: string): void {
    const there = groups.get(group);
    there?.delete(one);
    if (there?.size === 0) groups.delete(group);
  }

  return {
    put: (one, group) => void groups.set(group, (groups.get(group) ?? new Set()).add(one)),
    take,
    takeAll(one) {
      for (const group of [...groups.keys()]) take(one, group);
    },
    has: (one, group) => groups.get(group)?.has(one) ?? false,
    in: (group) => groups.get(group) ?? nobody,
  };
}
