// The process of a PostgreSQL server: found by its pid file, started, guarded, stopped.
import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { readFile, rm, stat } from "node:fs/promises";
import type { Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Home } from "./home.ts";

export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

export class PortTaken extends Error {}

/** The folder's server, if one runs. A pid file that a dead server has left is taken away. */
export async function findPostmaster(data: string): Promise<Postmaster | null> {
  const file = join(data, "postmaster.pid");
  const lines = (await readFile(file, "utf8").catch(() => "")).split("\n");
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return null;
  if (!(await isAlive(pid)) || !(await isPostgres(pid))) {
    await rm(file, { force: true });
    return null;
  }
  // The port stands there a moment after the pid does.
  const port = Number(lines[3]);
  if (Number.isInteger(port) && port > 0) return { pid, port };
  await delay(10);
  return findPostmaster(data);
}

/** Starts a server and returns when its pid file says so; it may not take connections yet. */
export async function spawnPostmaster(start: {
  readonly postgres: string;
  readonly home: Home;
  readonly port: number;
  readonly settings: readonly string[];
}): Promise<void> {
  const { home, port } = start;
  const size = await stat(home.logFile).then(
    (file) => file.size,
    () => 0,
  );
  const logFile = openSync(home.logFile, size > 5_000_000 ? "w" : "a", 0o600);
  const said = size > 5_000_000 ? 0 : size;
  const settings = start.settings.flatMap((setting) => ["-c", setting]);
  // In a session of its own: Ctrl-C in a terminal is for the owner, which stops the server in its turn.
  const child = spawn(start.postgres, ["-D", home.data, "-p", String(port), ...settings], {
    detached: true,
    stdio: ["ignore", logFile, logFile],
    cwd: "/",
    env: { ...process.env, LC_ALL: "C", TZ: "UTC" },
    ...home.account,
  });
  closeSync(logFile);
  const ended = new Promise<Error>((resolve) => {
    child.once("error", resolve);
    child.once("exit", (code, signal) => resolve(new Error(`it ended with ${signal ?? code}`)));
  });
  child.unref();
  const watching = new AbortController();
  const outcome = await Promise.race([ended, ready(home.data, child.pid, watching.signal)]);
  watching.abort();
  if (outcome === undefined) return;
  const lines = (await readFile(home.logFile, "utf8").catch(() => "")).slice(said).trim();
  // Another process started it at the same time; whoever looks next finds it.
  if (lines.includes('lock file "postmaster.pid" already exists')) return;
  if (/could not bind|could not create any TCP\/IP sockets/.test(lines)) {
    throw new PortTaken(`Port ${port} of 127.0.0.1 is taken: PostgreSQL of ${home.dir} cannot start on it`);
  }
  throw new Error(
    `PostgreSQL of ${home.dir} did not start: ${lines.split("\n").slice(-3).join(" ") || outcome.message}`,
  );
}

/**
 * A small process that outlives this one by a moment: when this one dies without having said anything, it
 * stops the server. Gives what says that all is in order.
 */
export function guard(pid: number, data: string): () => void {
  const script = 'read -r said || { read -r now < "$1" && [ "$now" = "$0" ] && kill -INT "$0"; }';
  const child = spawn("/bin/sh", ["-c", script, String(pid), join(data, "postmaster.pid")], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
    cwd: "/",
  });
  child.on("error", () => {}); // without a shell there is no guard; the next start finds the server
  child.stdin.on("error", () => {});
  child.unref();
  (child.stdin as Socket).unref();
  return () => void child.stdin.end("closed\n");
}

/** Stops a server and waits until it is gone: first with a checkpoint, in the end without. */
export async function stopPostmaster(pid: number): Promise<void> {
  for (const [signal, patience] of [
    ["SIGINT", 20_000],
    ["SIGQUIT", 5_000],
    ["SIGKILL", 5_000],
  ] as const) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ESRCH") return;
      throw error;
    }
    const deadline = Date.now() + patience;
    while (Date.now() < deadline) {
      if (!(await isAlive(pid))) return;
      await delay(10);
    }
  }
  throw new Error(`PostgreSQL (process ${pid}) does not stop`);
}

/** A process that has ended but was not waited for by its parent is not alive. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  const status = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => "");
  return status.slice(status.lastIndexOf(")") + 2, status.lastIndexOf(")") + 3) !== "Z";
}

/** Pids are used again: a pid file may name a process that is something else by now. */
async function isPostgres(pid: number): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => null);
  return command === null || command === "" || command.includes("postgres");
}

async function ready(data: string, pid: number | undefined, signal: AbortSignal): Promise<undefined> {
  while (!signal.aborted) {
    const found = await readFile(join(data, "postmaster.pid"), "utf8").catch(() => "");
    const lines = found.split("\n");
    if (Number(lines[0]) === pid && lines[7]?.trim() === "ready") return undefined;
    await delay(10);
  }
  return undefined;
}
