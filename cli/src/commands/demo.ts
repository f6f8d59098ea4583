// junto demo: the whole counter story on this machine. Each part runs in a process of its own.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { InvalidArgumentError, Option, type Command } from "commander";
import { openDataFolder, waitUntilUnused } from "../demo/data.ts";
import { beginGoingOn } from "../demo/going-on.ts";
import { makeDemoGroup, readSoFar, type DemoGroupOptions } from "../demo/group.ts";
import { DEMO_GROUPS, SECOND_GROUP } from "../demo/people.ts";
import { choosePorts, commandLine, HIGHEST_BASE, planDemo, type PartPlan } from "../demo/plan.ts";
import { holderOf, isFree } from "../demo/ports.ts";
import { drawEnded, drawScreen, shortPath, withoutPassword } from "../demo/screen.ts";
import { supervise, type Supervisor } from "../demo/supervisor.ts";
import { createPaint, pad } from "../draw/text.ts";
import { describeFailure, failure, usageError } from "../errors.ts";
import { stopRequested, tellParent } from "../part.ts";
import { removeRunFile, writeRunFile } from "../run-files.ts";

interface DemoOptions {
  readonly port: number;
  readonly data: string;
  readonly fresh?: boolean;
  readonly size: string;
  readonly schema: string;
}

const paint = createPaint(process.stdout.isTTY && !process.env["NO_COLOR"]);

export function define(command: Command): void {
  command
    .option("--port <port>", "the gateway's port; the others follow (0: any that are free)", basePort, 4000)
    .option("--data <folder>", "where everything is kept", ".junto")
    .option("--fresh", "remove what is there, and begin anew")
    .option(
      "--schema <folder>",
      "the folder with supergraph.yaml",
      process.env["JUNTO_SCHEMA_DIR"] || "schema",
    )
    .addOption(
      new Option("--size <size>", "how much the old systems hold at first")
        .choices(["full", "small"])
        .default("full"),
    )
    .action(demo);
}

async function demo(options: DemoOptions): Promise<void> {
  const began = performance.now();
  const ports = await choosePorts(options.port);
  const { data, size, schema } = options;
  if (!existsSync(join(schema, "supergraph.yaml"))) {
    throw usageError(
      `there is no ${join(schema, "supergraph.yaml")} here; start the demo in the project's folder, or name the folder with --schema.`,
    );
  }
  const parts = planDemo({ data, size, schema, ports });
  await waitUntilUnused(options.data, parts);
  await refuseTakenPorts(parts);
  const again = await openDataFolder(options.data, options.fresh === true);

  writeRunFile(options.data, "demo", { pid: process.pid, url: `http://127.0.0.1:${ports.gateway}` });
  console.log(
    again
      ? "Starting, with the data of last time …"
      : "Starting; the first time the old systems get their data …",
  );
  let running: Supervisor | undefined;
  const stopped = stopRequested(() => {
    running?.kill();
    process.exit(1);
  });
  running = startParts(options, parts);
  try {
    const begin = begun(running, options, parts, began);
    begin.catch(() => undefined); // when stopped before it is done
    await Promise.race([begin, stopped]);
    await stopped;
  } finally {
    console.log("\nStopping …");
    await running.stop();
    removeRunFile(options.data, "demo");
  }
  console.log("Stopped.");
}

function startParts(options: DemoOptions, parts: readonly PartPlan[]): Supervisor {
  const print = (lines: readonly string[]) => console.log(lines.join("\n"));
  return supervise({
    parts,
    entry: process.argv[1]!,
    logFolder: join(resolve(options.data), "logs"),
    onReady: ({ title }, url, milliseconds) => {
      const seconds = `${(milliseconds / 1000).toFixed(1)} s`.padStart(7);
      print([
        `  ${paint.green("ready")} ${paint.dim(seconds)}  ${pad(title, 36)} ${shortPath(withoutPassword(url))}`,
      ]);
    },
    onEnded: (part, ending) => print(drawEnded(part, ending, paint)),
  });
}

/** Everything up to the screen. Without gateway or sign-in there is no demo. */
async function begun(
  running: Supervisor,
  options: DemoOptions,
  parts: readonly PartPlan[],
  began: number,
): Promise<void> {
  const [gateway, issuers] = await Promise.all([
    needed(running.ready("gateway"), "the gateway"),
    needed(running.ready("issuers"), "the sign-in"),
  ]);
  await running.settled();
  await makeGroups({ gateway, issuers });
  const at = (name: Parameters<Supervisor["ready"]>[0]) =>
    running.ready(name).catch(() => paint.red("not running"));
  const [mall, brand, supplier] = await Promise.all([
    at("legacy-mall"),
    at("legacy-brand"),
    at("legacy-supplier"),
  ]);
  const subgraphs = await Promise.all([at("subgraph-mall"), at("subgraph-brand"), at("subgraph-supplier")]);
  const soap = parts.find(({ name }) => name === "legacy-brand")!;
  const screen = drawScreen(
    {
      gateway,
      issuers,
      legacy: { mall: withoutPassword(mall), brand, supplier: shortPath(supplier) },
      subgraphs: { mall: subgraphs[0], brand: subgraphs[1], supplier: subgraphs[2] },
      logs: shortPath(join(resolve(options.data), "logs")),
      seconds: (performance.now() - began) / 1000,
      soap: { pid: running.pid("legacy-brand"), command: commandLine(soap.args) },
      data: options.data === ".junto" ? [] : ["--data", options.data],
    },
    paint,
  );
  console.log(screen.join("\n"));
  await tellParent({ ready: { part: "demo", url: gateway } });
}

/** The groups; without them the rest of the demo is still there. */
async function makeGroups(options: DemoGroupOptions): Promise<void> {
  for (const group of DEMO_GROUPS) {
    try {
      const { id, made } = await makeDemoGroup({ ...options, group });
      if (made) await readSoFar({ ...options, group }, id);
      if (made && group === SECOND_GROUP) await beginGoingOn(options, id);
      const more = made ? ", its members and what is shared" : "";
      console.log(`  ${paint.green("ready")}          the group "${group.name}"${more}`);
    } catch (error) {
      console.log(paint.red(`The group "${group.name}" could not be made:`), describeFailure(error).text);
    }
  }
}

async function needed(url: Promise<string>, what: string): Promise<string> {
  try {
    return await url;
  } catch (cause) {
    throw failure(`${what} did not start; there is no demo without it.`, cause);
  }
}

async function refuseTakenPorts(parts: readonly PartPlan[]): Promise<void> {
  const taken: string[] = [];
  for (const { title, port } of parts) {
    if (port === undefined || (await isFree(port))) continue;
    const holder = holderOf(port);
    taken.push(`port ${port} (${title}) is taken${holder === undefined ? "" : ` by ${holder}`}`);
  }
  if (taken.length === 0) return;
  throw failure(
    `${taken.join(";\n       ")}.\n       Stop that, or move the whole demo: --port 5000, or --port 0 for any that are free.`,
  );
}

function basePort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= HIGHEST_BASE) return Number(text);
  throw new InvalidArgumentError(`Give a number from 0 (any that are free) to ${HIGHEST_BASE}.`);
}
