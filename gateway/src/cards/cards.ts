// A card ▸ what a viewer gets of it: joined, with what they may do, and at which revision of it they are.
import { isTrue } from "@junto/template";
import type { Visibility } from "../access/prune.ts";
import type { Viewer } from "../access/viewer.ts";
import type { StopSignal } from "../cancel/stopper.ts";
import type { CardEnvelope } from "../groups/subgraph.ts";
import type { CardRow, Groups } from "../groups/store.ts";
import type { Operations } from "../operation/prepare.ts";
import type { ActionType, App } from "./app/apps.ts";
import { envelopeOf, envelopeOfUnknown, type ClosedBy, type Manners } from "./envelope.ts";
import type { CardJoin } from "./join.ts";
import type { Recovery } from "./recovery.ts";
import { canonicalDigest } from "./digest.ts";

export interface CardsParts {
  readonly apps: readonly App[];
  readonly join: CardJoin;
  readonly groups: Pick<Groups, "recordView" | "setShown">;
  readonly operations: Operations;
  readonly visibility: Visibility;
  readonly recovery: Recovery;
  /** For digests of what came out: without it nobody can try values out against them. */
  readonly secret: Buffer;
  readonly manners: (group: string) => Promise<Manners>;
}

export interface OpenCard {
  readonly envelope: CardEnvelope;
  readonly data: unknown;
  /** What this viewer may do with it now. */
  readonly actions: readonly ActionType[];
}

export interface Cards {
  /** @param signal when it comes, what has not answered by then is away */
  open(card: CardRow, viewer: Viewer, signal?: StopSignal): Promise<OpenCard>;
  /** Null: the owner allows the viewer to do this here. */
  closedBy(action: ActionType, viewer: Viewer): ClosedBy | null;
}

export function createCards(parts: CardsParts): Cards {
  const types = new Map(
    parts.apps.flatMap((app) => [...app.cards.values()].map((type) => [type.id, type] as const)),
  );

  function closedBy(action: ActionType, viewer: Viewer): ClosedBy | null {
    const { withheld } = parts.visibility(parts.operations.prepare(action.mutation.text), viewer);
    return withheld.find(({ path }) => path.length === 1) ?? null;
  }

  async function open(card: CardRow, viewer: Viewer, signal?: StopSignal): Promise<OpenCard> {
    const type = types.get(card.type);
    if (!type) return { envelope: envelopeOfUnknown(card), data: null, actions: [] };
    const [joined, manners] = await Promise.all([
      parts.join(type, card.entity, viewer, {
        occasion: { card: { id: card.id, type: type.id } },
        signal,
      }),
      parts.manners(card.groupId),
    ]);
    const { data, withheld, missing, provenance, shown } = joined;
    const names = namesFor(viewer, card, null);
    const isAlive = card.open && data !== null;
    // By what this viewer sees: that an action could be taken tells nothing that is withheld.
    const apply = type.actions.filter(({ when }) => isAlive && (!when || isTrue(when, data, names)));
    const closed = apply.flatMap((action) => {
      const by = closedBy(action, viewer);
      return by ? [{ action, by }] : [];
    });
    const actions = apply.filter((action) => closedBy(action, viewer) === null);
    const looks = canonicalDigest(
      parts.secret,
      [card.open, data, withheld, missing],
      actions.map(({ verb }) => verb),
    );
    const [{ revision }] = await Promise.all([
      parts.groups.recordView(card.id, viewer.audience, looks),
      parts.groups.setShown(card.id, viewer.audience, shown),
    ]);
    const silent = provenance.filter(({ status }) => status !== "OK").map(({ system }) => system);
    parts.recovery.note(card.id, viewer.audience, silent);
    return {
      envelope: envelopeOf({ card, type, joined, actions, closed, revision, manners }),
      data,
      actions,
    };
  }

  return { open, closedBy };
}

/** What an app's expressions know beside the data: the group's subject, the card's key, the action's. */
export function namesFor(
  viewer: Viewer,
  card: CardRow | null,
  actionKey: string | null,
): Readonly<Record<string, unknown>> {
  return {
    $subject: viewer.group?.subjects[0] ?? null,
    $key: card?.entity.key ?? null,
    $action: { key: actionKey },
  };
}
