// How what is asked, granted and answered is shown: to members what concerns their group, to administrators what
// concerns their organization, and nothing else.
import type {
  AskedGrant as Asked,
  GroupsContext,
  Scenario as ScenarioEntry,
  ScenarioRole as Role,
} from "./context.ts";
import { found, textIn, titleOfPolicy, type Fields, type InLocale } from "./fields.ts";
import { pageSize } from "./input.ts";
import { loaders } from "./loaders.ts";
import { isSame } from "./mutations/accepted.ts";
import { forbid, isAdmin, rolesFor } from "./rules.ts";
import type { GrantRow, GroupRow, InvitationRow } from "./store.ts";

const MOST = 100;

interface GrantsArgs {
  readonly groupId?: string | null;
  readonly policy?: string | null;
  readonly role?: string | null;
  readonly inForce?: boolean | null;
  readonly first: number;
  readonly after?: string | null;
}

export const Query: Fields<unknown> = {
  scenarios: (_, __, { scenarios }) => [...scenarios.values()],
  grants: async (_, args: GrantsArgs, context) => {
    const first = pageSize(args.first, MOST);
    const rows = await context.groups.grantsOf(administered(context), { ...args, first: first + 1 });
    const grants = rows.slice(0, first);
    return { grants, next: rows.length > first ? (grants.at(-1)?.id ?? null) : null };
  },
  invitations: (_, { first }: { first: number }, context) =>
    context.groups.invitationsFor(administered(context), pageSize(first, MOST)),
};

export const Group: Fields<GroupRow> = {
  roles: ({ scenario }, _, { scenarios }) => scenarios.get(scenario)?.roles ?? [],
  organizations: async ({ id }, _, { groups }) =>
    (await groups.organizations(id)).map((organization) => ({ id: organization })),
  invitations: ({ id }, { waiting }: { waiting?: boolean | null }, { groups }) =>
    groups.invitations(id, waiting ?? undefined),
  grants: ({ id }, _, { groups }) => groups.grants(id),
  asked: async ({ id, scenario }, { open }: Open, context) => {
    const asked = context.scenarios.get(scenario)?.asked ?? [];
    return openOr(open, answered(asked, await context.groups.grants(id)));
  },
};

export const GroupOutline: Fields<GroupRow> = {
  scenario: ({ scenario }, _, { scenarios }) => scenarios.get(scenario) ?? null,
};

export const Scenario: Fields<ScenarioEntry> = {
  title: ({ name, title }, { locale }: InLocale) => textIn(title, locale) ?? name,
  asked: ({ asked }) => answered(asked, []),
};

export const ScenarioRole: Fields<Role> = {
  title: ({ name, title }, { locale }: InLocale) => textIn(title, locale) ?? name,
  organization: ({ organization }) => (organization === undefined ? null : { id: organization }),
};

export const AskedGrant: Fields<Answered> = {
  policyTitle: titleOfPolicy,
  organization: ({ organization }) => ({ id: organization }),
  reason: ({ reason }, { locale }: InLocale) => textIn(reason, locale) ?? "",
};

export const Grant: Fields<GrantRow> = {
  policyTitle: titleOfPolicy,
  group: ({ groupId }, _, context) => found(loaders(context).outline.load(groupId)),
  organization: ({ organization }) => ({ id: organization }),
  grantedBy: ({ grantedBy }, _, context) => found(loaders(context).person.load(grantedBy)),
  endedBy: ({ endedBy }, _, context) => person(endedBy, context),
};

export const Invitation: Fields<InvitationRow> = {
  group: ({ groupId }, _, context) => found(loaders(context).outline.load(groupId)),
  organization: ({ organization }) => ({ id: organization }),
  invitedBy: ({ invitedBy }, _, context) => found(loaders(context).person.load(invitedBy)),
  answeredBy: ({ answeredBy }, _, context) => person(answeredBy, context),
  roles: async (invitation, _, context) => {
    const scenario = await scenarioOf(invitation, context);
    return scenario === undefined ? [] : rolesFor(scenario, invitation.organization);
  },
  asked: async (invitation, _, context) => {
    const asked = (await scenarioOf(invitation, context))?.asked ?? [];
    return answeredBy(invitation, asked, context);
  },
};

export interface Open {
  readonly open?: boolean | null;
}

/** What of it is open, or answered; without `open`, all. */
export function openOr(open: boolean | null | undefined, asked: readonly Answered[]): Answered[] {
  return asked.filter(({ grant }) => (open ?? null) === null || (grant === null) === open);
}

export type Answered = Asked & { readonly grant: GrantRow | null };

function answered(asked: readonly Asked[], grants: readonly GrantRow[]): Answered[] {
  return asked.map((each) => ({ ...each, grant: grants.find((grant) => isSame(grant, each)) ?? null }));
}

/** What is asked of one organization in a group. */
export async function answeredBy(
  { groupId, organization }: { readonly groupId: string; readonly organization: string },
  asked: readonly Asked[],
  { groups }: GroupsContext,
): Promise<Answered[]> {
  const own = asked.filter((each) => each.organization === organization);
  return answered(own, await groups.grants(groupId));
}

/** The organization that who asks administers. @throws JuntoError FORBIDDEN */
export function administered(context: GroupsContext): string {
  if (!isAdmin(context)) forbid("This is for administrators of an organization.");
  return context.viewer.organization;
}

export async function scenarioOf(
  { groupId }: { readonly groupId: string },
  context: GroupsContext,
): Promise<ScenarioEntry | undefined> {
  const group = await loaders(context).outline.load(groupId);
  return context.scenarios.get(group?.scenario ?? "");
}

function person(id: string | null, context: GroupsContext): unknown {
  return id === null ? null : loaders(context).person.load(id);
}
