// What gateways tell each other of who is where: JSON, in pieces that a notification can carry.

/** A group, and a person in it. */
export type Spot = readonly [group: string, person: string];

export type Told =
  { readonly spot: Spot; readonly here: boolean } | { readonly spot: Spot; readonly typing: boolean };

export interface Message {
  /** The gateway. */
  readonly from: string;
  /** Of its messages that tell something: of this one, or of the last one. */
  readonly number: number;
  readonly told?: readonly Told[];
  /** What was told before is over: who is here comes in this message and those after it. */
  readonly all?: boolean;
  /** The gateway that is asked for everyone who is there, or each. */
  readonly asks?: string;
  /** It goes away. */
  readonly leaves?: boolean;
}

/** In the place of a gateway's id: all of them. */
export const EACH = "";

/** Bytes. A notification holds fewer than 8,000. */
const MOST = 7_000;

/** @param all it is everyone: at least one message, whose first says so */
export function writeMessages(told: readonly Told[], all: boolean): Pick<Message, "told" | "all">[] {
  const pieces: Told[][] = [[]];
  let size = 0;
  for (const each of told) {
    const length = Buffer.byteLength(JSON.stringify(each)) + 1;
    if (size > 0 && size + length > MOST) {
      pieces.push([]);
      size = 0;
    }
    pieces.at(-1)!.push(each);
    size += length;
  }
  const [first, ...rest] = pieces.map((piece) => ({ told: piece }));
  return [{ ...first!, ...(all && { all }) }, ...rest];
}

/** Null: it is none. */
export function readMessage(text: string): Message | null {
  try {
    const message = JSON.parse(text) as Message | null;
    return typeof message?.from === "string" && typeof message.number === "number" ? message : null;
  } catch {
    return null;
  }
}
