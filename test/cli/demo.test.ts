// The demo as a newcomer runs it: processes of its own, stopped and killed.
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";

const ROOT = new URL("../..", import.meta.url).pathname;
const JUNTO = join(ROOT, "cli/bin/junto.mjs");

let dir: string;
let running: Demo | undefined;

interface Demo {
  readonly process: ChildProcess;
  readonly exited: Promise<number | null>;
  /** Pids of its parts, as the run files name them. */
  readonly output: () => string;
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "junto-demo-"));
});
afterAll(async () => {
  if (running) {
    running.process.kill("SIGINT");
    await running.exited;
  }
  await rm(dir, { recursive: true, force: true });
});

/** Starts the demo, and resolves when it says that it runs. */
async function startDemo(): Promise<Demo> {
  const child = spawn(process.execPath, [JUNTO, "demo", "--port", "0", "--size", "small", "--data", dir], {
    cwd: ROOT,
    env: { ...process.env, NO_COLOR: "1" },
  });
  let output = "";
  const exited = new Promise<number | null>((resolve) => child.on("exit", (code) => resolve(code)));
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      if (output.includes("Ctrl-C stops everything")) resolve();
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    void exited.then((code) => reject(new Error(`The demo ended with ${code}:\n${output}`)));
  });
  running = { process: child, exited, output: () => output };
  return running;
}

async function junto(...args: string[]): Promise<string> {
  const child = spawn(process.execPath, [JUNTO, ...args, "--data", dir], { cwd: ROOT });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  await new Promise((resolve) => child.on("exit", resolve));
  return output;
}

const groups = async (): Promise<unknown> =>
  JSON.parse(await junto("query", "--as", "mall:lin", "{ groups { id name head } }"));

it("starts with one command, says where things are, stops cleanly, and finds its data again", async () => {
  const demo = await startDemo();
  expect(demo.output()).toMatch(/Gateway +http:\/\/127\.0\.0\.1:\d+\/graphql/);
  expect(demo.output()).toContain("mall:lin");
  const before = await groups();
  expect(before).toMatchObject({ data: { groups: [{ name: "Counter 017" }] } });

  demo.process.kill("SIGINT");
  expect(await demo.exited).toBe(0);
  expect(demo.output()).toContain("Stopped.");

  const again = await startDemo();
  expect(await groups()).toEqual(before);

  // Killed without a chance to tidy up, the next start recovers.
  again.process.kill("SIGKILL");
  await again.exited;
  const third = await startDemo();
  expect(await groups()).toEqual(before);
  third.process.kill("SIGINT");
  expect(await third.exited).toBe(0);
  running = undefined;
}, 180_000);

it("says in one line what is wrong with a command", async () => {
  expect(await junto("query", "--as", "nobody", "{ me { id } }")).toMatch(/^error: .+\n$/);
  expect(await junto("watch")).toMatch(/error: /);
});
