// What administrators look after: their organization's policies and people, and its part in each group. To everybody
// else it is as if there were none.
import { administered, answeredBy, openOr, scenarioOf, type Open } from "./consent-resolvers.ts";
import { found, policyTitle, type Fields, type InLocale } from "./fields.ts";
import { pageSize } from "./input.ts";
import { loaders } from "./loaders.ts";
import { forbid, groupToManage, isAdmin } from "./rules.ts";
import type { ParticipationRow } from "./store.ts";

const MOST = 100;

interface ParticipationsArgs {
  readonly closed?: boolean | null;
  readonly first: number;
  readonly after?: string | null;
}

interface PeopleArgs {
  readonly groupId?: string | null;
  readonly search?: string | null;
  readonly first: number;
}

export const Query: Fields<unknown> = {
  administers: (_, __, context) => (isAdmin(context) ? { id: context.viewer.organization } : null),

  participations: async (_, args: ParticipationsArgs, context) => {
    const first = pageSize(args.first, MOST);
    const { groups } = context;
    const rows = await groups.participations(administered(context), { ...args, first: first + 1 });
    const participations = rows.slice(0, first);
    return { participations, next: rows.length > first ? (participations.at(-1)?.groupId ?? null) : null };
  },

  policies: (_, __, context) =>
    [...(context.organizations.get(administered(context))?.policies.keys() ?? [])].toSorted(),

  people: async (_, { groupId, search, first }: PeopleArgs, context) => {
    const isManager = groupId ? (await groupToManage(context, groupId)).isManager : false;
    if (!isManager && !isAdmin(context)) forbid("This is for who may add people to a group.");
    return context.groups.peopleOf(context.viewer.organization, search ?? "", pageSize(first, MOST));
  },
};

export const Policy: Fields<string> = {
  name: (policy) => policy,
  title: (policy, { locale }: InLocale, context) => policyTitle(policy, locale, context),
};

export const Participation: Fields<ParticipationRow> = {
  group: ({ groupId }, _, context) => found(loaders(context).outline.load(groupId)),
  members: async ({ groupId, organization }, _, { groups }) => groups.membersFrom(groupId, organization),
  asked: async (participation, { open }: Open, context) =>
    openOr(
      open,
      await answeredBy(participation, (await scenarioOf(participation, context))?.asked ?? [], context),
    ),
};
