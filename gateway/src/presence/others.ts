// The other gateways, and who is there, by what they say: who has missed a number, or has just come, asks for everyone;
// a gateway that has said nothing for a while is gone.
import type { Message, Spot, Told } from "./messages.ts";

export interface Others {
  hear(message: Message): void;
  /** To be called now and then. */
  look(): void;
  of(group: string): readonly string[];
}

export interface OthersParts {
  /** Somebody has come to the group or left it. */
  readonly changed: (group: string) => void;
  /** Asks a gateway for everyone who is there. */
  readonly ask: (gateway: string) => void;
  readonly setTyping: (spot: Spot, isTyping: boolean) => void;
}

/** Milliseconds without a sign of life after which a gateway is gone. */
const GONE = 30_000;

interface Gateway {
  /** Number of its last message that was heard. */
  heard: number;
  at: number;
  asked: boolean;
  /** Group ▸ people. */
  readonly here: Map<string, Set<string>>;
}

export function createOthers({ changed, ask, setTyping }: OthersParts): Others {
  const gateways = new Map<string, Gateway>();

  function take(here: Gateway["here"], told: Told): void {
    const [group, person] = told.spot;
    if ("typing" in told) return setTyping(told.spot, told.typing);
    const people = here.get(group) ?? new Set();
    if (people.has(person) === told.here) return;
    if (told.here) here.set(group, people.add(person));
    else people.delete(person);
    if (people.size === 0) here.delete(group);
    changed(group);
  }

  function forget(gateway: string): void {
    const groups = [...(gateways.get(gateway)?.here.keys() ?? [])];
    gateways.delete(gateway);
    groups.forEach(changed);
  }

  return {
    hear({ from, number, all, told, leaves }) {
      if (leaves) return forget(from);
      const known = gateways.get(from);
      const inOrder = known?.heard === (told ? number - 1 : number);
      const gateway: Gateway = known ?? { heard: number, at: 0, asked: false, here: new Map() };
      gateway.heard = number;
      gateway.at = Date.now();
      gateways.set(from, gateway);
      if (all) {
        gateway.asked = false;
        const before = [...gateway.here.keys()];
        gateway.here.clear();
        before.forEach(changed);
      } else if (!inOrder && !gateway.asked) {
        gateway.asked = true;
        ask(from);
      }
      for (const each of told ?? []) take(gateway.here, each);
    },
    look() {
      for (const [gateway, { at }] of gateways) if (Date.now() - at > GONE) forget(gateway);
      for (const gateway of gateways.values()) gateway.asked = false; // what was asked for may be lost, too
    },
    of: (group) => [...gateways.values()].flatMap(({ here }) => [...(here.get(group) ?? [])]),
  };
}
