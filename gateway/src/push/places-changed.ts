// What a feed says of places: when people of a group may have other rights, or none.
import { LRUCache } from "lru-cache";
import type { FeedRow } from "../groups/store.ts";

/** After such a row people may have other rights, or none. */
export function changesPlaces({ kind }: FeedRow): boolean {
  return kind === "MEMBER" || kind === "GRANT" || kind === "CLOSED";
}

/** Rows read at a time. */
const PAGE = 100;
/** Groups that are remembered, and rows that are looked back on in one that is not: a change of rights comes with many. */
const REMEMBERED = 10_000;
const BACK = 1_500;

/** Calls when places of a group may have changed. @returns what ends it */
export function onPlacesChanged(
  groups: {
    readFeed(group: string, after: number, limit: number): Promise<readonly FeedRow[]>;
    onFeed(listener: (group: string, seq: number) => void): () => void;
  },
  changed: (group: string) => void,
  failed: (error: unknown) => void,
): () => void {
  const looked = new LRUCache<string, number>({ max: REMEMBERED });
  const look = async (group: string, seq: number): Promise<void> => {
    let from = looked.get(group) ?? Math.max(0, seq - BACK);
    looked.set(group, Math.max(seq, from));
    let rows: readonly FeedRow[];
    do {
      rows = await groups.readFeed(group, from, PAGE);
      if (rows.some(changesPlaces)) return changed(group);
      from = rows.at(-1)?.seq ?? from;
    } while (rows.length === PAGE);
  };
  return groups.onFeed((group, seq) => void look(group, seq).catch(failed));
}
