// What people do in groups. What is wrong with what they sent, or not for them to do, comes back as user errors.
import type { ActResult, GroupsContext, UserError } from "./context.ts";
import { asUserError, checkLine, checkObject, checkText, refuse } from "./input.ts";
import { forgetLoaded, loaders } from "./loaders.ts";
import {
  checkOwnPerson,
  checkRole,
  forbid,
  groupAsMember,
  groupToManage,
  isAdmin,
  ownsPolicy,
  personOf,
} from "./rules.ts";
import type { FeedRow, GroupRow } from "./store.ts";

type Mutation<Args, Payload> = (source: unknown, args: Args, context: GroupsContext) => Promise<Payload>;
type GroupPayload = { readonly group: GroupRow | null; readonly userErrors: readonly UserError[] };
type InGroup = { readonly groupId: string };

const createGroup: Mutation<{ input: CreateGroupInput }, GroupPayload> = (_, { input }, context) =>
  changed(context, async () => {
    const { scenarios, viewer, groups } = context;
    const person = personOf(context);
    const name = checkLine(input.name, "name");
    const subjectId = checkLine(input.subjectId, "subjectId");
    const key = checkLine(input.key, "key");
    const scenario = scenarios.get(input.scenario);
    if (scenario === undefined) refuse(["scenario"], "UNKNOWN_SCENARIO", "There is no such scenario.");
    if (!isAdmin(context)) forbid("Only an admin of an organization makes groups.");
    const role = scenario.roles.find((each) => each.name === scenario.creatorRole);
    if (role?.organization !== undefined && role.organization !== viewer.organization) {
      forbid(`Groups of this kind are made by ${role.organization}.`);
    }
    const { group } = await groups.createGroup({
      scenario: scenario.name,
      name,
      subject: { type: scenario.subject, id: subjectId },
      createdBy: person,
      role: scenario.creatorRole,
      key,
      // Others are asked for theirs; nobody shares what is not theirs.
      grants: scenario.grants
        .filter(({ policy }) => ownsPolicy(context, policy))
        .map((grant) => ({ ...grant, organization: viewer.organization })),
    });
    return group.id;
  });

interface CreateGroupInput {
  readonly scenario: string;
  readonly name: string;
  readonly subjectId: string;
  readonly key: string;
}

const closeGroup: Mutation<InGroup, GroupPayload> = (_, { groupId }, context) =>
  changed(context, async () => {
    const { isManager } = await groupToManage(context, groupId);
    if (!isManager) forbid("Only who manages the group closes it.");
    await context.groups.closeGroup(groupId, personOf(context));
    return groupId;
  });

const addMember: Mutation<InGroup & { personId: string; role: string }, GroupPayload> = (_, args, context) =>
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

const removeMember: Mutation<InGroup & { personId: string }, GroupPayload> = (
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

const grant: Mutation<InGroup & { policy: string; role: string }, GroupPayload> = (_, args, context) =>
  changed(context, async () => {
    const { groupId, policy, role } = args;
    const managed = await groupToManage(context, groupId);
    if (!managed.isAdmin) forbid("Only an admin of your organization shares its policies.");
    if (!ownsPolicy(context, policy))
      refuse(["policy"], "UNKNOWN_POLICY", "This is no policy of your organization.");
    checkRole(managed.scenario, role);
    await context.groups.grant(
      groupId,
      { policy, role, organization: managed.organization },
      personOf(context),
    );
    return groupId;
  });

const withdraw: Mutation<InGroup & { policy: string; role: string }, GroupPayload> = (_, args, context) =>
  changed(context, async () => {
    const { groupId, policy, role } = args;
    const managed = await groupToManage(context, groupId);
    if (!managed.isAdmin) forbid("Only an admin of your organization takes back what it shares.");
    const grants = await context.groups.grants(groupId);
    const given = grants.find((each) => each.policy === policy && each.role === role);
    // What was granted can be taken back also when the configuration does not know it any more.
    const own =
      given === undefined ? ownsPolicy(context, policy) : given.organization === managed.organization;
    if (!own) refuse(["policy"], "UNKNOWN_POLICY", "This is no policy of your organization.");
    await context.groups.withdraw(groupId, { policy, role }, personOf(context));
    return groupId;
  });

type PostMessagePayload = { readonly message: FeedRow | null; readonly userErrors: readonly UserError[] };

const postMessage: Mutation<InGroup & { text: string; key: string }, PostMessagePayload> = (
  _,
  args,
  context,
) =>
  orUserErrors({ message: null }, async () => {
    const { groupId, text, key } = args;
    const actor = personOf(context);
    await groupAsMember(context, groupId);
    checkText(text, "text");
    checkLine(key, "key");
    const { row } = await context.groups.postMessage({ groupId, actor, text, key });
    return { message: row, userErrors: [] };
  });

interface ActArgs extends InGroup {
  readonly verb: string;
  readonly input: unknown;
  readonly key: string;
  readonly cardId?: string | null;
  readonly seen?: number | null;
}

const act: Mutation<ActArgs, ActResult> = (_, { groupId, verb, input, key, cardId, seen }, context) =>
  orUserErrors({ action: null, card: null }, async () => {
    const person = personOf(context);
    await groupAsMember(context, groupId);
    checkLine(verb, "verb");
    checkLine(key, "key");
    const card = cardId === null || cardId === undefined ? null : await loaders(context).card.load(cardId);
    if (card?.groupId !== groupId && cardId !== null && cardId !== undefined) {
      refuse(["cardId"], "NOT_FOUND", "There is no such card in this group.");
    }
    return context.act({
      groupId,
      person,
      verb,
      input: checkObject(input, "input"),
      key,
      card,
      seen: seen ?? null,
    });
  });

export const mutations: Readonly<Record<string, Mutation<never, unknown>>> = {
  createGroup,
  closeGroup,
  addMember,
  removeMember,
  grant,
  withdraw,
  postMessage,
  act,
};

/** The group as it is afterwards, if who asked is a member of it. */
function changed(context: GroupsContext, work: () => Promise<string>): Promise<GroupPayload> {
  return orUserErrors({ group: null }, async () => {
    const groupId = await work();
    forgetLoaded(context);
    return { group: await loaders(context).group.load(groupId), userErrors: [] };
  });
}

async function orUserErrors<Payload, Nothing extends object>(
  nothing: Nothing,
  work: () => Promise<Payload>,
): Promise<Payload | (Nothing & { readonly userErrors: readonly UserError[] })> {
  try {
    return await work();
  } catch (error) {
    const userError = asUserError(error);
    if (userError === null) throw error;
    return { ...nothing, userErrors: [userError] };
  }
}
