// What happens in a person's groups ▸ their list of them: one subscription for all, with what is new in each for them.
import { personViewer } from "../access/viewer.ts";
import { JuntoError } from "../errors/index.ts";
import type { OwnEvent } from "../groups/subgraph.ts";
import { renew, type Following, type Follows } from "./following.ts";
import { createInGroups, type InGroupsParts } from "./in-groups.ts";
import { createLatest, type Latest } from "./latest.ts";
import type { Streams } from "./streams.ts";
import type { Sink } from "./subscription.ts";

export interface MyGroupsParts extends InGroupsParts {
  readonly render: (following: Following, event: OwnEvent) => Promise<string>;
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
  const followers = createInGroups<Follower>(parts, ({ touched, latest }, group) => {
    touched.add(group);
    latest.touch();
  });

  async function render(follower: Follower): Promise<string | null> {
    if (!follower.isTold) {
      // What happens from now on is heard, and what is read below is of now or later.
      await followers.find(follower);
      const text = await parts.render(follower.following, { myGroups: { groupIds: null } });
      follower.isTold = true;
      return text;
    }
    const groupIds = [...follower.touched];
    follower.touched = new Set();
    return groupIds.length === 0 ? null : parts.render(follower.following, { myGroups: { groupIds } });
  }

  function follow(person: string, following: Following, sink: Sink): Follower {
    const latest = createLatest({
      render: () => render(follower),
      sink,
      pace: PACE,
      onEnd: () => followers.remove(follower),
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
      for (const follower of [...followers.all]) renew(follower, reread);
    },
    size: () => followers.all.size,
    close() {
      followers.close();
      for (const { latest } of [...followers.all]) latest.end(null);
    },
  };
}
