// What an organization shares in a group: granted, taken back, accepted of what is asked. Its own administrators decide,
// and nobody else.
import { refuse } from "../input.ts";
import { checkRole, forbid, groupToManage, ownsPolicy, personOf } from "../rules.ts";
import { accepted, type AcceptGrantsInput } from "./accepted.ts";
import { changed, type GroupPayload, type InGroup, type Mutation } from "./payloads.ts";

interface GrantArgs extends InGroup {
  readonly policy: string;
  readonly role: string;
}

export const grant: Mutation<GrantArgs & { until?: Date | null }, GroupPayload> = (_, args, context) =>
  changed(context, async () => {
    const { groupId, policy, role, until = null } = args;
    const managed = await groupToManage(context, groupId);
    if (!managed.isAdmin) forbid("Only an admin of your organization shares its policies.");
    if (!ownsPolicy(context, policy))
      refuse(["policy"], "UNKNOWN_POLICY", "This is no policy of your organization.");
    checkRole(managed.scenario, role);
    const { organization } = managed;
    await context.groups.grant(groupId, [{ policy, role, organization, until }], personOf(context));
    return groupId;
  });

export const withdraw: Mutation<GrantArgs, GroupPayload> = (_, args, context) =>
  changed(context, async () => {
    const { groupId, policy, role } = args;
    const managed = await groupToManage(context, groupId);
    if (!managed.isAdmin) forbid("Only an admin of your organization takes back what it shares.");
    const { organization } = managed;
    const grants = await context.groups.grants(groupId);
    // What was granted can be taken back also when the configuration does not know it any more.
    const own =
      ownsPolicy(context, policy) ||
      grants.some((each) => each.policy === policy && each.organization === organization);
    if (!own) refuse(["policy"], "UNKNOWN_POLICY", "This is no policy of your organization.");
    await context.groups.withdraw(groupId, { policy, role, organization }, personOf(context));
    return groupId;
  });

export const acceptGrants: Mutation<InGroup & { accept: AcceptGrantsInput }, GroupPayload> = (
  _,
  { groupId, accept },
  context,
) =>
  changed(context, async () => {
    const managed = await groupToManage(context, groupId);
    if (!managed.isAdmin) forbid("Only an admin of your organization shares its policies.");
    const { scenario, organization } = managed;
    const standing = await context.groups.grants(groupId);
    const grants = accepted(accept, scenario, organization, standing);
    await context.groups.grant(groupId, grants, personOf(context));
    return groupId;
  });
