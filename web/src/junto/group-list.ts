// The person's groups, live: what is new in each, and what waits for them. One subscription for all.
import { MarkReadDocument, MyGroupsDocument, type MyGroupsSubscription } from "../generated/graphql.ts";
import type { Connection } from "./connection.ts";
import { followNow } from "./now.ts";
import { createStore, type Watched } from "./store.ts";
import type { Group } from "./types.ts";

export interface GroupList {
  /** What happened last stands first. */
  readonly groups: Watched<readonly Group[] | "loading" | "failed">;
  /** They have read up to `seq`: shown at once, told to the gateway, and told again if it did not hear. */
  markRead(group: string, seq: number): void;
  close(): void;
}

export interface GroupListOptions {
  readonly connection: Connection;
  readonly whenOnline?: (listener: () => void) => () => void;
}

export function followGroups({ connection, whenOnline }: GroupListOptions): GroupList {
  const groups = createStore<readonly Group[] | "loading" | "failed">("loading");
  /** Group ▸ how far it was read, and has not been told yet. */
  const untold = new Map<string, number>();
  let telling = false;

  const edit = (change: (known: readonly Group[]) => readonly Group[]): void =>
    groups.update((known) => (typeof known === "string" ? known : change(known)));

  async function tell(): Promise<void> {
    if (telling) return;
    telling = true;
    try {
      for (let next = first(untold); next; next = first(untold)) {
        const [group, seq] = next;
        const { markRead } = await connection.ask(MarkReadDocument, { group, seq });
        if (untold.get(group) === seq) untold.delete(group);
        const answer = markRead.group;
        if (answer) edit((known) => withGroups(known, [answer]));
      }
    } catch {
      // It is told again with the next one, and when the connection is back.
    } finally {
      telling = false;
    }
  }

  const life = followNow({
    connection,
    document: MyGroupsDocument,
    variables: {},
    whenOnline,
    onNow: ({ myGroups }) =>
      groups.update((known) => applyNews(typeof known === "string" ? [] : known, myGroups)),
    onState(state) {
      if (state === "live" && untold.size > 0) void tell();
      if (state === "wait" || state === "outdated")
        groups.update((known) => (known === "loading" ? "failed" : known));
    },
  });

  return {
    groups,
    markRead(group, seq) {
      const known = groups.get();
      const reading = typeof known === "string" ? null : known.find(({ id }) => id === group)?.reading;
      if (!reading || seq <= Math.max(reading.seq, untold.get(group) ?? 0)) return;
      untold.set(group, seq);
      edit((all) => all.map((each) => (each.id === group ? readUpTo(each, seq) : each)));
      void tell();
    },
    close: () => life.stop(),
  };
}

function first<Key, Value>(map: ReadonlyMap<Key, Value>): readonly [Key, Value] | undefined {
  return map.entries().next().value;
}

/** Pure: what comes twice or late changes nothing. */
export function applyNews(
  known: readonly Group[],
  { all, groups, left }: MyGroupsSubscription["myGroups"],
): readonly Group[] {
  if (all) return sorted(groups);
  const gone = new Set(left);
  return withGroups(
    known.filter(({ id }) => !gone.has(id)),
    groups,
  );
}

function withGroups(known: readonly Group[], groups: readonly Group[]): readonly Group[] {
  const byId = new Map(known.map((group) => [group.id, group]));
  for (const group of groups) {
    const before = byId.get(group.id);
    if (!before || !isOlder(group, before)) byId.set(group.id, group);
  }
  return sorted([...byId.values()]);
}

/** Neither a feed nor how far somebody has read goes back: what says so was on its way for longer. */
function isOlder(group: Group, than: Group): boolean {
  return group.head < than.head || (group.reading?.seq ?? 0) < (than.reading?.seq ?? 0);
}

/** As the gateway will say, as far as one can know: of what lies between only it can tell. */
function readUpTo(group: Group, seq: number): Group {
  const { reading } = group;
  if (!reading) return group;
  const isAll = seq >= group.head;
  const nothing = {
    messages: 0,
    mentions: 0,
    firstMention: null,
    answers: 0,
    forThem: [],
    cards: 0,
    changes: 0,
    first: null,
    more: false,
  };
  return { ...group, reading: { ...reading, seq, ...(isAll && nothing) } };
}

function sorted(groups: readonly Group[]): readonly Group[] {
  return [...groups].sort(
    (a, b) => Date.parse(b.changedAt) - Date.parse(a.changedAt) || (a.id < b.id ? 1 : -1),
  );
}
