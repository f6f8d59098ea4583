// Group commit: lines that come while others are being written wait, and are written together. So whoever waits for a
// line waits for two commits at most, however many lines there are.
import { JuntoError } from "../errors/index.ts";
import type { Log } from "../observe/index.ts";
import type { LineDraft } from "./line.ts";

export interface Writer {
  /** Resolves when the lines are durable. @throws JuntoError UNAVAILABLE when they could not be written */
  write(drafts: readonly LineDraft[]): Promise<void>;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
}

interface Waiting {
  readonly drafts: readonly LineDraft[];
  readonly resolve: () => void;
  readonly reject: (error: JuntoError) => void;
}

/** Of those that wait, so many are written at once. */
const MOST_AT_ONCE = 500;
/** When as many wait, the database cannot follow: who comes now is told so at once. */
const MOST_WAITING = 10_000;

export function createWriter(
  append: (drafts: readonly LineDraft[]) => Promise<void>,
  log: Pick<Log, "error">,
): Writer {
  let waiting: Waiting[] = [];
  let writing: Promise<void> | undefined;

  async function flush(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MOST_AT_ONCE);
      waiting = waiting.slice(MOST_AT_ONCE);
      await writeTogether(batch);
    }
    writing = undefined;
  }

  async function writeTogether(batch: readonly Waiting[]): Promise<void> {
    try {
      await append(batch.flatMap(({ drafts }) => drafts));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      // Whatever is wrong with one line is not to keep the others from being written.
      const isAway = error instanceof JuntoError && error.code === "UNAVAILABLE";
      if (batch.length > 1 && !isAway) {
        for (const one of batch) await writeTogether([one]);
        return;
      }
      log.error(
        { err: error },
        "the access log could not be written; what it would have told of was refused",
      );
      for (const { reject } of batch) reject(unwritten(error));
    }
  }

  return {
    write(drafts) {
      if (waiting.length >= MOST_WAITING) return Promise.reject(unwritten(undefined));
      return new Promise((resolve, reject) => {
        waiting.push({ drafts, resolve, reject });
        writing ??= flush();
      });
    },
    settled: async () => writing,
  };
}

function unwritten(cause: unknown): JuntoError {
  return new JuntoError(
    "UNAVAILABLE",
    "The access log of an organization cannot be written now. Without it nothing of that organization is shown or done.",
    { cause },
  );
}
