// The demo as a newcomer runs it: `junto demo` in processes of its own, found by what it prints.
import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = new URL("../..", import.meta.url).pathname;
const JUNTO = join(ROOT, "cli/bin/junto.mjs");

export interface Demo {
  /** Where the demo says that the web client is. */
  readonly url: string;
  /** What it has printed so far. */
  output(): string;
  /** Kills the gateway alone, as a crash would. @returns the command that the demo prints for starting it again */
  killGateway(): Promise<string>;
  /** The same as Ctrl-C. @returns its exit code */
  stop(): Promise<number | null>;
  /** Without a chance to tidy up. */
  kill(): Promise<unknown>;
}

/** A program of which is read what it prints. */
interface Program {
  readonly process: ChildProcess;
  /** Its exit code, when all that it printed has been read. */
  readonly ended: Promise<number | null>;
  output(): string;
  /** @throws Error with what it printed when it ends without this */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
}

/** Starts the demo with little data. @returns when it says that it runs */
export async function startDemo(data: string): Promise<Demo> {
  const demo = start(process.execPath, [
    JUNTO,
    "demo",
    ...["--port", "0", "--size", "small", "--data", data],
  ]);
  const [, url] = await demo.printed(/^ *Open +(\S+)[^]*Ctrl-C stops everything/m);
  return {
    url: url!,
    output: demo.output,
    async killGateway() {
      const { pid } = JSON.parse(readFileSync(join(data, "run", "gateway.json"), "utf8")) as { pid: number };
      process.kill(pid, "SIGKILL");
      const [, command] = await demo.printed(
        /Start it again in a second terminal:\n +(.*junto gateway .*)\n/,
      );
      return command!;
    },
    async stop() {
      demo.process.kill("SIGINT");
      return demo.ended;
    },
    async kill() {
      demo.process.kill("SIGKILL");
      return demo.ended;
    },
  };
}

/** Starts a part by the command that the demo prints for it. @returns what ends it */
export function startAgain(command: string): () => Promise<unknown> {
  const here = command.replace("npx junto", `"${process.execPath}" "${JUNTO}"`);
  const part = start("sh", ["-c", `exec env ${here}`]);
  return async () => {
    part.process.kill("SIGINT");
    return part.ended;
  };
}

/** Runs a command on the demo's data folder. @returns what it printed */
export async function junto(data: string, ...args: string[]): Promise<string> {
  const command = start(process.execPath, [JUNTO, ...args, "--data", data]);
  await command.ended;
  return command.output();
}

function start(program: string, args: readonly string[]): Program {
  const child = spawn(program, args, {
    cwd: ROOT,
    env: { ...process.env, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe", "ipc"], // by the channel it hears when whoever started it is gone
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  let output = "";
  let look = (): void => undefined;
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      look();
    });
  return {
    process: child,
    ended,
    output: () => output,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        look = () => {
          const found = pattern.exec(output);
          if (found) resolve(found);
        };
        look();
        void ended.then((code) => reject(new Error(`It ended with ${code}:\n${output}`)));
      }),
  };
}
