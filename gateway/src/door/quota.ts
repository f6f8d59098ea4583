// So many of something at once for each person, whichever doors they take.
import type { Limits } from "../config/index.ts";

export interface Quota {
  readonly most: number;
  /** Takes one; returns what gives it back, or null when the person has as many as are allowed. */
  take(person: string): (() => void) | null;
}

/** One count for all doors: who may have ten has not ten at each. */
export interface Quotas {
  /** Connections that stay: WebSockets and event streams. */
  readonly sockets: Quota;
  readonly subscriptions: Quota;
}

export function createQuotas(limits: Pick<Limits, "socketsPerPerson" | "subscriptionsPerPerson">): Quotas {
  return {
    sockets: createQuota(limits.socketsPerPerson),
    subscriptions: createQuota(limits.subscriptionsPerPerson),
  };
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
