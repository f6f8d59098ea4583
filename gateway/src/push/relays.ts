// Federated subscriptions ▸ relays: whoever gets the same has the same. In a group that is the audience of everyone
// with their organization and role; outside groups a person gets their own.
import type { ViewerGroup } from "../access/viewer.ts";
import { JuntoError } from "../errors/index.ts";
import type { Log } from "../observe/index.ts";
import { createFollower, type Follower } from "./follower.ts";
import { inPlace, keyOf, renew, type Following, type Follows } from "./following.ts";
import { Relay, type RelayParts } from "./relay.ts";
import type { Standings } from "./standing.ts";
import type { Streams } from "./streams.ts";
import type { Sink } from "./subscription.ts";

export interface RelaysParts extends RelayParts {
  readonly standings: Standings;
}

/** A subscription is followed as its viewer: a person, in a group or in none. */
export function createRelays(parts: RelaysParts): Streams {
  const { standings } = parts;
  const relays = new Map<string, Relay>();
  const open = new Set<Relayed>();

  const relayFor = (following: Following): Relay => {
    const key = keyOf(following);
    let relay = relays.get(key);
    if (!relay) {
      const group = following.viewer.group?.id;
      const settled = async (): Promise<void> => (group === undefined ? undefined : standings.settled(group));
      const forget = (gone: Relay): void => {
        if (relays.get(key) === gone) relays.delete(key);
      };
      relays.set(key, (relay = new Relay(following, parts, settled, forget)));
    }
    return relay;
  };

  return {
    subscribe({ viewer, reading }, sink) {
      const { person, group } = viewer;
      const one = new Relayed({ ...reading(), viewer }, relayFor, sink, parts.log);
      open.add(one);
      one.onEnd(() => open.delete(one));
      if (group && person)
        one.onEnd(
          standings.add(group.id, {
            person: person.id,
            put: (place) => one.put(place),
            fail: (error) => one.fail(error),
          }),
        );
      else one.follow();
      return () => one.stop();
    },
    renew(reread) {
      const renewed = new Set<Relay>();
      for (const one of [...open]) if (renew(one, reread)) one.renewRelay(renewed);
    },
    size: () => open.size,
    close() {
      for (const one of [...open]) one.stop();
    },
  };
}

/** A client's subscription: it is at the relay for what it follows, as who they are now. */
class Relayed implements Follows {
  following: Following;
  readonly #relayFor: (following: Following) => Relay;
  readonly #follower: Follower;
  readonly #log: Log;
  readonly #ends: (() => void)[] = [];
  #relay: Relay | undefined;

  constructor(following: Following, relayFor: (following: Following) => Relay, sink: Sink, log: Log) {
    this.following = following;
    this.#relayFor = relayFor;
    this.#log = log;
    this.#follower = createFollower(sink, () => {
      this.#relay?.remove(this.#follower);
      for (const end of this.#ends) end();
    });
  }

  onEnd(end: () => void): void {
    this.#ends.push(end);
  }

  put(place: ViewerGroup): void {
    this.following = inPlace(this.following, place);
    this.follow();
  }

  follow(): void {
    const found = this.#relayFor(this.following);
    if (found === this.#relay) return;
    // First in, then out; what waits was made for who they were before.
    found.add(this.#follower);
    this.#relay?.remove(this.#follower);
    this.#follower.forget();
    this.#relay = found;
  }

  /** @param renewed relays that are renewed already */
  renewRelay(renewed: Set<Relay>): void {
    if (!this.#relay || renewed.has(this.#relay)) return;
    renewed.add(this.#relay);
    this.#relay.renew(this.following);
  }

  fail(error: unknown): void {
    const shown = JuntoError.from(error);
    if (shown.code === "INTERNAL") this.#log.error({ err: error }, "a federated subscription failed");
    this.#follower.end(shown);
  }

  stop(): void {
    this.#follower.end(null);
  }
}
