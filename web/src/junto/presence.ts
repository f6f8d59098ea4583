// One is here as long as this is followed; and sees who else is, who is writing, and how far people have read.
import { PresenceDocument, SetTypingDocument } from "../generated/graphql.ts";
import type { Connection } from "./connection.ts";
import { followNow } from "./now.ts";
import { createStore, type Watched } from "./store.ts";
import type { Entry } from "./timeline.ts";
import type { Presence, Seen } from "./types.ts";

export interface Here {
  /** Null: it is not known (any more). */
  readonly presence: Watched<Presence | null>;
  /** The person is writing, or has left off. May be called at every key. */
  type(typing: boolean): void;
  leave(): void;
}

export interface HereOptions {
  readonly connection: Connection;
  readonly group: string;
  readonly whenOnline?: (listener: () => void) => () => void;
}

/** Half of the time after which the gateway forgets that somebody is writing; milliseconds. */
const SAY_AGAIN = 3_000;

export function beHere({ connection, group, whenOnline }: HereOptions): Here {
  const presence = createStore<Presence | null>(null);
  let saidAt = -Infinity;
  const life = followNow({
    connection,
    document: PresenceDocument,
    variables: { group },
    whenOnline,
    onNow: ({ groupPresence }) => presence.set(groupPresence),
    onState: (state) => state !== "live" && presence.set(null),
  });

  function say(typing: boolean): void {
    // If it is lost, the next key says it again, or it ends by itself.
    connection.ask(SetTypingDocument, { group, typing }).catch(() => undefined);
  }

  return {
    presence,
    type(typing) {
      const now = Date.now();
      if (typing ? now - saidAt < SAY_AGAIN : saidAt === -Infinity) return;
      saidAt = typing ? now : -Infinity;
      say(typing);
    },
    leave() {
      if (saidAt !== -Infinity && Date.now() - saidAt < 2 * SAY_AGAIN) say(false);
      life.stop();
    },
  };
}

/** An organization whose people have read up to an entry and no further; who they are. */
export interface SeenMark {
  readonly organization: Seen["organization"];
  readonly people: readonly Seen["people"][number]["person"][];
}

/**
 * By `seq` of an entry: which organizations' people have read as far as it. That somebody has read what they said
 * themselves says nothing, and of oneself one knows.
 */
export function seenMarks(
  seen: readonly Seen[],
  entries: readonly Entry[],
  me: string,
): ReadonlyMap<number, readonly SeenMark[]> {
  const marks = new Map<number, SeenMark[]>();
  for (const { organization, people } of seen) {
    const others = people.filter(({ person }) => person.id !== me);
    const entry = entries.findLast(({ seq, actor }) =>
      others.some((each) => each.seq >= seq && each.person.id !== actor?.id),
    );
    if (!entry) continue;
    const readers = others.filter(({ seq, person }) => seq >= entry.seq && person.id !== entry.actor?.id);
    const mark = { organization, people: readers.map(({ person }) => person) };
    marks.set(entry.seq, [...(marks.get(entry.seq) ?? []), mark]);
  }
  return marks;
}
