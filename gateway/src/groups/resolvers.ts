// How the groups schema is answered from the store. What a viewer may not know of is null, or not there.
import { JuntoError } from "../errors/index.ts";
import type {
  ActionView,
  CardEnvelope,
  ClosedActionView,
  GroupsContext,
  ProvenanceEntry,
} from "./context.ts";
import {
  found,
  policyTitle,
  textIn,
  titleOfPolicy,
  type Fields,
  type InLocale,
  type Resolver,
} from "./fields.ts";
import { isServiceId } from "../identity/index.ts";
import { pageSize } from "./input.ts";
import { loaders } from "./loaders.ts";
import type {
  ActionRow,
  CardRow,
  FeedKind,
  FeedRow,
  GroupRow,
  MemberRow,
  MessageRow,
  PersonRow,
  SeenRow,
} from "./store.ts";

export const Query: Fields<unknown> = {
  me: (_, __, context) => {
    const { person } = context.viewer;
    if (person === null) throw new JuntoError("FORBIDDEN", "An audience is nobody.");
    return found(loaders(context).person.load(person));
  },
  groups: async (_, __, context) => {
    const { person, groupId } = context.viewer;
    if (person !== null) return context.groups.groupsOf(person);
    const group = groupId === null ? null : await loaders(context).group.load(groupId);
    return group === null ? [] : [group];
  },
  group: (_, { id }: { id: string }, context) => loaders(context).group.load(id),
};

export const Organization: Fields<{ readonly id: string }> = {
  name: ({ id }, { locale }: InLocale, { organizations }) => {
    const name = organizations.get(id)?.name;
    return name?.[locale] ?? name?.["en"] ?? id;
  },
};

export const Person: Fields<PersonRow> = {
  organization: ({ organization }) => ({ id: organization }),
  service: ({ id }) => isServiceId(id),
};

export const Group: Fields<GroupRow> = {
  timeZone: ({ scenario }, _, { scenarios }) => scenarios.get(scenario)?.timeZone ?? "UTC",
  members: ({ id }, _, { groups }) => groups.members(id),
  actions: ({ id, closed }, { locale }: InLocale, context) =>
    closed ? [] : context.groupActions(id, locale),
  closedActions: ({ id, closed }, { locale }: InLocale, context) =>
    closed ? [] : context.closedActions(id, locale),
  cards: ({ id }, { first, open }: { first: number; open?: boolean | null }, { groups }) =>
    groups.cards(id, { first: pageSize(first, 100), open: open ?? undefined }),
  card: async (group, { id }: { id: string }, context) => {
    const card = await loaders(context).card.load(id);
    return card?.groupId === group.id ? card : null;
  },
  reading: ({ id }, _, context) => loaders(context).reading.load(id),
  seen: async ({ id }, _, { groups }) => byOrganization(await groups.seen(id)),
  feed: ({ id }, { after, first, before }: FeedPage, { groups }) =>
    typeof before === "number"
      ? groups.readFeedBefore(id, before, pageSize(first, 500))
      : groups.readFeed(id, after, pageSize(first, 500)),
};

interface FeedPage {
  readonly after: number;
  readonly first: number;
  readonly before?: number | null;
}

/** How far each organization's people have read. */
export function byOrganization(rows: readonly SeenRow[]): readonly Seen[] {
  const organizations = new Map<string, SeenRow[]>();
  for (const row of rows)
    organizations.set(row.organization, [...(organizations.get(row.organization) ?? []), row]);
  return [...organizations].map(([id, people]) => ({ organization: { id }, seq: people[0]!.seq, people }));
}

interface Seen {
  readonly organization: { readonly id: string };
  readonly seq: number;
  readonly people: readonly SeenRow[];
}

export const SeenBy: Fields<SeenRow> = {
  person: ({ person }, _, context) => found(loaders(context).person.load(person)),
};

export const Member: Fields<MemberRow> = {
  person: ({ person }, _, context) => found(loaders(context).person.load(person)),
};

const actor: Resolver<FeedRow> = (row, _, context) =>
  row.actor === null ? null : loaders(context).person.load(row.actor);

/** A row's key of that name, whatever its kind: the resolvers below each stand for one kind. */
function keyOf(row: FeedRow, name: string): string {
  const value: unknown = Object.entries(row.keys).find(([key]) => key === name)?.[1];
  return typeof value === "string" ? value : "";
}
const key =
  (name: string): Resolver<FeedRow> =>
  (row) =>
    keyOf(row, name);
const card: Resolver<FeedRow> = (row, _, context) => found(loaders(context).card.load(keyOf(row, "card")));
const message = (row: FeedRow, context: GroupsContext): Promise<MessageRow> =>
  found(loaders(context).message.load(keyOf(row, "message")));

/** Which type of event a kind of row is, and its fields. */
export const EVENTS: {
  readonly [Kind in FeedKind]: { readonly type: string; readonly fields: Fields<FeedRow> };
} = {
  MESSAGE: {
    type: "MessagePosted",
    fields: {
      actor,
      id: key("message"),
      text: async (row, _, context) => (await message(row, context)).text ?? "",
      message: (row, _, context) => message(row, context),
    },
  },
  MESSAGE_CHANGED: {
    type: "MessageChanged",
    fields: { actor, message: (row, _, context) => message(row, context) },
  },
  CARD_POSTED: { type: "CardPosted", fields: { actor, card } },
  CARD_CHANGED: { type: "CardChanged", fields: { actor, card } },
  ACTION: {
    type: "ActionChanged",
    fields: { actor, action: (row, _, context) => found(loaders(context).action.load(keyOf(row, "action"))) },
  },
  MEMBER: {
    type: "MemberChanged",
    fields: {
      actor,
      person: (row, _, context) => found(loaders(context).person.load(keyOf(row, "person"))),
      role: key("role"),
      added: (row) => keyOf(row, "change") === "ADDED",
    },
  },
  GRANT: {
    type: "GrantChanged",
    fields: {
      actor,
      policy: key("policy"),
      policyTitle: (row, { locale }: InLocale, context) => policyTitle(keyOf(row, "policy"), locale, context),
      role: key("role"),
      granted: (row) => keyOf(row, "change") === "GRANTED",
      until: (row) => (keyOf(row, "until") === "" ? null : new Date(keyOf(row, "until"))),
      end: (row) => (keyOf(row, "change") === "GRANTED" ? null : keyOf(row, "change")),
    },
  },
  ORGANIZATION: {
    type: "OrganizationChanged",
    fields: {
      actor,
      organization: (row) => ({ id: keyOf(row, "organization") }),
      change: key("change"),
    },
  },
  CLOSED: { type: "GroupClosed", fields: { actor } },
};

const envelope = (card: CardRow, context: GroupsContext): Promise<CardEnvelope> => context.openCard(card);

export const Card: Fields<CardRow> = {
  group: ({ groupId }, _, context) => found(loaders(context).group.load(groupId)),
  dueAt: async (card, _, context) => (await envelope(card, context)).due,
  about: ({ entity }) => entity,
  begunBy: async (card, _, context) => {
    const person = await loaders(context).begunBy.load(card);
    return person === null ? null : loaders(context).person.load(person);
  },
  revision: async (card, _, context) => (await envelope(card, context)).revision,
  template: (card, _, context) => envelope(card, context),
  data: async (card, _, context) => (await envelope(card, context)).data,
  summary: async (card, { locale }: InLocale, context) => (await envelope(card, context)).summary(locale),
  actions: async (card, { locale }: InLocale, context) => (await envelope(card, context)).actions(locale),
  closedActions: async (card, { locale }: InLocale, context) =>
    (await envelope(card, context)).closedActions(locale),
  provenance: async (card, _, context) => (await envelope(card, context)).provenance,
  withheld: async (card, _, context) => (await envelope(card, context)).withheld,
  adaptiveCard: async (card, { locale }: InLocale, context) =>
    (await envelope(card, context)).adaptiveCard(locale),
};

export const Action: Fields<ActionView> = {
  form: ({ form }, { extensions }: { extensions: readonly string[] }) => form?.(new Set(extensions)) ?? null,
};

export const CardTemplate: Fields<CardEnvelope> = {
  ref: ({ templateRef }) => templateRef,
  body: (card, { locale }: InLocale) => card.template(locale),
};

export const Provenance: Fields<ProvenanceEntry> = {
  organization: ({ organization }) => ({ id: organization }),
  systemTitle: ({ organization, system }, { locale }: InLocale, { organizations }) =>
    textIn(organizations.get(organization)?.systems.get(system), locale) ?? system,
};

export const Withheld: Fields<CardEnvelope["withheld"][number]> = {
  organization: ({ organization }) => ({ id: organization }),
  policyTitle: titleOfPolicy,
};

export const ClosedAction: Fields<ClosedActionView> = {
  organization: ({ organization }) => ({ id: organization }),
  policyTitle: titleOfPolicy,
};

export const ActionRun: Fields<ActionRow> = {
  title: ({ verb }, { locale }: InLocale, { actionTitle }) => actionTitle(verb, locale) ?? verb,
  begun: ({ id }, _, context) => loaders(context).begun.load(id),
  // Only the code is kept (I1): what it says in words is as much as the code says.
  userErrors: ({ userErrors }) =>
    userErrors.map(({ field, code }) => ({ field, code, message: inWords(code) })),
};

/** References from other parts of the graph. The same holds for them as for what is asked for directly. */
export const references = {
  Organization: ({ id }: { id: string }, { organizations }: GroupsContext): unknown =>
    organizations.has(id) ? { id } : null,
  Person: ({ id }: { id: string }, context: GroupsContext): unknown => loaders(context).person.load(id),
  Group: ({ id }: { id: string }, context: GroupsContext): unknown => loaders(context).group.load(id),
  Card: async ({ id }: { id: string }, context: GroupsContext): Promise<unknown> => {
    const row = await loaders(context).card.load(id);
    return row !== null && (await loaders(context).group.load(row.groupId)) !== null ? row : null;
  },
} as const;

function inWords(code: string): string {
  const words = code.replaceAll("_", " ").toLowerCase();
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
