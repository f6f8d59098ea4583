// A row of a feed ▸ what a cohort gets of it. Its card is joined once for each audience, for whichever cohort comes first.
import type { Cohort } from "../audience/cohorts.ts";
import { createStopper, type StopSignal } from "../cancel/stopper.ts";
import type { Cards } from "../cards/cards.ts";
import type { Engine } from "../execute/engine.ts";
import type { CardEnvelope, OwnEvent } from "../groups/subgraph.ts";
import type { FeedRow, Groups } from "../groups/store.ts";
import type { Respond } from "../shape/response.ts";
import type { Rendered } from "./tail.ts";

/** What the resolvers of a pushed event get: the row, and its card as it came out for the audience. */
interface PushedEvent extends Pick<OwnEvent, "groupFeed"> {
  readonly card: { readonly id: string; readonly envelope: CardEnvelope } | null;
}

export interface RowsParts {
  /** The graph in force. */
  readonly graph: () => {
    readonly cards: Pick<Cards, "open">;
    readonly engine: Pick<Engine, "join">;
    readonly answering: { readonly respond: Respond };
  };
  readonly card: Groups["card"];
}

export interface Rows {
  /** @param hurried rights have just changed: what does not come soon comes later */
  render(row: FeedRow, cohort: Cohort, hurried: boolean): Promise<Rendered>;
  /** Another graph is in force. */
  renew(): void;
}

/** Milliseconds for which a card waits for a system after rights have changed. */
const PATIENCE = 1_000;

export function createRows({ graph, card: cardById }: RowsParts): Rows {
  let joins = new WeakMap<FeedRow, Map<string, Promise<PushedEvent["card"]>>>();

  async function cardOf(
    row: FeedRow,
    { viewer }: Cohort,
    cards: Pick<Cards, "open">,
    signal: StopSignal | undefined,
  ): Promise<PushedEvent["card"]> {
    if (row.kind !== "CARD_POSTED" && row.kind !== "CARD_CHANGED") return null;
    let byAudience = joins.get(row);
    if (!byAudience) joins.set(row, (byAudience = new Map()));
    let joined = byAudience.get(viewer.audience);
    if (!joined) {
      const { card: id } = row.keys;
      joined = cardById(id).then(async (card) =>
        card ? { id, envelope: (await cards.open(card, viewer, signal)).envelope } : null,
      );
      byAudience.set(viewer.audience, joined);
    }
    return joined;
  }

  /** I8, I9: when rights have just changed, nobody waits for a silent system. What it has to say comes when it is back. */
  async function render(row: FeedRow, cohort: Cohort, hurried: boolean): Promise<Rendered> {
    const { cards, engine, answering } = graph(); // in which the cohort's operation was read
    const { operation, variables, viewer } = cohort;
    const stopper = hurried ? createStopper() : undefined;
    const timer = stopper && setTimeout(() => stopper.stop(), PATIENCE);
    const signal = stopper?.signal;
    try {
      const card = await cardOf(row, cohort, cards, signal);
      const event: PushedEvent = { groupFeed: row, card };
      const text = answering.respond(await engine.join(operation, variables, { viewer, event, signal }));
      return { text, ...(card && { card: { id: card.id, revision: card.envelope.revision } }) };
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    render,
    renew() {
      joins = new WeakMap();
    },
  };
}
