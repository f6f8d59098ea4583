// A group of the demo, made as its people would make it: over the public API, each administrator for their own
// organization, which is invited, comes in with its people and accepts all that the scenario asks of it. Done again, it
// adds only what is missing.
import { connect, type Connection } from "../connection.ts";
import { describeUserError, type UserError } from "../draw/feed.ts";
import { failure } from "../errors.ts";
import { findGroup } from "../groups.ts";
import {
  ACCEPT_GRANTS,
  ACCEPT_INVITATION,
  ADD_MEMBER,
  CREATE_GROUP,
  GROUPS_IN_FULL,
  INVITE,
  MARK_READ,
  ME,
} from "../operations.ts";
import { DEMO_GROUP, DEMO_ORGANIZATIONS, peopleOf, type DemoGroup } from "./people.ts";

export interface DemoGroupOptions {
  /** Address of the gateway. */
  readonly gateway: string;
  /** Address of the demo's issuers. */
  readonly issuers: string;
  /** Default: that of the story. */
  readonly group?: DemoGroup;
}

interface Group {
  readonly id: string;
  readonly name: string;
  readonly scenario: string;
  readonly members: readonly { readonly person: { readonly id: string } }[];
  readonly organizations: readonly { readonly id: string }[];
  /** What is open of what the scenario asks. */
  readonly asked: readonly { readonly organization: { readonly id: string } }[];
}

/** Of a mutation: the group, or the invitation. */
interface Payload {
  readonly group?: { readonly id: string } | null;
  readonly invitation?: { readonly id: string } | null;
  readonly userErrors: readonly UserError[];
}

const CREATOR = "mall:lin";

/** @returns its id, and whether it was made just now */
export async function makeDemoGroup(
  options: DemoGroupOptions,
): Promise<{ readonly id: string; readonly made: boolean }> {
  const as = (person: string) => connectAs(person, options);
  const wanted = options.group ?? DEMO_GROUP;
  const creator = as(CREATOR);
  const there = await findDemoGroup(creator, wanted);
  const id = there?.id ?? (await create(creator, wanted));
  const group = there ?? (await findDemoGroup(creator, wanted));
  for (const person of Object.keys(wanted.members)) await as(person).ask(ME); // the gateway knows people from when they first signed in
  const isIn = new Set(group?.organizations.map((organization) => organization.id));
  const members = new Set(group?.members.map(({ person }) => person.id));
  const asked = new Set(group?.asked.map(({ organization }) => organization.id));
  for (const organization of DEMO_ORGANIZATIONS) {
    const coming = peopleOf(organization).flatMap((person) => {
      const role = wanted.members[person.id];
      return role === undefined ? [] : [{ personId: person.id, role }];
    });
    if (coming.length === 0) continue;
    const administrator = as(administratorOf(organization));
    if (!isIn.has(organization)) {
      const invitation = await change(creator, INVITE, { group: id, organization });
      await change(administrator, ACCEPT_INVITATION, { id: invitation, members: coming });
      continue;
    }
    for (const { personId, role } of coming)
      if (!members.has(personId))
        await change(administrator, ADD_MEMBER, { group: id, person: personId, role });
    if (asked.has(organization)) await change(administrator, ACCEPT_GRANTS, { group: id });
  }
  return { id, made: there === undefined };
}

/** Its members have seen how it was made: what is new to them is what comes after it. */
export async function readSoFar(options: DemoGroupOptions, id: string): Promise<void> {
  for (const person of Object.keys((options.group ?? DEMO_GROUP).members)) {
    const member = connectAs(person, options);
    const { head } = await findGroup(member, id);
    await change(member, MARK_READ, { group: id, seq: head });
  }
}

export function connectAs(person: string, { gateway, issuers }: DemoGroupOptions): Connection {
  return connect({ as: person, url: gateway, issuers, data: "" }, {});
}

async function findDemoGroup(connection: Connection, wanted: DemoGroup): Promise<Group | undefined> {
  const { groups } = await connection.ask<{ groups: readonly Group[] }>(GROUPS_IN_FULL);
  return groups.find(({ name, scenario }) => name === wanted.name && scenario === wanted.scenario);
}

async function create(connection: Connection, { name, scenario, subjectId }: DemoGroup): Promise<string> {
  const key = `demo-${scenario}-${subjectId}`;
  return change(connection, CREATE_GROUP, {
    input: { name, scenario, subjectId, key, accept: { all: true } },
  });
}

/** Runs a mutation; what the user did wrong is thrown. @returns the id of what it was about */
async function change(
  connection: Connection,
  mutation: string,
  variables: Readonly<Record<string, unknown>> & { readonly group?: string },
): Promise<string> {
  const { result } = await connection.ask<{ result: Payload }>(mutation, variables, variables.group);
  if (result.userErrors.length > 0) throw failure(result.userErrors.map(describeUserError).join("; "));
  // An administrator who is no member may change the group, and does not see it.
  const id = result.group?.id ?? result.invitation?.id ?? variables.group;
  if (id === undefined) throw failure("the gateway did not say why");
  return id;
}

function administratorOf(organization: string): string {
  const administrator = peopleOf(organization).find(({ roles }) => roles.includes("admin"));
  if (administrator === undefined) throw failure(`nobody of the demo can share for ${organization}.`);
  return administrator.id;
}
