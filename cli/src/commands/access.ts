// junto access: why somebody sees a field in a group, or does not.
import { InvalidArgumentError, type Command } from "commander";
import { connect, type ConnectionOptions } from "../connection.ts";
import { findGroup } from "../groups.ts";
import { EXPLAIN_ACCESS } from "../operations.ts";
import { addConnectionOptions, personId } from "../options.ts";

interface ExplainOptions extends ConnectionOptions {
  readonly group?: string;
  readonly field: string;
  readonly for?: string;
}

interface Need {
  readonly met: boolean;
  readonly because: string;
  readonly policies: readonly (readonly {
    readonly policy: string;
    readonly grant: Grant | null;
  }[])[];
}

interface Grant {
  readonly role: string;
  readonly grantedBy: { readonly id: string; readonly name: string };
  readonly grantedAt: string;
  readonly until: string | null;
}

interface Answer {
  readonly explainAccess: {
    readonly field: string;
    readonly visible: boolean;
    readonly role: string | null;
    readonly person: { readonly id: string; readonly name: string };
    readonly needs: readonly Need[];
  };
}

export function define(command: Command): void {
  addConnectionOptions(command.command("explain"))
    .description(
      "say why a field is visible, or not: to who asks, or to a member for an administrator of its owner",
    )
    .requiredOption("--field <Type.field>", "for example Product.shelfPrice", coordinate)
    .option("--group <name>", "name or id of the group in which it is asked")
    .option("--for <person>", "a member of the group (default: who asks)", personId)
    .action(explain);
}

/** The exit code says nothing of whether it is visible: both are answers. */
async function explain({ group, field, for: person, ...options }: ExplainOptions): Promise<void> {
  const connection = connect(options);
  const groupId = group === undefined ? null : await groupIdOf(group);
  const variables = { field, groupId, personId: person ?? null };
  const { explainAccess } = await connection.ask<Answer>(EXPLAIN_ACCESS, variables);
  for (const line of told(explainAccess)) console.log(line);

  /** An administrator need not be in the group, and then knows it by its id. */
  async function groupIdOf(named: string): Promise<string> {
    return UUID.test(named) ? named : (await findGroup(connection, named)).id;
  }
}

function* told({ field, visible, role, person, needs }: Answer["explainAccess"]): Generator<string> {
  const who = `${person.name} (${person.id})${role === null ? "" : `, ${role},`}`;
  yield `${who} ${visible ? "sees" : "does not see"} ${field}.`;
  if (needs.length === 0) yield "  ✓ Whoever reaches it sees it.";
  for (const { met, because, policies } of needs) {
    yield `  ${met ? "✓" : "✗"} ${because}`;
    for (const { policy, grant } of policies.flat())
      if (met && grant)
        yield `    ${policy}: granted to ${grant.role} by ${grant.grantedBy.name} (${grant.grantedBy.id}) ${span(grant)}`;
  }
}

function span({ grantedAt, until }: Grant): string {
  return `on ${grantedAt}, ${until === null ? "for good" : `until ${until}`}`;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function coordinate(text: string): string {
  if (/^[_A-Za-z]\w*\.[_A-Za-z]\w*$/.test(text)) return text;
  throw new InvalidArgumentError("A field is written Type.field, for example Product.shelfPrice.");
}
