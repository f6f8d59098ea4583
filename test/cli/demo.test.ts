// The demo as a newcomer runs it: processes of its own, stopped and killed.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { junto, startDemo, type Demo } from "../support/demo.ts";

let dir: string;
let running: Demo | undefined;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "junto-demo-"));
});
afterAll(async () => {
  await running?.stop();
  await rm(dir, { recursive: true, force: true });
});

async function start(): Promise<Demo> {
  running = await startDemo(dir);
  return running;
}

const groups = async (): Promise<unknown> =>
  JSON.parse(await junto(dir, "query", "--as", "mall:lin", "{ groups { id name head } }"));

it("starts with one command, says where things are, stops cleanly, and finds its data again", async () => {
  const demo = await start();
  expect(demo.output()).toMatch(/Gateway +http:\/\/127\.0\.0\.1:\d+\/graphql/);
  expect(demo.output()).toContain("mall:lin");
  const before = await groups();
  const { data } = before as { data: { groups: { name: string }[] } };
  expect(data.groups.map(({ name }) => name).sort()).toEqual(["Counter 017", "Counter 025"]);

  expect(await demo.stop()).toBe(0);
  expect(demo.output()).toContain("Stopped.");

  const again = await start();
  // The second group is not begun anew.
  expect(await groups()).toEqual(before);

  // Killed without a chance to tidy up, the next start recovers.
  await again.kill();
  const third = await start();
  expect(await groups()).toEqual(before);
  expect(await third.stop()).toBe(0);
  running = undefined;
}, 180_000);

it("says in one line what is wrong with a command", async () => {
  expect(await junto(dir, "query", "--as", "nobody", "{ me { id } }")).toMatch(/^error: .+\n$/);
  expect(await junto(dir, "watch")).toMatch(/error: /);
});
