// I9: a card that came out without someone's part completes itself when they are back.
import type { Log } from "../observe/index.ts";

export interface Recovery {
  /** Notes how a card came out for an audience: which subgraphs did not give their part. None: it is complete. */
  note(card: string, audience: string, silent: readonly string[]): void;
  /** Looks now, and not at the next interval. */
  look(): Promise<void>;
  close(): void;
}

export interface RecoveryParts {
  readonly healthy: (subgraph: string) => Promise<boolean>;
  /** Has cards joined and pushed again. */
  readonly touch: (cards: readonly string[]) => Promise<void>;
  readonly log: Log;
  /** Milliseconds between looks. */
  readonly interval?: number;
}

/** A card that stays incomplete beside a subgraph that says it is well is looked at ever more rarely: at most every 64th time. */
const RAREST = 64;

/**
 * Asks the subgraphs that incomplete cards wait for how they are, and has the cards looked at again when one is
 * well. Nobody is asked while nothing is incomplete.
 */
export function createRecovery(parts: RecoveryParts): Recovery {
  /** Subgraph ▸ what waits for it: views, by card and audience. */
  const waiting = new Map<string, Set<string>>();
  /** View ▸ how often it was looked at in vain, and for how many looks it is left alone. */
  const vain = new Map<string, { times: number; rest: number }>();
  let looking = false;

  const look = async (): Promise<void> => {
    if (looking || waiting.size === 0) return;
    looking = true;
    try {
      await Promise.all(
        [...waiting].map(async ([subgraph, views]) =>
          (await parts.healthy(subgraph)) ? again(views) : undefined,
        ),
      );
      for (const [subgraph, views] of waiting) if (views.size === 0) waiting.delete(subgraph);
    } catch (error) {
      parts.log.warn({ err: error }, "incomplete cards could not be looked at; they will be");
    } finally {
      looking = false;
    }
  };

  const again = async (views: Set<string>): Promise<void> => {
    const due = [...views].filter((view) => {
      const before = vain.get(view) ?? { times: 0, rest: 0 };
      if (before.rest > 0) {
        before.rest -= 1;
        return false;
      }
      const times = before.times + 1;
      vain.set(view, { times, rest: Math.min(2 ** times, RAREST) - 2 });
      return true;
    });
    for (const view of due) views.delete(view); // the join that follows notes it again, if need be
    if (due.length > 0) await parts.touch([...new Set(due.map((view) => view.split(" ")[0]!))]);
  };

  const timer = setInterval(() => void look(), parts.interval ?? 1000);
  timer.unref();
  return {
    note(card, audience, silent) {
      const view = `${card} ${audience}`;
      if (silent.length === 0) {
        for (const views of waiting.values()) views.delete(view);
        vain.delete(view);
      }
      for (const subgraph of silent) waiting.set(subgraph, (waiting.get(subgraph) ?? new Set()).add(view));
    },
    look,
    close: () => clearInterval(timer),
  };
}
