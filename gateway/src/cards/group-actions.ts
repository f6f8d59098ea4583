// Actions of a group that begin something new: which there are for a viewer, and which only for others.
import type { Viewer } from "../access/viewer.ts";
import type { ActionView, ClosedActionView } from "../groups/subgraph.ts";
import type { ActionType, App } from "./app/apps.ts";
import type { Cards } from "./cards.ts";
import { offer, refuseTo, type Manners } from "./envelope.ts";
import { joinForm, type CardJoin } from "./join.ts";

export interface GroupActions {
  /** Those that the viewer may take. */
  groupActions(group: string, viewer: Viewer, locale: string): Promise<readonly ActionView[]>;
  /** Those that the viewer may not take. */
  closedActions(group: string, viewer: Viewer, locale: string): Promise<readonly ClosedActionView[]>;
}

export interface GroupActionsParts {
  /** The apps that a group uses. */
  readonly appsOf: (group: string) => Promise<readonly App[]>;
  readonly cards: Pick<Cards, "closedBy">;
  readonly join: CardJoin;
  readonly manners: (group: string) => Promise<Manners>;
}

export function createGroupActions({ appsOf, cards, join, manners }: GroupActionsParts): GroupActions {
  async function beginnings(group: string): Promise<readonly ActionType[]> {
    const all = (await appsOf(group)).flatMap((app) => [...app.actions.values()]);
    return all.filter(({ scope }) => scope === "group");
  }

  return {
    async groupActions(group, viewer, locale) {
      const offered = (await beginnings(group)).filter((action) => cards.closedBy(action, viewer) === null);
      const ofGroup = await manners(group);
      return Promise.all(
        offered.map(async (action) => {
          const joined = await joinForm(join, action.form, viewer);
          return offer(action, locale, joined?.data ?? null, ofGroup);
        }),
      );
    },
    async closedActions(group, viewer, locale) {
      return (await beginnings(group)).flatMap((action) => {
        const by = cards.closedBy(action, viewer);
        return by ? [refuseTo(action, by, locale)] : [];
      });
    },
  };
}
