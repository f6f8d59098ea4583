// Who is where now, and who is writing. It is kept nowhere but in the memory of the gateways, which tell each other:
//
//   each gateway says who came and who left, in numbered messages, and now and then that it is alive
//   who missed a number, or has just begun to listen, asks; who is asked says everyone who is there
//   a gateway that has said nothing for a while is gone, and everyone at it
import type { Log } from "../observe/index.ts";
import { readMessage, writeMessages, type Message, type Spot, type Told } from "./messages.ts";

/** What carries messages between gateways. It may lose some; what it carries stays in order. */
export interface Wire {
  tell(text: string): Promise<void>;
  onMessage(listener: (text: string) => void): () => void;
  /** From now on nothing is missed, until the next break. */
  onListening(listener: () => void): () => void;
}

export interface Presence {
  /** Somebody is here until the returned function is called. Several times at once: until all have been. */
  enter(spot: Spot): () => void;
  /** They are writing, or have left off. */
  type(spot: Spot, typing: boolean): void;
  of(group: string): { readonly here: readonly string[]; readonly typing: readonly string[] };
  /** Who is here or is writing there has changed. @returns what ends it */
  onChange(listener: (group: string) => void): () => void;
  /** Nobody is at this gateway any more. */
  close(): Promise<void>;
}

/** Milliseconds for which one is writing after having said so. */
export const TYPING = 6_000;
/** Milliseconds between two signs of life, and after how many without one a gateway is gone. */
const BEAT = 10_000;
const GONE = 30_000;

interface Gateway {
  /** Number of its last message that was heard. */
  heard: number;
  at: number;
  asked: boolean;
  readonly here: Places;
}

type Places = Map<string, Set<string>>;

export function createPresence(parts: {
  readonly id: string;
  readonly wire: Wire;
  readonly log: Log;
}): Presence {
  const { id, wire, log } = parts;
  const here = new Map<string, Map<string, number>>();
  const gateways = new Map<string, Gateway>();
  const typing = new Map<string, Map<string, NodeJS.Timeout>>();
  const listeners = new Set<(group: string) => void>();
  let said = 0;
  /** What is not told yet, by spot and kind; the last word counts. */
  let untold = new Map<string, Told>();
  let telling: Promise<void> | undefined;
  let closed = false;

  const changed = (group: string): void => {
    for (const listener of listeners) listener(group);
  };

  const send = async (messages: readonly Omit<Message, "from" | "number">[]): Promise<void> => {
    for (const message of messages) {
      if (message.told) said += 1;
      try {
        await wire.tell(JSON.stringify({ from: id, number: said, ...message }));
      } catch (error) {
        // Its number is missing: whoever hears the next one asks.
        log.debug({ err: error }, "other gateways could not be told who is here");
      }
    }
  };
  /** One message after the other, so that they are heard in order. */
  let last: Promise<void> = Promise.resolve();
  const inTurn = (step: () => readonly Omit<Message, "from" | "number">[]): Promise<void> =>
    (last = last.then(() => send(step())));

  function tell(told: Told): void {
    untold.set(JSON.stringify([told.spot, "typing" in told]), told);
    telling ??= inTurn(() => {
      telling = undefined;
      const all = [...untold.values()];
      untold = new Map();
      return writeMessages(all, false);
    });
  }

  const everyone = (): Promise<void> =>
    inTurn(() => {
      const told = [...here].flatMap(([group, people]) =>
        [...people.keys()].map((person): Told => ({ spot: [group, person], here: true })),
      );
      return writeMessages(told, true);
    });

  function setTyping([group, person]: Spot, isTyping: boolean): void {
    const people = typing.get(group) ?? new Map<string, NodeJS.Timeout>();
    const timer = people.get(person);
    clearTimeout(timer);
    if (isTyping)
      people.set(
        person,
        setTimeout(() => setTyping([group, person], false), TYPING),
      );
    else people.delete(person);
    if (people.size > 0) typing.set(group, people);
    else typing.delete(group);
    if (isTyping !== (timer !== undefined)) changed(group);
  }

  function take(places: Places, told: Told): void {
    const [group, person] = told.spot;
    if ("typing" in told) return setTyping(told.spot, told.typing);
    const people = places.get(group) ?? new Set();
    if (people.has(person) === told.here) return;
    if (told.here) places.set(group, people.add(person));
    else people.delete(person);
    if (people.size === 0) places.delete(group);
    changed(group);
  }

  function forget(gateway: string): void {
    const groups = [...(gateways.get(gateway)?.here.keys() ?? [])];
    gateways.delete(gateway);
    groups.forEach(changed);
  }

  function hear({ from, number, all, told, asks, leaves }: Message): void {
    if (from === id) return;
    if (asks !== undefined && (asks === id || asks === "")) void everyone();
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
      void inTurn(() => [{ asks: from }]);
    }
    for (const each of told ?? []) take(gateway.here, each);
  }

  function beat(): void {
    for (const [gateway, { at }] of gateways) if (Date.now() - at > GONE) forget(gateway);
    for (const gateway of gateways.values()) gateway.asked = false; // what was asked for may be lost, too
    void inTurn(() => [{}]);
  }

  const timer = setInterval(beat, BEAT);
  const ends = [
    () => clearInterval(timer),
    wire.onMessage((text) => {
      const message = readMessage(text);
      if (message) hear(message);
    }),
    wire.onListening(() => {
      void inTurn(() => [{ asks: "" }]);
      void everyone();
    }),
  ];

  return {
    enter([group, person]) {
      const people = here.get(group) ?? new Map<string, number>();
      const times = people.get(person) ?? 0;
      here.set(group, people.set(person, times + 1));
      if (times === 0) {
        tell({ spot: [group, person], here: true });
        changed(group);
      }
      let left = false;
      return () => {
        if (left || closed) return;
        left = true;
        const rest = people.get(person)! - 1;
        if (rest > 0) return void people.set(person, rest);
        people.delete(person);
        if (people.size === 0) here.delete(group);
        tell({ spot: [group, person], here: false });
        changed(group);
      };
    },
    type(spot, isTyping) {
      if (!isTyping && !typing.get(spot[0])?.has(spot[1])) return;
      setTyping(spot, isTyping);
      tell({ spot, typing: isTyping });
    },
    of(group) {
      const there = [...gateways.values()].flatMap((gateway) => [...(gateway.here.get(group) ?? [])]);
      return {
        here: [...new Set([...(here.get(group)?.keys() ?? []), ...there])].sort(),
        typing: [...(typing.get(group)?.keys() ?? [])].sort(),
      };
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      if (closed) return;
      closed = true;
      for (const end of ends) end();
      for (const people of typing.values()) for (const each of people.values()) clearTimeout(each);
      await inTurn(() => [{ leaves: true }]);
    },
  };
}
