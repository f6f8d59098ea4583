// How what is asked, granted and answered is shown: to members what concerns their group, to administrators what
// concerns their organization, and nothing else.
import type {
  AskedGrant as Asked,
  GroupsContext,
  Scenario as ScenarioEntry,
  ScenarioRole as Role,
} from "./context.ts";
import { found, textIn, type Fields, type InLocale } from "./fields.ts";
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
  organizations: async ({ id }, _, { groups }) =>
    (await groups.organizations(id)).map((organization) => ({ id: organization })),
  invitations: ({ id }, { waiting }: { waiting?: boolean | null }, { groups }) =>
    groups.invitations(id, waiting ?? undefined),
  grants: ({ id }, _, { groups }) => groups.grants(id),
  asked: async ({ id, scenario }, { open }: { open?: boolean | null }, context) => {
    const asked = answered(context.scenarios.get(scenario)?.asked ?? [], await context.groups.grants(id));
    return asked.filter(({ grant }) => (open ?? null) === null || (grant === null) === open);
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
  organization: ({ organization }) => ({ id: organization }),
  reason: ({ reason }, { locale }: InLocale) => textIn(reason, locale) ?? "",
};

export const Grant: Fields<GrantRow> = {
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
    const { groupId, organization } = invitation;
    const asked = (await scenarioOf(invitation, context))?.asked ?? [];
    return answered(
      asked.filter((each) => each.organization === organization),
      (await context.groups.grants(groupId)).filter((each) => each.organization === organization),
    );
  },
};

type Answered = Asked & { readonly grant: GrantRow | null };

function answered(asked: readonly Asked[], grants: readonly GrantRow[]): Answered[] {
  return asked.map((each) => ({ ...each, grant: grants.find((grant) => isSame(grant, each)) ?? null }));
}

/** The organization that who asks administers. @throws JuntoError FORBIDDEN */
function administered(context: GroupsContext): string {
  if (!isAdmin(context)) forbid("This is for administrators of an organization.");
  return context.viewer.organization;
}

async function scenarioOf(
  { groupId }: InvitationRow,
  context: GroupsContext,
): Promise<ScenarioEntry | undefined> {
  const group = await loaders(context).outline.load(groupId);
  return context.scenarios.get(group?.scenario ?? "");
}

function person(id: string | null, context: GroupsContext): unknown {
  return id === null ? null : loaders(context).person.load(id);
}
