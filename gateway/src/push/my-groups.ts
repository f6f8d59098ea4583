// What happens in a person's groups ▸ their list of them: one subscription for all, with what is new in each for them.
import { personViewer } from "../access/viewer.ts";
import { JuntoError } from "../errors/index.ts";
import type { OwnEvent } from "../groups/subgraph.ts";
import type { Log } from "../observe/index.ts";
import { createByGroup } from "./by-group.ts";
import { renew, type Following, type Follows } from "./following.ts";
import { createLatest, type Latest } from "./latest.ts";
import { onPlacesChanged } from "./places-changed.ts";
import type { StandingParts } from "./standing.ts";
import type { Streams } from "./streams.ts";
import type { Sink } from "./subscription.ts";

export interface MyGroupsParts extends Pick<StandingParts, "readFeed" | "onFeed"> {
  /** Something is another for one person in a group: how far they have read. */
  readonly onPersonal: (listener: (group: string, person: string) => void) => () => void;
  readonly groupsOf: (person: string) => Promise<readonly { readonly id: string }[]>;
  readonly members: (group: string) => Promise<readonly { readonly person: string }[]>;
  readonly render: (following: Following, event: OwnEvent) => Promise<string>;
  readonly log: Log;
}

/** Milliseconds between two events for one client: much may happen in many groups. */
const PACE = 500;

interface Follower extends Follows {
  readonly person: string;
  readonly latest: Latest;
  /** Whether they have been told of all their groups; from then on each is told of again when it is touched. */
  isTold: boolean;
  /** Groups in which something has happened since the last event. */
  touched: Set<string>;
}

export function createMyGroups(parts: MyGroupsParts): Streams {
  const followers = new Set<Follower>();
  const byGroup = createByGroup<Follower>();

  const note = (follower: Follower, group: string): void => {
    follower.touched.add(group);
    follower.latest.touch();
  };
  const failed = (error: unknown): void =>
    parts.log.warn({ err: error }, "whose group it is could not be looked at");
  const ends = [
    parts.onFeed((group) => {
      for (const follower of byGroup.in(group)) note(follower, group);
    }),
    onPlacesChanged(parts, (group) => void look(group).catch(failed), failed),
    parts.onPersonal((group, person) => {
      for (const follower of byGroup.in(group)) if (follower.person === person) note(follower, group);
    }),
  ];

  /** Somebody may have come into the group or left it. */
  async function look(group: string): Promise<void> {
    if (followers.size === 0) return;
    const members = new Set((await parts.members(group)).map(({ person }) => person));
    for (const follower of followers) {
      const was = byGroup.has(follower, group);
      const is = members.has(follower.person);
      if (is) byGroup.put(follower, group);
      else byGroup.take(follower, group);
      if (is || was) note(follower, group);
    }
  }

  async function render(follower: Follower): Promise<string | null> {
    if (!follower.isTold) {
      const text = await renderAll(follower);
      follower.isTold = true;
      return text;
    }
    const groupIds = [...follower.touched];
    follower.touched = new Set();
    return groupIds.length === 0 ? null : parts.render(follower.following, { myGroups: { groupIds } });
  }

  async function renderAll(follower: Follower): Promise<string> {
    // What happens from now on is heard, and what is read below is of now or later.
    const groups = await parts.groupsOf(follower.person);
    if (followers.has(follower)) for (const { id } of groups) byGroup.put(follower, id);
    return parts.render(follower.following, { myGroups: { groupIds: null } });
  }

  function follow(person: string, following: Following, sink: Sink): Follower {
    const latest = createLatest({
      render: () => render(follower),
      sink,
      pace: PACE,
      onEnd() {
        followers.delete(follower);
        byGroup.takeAll(follower);
      },
    });
    const fail = (error: unknown): void => latest.end(JuntoError.from(error));
    const follower: Follower = { person, following, latest, fail, isTold: false, touched: new Set() };
    followers.add(follower);
    latest.touch();
    return follower;
  }

  return {
    subscribe({ viewer: { person, scopes }, reading }, sink) {
      if (!person) throw new JuntoError("FORBIDDEN", "An audience has no groups.");
      // In no group, whichever the request names: what there is of others' data in one is for its feed to tell.
      const { latest } = follow(
        person.id,
        { ...reading(), viewer: personViewer(person, null, scopes) },
        sink,
      );
      return () => latest.end(null);
    },
    renew(reread) {
      for (const follower of [...followers]) renew(follower, reread);
    },
    size: () => followers.size,
    close() {
      for (const end of ends) end();
      for (const { latest } of [...followers]) latest.end(null);
    },
  };
}
