// Opens cards of several groups for one person: each in its own group, a few at once.
import type { Viewer } from "../access/viewer.ts";
import type { CardEnvelope } from "../groups/subgraph.ts";
import type { CardRow } from "../groups/store.ts";
import type { Cards } from "./cards.ts";

/** The person in a group, as they are there now; null: they are not in it. */
type ViewerIn = (group: string) => Promise<Viewer | null>;

export type Opening = (
  cards: readonly CardRow[],
  viewerIn: ViewerIn,
) => Promise<readonly (CardEnvelope | null)[]>;

/** So many joins at once: a long inbox should not take the subgraphs from everybody else. */
const AT_ONCE = 10;

/** Milliseconds for which the rights hold with which it was begun. */
const GOOD_FOR = 1_000;

export function createOpening({ open }: Pick<Cards, "open">): Opening {
  return async function openAll(cards, viewerIn): ReturnType<Opening> {
    const began = performance.now();
    const viewers = await viewersOf(cards, viewerIn);
    const envelopes: (CardEnvelope | null)[] = [];
    for (let at = 0; at < cards.length; at += AT_ONCE) {
      const some = cards.slice(at, at + AT_ONCE).map(async (card) => {
        const viewer = viewers.get(card.groupId);
        return viewer ? (await open(card, viewer)).envelope : null;
      });
      envelopes.push(...(await Promise.all(some)));
    }
    if (performance.now() - began <= GOOD_FOR) return envelopes;
    // I8: what took its time is not shown to who may not see it any more.
    const now = await viewersOf(cards, viewerIn);
    const isStill = [...viewers].every(([group, viewer]) => viewer?.audience === now.get(group)?.audience);
    return isStill ? envelopes : openAll(cards, viewerIn);
  };
}

async function viewersOf(
  cards: readonly CardRow[],
  viewerIn: ViewerIn,
): Promise<ReadonlyMap<string, Viewer | null>> {
  const groups = [...new Set(cards.map(({ groupId }) => groupId))];
  return new Map(await Promise.all(groups.map(async (group) => [group, await viewerIn(group)] as const)));
}
