// Organizations are asked into groups, and answer. Who an invitation is not for, or not of, does not learn that there
// is one.
import { JuntoError } from "../../errors/index.ts";
import type { GroupsContext, UserError } from "../context.ts";
import { refuse } from "../input.ts";
import { forgetLoaded } from "../loaders.ts";
import {
  checkOwnPerson,
  checkRole,
  forbid,
  groupToManage,
  isAdmin,
  personOf,
  rolesFor,
  scenarioOf,
} from "../rules.ts";
import type { InvitationRow } from "../store.ts";
import { accepted, type AcceptGrantsInput } from "./accepted.ts";
import { orUserErrors, type InGroup, type Mutation } from "./payloads.ts";

type InvitationPayload = {
  readonly invitation: InvitationRow | null;
  readonly userErrors: readonly UserError[];
};

export const inviteOrganization: Mutation<InGroup & { organizationId: string }, InvitationPayload> = (
  _,
  { groupId, organizationId },
  context,
) =>
  invited(context, async () => {
    const { scenario, isManager, organization: from } = await groupToManage(context, groupId);
    if (!isManager) forbid("Only who manages the group invites an organization.");
    if (!context.organizations.has(organizationId))
      refuse(["organizationId"], "UNKNOWN_ORGANIZATION", "There is no such organization.");
    if (rolesFor(scenario, organizationId).length === 0)
      refuse(["organizationId"], "NO_ROLE", "No role in a group of this kind is for its people.");
    return context.groups.invite(groupId, { organization: organizationId, actor: personOf(context), from });
  });

export const takeBackInvitation: Mutation<{ id: string }, InvitationPayload> = (_, { id }, context) =>
  invited(context, async () => {
    const invitation = await invitationWhere(context, id, ({ invitedFrom }) => invitedFrom);
    const { isAdmin: isOwnAdmin, isManager } = await groupToManage(context, invitation.groupId, noInvitation);
    if (!isOwnAdmin && !isManager) forbid("Only who manages the group takes an invitation back.");
    return context.groups.refuseInvitation(id, "TAKEN_BACK", personOf(context));
  });

export const declineInvitation: Mutation<{ id: string }, InvitationPayload> = (_, { id }, context) =>
  invited(context, async () => {
    await invitationToAnswer(context, id);
    return context.groups.refuseInvitation(id, "DECLINED", personOf(context));
  });

const MOST_MEMBERS = 100;

interface AcceptArgs {
  readonly id: string;
  readonly members: readonly { readonly personId: string; readonly role: string }[];
  readonly accept?: AcceptGrantsInput | null;
}

export const acceptInvitation: Mutation<AcceptArgs, InvitationPayload> = (
  _,
  { id, members, accept },
  context,
) =>
  invited(context, async () => {
    const { groupId, organization } = await invitationToAnswer(context, id);
    const group = (await context.groups.group(groupId)) ?? noInvitation();
    const scenario = scenarioOf(context, group);
    if (members.length > MOST_MEMBERS)
      refuse(["members"], "TOO_MANY", `At most ${MOST_MEMBERS} people at once; add the others later.`);
    for (const [at, { personId, role }] of members.entries()) {
      await checkOwnPerson(context, personId, ["members", String(at), "personId"]);
      checkRole(scenario, role, organization, ["members", String(at), "role"]);
    }
    const coming = {
      members: members.map(({ personId, role }) => ({ person: personId, role })),
      grants: accept ? accepted(accept, scenario, organization, []) : [],
    };
    return context.groups.acceptInvitation(id, coming, personOf(context));
  });

function invited(context: GroupsContext, work: () => Promise<InvitationRow>): Promise<InvitationPayload> {
  return orUserErrors({ invitation: null }, async () => {
    const invitation = await work();
    forgetLoaded(context);
    return { invitation, userErrors: [] };
  });
}

/** For an admin of the organization that is invited. */
async function invitationToAnswer(context: GroupsContext, id: string): Promise<InvitationRow> {
  const invitation = await invitationWhere(context, id, ({ organization }) => organization);
  if (!isAdmin(context)) noInvitation();
  return invitation;
}

async function invitationWhere(
  context: GroupsContext,
  id: string,
  organizationOf: (invitation: InvitationRow) => string,
): Promise<InvitationRow> {
  personOf(context);
  const invitation = (await context.groups.invitation(id)) ?? noInvitation();
  return organizationOf(invitation) === context.viewer.organization ? invitation : noInvitation();
}

function noInvitation(): never {
  throw new JuntoError("NOT_FOUND", "There is no such invitation.", { details: { field: ["id"] } });
}
