// What happens in a person's groups ▸ their list of them: one subscription for all, with what is new in each for them.
import { personViewer } from "../access/viewer.ts";
import { JuntoError } from "../errors/index.ts";
import type { OwnEvent } from "../groups/subgraph.ts";
import type { Log } from "../observe/index.ts";
import { createLatest, type Latest } from "./latest.ts";
import type { Following } from "./relay.ts";
import { onPlacesChanged, type StandingParts } from "./standing.ts";
import type { Streams } from "./streams.ts";

export interface MyGroupsParts extends Pick<StandingParts, "readFeed"> {
  readonly onFeed: (listener: (group: string, seq: number) => void) => () => void;
  /** Something is another for one person in a group: how far they have read. */
  readonly onPersonal: (listener: (group: string, person: string) => void) => () => void;
  readonly groupsOf: (person: string) => Promise<readonly { readonly id: string }[]>;
  readonly members: (group: string) => Promise<readonly { readonly person: string }[]>;
  readonly render: (following: Following, event: OwnEvent) => Promise<string>;
  readonly log: Log;
}

/** Milliseconds between two events for one client: much may happen in many groups. */
const PACE = 500;

interface Follower {
  readonly person: string;
  following: Following;
  readonly latest: Latest;
  /** Groups in which something has happened since the last event. */
  touched: Set<string>;
}

export function createMyGroups(parts: MyGroupsParts): Streams {
  const followers = new Set<Follower>();
  /** Group ▸ who follows their groups here and is in it; group and person each by the other. */
  const inGroup = new Map<string, Set<Follower>>();

  function note(follower: Follower, group: string): void {
    follower.touched.add(group);
    follower.latest.touch();
  }

  function put(follower: Follower, group: string): void {
    if (followers.has(follower)) inGroup.set(group, (inGroup.get(group) ?? new Set()).add(follower));
  }

  function take(follower: Follower, group: string): void {
    const there = inGroup.get(group);
    there?.delete(follower);
    if (there?.size === 0) inGroup.delete(group);
  }

  /** Somebody may have come into the group or left it. */
  async function look(group: string): Promise<void> {
    if (followers.size === 0) return;
    const members = new Set((await parts.members(group)).map(({ person }) => person));
    for (const follower of followers) {
      const was = inGroup.get(group)?.has(follower) ?? false;
      const is = members.has(follower.person);
      if (is) put(follower, group);
      else take(follower, group);
      if (is || was) note(follower, group);
    }
  }

  const failed = (error: unknown): void =>
    parts.log.warn({ err: error }, "whose group it is could not be looked at");
  const ends = [
    parts.onFeed((group) => {
      for (const follower of inGroup.get(group) ?? []) note(follower, group);
    }),
    onPlacesChanged(parts, (group) => void look(group).catch(failed), failed),
    parts.onPersonal((group, person) => {
      for (const follower of inGroup.get(group) ?? []) if (follower.person === person) note(follower, group);
    }),
  ];

  /** First all of them; from then on they are known, and each is told of again when it is touched. */
  async function render(follower: Follower, isFirst: boolean): Promise<string | null> {
    if (isFirst) {
      // What happens from now on is heard, and what is read below is of now or later.
      for (const { id } of await parts.groupsOf(follower.person)) put(follower, id);
      return parts.render(follower.following, { myGroups: { groupIds: null } });
    }
    const groupIds = [...follower.touched];
    follower.touched = new Set();
    return groupIds.length === 0 ? null : parts.render(follower.following, { myGroups: { groupIds } });
  }

  return {
    subscribe({ viewer: { person, scopes }, reading }, sink) {
      if (!person) throw new JuntoError("FORBIDDEN", "An audience has no groups.");
      let isFirst = true;
      const latest = createLatest({
        async render() {
          const text = await render(follower, isFirst);
          isFirst = false;
          return text;
        },
        sink,
        pace: PACE,
        onEnd() {
          followers.delete(follower);
          for (const group of [...inGroup.keys()]) take(follower, group);
        },
      });
      // In no group, whichever the request names: what there is of others' data in one is for its feed to tell.
      const following = { ...reading(), viewer: personViewer(person, null, scopes) };
      const follower: Follower = { person: person.id, following, latest, touched: new Set() };
      followers.add(follower);
      latest.touch();
      return () => latest.end(null);
    },
    renew(reread) {
      for (const follower of [...followers]) {
        try {
          follower.following = { ...follower.following, ...reread(follower.following) };
        } catch (error) {
          follower.latest.end(JuntoError.from(error));
        }
      }
    },
    size: () => followers.size,
    close() {
      for (const end of ends) end();
      for (const { latest } of [...followers]) latest.end(null);
    },
  };
}
