// Finds whose turn it is with the cards that could have become others: what waits for people who are not here is known when
// they come, and counted without joining anything.
//
// Any gateway does so for all. It gives way to what is pushed: how a card came out there need not be found again.
import type { Cards } from "../cards/cards.ts";
import type { CardRow, Groups, TurnRow } from "../groups/store.ts";
import type { Log } from "../observe/index.ts";
import type { Places } from "./places.ts";

export interface TurnsParts {
  readonly cards: () => Pick<Cards, "turnOf">;
  readonly groups: Pick<Groups, "onFeed" | "setTurns" | "takeUnweighed" | "turns" | "weighIn">;
  readonly places: Pick<Places, "audiences">;
  readonly log: Log;
  /** Milliseconds for which what happens is gathered. */
  readonly pace?: number;
}

export interface Turns {
  /** This is how things stand in what the organizations agreed on now. */
  agreed(version: string): Promise<void>;
  /** Resolves when nothing is under way. */
  close(): Promise<void>;
}

/** So many cards at once: it should not take the subgraphs from those who wait for an answer. */
const AT_ONCE = 4;
/** Milliseconds between looks for what another gateway did not come to do. */
const INTERVAL = 30_000;

export function createTurns({ cards, groups, places, log, pace = 250 }: TurnsParts): Turns {
  let gathering: ReturnType<typeof setTimeout> | undefined;
  let weighing: Promise<void> | undefined;
  let again = false;
  let closed = false;

  function soon(): void {
    if (!closed) gathering ??= setTimeout(look, pace);
  }

  function look(): void {
    gathering = undefined;
    again = weighing !== undefined;
    weighing ??= weighAll()
      .catch((error: unknown) => log.warn({ err: error }, "whose turn it is could not be looked at now"))
      .finally(() => {
        weighing = undefined;
        if (again) soon();
      });
  }

  async function weighAll(): Promise<void> {
    for (;;) {
      const taken = closed ? [] : await groups.takeUnweighed(AT_ONCE);
      if (taken.length === 0) return;
      await Promise.all(taken.map(weigh));
    }
  }

  async function weigh(card: CardRow): Promise<void> {
    try {
      const [audiences, known] = await Promise.all([places.audiences(card.groupId), groups.turns(card.id)]);
      const turns = audiences
        .filter(({ place }) => card.to.includes(place.role))
        .map(async ({ organization, place }): Promise<readonly TurnRow[]> => {
          const { role } = place;
          const before = known.find((turn) => turn.organization === organization && turn.role === role);
          const verbs = await cards().turnOf(card, organization, place, before?.verbs ?? null);
          return verbs ? [{ organization, role, verbs }] : [];
        });
      await groups.setTurns(card, (await Promise.all(turns)).flat());
    } catch (error) {
      log.warn(
        { err: error, card: card.id },
        "whose turn it is with a card could not be found; it is tried again",
      );
    }
  }

  const end = groups.onFeed(soon);
  const timer = setInterval(soon, INTERVAL);
  timer.unref();
  return {
    async agreed(version) {
      await groups.weighIn(version);
      soon();
    },
    async close() {
      closed = true;
      end();
      clearInterval(timer);
      clearTimeout(gathering);
      await weighing;
    },
  };
}
