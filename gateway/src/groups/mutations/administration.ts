// Groups are made and closed, people come and go, organizations leave.
import { checkLine, refuse } from "../input.ts";
import { checkOwnPerson, checkRole, forbid, groupToManage, isAdmin, personOf } from "../rules.ts";
import { accepted, type AcceptGrantsInput } from "./accepted.ts";
import { changed, type GroupPayload, type InGroup, type Mutation } from "./payloads.ts";

interface CreateGroupInput {
  readonly scenario: string;
  readonly name: string;
  readonly subjectId: string;
  readonly key: string;
  readonly accept?: AcceptGrantsInput | null;
}

export const createGroup: Mutation<{ input: CreateGroupInput }, GroupPayload> = (_, { input }, context) =>
  changed(context, async () => {
    const { scenarios, viewer, groups } = context;
    const person = personOf(context);
    const name = checkLine(input.name, "name");
    const subjectId = checkLine(input.subjectId, "subjectId");
    const key = checkLine(input.key, "key");
    const scenario = scenarios.get(input.scenario);
    if (scenario === undefined) refuse(["scenario"], "UNKNOWN_SCENARIO", "There is no such scenario.");
    if (!isAdmin(context)) forbid("Only an admin of an organization makes groups.");
    const { organization } = viewer;
    const role = scenario.roles.find(
      (each) => each.creates && (each.organization ?? organization) === organization,
    );
    if (role === undefined) {
      const makers = scenario.roles.flatMap((each) => (each.creates ? (each.organization ?? []) : []));
      forbid(`Groups of this kind are made by ${makers.join(", ")}.`);
    }
    const { group } = await groups.createGroup({
      scenario: scenario.name,
      name,
      subject: { type: scenario.subject, id: subjectId },
      createdBy: person,
      organization,
      role: role.name,
      key,
      // Others are asked for theirs; nobody shares what is not theirs.
      grants: input.accept ? accepted(input.accept, scenario, organization, []) : [],
    });
    return group.id;
  });

export const closeGroup: Mutation<InGroup, GroupPayload> = (_, { groupId }, context) =>
  changed(context, async () => {
    const { isManager } = await groupToManage(context, groupId);
    if (!isManager) forbid("Only who manages the group closes it.");
    await context.groups.closeGroup(groupId, personOf(context));
    return groupId;
  });

export const addMember: Mutation<InGroup & { personId: string; role: string }, GroupPayload> = (
  _,
  args,
  context,
) =>
  changed(context, async () => {
    const { groupId, personId, role } = args;
    const managed = await groupToManage(context, groupId);
    if (!managed.isAdmin && !managed.isManager)
      forbid("Only an admin of your organization, or who manages the group, adds people.");
    await checkOwnPerson(context, personId);
    checkRole(managed.scenario, role, managed.organization);
    await context.groups.addMember(groupId, { person: personId, role }, personOf(context));
    return groupId;
  });

export const removeMember: Mutation<InGroup & { personId: string }, GroupPayload> = (
  _,
  { groupId, personId },
  context,
) =>
  changed(context, async () => {
    const managed = await groupToManage(context, groupId);
    if (!managed.isAdmin && !managed.isManager)
      forbid("Only an admin of your organization, or who manages the group, removes people.");
    await checkOwnPerson(context, personId);
    await context.groups.removeMember(groupId, personId, personOf(context));
    return groupId;
  });

export const leaveGroup: Mutation<InGroup, GroupPayload> = (_, { groupId }, context) =>
  changed(context, async () => {
    const managed = await groupToManage(context, groupId);
    if (!managed.isAdmin) forbid("Only an admin of your organization takes it out of a group.");
    await context.groups.leaveGroup(groupId, managed.organization, personOf(context));
    return groupId;
  });
