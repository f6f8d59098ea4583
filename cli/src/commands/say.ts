// junto say: says something in a group.
import { randomUUID } from "node:crypto";
import type { Command } from "commander";
import { connect, type ConnectionOptions } from "../connection.ts";
import { describeUserError, type UserError } from "../draw/feed.ts";
import { failure } from "../errors.ts";
import { findGroup } from "../groups.ts";
import { SAY } from "../operations.ts";
import { addConnectionOptions } from "../options.ts";

interface SayOptions extends ConnectionOptions {
  readonly group: string;
}

export function define(command: Command): void {
  addConnectionOptions(command)
    .argument("<text>", "what to say")
    .requiredOption("--group <name>", "name or id of the group")
    .action(say);
}

async function say(text: string, options: SayOptions): Promise<void> {
  const connection = connect(options);
  const group = await findGroup(connection, options.group);
  const variables = { group: group.id, text, key: randomUUID() };
  const { postMessage } = await connection.ask<{
    postMessage: { message: { seq: number } | null; userErrors: readonly UserError[] };
  }>(SAY, variables, group.id);
  if (postMessage.message === null)
    throw failure(postMessage.userErrors.map(describeUserError).join("\n       "));
  console.log(`said, as #${postMessage.message.seq}`);
}
