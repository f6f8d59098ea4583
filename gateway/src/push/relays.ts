// Federated subscriptions ▸ relays: whoever gets the same has the same. In a group that is the audience of everyone
// with their organization and role; outside groups a person gets their own.
import { audienceViewer, type ViewerGroup } from "../access/viewer.ts";
import { JuntoError } from "../errors/index.ts";
import { createFollower } from "./follower.ts";
import type { Reread } from "../operation/reading.ts";
import { Relay, type Following, type RelayParts } from "./relay.ts";
import { Standings, type StandingParts } from "./standing.ts";
import type { Streams } from "./streams.ts";

export interface RelaysParts extends RelayParts, StandingParts {
  readonly onFeed: (listener: (group: string, seq: number) => void) => () => void;
}

/** A subscription is followed as its viewer: a person, in a group or in none. */
export function createRelays(parts: RelaysParts): Streams {
  const relays = new Map<string, Relay>();
  const groups = new Map<string, Standings>();
  const stop = parts.onFeed((group) => groups.get(group)?.wake());
  const open = new Set<Open>();
  const settled = async (group: string | undefined): Promise<void> =>
    group === undefined ? undefined : groups.get(group)?.settled();

  const relayOf = (following: Following): Relay => {
    const key = keyOf(following);
    let relay = relays.get(key);
    if (!relay) {
      const group = following.viewer.group?.id;
      relay = new Relay(
        following,
        parts,
        () => settled(group),
        (gone) => {
          if (relays.get(key) === gone) relays.delete(key);
        },
      );
      relays.set(key, relay);
    }
    return relay;
  };

  const standingsOf = (group: string): Standings => {
    let standings = groups.get(group);
    if (!standings) groups.set(group, (standings = new Standings(group, parts)));
    return standings;
  };

  return {
    subscribe({ viewer, reading }, sink) {
      let following: Following = { ...reading(), viewer };
      let relay: Relay | undefined;
      let leaveGroup: (() => void) | undefined;
      const follower = createFollower(sink, () => {
        open.delete(one);
        relay?.remove(follower);
        leaveGroup?.();
        if (viewer.group && groups.get(viewer.group.id)?.size === 0) groups.delete(viewer.group.id);
      });
      const follow = (): void => {
        const found = relayOf(following);
        if (found === relay) return;
        // First in, then out; what waits was made for who they were before.
        found.add(follower);
        relay?.remove(follower);
        follower.forget();
        relay = found;
      };
      const put = (place: ViewerGroup | null): void => {
        if (!place)
          return follower.end(new JuntoError("FORBIDDEN", "You are no longer a member of this group."));
        following = { ...following, viewer: audienceViewer(viewer.organization, place, viewer.scopes) };
        follow();
      };
      const fail = (error: unknown): void => {
        const shown = JuntoError.from(error);
        if (shown.code === "INTERNAL") parts.log.error({ err: error }, "a federated subscription failed");
        follower.end(shown);
      };
      const one: Open = {
        stop: () => follower.end(null),
        renew(reread, renewed) {
          try {
            following = { ...following, ...reread(following) };
          } catch (error) {
            return fail(error);
          }
          if (!relay || renewed.has(relay)) return;
          renewed.add(relay);
          relay.renew(following);
        },
      };
      open.add(one);

      if (viewer.group && viewer.person)
        leaveGroup = standingsOf(viewer.group.id).add({ person: viewer.person.id, put, fail });
      else follow();
      return one.stop;
    },
    renew(reread) {
      const renewed = new Set<Relay>();
      for (const each of [...open]) each.renew(reread, renewed);
    },
    size: () => open.size,
    close() {
      stop();
      for (const each of [...open]) each.stop();
    },
  };
}

/** A subscription of a client. */
interface Open {
  stop(): void;
  /** @param renewed relays that are renewed already */
  renew(reread: Reread, renewed: Set<Relay>): void;
}

/** All that decides what the followers of a relay get. */
function keyOf({ viewer, operation, variables }: Following): string {
  return JSON.stringify([operation.digest, variables, viewer.audience, viewer.person?.id ?? null]);
}
