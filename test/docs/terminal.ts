// A terminal in which a command runs: what it prints is compared, part by part, with what a document shows.
import { spawn } from "node:child_process";
import { match, type Names } from "./transcript.ts";

const PATIENCE_MS = 60_000;

export interface TerminalOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Makes of what is printed what a document would show. */
  readonly shown: (text: string) => string;
  readonly names: Names;
  /** It is told when this process is gone, however that ended. */
  readonly dependent?: boolean;
}

export interface Terminal {
  /** Waits for the end, and compares all of it. @throws Error with what was printed when it differs */
  whole(expected: string): Promise<void>;
  /** Waits until what is expected has been printed, from where the last comparison ended. @throws Error */
  goesOn(expected: string): Promise<void>;
  /** Ends the command as Ctrl-C does. */
  stop(): Promise<void>;
}

export function openTerminal(script: string, options: TerminalOptions): Terminal {
  const { cwd, env, names, dependent = false } = options;
  const child = spawn("sh", ["-c", `exec 2>&1\n${script}`], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "inherit", dependent ? "ipc" : "ignore"],
    detached: true, // a process group of its own, as a terminal gives it
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  let unread = "";
  let look = (): void => undefined;
  child.stdout!.setEncoding("utf8").on("data", (text: string) => {
    unread += options.shown(text);
    look();
  });
  const take = (expected: string, whole: boolean): boolean => {
    const matched = match(expected, unread, names, { whole });
    if (matched) unread = matched.rest;
    return matched !== undefined;
  };

  return {
    async whole(expected) {
      await ended;
      const mayFail = /^error: /m.test(expected);
      if ((child.exitCode !== 0) !== mayFail) throw new Error(`It ended with ${child.exitCode}:\n${unread}`);
      if (!take(expected, true)) throw new Error(`It did not print what is shown, but:\n${unread}`);
    },
    async goesOn(expected) {
      const found = await new Promise<boolean>((resolve) => {
        const late = setTimeout(() => resolve(false), PATIENCE_MS);
        look = () => {
          if (!take(expected, false)) return;
          clearTimeout(late);
          resolve(true);
        };
        void ended.then(() => resolve(false));
        look();
      });
      look = () => undefined;
      if (!found) throw new Error(`It did not print what is shown, but:\n${unread}`);
    },
    async stop() {
      if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, "SIGINT");
      await ended;
    },
  };
}
