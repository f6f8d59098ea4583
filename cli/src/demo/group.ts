// The demo's group, made as its people would make it: over the public API, each administrator for their own
// organization. Done again, it adds only what is missing.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { connect, type Connection } from "../connection.ts";
import { describeUserError, type UserError } from "../draw/feed.ts";
import { failure } from "../errors.ts";
import { ADD_MEMBER, CREATE_GROUP, GRANT, GROUPS_IN_FULL, ME } from "../operations.ts";
import { DEMO_GROUP, DEMO_PEOPLE, organizationOf, peopleOf } from "./people.ts";

export interface DemoGroupOptions {
  /** Address of the gateway. */
  readonly gateway: string;
  /** Address of the demo's issuers. */
  readonly issuers: string;
  /** The folder with `scenarios/`. */
  readonly schemaDir: string;
}

interface Group {
  readonly id: string;
  readonly name: string;
  readonly scenario: string;
  readonly members: readonly { readonly person: { readonly id: string } }[];
  readonly grants: readonly { readonly policy: string; readonly role: string }[];
}

/** What a scenario asks an organization to share. */
interface AskedGrant {
  readonly policy: string;
  readonly role: string;
}

interface Payload {
  readonly group: { readonly id: string } | null;
  readonly userErrors: readonly UserError[];
}

const CREATOR = "mall:lin";

/** @returns its id, and whether it was made just now */
export async function makeDemoGroup(
  options: DemoGroupOptions,
): Promise<{ readonly id: string; readonly made: boolean }> {
  const as = (person: string) =>
    connect({ as: person, url: options.gateway, issuers: options.issuers, data: "" }, {});
  const creator = as(CREATOR);
  const there = await findDemoGroup(creator);
  const id = there?.id ?? (await create(creator));
  const group = there ?? (await findDemoGroup(creator));

  const members = new Set(group?.members.map(({ person }) => person.id));
  for (const person of DEMO_PEOPLE) {
    if (person.member === null || members.has(person.id)) continue;
    await as(person.id).ask(ME); // the gateway knows people from when they first signed in
    const variables = { group: id, person: person.id, role: person.member };
    await change(as(administratorOf(organizationOf(person.id))), ADD_MEMBER, variables);
  }
  const granted = new Set(group?.grants.map(({ policy, role }) => `${policy} ${role}`));
  for (const { policy, role } of askedGrants(options.schemaDir)) {
    if (granted.has(`${policy} ${role}`)) continue;
    const owner = policy.slice(0, policy.indexOf("."));
    await change(as(administratorOf(owner)), GRANT, { group: id, policy, role });
  }
  return { id, made: there === undefined };
}

async function findDemoGroup(connection: Connection): Promise<Group | undefined> {
  const { groups } = await connection.ask<{ groups: readonly Group[] }>(GROUPS_IN_FULL);
  return groups.find(({ name, scenario }) => name === DEMO_GROUP.name && scenario === DEMO_GROUP.scenario);
}

async function create(connection: Connection): Promise<string> {
  const key = `demo-${DEMO_GROUP.scenario}-${DEMO_GROUP.subjectId}`;
  return change(connection, CREATE_GROUP, { input: { ...DEMO_GROUP, key } });
}

/** Runs a mutation whose result is a group; what the user did wrong is thrown. */
async function change(
  connection: Connection,
  mutation: string,
  variables: Readonly<Record<string, unknown>> & { readonly group?: string },
): Promise<string> {
  const { result } = await connection.ask<{ result: Payload }>(mutation, variables, variables.group);
  if (result.userErrors.length > 0) throw failure(result.userErrors.map(describeUserError).join("; "));
  // An administrator who is no member may change the group, and does not see it.
  const id = result.group?.id ?? variables.group;
  if (id === undefined) throw failure("the gateway did not say why");
  return id;
}

function administratorOf(organization: string): string {
  const administrator = peopleOf(organization).find(({ roles }) => roles.includes("admin"));
  if (administrator === undefined) throw failure(`nobody of the demo can share for ${organization}.`);
  return administrator.id;
}

/** The grants that the scenario asks for, from `scenarios/counter.yaml`. */
function askedGrants(schemaDir: string): AskedGrant[] {
  const path = join(schemaDir, "scenarios", `${DEMO_GROUP.scenario}.yaml`);
  const scenario = parse(readFileSync(path, "utf8")) as {
    readonly grants: Readonly<Record<string, readonly string[]>>;
  };
  return Object.entries(scenario.grants).flatMap(([policy, roles]) =>
    roles.map((role) => ({ policy, role })),
  );
}
