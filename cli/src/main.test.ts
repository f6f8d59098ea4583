// The real binary: what it says to those who mistype, and how a part that it runs lives and ends.
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { decodeJwt } from "jose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSigningKeys } from "../../gateway/src/access/signing-keys.ts";
import { isRunning } from "./run-files.ts";

const BIN = fileURLToPath(new URL("../bin/junto.mjs", import.meta.url));

let folder: string;
let started: ChildProcess[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "junto-cli-"));
  started = [];
});
afterEach(async () => {
  for (const child of started) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

describe("what is mistyped", () => {
  it.concurrent.each([
    ["wach", "unknown command 'wach'"],
    ["watch --as mall:lin", "--group <name>"],
    ["watch --group x --as lin", "for example mall:lin"],
    ["watch --group x", "say who asks: --as mall:lin"],
    ["watch --group x --as mall:lin --after soon", "Give a whole number"],
    ["watch --group x --as mall:lin --locale fr", "Allowed choices are en, zh_CN"],
    ["watch --group x --as mall:lin --url localhost", "Give an address"],
    ["act --group x --as mall:lin --verb a.b --input {", "--input is not JSON"],
    ["act --group x --as mall:lin --verb a.b --input []", "--input must be a JSON object"],
    ["act --group x --as mall:lin --verb a.b --card c", "--card and --seen belong together"],
    ["query --as mall:lin {me{id}} --variables 7", "--variables must be a JSON object"],
    ["say --as mall:lin --group x", "missing required argument 'text'"],
    ["clerk --sku BL2481 --on-hand 7", "for example BL2481-38"],
    ["clerk --sku BL2481-38 --on-hand -7", "Give a whole number"],
    ["subgraph moll", "Allowed choices are mall, brand, supplier"],
    ["subgraph mall --data nowhere", "Start it with `junto legacy mall`"],
    ["legacy mall --port 99999", "from 0 (any that is free) to 65535"],
    ["demo --port 65500", "to 65435"],
    ["demo --schema nowhere", "there is no nowhere/supergraph.yaml here"],
    ["audit export --as mall:lin", "--organization <id>"],
    ["audit verify --as mall:lin", "say whose log: --organization mall"],
    ["audit verify x --from-hash abc", "Give 64 hexadecimal digits"],
    ["audit verify x --anchor 17", "Give seq and hash of a line"],
    ["keys rotte", "Allowed choices are list, rotate"],
    ["keys --revoke", "--lead and --revoke are for rotate"],
    ["keys rotate --lead soon", "Give a whole number"],
    ["issuers --colour", "unknown option '--colour'"],
  ])("(junto %s) is told in a line, with exit code 2", async (line, message) => {
    const { code, stdout, stderr } = await run(line.split(" "));
    expect(stderr).toContain(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).not.toMatch(/^ +at /m);
    expect(stderr.trim().split("\n").length).toBeLessThanOrEqual(2);
  });

  it("cannot make --fresh empty a folder that is not the demo's", async () => {
    writeFileSync(join(folder, "thesis.txt"), "years of work");
    const { code, stderr } = await run(["demo", "--fresh", "--port", "0", "--data", folder]);
    expect(stderr).toContain("is not a data folder of the demo, so --fresh does not empty it");
    expect(code).toBe(2);
    expect(readFileSync(join(folder, "thesis.txt"), "utf8")).toBe("years of work");
  });
});

describe("help", () => {
  it("is there for all and for each", async () => {
    expect((await run([])).stdout).toContain("junto [options] [command]");
    expect((await run(["help", "watch"])).stdout).toContain("--after <seq>");
    expect(await run(["act", "--help"])).toMatchObject({
      code: 0,
      stderr: "",
      stdout: expect.stringContaining("--seen"),
    });
  });
});

describe("a gateway that is away", () => {
  it("is told in a line, with exit code 1", async () => {
    const port = await freePort();
    const { code, stderr } = await run([
      "say",
      "hello",
      "--group",
      "x",
      "--as",
      "mall:lin",
      "--issuers",
      `http://127.0.0.1:${port}`,
    ]);
    expect(stderr).toBe(
      `error: no sign-in server answers at http://127.0.0.1:${port}; \`npx junto demo\` starts one, --url and --issuers name another.\n`,
    );
    expect(code).toBe(1);
  });
});

describe("a part", () => {
  it("says where it is, is found by other commands, and ends cleanly when told to", async () => {
    const part = await startIssuers();
    const { code, stdout } = await run(["token", "--as", "mall:lin", "--data", folder]);
    expect(code).toBe(0);
    expect(decodeJwt(stdout.trim())).toMatchObject({
      sub: "lin",
      aud: "junto",
      iss: expect.stringContaining("/mall"),
    });
    expect(statSync(join(folder, "run", "issuers.json")).mode & 0o777).toBe(0o600);

    part.process.kill("SIGTERM");
    expect(await part.ended).toBe(0);
    expect(readdirSync(join(folder, "run"))).toEqual([]);
  });

  it("takes a Ctrl-C that arrives twice, as shells and npm pass it on, for one", async () => {
    const part = await startIssuers();
    part.process.kill("SIGINT");
    process.kill(part.pid, "SIGINT");
    expect(await part.ended).toBe(0);
  });

  it("ends by itself when who started it is killed", async () => {
    const part = await startIssuers();
    part.process.kill("SIGKILL");
    await ended(part.pid);
    expect(existsSync(join(folder, "run", "issuers.json"))).toBe(false);
  });

  it("does not let a stranger in, and says who there is", async () => {
    await startIssuers();
    const { code, stderr } = await run(["token", "--as", "mall:guo", "--data", folder]);
    expect(stderr).toContain(
      "mall:guo cannot sign in: mall has no such person; there are: mall:lin, mall:zhao.",
    );
    expect(code).toBe(2);
  });

  it("whose port is taken says so", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const { code, stderr } = await run(["issuers", "--port", String(port), "--data", folder]);
    expect(stderr).toBe(
      `error: port ${port} is taken by another program; stop that, or choose another port with --port.\n`,
    );
    expect(code).toBe(1);
    await new Promise((resolve) => server.close(resolve));
  });
});

describe("keys", () => {
  it("are listed, and followed by a new one that signs later, or at once when one was stolen", async () => {
    const file = join(folder, "gateway-key.json");
    await openSigningKeys({ file }).then((keys) => keys.close());
    const keys = async (...args: string[]) =>
      (await run(["keys", ...args, "--data", folder])).stdout.trim().split("\n");
    const [first] = await keys();
    expect(first).toMatch(/^[\w-]{43} signs since 20/);
    const [same, next] = await keys("rotate", "--lead", "60");
    expect(same).toBe(first);
    expect(next).toMatch(/^[\w-]{43} signs from 20.* on$/);
    const left = await keys("rotate", "--revoke");
    expect(left).toHaveLength(1);
    expect(left[0]).toMatch(/signs since/);
    expect([first, next].join()).not.toContain(left[0]!.slice(0, 43));
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("that are not there are not made by looking", async () => {
    const { code, stderr } = await run(["keys", "--data", folder]);
    expect(stderr).toContain("gateway-key.json cannot be read");
    expect(code).not.toBe(0);
    expect(readdirSync(folder)).toEqual([]);
  });
});

interface Part {
  readonly process: ChildProcess;
  /** Of the process that does the work. */
  readonly pid: number;
  readonly ended: Promise<number | null>;
}

async function startIssuers(): Promise<Part> {
  const child = spawn(process.execPath, [BIN, "issuers", "--port", "0", "--data", folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  started.push(child);
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  await new Promise<void>((resolve, reject) => {
    child.stdout.on("data", (text: Buffer) => text.includes("The issuers are at") && resolve());
    void ended.then((code) => reject(new Error(`it ended with ${code}`)));
  });
  const { pid } = JSON.parse(readFileSync(join(folder, "run", "issuers.json"), "utf8")) as { pid: number };
  return { process: child, pid, ended };
}

function run(args: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [BIN, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: cleanEnvironment(),
    });
    const output = { stdout: "", stderr: "" };
    child.stdout.on("data", (text: Buffer) => (output.stdout += text.toString()));
    child.stderr.on("data", (text: Buffer) => (output.stderr += text.toString()));
    child.once("close", (code) => resolve({ code, ...output }));
  });
}

/** Without what the machine may say of Junto, and without the test runner's own settings. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env["PATH"], HOME: process.env["HOME"], TMPDIR: process.env["TMPDIR"] };
}

async function ended(pid: number): Promise<void> {
  while (isRunning(pid)) await delay(10);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
