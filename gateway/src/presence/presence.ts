// Who is where now, and who is writing. It is kept nowhere but in the memory of the gateways, which tell each other:
//
//   each gateway says who came and who left, in numbered messages, and now and then that it is alive
//   who missed a number, or has just begun to listen, asks; who is asked says everyone who is there
//   a gateway that has said nothing for a while is gone, and everyone at it
import type { Log } from "../observe/index.ts";
import { createHere } from "./here.ts";
import { EACH, readMessage, writeMessages, type Message, type Spot } from "./messages.ts";
import { createOthers } from "./others.ts";
import { createTyping } from "./typing.ts";
import { createVoice } from "./voice.ts";

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

/** Milliseconds between two signs of life. */
const BEAT = 10_000;

export function createPresence(parts: {
  /** The gateway. */
  readonly id: string;
  readonly wire: Wire;
  readonly log: Log;
}): Presence {
  const { id, wire, log } = parts;
  let closed = false;
  const listeners = new Set<(group: string) => void>();
  const changed = (group: string): void => {
    for (const listener of listeners) listener(group);
  };
  const voice = createVoice({ id, send: (text) => wire.tell(text), log });
  const here = createHere((spot, isHere) => {
    if (closed) return; // everyone here is gone with the gateway
    voice.tell({ spot, here: isHere });
    changed(spot[0]);
  });
  const typing = createTyping(changed);
  const others = createOthers({
    changed,
    ask: (gateway) => void voice.say(() => [{ asks: gateway }]),
    setTyping: typing.set,
  });

  const sayEveryone = (): Promise<void> =>
    voice.say(() =>
      writeMessages(
        here.all().map((spot) => ({ spot, here: true })),
        true,
      ),
    );

  function hear(message: Message): void {
    if (message.from === id) return;
    if (message.asks === id || message.asks === EACH) void sayEveryone();
    others.hear(message);
  }

  function beat(): void {
    others.look();
    void voice.say(() => [{}]);
  }

  const timer = setInterval(beat, BEAT);
  const ends = [
    () => clearInterval(timer),
    wire.onMessage((text) => {
      const message = readMessage(text);
      if (message) hear(message);
    }),
    wire.onListening(() => {
      void voice.say(() => [{ asks: EACH }]);
      void sayEveryone();
    }),
  ];

  return {
    enter: here.enter,
    type(spot, isTyping) {
      if (!isTyping && !typing.has(spot)) return;
      typing.set(spot, isTyping);
      voice.tell({ spot, typing: isTyping });
    },
    of: (group) => ({
      here: [...new Set([...here.of(group), ...others.of(group)])].sort(),
      typing: [...typing.of(group)].sort(),
    }),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      if (closed) return;
      closed = true;
      for (const end of ends) end();
      typing.close();
      await voice.say(() => [{ leaves: true }]);
    },
  };
}
