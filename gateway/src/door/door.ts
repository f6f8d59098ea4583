// A door behind which connections stay open, seen by who opens and closes it.
import type { Person } from "../identity/index.ts";

export interface Door {
  /** Connections that are open. */
  size(): number;
  /** Ends those of people who are not known any more. */
  dismiss(isGone: (person: Person) => boolean): void;
  /** Lets nobody in any more, lets queries and mutations come to their end for a while, and ends every connection. */
  close(): Promise<void>;
}

/** Waits for something, but no longer than so many milliseconds. */
export async function atMost(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise((resolve) => (timer = setTimeout(resolve, milliseconds)));
  await Promise.race([work, over]);
  clearTimeout(timer);
}

/** Calls when the person's token expires. @returns what stops it */
export function onExpiry({ expiresAt }: Person, expire: () => void): () => void {
  const timer = setTimeout(expire, Math.min(expiresAt - Date.now(), 2 ** 31 - 1));
  return () => clearTimeout(timer);
}
