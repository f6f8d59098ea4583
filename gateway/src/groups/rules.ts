// Who may change what in a group. Everyone looks after their own organization: its admin after its people and
// its policies, a member in the scenario's manager role after its people.
import { JuntoError } from "../errors/index.ts";
import type { GroupsContext, Scenario } from "./context.ts";
import { refuse } from "./input.ts";
import { loaders } from "./loaders.ts";
import type { GroupRow } from "./store.ts";

/** Who asks. @throws JuntoError FORBIDDEN for an audience, which only sees */
export function personOf({ viewer }: GroupsContext): string {
  if (viewer.person === null) throw new JuntoError("FORBIDDEN", "Only people do things.");
  return viewer.person;
}

export function isAdmin({ viewer }: GroupsContext): boolean {
  return viewer.person !== null && viewer.organizationRoles.includes("admin");
}

/** The group, for a member. @throws JuntoError NOT_FOUND */
export async function groupAsMember(context: GroupsContext, groupId: string): Promise<GroupRow> {
  return (await loaders(context).group.load(groupId)) ?? noGroup();
}

/**
 * The group, for a member and for the admin of an organization that belongs there: that has members in it, or
 * that the scenario names. So the first person of an organization can be added by its own admin.
 * @throws JuntoError NOT_FOUND for everybody else, as if it did not exist
 */
export async function groupToManage(context: GroupsContext, groupId: string): Promise<Managed> {
  const { groups, viewer, scenarios } = context;
  const person = personOf(context);
  const group = (await groups.group(groupId)) ?? noGroup();
  const role = (await groups.membership(group.id, person))?.role ?? null;
  const scenario = scenarios.get(group.scenario);
  if (role === null && !(isAdmin(context) && (await belongs(context, group, scenario)))) noGroup();
  if (scenario === undefined)
    refuse(["groupId"], "UNKNOWN_SCENARIO", "The group's scenario is not known any more.");
  const isManager = role === scenario.creatorRole;
  return { group, scenario, organization: viewer.organization, isAdmin: isAdmin(context), isManager };
}

export interface Managed {
  readonly group: GroupRow;
  readonly scenario: Scenario;
  readonly organization: string;
  /** Of their own organization. */
  readonly isAdmin: boolean;
  /** Of the group: they have the scenario's manager role. */
  readonly isManager: boolean;
}

/** @throws JuntoError unless it is a person of one's own organization */
export async function checkOwnPerson(context: GroupsContext, personId: string): Promise<void> {
  const { organization } = context.viewer;
  const person = await loaders(context).person.load(personId);
  if (person?.organization === organization) return;
  // Whether somebody else's person exists is not said.
  if (person === null && personId.startsWith(`${organization}:`)) {
    refuse(["personId"], "NOT_FOUND", "There is no such person in your organization.");
  }
  refuse(
    ["personId"],
    "NOT_OWN_ORGANIZATION",
    "This is not a person of your organization; others add their own.",
  );
}

/** @throws JuntoError unless it is a role of the scenario, and, when named, one for the organization's people */
export function checkRole({ roles }: Scenario, name: string, organization?: string): void {
  const role = roles.find((each) => each.name === name);
  if (role === undefined) {
    refuse(["role"], "UNKNOWN_ROLE", `The roles here are ${roles.map((each) => each.name).join(", ")}.`);
  }
  if (organization === undefined || role.organization === undefined || role.organization === organization)
    return;
  refuse(["role"], "NOT_OWN_ROLE", "This role is for people of another organization.");
}

export function ownsPolicy({ organizations, viewer }: GroupsContext, policy: string): boolean {
  return organizations.get(viewer.organization)?.policies.has(policy) === true;
}

export function forbid(message: string): never {
  throw new JuntoError("FORBIDDEN", message);
}

async function belongs(
  context: GroupsContext,
  group: GroupRow,
  scenario: Scenario | undefined,
): Promise<boolean> {
  const { organization } = context.viewer;
  if (scenario?.roles.some((role) => role.organization === organization) === true) return true;
  const members = await context.groups.members(group.id);
  const people = await Promise.all(members.map(({ person }) => loaders(context).person.load(person)));
  return people.some((person) => person?.organization === organization);
}

function noGroup(): never {
  throw new JuntoError("NOT_FOUND", "There is no such group.", { details: { field: ["groupId"] } });
}
