// junto query: any GraphQL operation, as a person, in a group if need be.
import { text as readAll } from "node:stream/consumers";
import type { Command } from "commander";
import { connect, describeErrors, type ConnectionOptions } from "../connection.ts";
import { findGroup } from "../groups.ts";
import { jsonObject } from "../json.ts";
import { addConnectionOptions } from "../options.ts";

interface QueryOptions extends ConnectionOptions {
  readonly group?: string;
  readonly variables: string;
}

export function define(command: Command): void {
  addConnectionOptions(command)
    .argument("<operation>", "for example '{ me { name } }'; - reads it from stdin")
    .option("--group <name>", "name or id of the group in which it is asked")
    .option("--variables <json>", "values of the operation's variables", "{}")
    .action(query);
}

/** Prints the answer as it came. The exit code is 1 when it holds errors. */
async function query(operation: string, options: QueryOptions): Promise<void> {
  const variables = jsonObject("--variables", options.variables);
  const connection = connect(options);
  const group = options.group === undefined ? undefined : (await findGroup(connection, options.group)).id;
  const document = operation === "-" ? await readAll(process.stdin) : operation;
  const answer = await connection.answer(document, variables, group);
  console.log(JSON.stringify(answer, null, 2));
  if (answer.errors !== undefined && answer.errors.length > 0) {
    console.error(`error: ${describeErrors(answer.errors)}`);
    process.exitCode = 1;
  }
}
