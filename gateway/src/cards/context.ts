// What the resolvers of the gateway's own subgraph get for one request or one pushed event.
import type { AccessReader } from "../access-log/store.ts";
import type { Viewer } from "../access/viewer.ts";
import { JuntoError } from "../errors/index.ts";
import type { Making } from "../execute/engine.ts";
import type { Organization, SubgraphEntry } from "../config/index.ts";
import type { Person } from "../identity/index.ts";
import type {
  CardEnvelope,
  GroupsContext,
  OrganizationEntry,
  Scenario as GroupScenario,
} from "../groups/subgraph.ts";
import type { CardRow, Groups } from "../groups/store.ts";
import type { Acting } from "./act.ts";
import type { Cards } from "./cards.ts";
import { createOpening } from "./opening.ts";
import type { Scenario } from "./app/scenarios.ts";

type ExplainInput = Parameters<GroupsContext["explain"]>[0];

/** A pushed event whose card is joined already: the event of a subscription. */
export interface WithCard {
  readonly card: { readonly id: string; readonly envelope: CardEnvelope } | null;
}

export function createGroupsContext(parts: {
  readonly groups: Groups;
  readonly accessLog: AccessReader;
  readonly organizations: ReadonlyMap<string, Organization>;
  readonly subgraphs: readonly SubgraphEntry[];
  readonly scenarios: ReadonlyMap<string, Scenario>;
  readonly cards: Cards;
  readonly acting: Acting;
  readonly setTyping: GroupsContext["setTyping"];
  /** A person in a group of theirs, as they are there now; null: it is none of theirs. */
  readonly viewerIn: (person: Person, group: string) => Promise<Viewer | null>;
  readonly explain: (input: ExplainInput, viewer: Viewer) => ReturnType<GroupsContext["explain"]>;
}): (making: Making) => GroupsContext {
  const { groups, accessLog, cards, acting, setTyping, viewerIn, explain } = parts;
  const openIn = createOpening(cards);
  const organizations = new Map<string, OrganizationEntry>(
    [...parts.organizations].map(([id, { name, policies }]) => [
      id,
      {
        name: { ...name },
        policies: new Map([...policies].map(([policy, { title }]) => [policy, { title: { ...title } }])),
        systems: new Map(
          parts.subgraphs.flatMap(({ name: system, organization, title }) =>
            organization === id && title ? [[system, { ...title }] as const] : [],
          ),
        ),
      },
    ]),
  );
  const scenarios = new Map([...parts.scenarios].map(([name, scenario]) => [name, groupScenario(scenario)]));
  return ({ viewer, event }) => {
    const pushed = (event as WithCard | undefined)?.card;
    const opened = new Map<string, Promise<CardEnvelope>>(
      pushed ? [[pushed.id, Promise.resolve(pushed.envelope)]] : [],
    );
    const open = async (card: CardRow): Promise<CardEnvelope> => {
      const isElsewhere = viewer.person !== null && viewer.group?.id !== card.groupId;
      const there = isElsewhere ? await viewerIn(viewer.person, card.groupId) : viewer;
      if (!there) throw new JuntoError("NOT_FOUND", "There is no such group.");
      return (await cards.open(card, there)).envelope;
    };
    return {
      groups,
      accessLog,
      organizations,
      scenarios,
      viewer: {
        organization: viewer.organization,
        person: viewer.person?.id ?? null,
        groupId: viewer.group?.id ?? null,
        role: viewer.group?.role ?? null,
        organizationRoles: viewer.person?.roles ?? [],
      },
      openCard(card: CardRow) {
        let envelope = opened.get(card.id);
        if (!envelope) opened.set(card.id, (envelope = open(card)));
        return envelope;
      },
      async openCards(asked: readonly CardRow[]) {
        const { person } = viewer;
        if (!person) return asked.map(() => null);
        const envelopes = await openIn(asked, (group) => viewerIn(person, group));
        envelopes.forEach((envelope, at) => {
          if (envelope) opened.set(asked[at]!.id, Promise.resolve(envelope));
        });
        return envelopes;
      },
      groupActions: (group, locale) => acting.groupActions(group, viewer, locale),
      closedActions: (group, locale) => acting.closedActions(group, viewer, locale),
      actionTitle: acting.titleOf,
      act: (input) => acting.act(input, viewer),
      setTyping,
      explain: (input) => explain(input, viewer),
    };
  };
}

function groupScenario({ name, title, subject, timeZone, roles, grants }: Scenario): GroupScenario {
  return {
    name,
    title,
    subject,
    timeZone,
    roles: [...roles.values()],
    asked: grants.map(({ why, ...grant }) => ({ ...grant, reason: why })),
  };
}
