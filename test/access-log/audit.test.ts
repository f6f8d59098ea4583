// The command line's audit: an export that anyone can check, by what the documents say alone.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startStory, type Story } from "../support/story.ts";
import { submitOrder } from "./reading.ts";

const BIN = new URL("../../cli/bin/junto.mjs", import.meta.url).pathname;

let story: Story;
let file: string;
let lines: string[];
beforeAll(async () => {
  story = await startStory();
  await submitOrder(story, "first");
  await story.query("brand:chen", `{ product(id: "BL2481") { shelfPrice { minor } } }`, {}, story.group);
  file = join(story.dir, "mall.jsonl");
  const { code, stdout } = await audit(["export", "--organization", "mall"], "mall:lin");
  expect(code).toBe(0);
  await writeFile(file, stdout);
  lines = stdout.trimEnd().split("\n");
});
afterAll(() => story?.close());

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function audit(args: readonly string[], as?: string): Promise<Ran> {
  const env = {
    ...process.env,
    JUNTO_URL: story.gateway.url,
    ...(as !== undefined && { JUNTO_TOKEN: await story.token(as) }),
  };
  const child = spawn(process.execPath, [BIN, "audit", ...args], { env, cwd: story.dir });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (text: Buffer) => (stdout += text.toString()));
  child.stderr.on("data", (text: Buffer) => (stderr += text.toString()));
  const code = await new Promise<number | null>((closed) => child.on("close", closed));
  return { code, stdout, stderr };
}

/** Of the line as it is documented: without this project's code. */
function hashOf({ hash: _hash, prev, seq, ...said }: Record<string, unknown>): string {
  const canonical = (value: unknown): string => {
    if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
    if (typeof value !== "object" || value === null) return JSON.stringify(value);
    const members = Object.keys(value).sort();
    return `{${members.map((name) => `${JSON.stringify(name)}:${canonical((value as any)[name])}`).join(",")}}`;
  };
  const sha256 = (value: unknown): string => createHash("sha256").update(canonical(value)).digest("hex");
  return sha256({ digest: sha256(said), prev, seq });
}

it("exports the whole log, which holds by what the documents say alone", () => {
  expect(lines.length).toBeGreaterThan(2);
  let prev = "0".repeat(64);
  for (const [index, text] of lines.entries()) {
    const line = JSON.parse(text) as Record<string, unknown>;
    expect([line["seq"], line["prev"], line["owner"]]).toEqual([index + 1, prev, "mall"]);
    prev = hashOf(line);
    expect(line["hash"]).toBe(prev);
  }
});

it("exports nothing to who does not administer the organization", async () => {
  for (const person of ["brand:chen", "brand:guo"]) {
    const { code, stdout, stderr } = await audit(["export", "--organization", "mall"], person);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("FORBIDDEN");
  }
});

describe("verify", () => {
  const head = (): { seq: number; hash: string } => JSON.parse(lines.at(-1)!);
  const verify = async (changed: readonly string[], ...args: string[]): Promise<Ran> => {
    const other = join(story.dir, "changed.jsonl");
    await writeFile(other, changed.map((line) => `${line}\n`).join(""));
    return audit(["verify", other, ...args]);
  };
  it("says how many lines hold, and what their head is", async () => {
    const { code, stdout } = await audit(["verify", file]);
    expect(code).toBe(0);
    expect(stdout).toBe(
      `${lines.length} lines, one unbroken chain.\nIts head, to be noted as an anchor: ${head().seq}:${head().hash}\n`,
    );
    expect(await readFile(file, "utf8")).toContain(head().hash);
  });

  it("does so with the log at the gateway, which may have grown", async () => {
    const anchor = `${head().seq}:${head().hash}`;
    const { code, stdout } = await audit(
      ["verify", "--organization", "mall", "--anchor", anchor],
      "mall:lin",
    );
    expect(code).toBe(0);
    expect(stdout).toContain("one unbroken chain");
  });

  it("continues from the hash of the line before, and says where the chain is broken", async () => {
    const { hash } = JSON.parse(lines[0]!) as { hash: string };
    expect((await verify(lines.slice(1), "--from-hash", hash)).code).toBe(0);
    const { code, stdout, stderr } = await verify(lines.toSpliced(1, 1));
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("the chain is broken at line 2: its seq is 3");
    expect(stderr).toContain("that hold: 1.");
  });

  it("finds lines that are taken off the end, by an anchor alone", async () => {
    const { code, stderr } = await verify(lines.slice(0, -1), "--anchor", `${head().seq}:${head().hash}`);
    expect(code).toBe(1);
    expect(stderr).toContain("before the line that was anchored");
  });
});
