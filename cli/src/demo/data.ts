// The data folder of the demo: who uses it, and how it is emptied.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { failure, usageError } from "../errors.ts";
import { isRunning, readRunFile } from "../run-files.ts";
import type { PartPlan } from "./plan.ts";
import { commandOf } from "./ports.ts";

/** Says that the folder is the demo's, so that `--fresh` never empties another. */
const MARK = "junto-demo.txt";
const STOPPING_MS = 20_000;

/** Makes the folder, or empties it first with `fresh`. Returns whether it has data of an earlier start. */
export async function openDataFolder(path: string, fresh: boolean): Promise<boolean> {
  const folder = resolve(path);
  const used = existsSync(folder) ? readdirSync(folder) : [];
  const ours = used.includes(MARK);
  if (fresh && used.length > 0) {
    if (!ours) throw usageError(`${path} is not a data folder of the demo, so --fresh does not empty it.`);
    for (const database of databases(folder, used)) await removeDatabase(database);
    for (const name of used) rmSync(join(folder, name), { recursive: true, force: true });
  }
  mkdirSync(join(folder, "logs"), { recursive: true });
  writeFileSync(
    join(folder, MARK),
    "Data of `junto demo`. Remove this folder, or start with --fresh, to begin anew.\n",
  );
  return ours && !fresh;
}

/** Data folders of the embedded databases: PostgreSQL calls them `data`, one or two folders down. */
function databases(folder: string, names: readonly string[]): string[] {
  const homes = names.flatMap((name) => [join(folder, name), join(folder, name, "postgres")]);
  return homes.map((home) => join(home, "data")).filter((data) => existsSync(join(data, "PG_VERSION")));
}

/** A link leads to where it lies when its account could not get into this folder. */
async function removeDatabase(path: string): Promise<void> {
  const place = realpathSync(path);
  const deadline = Date.now() + STOPPING_MS;
  for (let pid = databasePid(place); pid !== undefined; pid = databasePid(place)) {
    if (Date.now() > deadline) throw failure(`the database in ${place} still runs (pid ${pid}); stop it.`);
    await delay(100);
  }
  rmSync(place, { recursive: true, force: true });
}

function databasePid(place: string): number | undefined {
  const file = join(place, "postmaster.pid");
  const pid = existsSync(file) ? Number.parseInt(readFileSync(file, "utf8"), 10) : Number.NaN;
  return pid > 0 && isRunning(pid) && commandOf(pid)?.includes("postgres") !== false ? pid : undefined;
}

/**
 * Two demos cannot use one folder. Parts that a killed demo left behind stop by themselves: they are waited for.
 */
export async function waitUntilUnused(data: string, parts: readonly PartPlan[]): Promise<void> {
  const demo = runningPart(data, "demo");
  if (demo !== undefined) {
    throw failure(
      `a demo already runs on ${data} (pid ${demo}); stop it, or use another folder with --data.`,
    );
  }
  const deadline = Date.now() + STOPPING_MS;
  for (const { name, args } of parts) {
    for (let pid = runningPart(data, name); pid !== undefined; pid = runningPart(data, name)) {
      if (Date.now() > deadline) {
        throw failure(
          `\`junto ${args.join(" ")}\` still runs on ${data} (pid ${pid}); stop it, or use another folder with --data.`,
        );
      }
      await delay(100);
    }
  }
}

/** Its pid; undefined when it does not run, or another program has that pid by now. */
function runningPart(data: string, name: string): number | undefined {
  const pid = readRunFile(data, name)?.pid;
  if (pid === undefined || pid === process.pid || !isRunning(pid)) return undefined;
  const command = commandOf(pid);
  return command === undefined || command.includes("junto") ? pid : undefined;
}
