// One part of the demo in a process of its own.
import { fork } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import type { ReadyMessage } from "../part.ts";

export interface Child {
  readonly pid: number;
  /** Its address, once it can be used; rejects when it ends before. */
  readonly ready: Promise<string>;
  readonly ended: Promise<Ending>;
  /** Asks it to end, and kills it when it does not. */
  stop(): Promise<void>;
  /** Now, with whatever it started. */
  kill(): void;
}

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ChildOptions {
  /** The program: `junto` itself. */
  readonly entry: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
}

const STOP_MS = 15_000;
const LAST_LINES = 8;

/**
 * The process leads a group of its own, so that Ctrl-C reaches only the demo, which then stops its parts in
 * order. When the demo is killed, the channel between them ends, and the part stops by itself.
 */
export function startChild({ entry, args, env, logFile }: ChildOptions): Child {
  const log = openSync(logFile, "w", 0o600);
  const child = fork(entry, args, {
    execArgv: process.execArgv,
    env: { ...withoutAddresses(process.env), ...env },
    stdio: ["ignore", log, log, "ipc"],
    detached: true,
  });
  closeSync(log);

  const ended = new Promise<Ending>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
    child.once("error", () => resolve({ code: null, signal: null }));
  });
  const ready = new Promise<string>((resolve, reject) => {
    child.on("message", (message) => {
      const url = (message as Partial<ReadyMessage>).ready?.url;
      if (url !== undefined) resolve(url);
    });
    void ended.then(() => reject(new Error("it ended before it was ready")));
  });
  ready.catch(() => undefined); // who waits for it hears of it

  const kill = () => {
    try {
      process.kill(-child.pid!, "SIGKILL");
    } catch {
      // It is gone already.
    }
  };
  return {
    pid: child.pid ?? 0,
    ready,
    ended,
    async stop() {
      child.kill("SIGTERM");
      const timer = setTimeout(kill, STOP_MS);
      await ended;
      clearTimeout(timer);
    },
    kill,
  };
}

export function describeEnding({ code, signal }: Ending): string {
  if (signal !== null) return `ended by ${signal}`;
  return code === null ? "could not be started" : `ended with code ${code}`;
}

/** The end of a log, for showing why something ended. */
export function lastLines(logFile: string): string[] {
  try {
    return readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-LAST_LINES).map(readable);
  } catch {
    return [];
  }
}

/** A line of JSON by what it says: `warn: the outbox waits: connect ECONNREFUSED`. */
function readable(line: string): string {
  try {
    const { level, msg, err } = JSON.parse(line) as {
      level?: number;
      msg?: string;
      err?: { message?: string };
    };
    if (msg === undefined) return line.slice(0, 300);
    const word = (level ?? 0) >= 50 ? "error" : (level ?? 0) >= 40 ? "warning" : undefined;
    return [word, msg, err?.message]
      .filter((part) => part !== undefined)
      .join(": ")
      .slice(0, 300);
  } catch {
    return line.slice(0, 300);
  }
}

/** The demo says where everything is; an environment that is meant for another gateway would part its parts. */
function withoutAddresses(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const named = /^JUNTO_(PUBLIC_URL|ISSUER_|SUBGRAPH_)/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !named.test(name)));
}
