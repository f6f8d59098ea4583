// junto act: runs an action, on a card or one that begins something new.
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Command } from "commander";
import { connect, type Connection, type ConnectionOptions } from "../connection.ts";
import { drawCard, type Card } from "../draw/card.ts";
import { describeAction, describeUserError, type ActionRun, type UserError } from "../draw/feed.ts";
import { createPaint } from "../draw/text.ts";
import { failure, usageError } from "../errors.ts";
import { findGroup, type FoundGroup } from "../groups.ts";
import { jsonObject } from "../json.ts";
import { ACT, OUTCOME } from "../operations.ts";
import { addConnectionOptions, seq } from "../options.ts";

interface ActOptions extends ConnectionOptions {
  readonly group: string;
  readonly verb: string;
  readonly input: string;
  readonly card?: string;
  readonly seen?: number;
  readonly key?: string;
  readonly wait: boolean;
}

interface ActPayload {
  readonly action: ActionRun | null;
  readonly card: Card | null;
  readonly userErrors: readonly UserError[];
}

interface Outcome {
  readonly seq: number;
  readonly action?: ActionRun;
}

const LONGEST_WAIT_MS = 10_000;
const PAUSE_MS = 200;

export function define(command: Command): void {
  addConnectionOptions(command)
    .requiredOption("--group <name>", "name or id of the group")
    .requiredOption(
      "--verb <verb>",
      "the action, for example restock.approve; the watch shows a card's verbs",
    )
    .option("--input <json>", "what the action's form would ask for", "{}")
    .option("--card <id>", "the card on which it is an action")
    .option("--seen <revision>", "the card's revision that you saw", seq)
    .option("--no-wait", "do not wait for the outcome")
    .option("--key <key>", "the same for a repetition, so that it runs once (default: a new one)")
    .action(act);
}

async function act(options: ActOptions): Promise<void> {
  const input = jsonObject("--input", options.input);
  if ((options.card === undefined) !== (options.seen === undefined)) {
    throw usageError("--card and --seen belong together; the watch shows both at the foot of a card.");
  }
  const connection = connect(options);
  const group = await findGroup(connection, options.group);
  const { verb, card = null, seen = null, key = randomUUID() } = options;
  const variables = { group: group.id, verb, input, key, card, seen };
  const { act: payload } = await connection.ask<{ act: ActPayload }>(ACT, variables, group.id);
  report(payload);
  if (options.wait && payload.action?.status === "PENDING") {
    const outcome = await waitForOutcome(connection, group, payload.action.id);
    if (outcome !== undefined) reportAction(outcome);
  }
}

/** The action's end, from the feed; undefined when it takes longer than a person would wait here. */
async function waitForOutcome(
  connection: Connection,
  group: FoundGroup,
  action: string,
): Promise<ActionRun | undefined> {
  const deadline = Date.now() + LONGEST_WAIT_MS;
  for (let after = group.head; Date.now() < deadline; await delay(PAUSE_MS)) {
    const { group: found } = await connection.ask<{ group: { feed: readonly Outcome[] } | null }>(
      OUTCOME,
      { group: group.id, after },
      group.id,
    );
    const feed = found?.feed ?? [];
    const outcome = feed.find((event) => event.action?.id === action && event.action.status !== "PENDING");
    if (outcome?.action !== undefined) return outcome.action;
    after = feed.at(-1)?.seq ?? after;
  }
  return undefined;
}

function report({ action, card, userErrors }: ActPayload): void {
  if (action !== null) reportAction(action);
  if (card !== null) {
    const paint = createPaint(process.stdout.isTTY && !process.env["NO_COLOR"]);
    console.log(drawCard(card, { columns: Math.min(100, process.stdout.columns || 80), paint }).join("\n"));
  }
  const errors = userErrors.map(describeUserError);
  if (card !== null && action === null && errors.length === 0)
    errors.push("nothing was done: the card has changed since; look at it and act again.");
  if (errors.length > 0) throw failure(errors.join("\n       "));
}

function reportAction(action: ActionRun): void {
  console.log(describeAction(action));
  if (action.status === "REFUSED" || action.status === "FAILED") process.exitCode = 1;
}
