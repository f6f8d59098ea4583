// A card ▸ what a viewer gets of it: joined, with what they may do, and at which revision of it they are; and whose turn
// it is with it.
import { isTrue } from "@junto/template";
import { LRUCache } from "lru-cache";
import type { Visibility } from "../access/prune.ts";
import { audienceViewer, type Scopes, type Viewer, type ViewerGroup } from "../access/viewer.ts";
import type { StopSignal } from "../cancel/stopper.ts";
import type { CardEnvelope } from "../groups/subgraph.ts";
import type { CardRow, Groups } from "../groups/store.ts";
import type { Operations } from "../operation/prepare.ts";
import type { ActionType, App, CardType } from "./app/apps.ts";
import { isDecidable } from "./app/rule.ts";
import { dueOf, envelopeOf, envelopeOfUnknown, type ClosedBy, type Manners } from "./envelope.ts";
import type { CardJoin, JoinedCard } from "./join.ts";
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
  /** All that the graph asks for. */
  readonly scopes: Scopes;
}

export interface OpenCard {
  readonly envelope: CardEnvelope;
  readonly data: unknown;
  /** What this viewer may do with it now. */
  readonly actions: readonly ActionType[];
}

/** What somebody would see of a card. It has a revision only once it is shown. */
interface Look {
  readonly joined: JoinedCard;
  /** Actions for which it is the time, whoever may take them. */
  readonly ripe: readonly ActionType[];
}

export interface Cards {
  /** @param signal when it comes, what has not answered by then is away */
  open(card: CardRow, viewer: Viewer, signal?: StopSignal): Promise<OpenCard>;
  /** Null: the owner allows the viewer to do this here. */
  closedBy(action: ActionType, viewer: Viewer): ClosedBy | null;
  /**
   * What is open now to those of an organization who are in a role: verbs, or none and still something is due. Null: it is
   * not their turn. `before`: what was found last, which holds on for what depends on a system that does not answer.
   */
  turnOf(
    card: CardRow,
    organization: string,
    place: ViewerGroup,
    before: readonly string[] | null,
  ): Promise<readonly string[] | null>;
}

/** How a card came out, in names only: whose turn it is is found by it, without joining it once more. */
interface Stand {
  /** Of the actions, whoever may take them: those for which it is the time, */
  readonly ripe: ReadonlySet<string>;
  /** and those of which nobody knows, since somebody is silent. */
  readonly unknown: ReadonlySet<string>;
  /** Null: nobody knows. */
  readonly due: boolean | null;
}

/** Cards, for an audience each, of which it is remembered how they came out. */
const REMEMBERED = 10_000;

export function createCards(parts: CardsParts): Cards {
  const types = new Map(
    parts.apps.flatMap((app) => [...app.cards.values()].map((type) => [type.id, type] as const)),
  );

  const stands = new LRUCache<string, Stand>({ max: REMEMBERED });
  /** Looked at for an audience just now: who comes meanwhile gets the same, unless their patience is short. */
  const looking = new Map<string, Promise<Look>>();
  /** The same as long as the card cannot have become another, and they may see the same. */
  const standKey = ({ id, touched }: CardRow, { audience }: Viewer): string => `${id} ${touched} ${audience}`;

  function closedBy(action: ActionType, viewer: Viewer): ClosedBy | null {
    const { withheld } = parts.visibility(parts.operations.prepare(action.mutation.text), viewer);
    return withheld.find(({ path }) => path.length === 1) ?? null;
  }

  function look(card: CardRow, type: CardType, viewer: Viewer, signal?: StopSignal): Promise<Look> {
    if (viewer.person !== null || signal) return lookAnew(card, type, viewer, signal);
    const key = standKey(card, viewer);
    let looked = looking.get(key);
    if (!looked) {
      looked = lookAnew(card, type, viewer).finally(() => looking.delete(key));
      looking.set(key, looked);
    }
    return looked;
  }

  async function lookAnew(card: CardRow, type: CardType, viewer: Viewer, signal?: StopSignal): Promise<Look> {
    const occasion = { card: { id: card.id, type: type.id } };
    const joined = await parts.join(type, card.entity, viewer, { occasion, signal });
    const { data, provenance, shown } = joined;
    await parts.groups.setShown(card.id, viewer.audience, shown);
    const silent = provenance.filter(({ status }) => status !== "OK").map(({ system }) => system);
    parts.recovery.note(card.id, viewer.audience, silent);
    const names = namesFor(viewer, card, null);
    const isAlive = card.open && data !== null;
    // By what this viewer sees: that an action could be taken tells nothing that is withheld.
    const ripe = type.actions.filter(({ when }) => isAlive && (!when || isTrue(when, data, names)));
    if (viewer.person === null)
      stands.set(standKey(card, viewer), standOf(type, joined, ripe, dueOf(card, type, data), names));
    return { joined, ripe };
  }

  async function open(card: CardRow, viewer: Viewer, signal?: StopSignal): Promise<OpenCard> {
    const type = types.get(card.type);
    if (!type) return { envelope: envelopeOfUnknown(card), data: null, actions: [] };
    const [{ joined, ripe }, manners] = await Promise.all([
      look(card, type, viewer, signal),
      parts.manners(card.groupId),
    ]);
    const { data, withheld, missing } = joined;
    const closed = ripe.flatMap((action) => {
      const by = closedBy(action, viewer);
      return by ? [{ action, by }] : [];
    });
    const actions = ripe.filter((action) => closedBy(action, viewer) === null);
    const looks = canonicalDigest(
      parts.secret,
      [card.open, data, withheld, missing],
      actions.map(({ verb }) => verb),
    );
    const { revision } = await parts.groups.recordView(card.id, viewer.audience, looks);
    return {
      envelope: envelopeOf({ card, type, joined, actions, closed, revision, manners }),
      data,
      actions,
    };
  }

  const turnOf: Cards["turnOf"] = async (card, organization, place, before) => {
    const type = types.get(card.type);
    if (!type) return null;
    // Scopes are a person's own. That somebody in the role has them is taken for granted here, and nowhere else.
    const ideal = audienceViewer(organization, place, parts.scopes);
    const theirs = type.actions.filter((action) => closedBy(action, ideal) === null);
    const canBeDue = type.actions.length === 0 && type.due !== undefined;
    // Nothing has to be asked of anybody.
    if (theirs.length === 0 && !canBeDue) return null;
    const viewer = audienceViewer(organization, place);
    if (!stands.has(standKey(card, viewer))) await look(card, type, viewer);
    const { ripe, unknown, due } = stands.get(standKey(card, viewer))!;
    if (canBeDue) return (due ?? before !== null) ? [] : null;
    const verbs = theirs
      .map(({ verb }) => verb)
      .filter((verb) => (before && unknown.has(verb) ? before.includes(verb) : ripe.has(verb)));
    return verbs.length > 0 ? verbs : null;
  };

  return { open, closedBy, turnOf };
}

function standOf(
  type: CardType,
  { data, provenance }: JoinedCard,
  ripe: readonly ActionType[],
  due: Date | null,
  names: Readonly<Record<string, unknown>>,
): Stand {
  const isWhole = provenance.every(({ status }) => status === "OK");
  const unknown = isWhole
    ? []
    : type.actions.filter(({ when }) => data === null || !isDecidable(when, data, names));
  return {
    ripe: new Set(ripe.map(({ verb }) => verb)),
    unknown: new Set(unknown.map(({ verb }) => verb)),
    due: due === null && !isWhole ? null : due !== null,
  };
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
