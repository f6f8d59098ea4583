// I9: a card that came out without someone's part completes itself when they are back.
import { LRUCache } from "lru-cache";
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

/** Tries, one at each look, of a card that stays incomplete: a system that is just starting needs a few. */
const QUICK = 5;
/** Then it is tried ever more rarely: at most at every 64th look. */
const RAREST = 64;
/** Views whose tries are counted. */
const COUNTED = 10_000;

/** What waits for one subgraph. A view is a card as an audience sees it. */
interface Waiting {
  readonly views: Set<string>;
  /** View ▸ how often it was tried since the subgraph was last seen to be away, and for how many looks it is left alone. */
  readonly vain: LRUCache<string, Vain>;
  /** Its answer is awaited: one that is slow to say how it is keeps nobody else waiting. */
  looking: boolean;
}

interface Vain {
  readonly times: number;
  rest: number;
}

/**
 * Asks the subgraphs that incomplete cards wait for how they are, and has the cards looked at again when one is
 * well. Nobody is asked while nothing is incomplete.
 */
export function createRecovery(parts: RecoveryParts): Recovery {
  const subgraphs = new Map<string, Waiting>();

  const look = async (): Promise<void> => {
    await Promise.all([...subgraphs].map(([subgraph, waiting]) => lookAt(subgraph, waiting)));
  };

  const lookAt = async (subgraph: string, waiting: Waiting): Promise<void> => {
    if (waiting.looking || waiting.views.size === 0) return;
    waiting.looking = true;
    try {
      // What failed before a silence says nothing about after it.
      if (await parts.healthy(subgraph)) await tryAgain(waiting);
      else waiting.vain.clear();
    } catch (error) {
      parts.log.warn({ err: error }, "incomplete cards could not be looked at; they will be");
    } finally {
      waiting.looking = false;
    }
  };

  const tryAgain = async ({ views, vain }: Waiting): Promise<void> => {
    const due = [...views].filter((view) => isDue(view, vain));
    if (due.length === 0) return;
    for (const view of due) views.delete(view); // the join that follows notes it again, if need be
    try {
      await parts.touch([...new Set(due.map((view) => view.split(" ")[0]!))]);
    } catch (error) {
      for (const view of due) views.add(view);
      throw error;
    }
  };

  const waitingFor = (subgraph: string): Waiting => {
    let waiting = subgraphs.get(subgraph);
    if (!waiting) {
      waiting = { views: new Set(), vain: new LRUCache({ max: COUNTED }), looking: false };
      subgraphs.set(subgraph, waiting);
    }
    return waiting;
  };

  const timer = setInterval(() => void look(), parts.interval ?? 1000);
  timer.unref();
  return {
    note(card, audience, silent) {
      const view = `${card} ${audience}`;
      for (const subgraph of silent) waitingFor(subgraph).views.add(view);
      for (const [subgraph, { views, vain }] of subgraphs) {
        if (silent.includes(subgraph)) continue;
        views.delete(view);
        vain.delete(view);
      }
    },
    look,
    close: () => clearInterval(timer),
  };
}

/** Whether it is tried at this look. */
function isDue(view: string, vain: Waiting["vain"]): boolean {
  const before = vain.get(view);
  if (before && before.rest > 0) {
    before.rest -= 1;
    return false;
  }
  const times = (before?.times ?? 0) + 1;
  const rest = times < QUICK ? 0 : Math.min(2 ** (times - QUICK + 1), RAREST) - 1;
  vain.set(view, { times, rest });
  return true;
}
