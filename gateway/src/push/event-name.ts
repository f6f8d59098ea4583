// What an event of a feed is called to a client that comes back with the name of the last one that it had (`id` and
// Last-Event-ID of server-sent events). The group is part of it: one feed's number is never taken for another's.
import type { FeedRow } from "../groups/store.ts";

export function eventName({ groupId, seq }: Pick<FeedRow, "groupId" | "seq">): string {
  return `${groupId}/${seq}`;
}

/** The event's number in the feed of this group; null: it is the name of none. */
export function seqNamed(name: string, group: string): number | null {
  if (!name.startsWith(`${group}/`)) return null;
  const number = name.slice(group.length + 1);
  return /^(0|[1-9]\d{0,14})$/.test(number) ? Number(number) : null;
}
