// So many of something at once for each person, over all their sockets.

export interface Quota {
  readonly most: number;
  /** Takes one; returns what gives it back, or null when the person has as many as are allowed. */
  take(person: string): (() => void) | null;
}

export function createQuota(most: number): Quota {
  const taken = new Map<string, number>();
  return {
    most,
    take(person) {
      const before = taken.get(person) ?? 0;
      if (before >= most) return null;
      taken.set(person, before + 1);
      let given = false;
      return () => {
        if (given) return;
        given = true;
        const left = taken.get(person)! - 1;
        if (left === 0) taken.delete(person);
        else taken.set(person, left);
      };
    },
  };
}
