// Who may change what in a group. Everyone looks after their own organization: its admin after its people and its
// policies, who manages the group after its people. Who manages the group also asks others in.
import { JuntoError } from "../errors/index.ts";
import type { GroupsContext, Scenario, ScenarioRole } from "./context.ts";
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
 * The group, for a member and for the admin of an organization that is in it: so the first person of an organization can
 * be added by its own admin.
 * @throws JuntoError NOT_FOUND for everybody else, as if it did not exist
 */
export async function groupToManage(
  context: GroupsContext,
  groupId: string,
  missing: () => never = noGroup,
): Promise<Managed> {
  const { groups, viewer } = context;
  const person = personOf(context);
  const group = (await groups.group(groupId)) ?? missing();
  const role = (await groups.membership(group.id, person))?.role ?? null;
  const isIn = (await groups.organizations(group.id)).includes(viewer.organization);
  if (!isIn || (role === null && !isAdmin(context))) missing();
  const scenario = scenarioOf(context, group);
  const isManager = scenario.roles.some(({ name, creates }) => creates && name === role);
  return { group, scenario, organization: viewer.organization, isAdmin: isAdmin(context), isManager };
}

/** @throws JuntoError BAD_USER_INPUT when it is not in the configuration any more */
export function scenarioOf({ scenarios }: GroupsContext, group: GroupRow): Scenario {
  return (
    scenarios.get(group.scenario) ??
    refuse(["groupId"], "UNKNOWN_SCENARIO", "The group's scenario is not known any more.")
  );
}

export interface Managed {
  readonly group: GroupRow;
  readonly scenario: Scenario;
  readonly organization: string;
  /** Of their own organization. */
  readonly isAdmin: boolean;
  /** Of the group: they are there as those who make groups of this kind. */
  readonly isManager: boolean;
}

/** @throws JuntoError unless it is a person of one's own organization */
export async function checkOwnPerson(
  context: GroupsContext,
  personId: string,
  field: readonly string[] = ["personId"],
): Promise<void> {
  const { organization } = context.viewer;
  const person = await loaders(context).person.load(personId);
  if (person?.organization === organization) return;
  // Whether somebody else's person exists is not said.
  if (person === null && personId.startsWith(`${organization}:`)) {
    refuse(field, "NOT_FOUND", "There is no such person in your organization.");
  }
  refuse(field, "NOT_OWN_ORGANIZATION", "This is not a person of your organization; others add their own.");
}

/** @throws JuntoError unless it is a role of the scenario, and, when named, one for the organization's people */
export function checkRole(
  scenario: Scenario,
  name: string,
  organization?: string,
  field: readonly string[] = ["role"],
): void {
  const { roles } = scenario;
  if (!roles.some((each) => each.name === name))
    refuse(field, "UNKNOWN_ROLE", `The roles here are ${roles.map((each) => each.name).join(", ")}.`);
  if (organization === undefined || rolesFor(scenario, organization).some((each) => each.name === name))
    return;
  refuse(field, "NOT_OWN_ROLE", "This role is for people of another organization.");
}

/** What an organization's people can be. */
export function rolesFor({ roles }: Scenario, organization: string): ScenarioRole[] {
  return roles.filter((role) => (role.organization ?? organization) === organization);
}

export function ownsPolicy({ organizations, viewer }: GroupsContext, policy: string): boolean {
  return organizations.get(viewer.organization)?.policies.has(policy) === true;
}

export function forbid(message: string): never {
  throw new JuntoError("FORBIDDEN", message);
}

function noGroup(): never {
  throw new JuntoError("NOT_FOUND", "There is no such group.", { details: { field: ["groupId"] } });
}
