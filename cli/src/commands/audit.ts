// junto audit: an organization's access log, exported as JSON lines, and checked: that it is one unbroken chain.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { InvalidArgumentError, type Command } from "commander";
import type { ChainHead, Verdict } from "@junto/gateway";
import { readAccessLog } from "../access-log.ts";
import { connect, type ConnectionOptions } from "../connection.ts";
import { failure, usageError } from "../errors.ts";
import { addConnectionOptions } from "../options.ts";

interface ExportOptions extends ConnectionOptions {
  readonly organization: string;
  readonly after?: string;
}

interface VerifyOptions extends ConnectionOptions {
  readonly organization?: string;
  readonly fromHash?: string;
  readonly anchor?: ChainHead;
}

export function define(command: Command): void {
  addConnectionOptions(command.command("export"))
    .description("print an organization's access log as JSON lines, the oldest first, as its administrator")
    .requiredOption("--organization <id>", "whose log")
    .option("--after <seq>", "only lines after this one", place)
    .action(exportLog);
  addConnectionOptions(command.command("verify"))
    .description("check that an exported log, or the one at the gateway, is one unbroken chain")
    .argument("[file]", "an export; - reads it from stdin; without it the log is read at the gateway")
    .option("--organization <id>", "whose log, at the gateway")
    .option("--from-hash <hash>", "hash of the line before the first one, when the export begins later", hash)
    .option("--anchor <seq:hash>", "a head that was noted before: the chain must go through it", anchor)
    .action(verify);
}

async function exportLog({ organization, after = "0", ...options }: ExportOptions): Promise<void> {
  let gone = false;
  process.stdout.on("error", () => (gone = true)); // whoever read it is gone
  for await (const line of readAccessLog(connect(options), organization, after)) {
    if (gone) return;
    if (!process.stdout.write(`${JSON.stringify(line)}\n`))
      await new Promise((drained) => process.stdout.once("drain", drained));
  }
}

async function verify(file: string | undefined, options: VerifyOptions): Promise<void> {
  const { verifyChain } = await import("@junto/gateway");
  const { fromHash, anchor: noted, organization } = options;
  const verifying = verifyChain({
    ...(fromHash !== undefined && { from: fromHash }),
    ...(noted && { anchor: noted }),
  });
  for await (const line of linesOf(file, organization, options)) if (!verifying.take(line)) break;
  report(verifying.end());
}

function linesOf(
  file: string | undefined,
  organization: string | undefined,
  options: ConnectionOptions,
): AsyncIterable<unknown> {
  if (file !== undefined) return linesIn(file);
  if (organization === undefined) throw usageError("name a file, or say whose log: --organization mall");
  return readAccessLog(connect(options), organization, "0");
}

/** What is not JSON is for the chain to be broken by. */
async function* linesIn(file: string): AsyncIterable<unknown> {
  const input = file === "-" ? process.stdin : createReadStream(file);
  try {
    for await (const text of createInterface({ input, crlfDelay: Infinity })) yield parse(text);
  } catch (cause) {
    throw failure(`${file} cannot be read: ${(cause as Error).message}`, cause);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function report({ lines, head, broken }: Verdict): void {
  const good = broken ? broken.line - 1 : lines;
  if (broken) {
    const where = broken.line > lines ? "" : ` at line ${broken.line}`;
    throw failure(`the chain is broken${where}: ${broken.what}. Lines before it that hold: ${good}.`);
  }
  console.log(`${lines} lines, one unbroken chain.`);
  if (head) console.log(`Its head, to be noted as an anchor: ${head.seq}:${head.hash}`);
}

function place(text: string): string {
  if (/^\d{1,15}$/.test(text)) return text;
  throw new InvalidArgumentError("Give a whole number, 0 or more.");
}

function hash(text: string): string {
  if (/^[0-9a-f]{64}$/.test(text)) return text;
  throw new InvalidArgumentError("Give 64 hexadecimal digits, as `hash` of a line has them.");
}

function anchor(text: string): ChainHead {
  const [, seq, digits] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (seq === undefined || digits === undefined)
    throw new InvalidArgumentError("Give seq and hash of a line, for example 17:5d41…, 64 digits.");
  return { seq: Number(seq), hash: digits };
}
