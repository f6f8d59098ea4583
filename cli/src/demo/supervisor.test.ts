// The demo's parts as processes: started in order, heard when they end, stopped in order. The program that
// stands for `junto` here says what it is told to, so that every end can be had.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PartName, PartPlan } from "./plan.ts";
import { supervise, type PartEnding, type Supervisor } from "./supervisor.ts";

const PROGRAM = `
import { appendFileSync } from "node:fs";
const [name, what, journal] = process.argv.slice(2);
const note = (text) => appendFileSync(journal, text + " " + name + "\\n");
note("start");
const stop = (how) => { note(how); process.exit(0); };
process.on("SIGTERM", () => what === "stubborn" ? note("ignored") : stop("stop"));
process.on("disconnect", () => stop("orphan"));
if (what === "fails") { console.error("no such thing"); process.exit(3); }
process.send({ ready: { part: name, url: "http://" + name } }, () => { if (what === "once") process.exit(0); });
`;

let folder: string;
let running: Supervisor | undefined;
let ends: [PartName, PartEnding][];
let heard: () => void;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "junto-parts-"));
  writeFileSync(join(folder, "program.mjs"), PROGRAM);
  ends = [];
  heard = () => undefined;
});
afterEach(() => {
  running?.kill();
  rmSync(folder, { recursive: true });
});

describe("the parts of the demo", () => {
  it("start when what they need is ready, and stop in order", async () => {
    const demo = start(
      part("subgraph-mall", "runs", ["legacy-mall"]),
      part("gateway"),
      part("issuers"),
      part("legacy-mall"),
    );
    expect(await demo.ready("subgraph-mall")).toBe("http://subgraph-mall");
    await demo.settled();
    const before = journal();
    expect(before.indexOf("start legacy-mall")).toBeLessThan(before.indexOf("start subgraph-mall"));

    await demo.stop();
    const stops = journal().filter((line) => line.startsWith("stop"));
    expect(stops.slice(0, 2)).toEqual(["stop gateway", "stop subgraph-mall"]);
    expect(stops.slice(2).sort()).toEqual(["stop issuers", "stop legacy-mall"]);
    expect(ends).toEqual([]);
  });

  it("are told of when they end, with their last lines, and the others go on", async () => {
    const demo = start(
      part("legacy-brand", "fails"),
      part("subgraph-brand", "runs", ["legacy-brand"]),
      part("gateway"),
    );
    await expect(demo.ready("legacy-brand")).rejects.toThrow("it ended before it was ready");
    await expect(demo.ready("subgraph-brand")).rejects.toThrow("it ended before it was ready");
    expect(await demo.ready("gateway")).toBe("http://gateway");
    expect(ends).toEqual([
      [
        "legacy-brand",
        {
          text: "ended with code 3",
          early: true,
          lines: ["no such thing"],
          logFile: join(folder, "legacy-brand.log"),
        },
      ],
    ]);
    await demo.stop();
  });

  it("are told of when they are killed", async () => {
    const demo = start(part("legacy-brand"));
    await demo.ready("legacy-brand");
    const told = new Promise<void>((resolve) => (heard = resolve));
    process.kill(demo.pid("legacy-brand")!, "SIGKILL");
    await told;
    expect(ends.map(([name, { text, early }]) => [name, text, early])).toEqual([
      ["legacy-brand", "ended by SIGKILL", false],
    ]);
    expect(demo.pid("legacy-brand")).toBeUndefined();
    await demo.stop();
  });

  it("may end when that is what they do", async () => {
    const demo = start(
      { ...part("legacy-supplier", "once"), ends: true },
      part("subgraph-supplier", "runs", ["legacy-supplier"]),
    );
    expect(await demo.ready("subgraph-supplier")).toBe("http://subgraph-supplier");
    await demo.stop();
    expect(ends).toEqual([]);
  });

  it("that do not stop are killed by a second Ctrl-C", async () => {
    const demo = start(part("gateway", "stubborn"));
    await demo.ready("gateway");
    const stopped = demo.stop();
    demo.kill();
    await stopped;
    expect(journal()).not.toContain("stop gateway");
  });
});

function start(...parts: PartPlan[]): Supervisor {
  return (running = supervise({
    parts,
    entry: join(folder, "program.mjs"),
    logFolder: folder,
    onReady: () => undefined,
    onEnded: ({ name }, ending) => {
      ends.push([name, ending]);
      heard();
    },
  }));
}

function part(name: PartName, what = "runs", needs: PartName[] = []): PartPlan {
  return { name, title: name, args: [name, what, join(folder, "journal")], env: {}, needs };
}

function journal(): string[] {
  return readFileSync(join(folder, "journal"), "utf8").trimEnd().split("\n");
}
