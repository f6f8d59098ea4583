// What this gateway says to the others: one message after the other, so that they are heard in order, with numbers by
// which a lost one is missed.
import type { Log } from "../observe/index.ts";
import { writeMessages, type Message, type Told } from "./messages.ts";

/** A message without what says whose and which it is. */
export type Said = Omit<Message, "from" | "number">;

export interface Voice {
  /** Tells of someone. What is told meanwhile goes with it, and of each the last word counts. */
  tell(told: Told): void;
  /** @param messages made when it is their turn. @returns what resolves when they have been sent, or could not be */
  say(messages: () => readonly Said[]): Promise<void>;
}

export function createVoice(parts: {
  /** The gateway. */
  readonly id: string;
  readonly send: (text: string) => Promise<void>;
  readonly log: Log;
}): Voice {
  const { id, send, log } = parts;
  let number = 0;
  let last: Promise<void> = Promise.resolve();
  /** By spot and kind. */
  let untold = new Map<string, Told>();
  let telling: Promise<void> | undefined;

  async function sendAll(messages: readonly Said[]): Promise<void> {
    for (const message of messages) {
      if (message.told) number += 1;
      try {
        await send(JSON.stringify({ from: id, number, ...message }));
      } catch (error) {
        // Its number is missing: whoever hears the next one asks.
        log.debug({ err: error }, "other gateways could not be told who is here");
      }
    }
  }

  const say: Voice["say"] = (messages) => (last = last.then(() => sendAll(messages())));

  return {
    say,
    tell(told) {
      untold.set(JSON.stringify([told.spot, "typing" in told]), told);
      telling ??= say(() => {
        telling = undefined;
        const all = [...untold.values()];
        untold = new Map();
        return writeMessages(all, false);
      });
    },
  };
}
