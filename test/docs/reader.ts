// A reader who follows the documents: in a folder of their own, with a demo of their own.
import { spawn, type ChildProcess } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseDocument, stringify } from "yaml";
import { ROOT } from "./markdown.ts";
import { compact, match, namesIn, type Names } from "./transcript.ts";

/** The documents' ports are 4000 and what follows; the reader's begin somewhere else. */
const SHOWN_BASE = 4000;
const OFFSETS = [0, 1, 2, 3, 4, 11, 100];
const PATIENCE_MS = 60_000;

/** What the documents say to start everything. Everything is installed; and little data will do. */
export const DEMO = "npm ci && npm start";

export interface Reader {
  readonly folder: string;
  /** Does what a document says of a file: makes it, or adds to it when it is there. */
  write(path: string, content: string): void;
  /** Runs a command to its end, and says what differs from what is shown. */
  run(command: string, shown: string): Promise<void>;
  /** Starts a command that goes on, and waits for what is shown. */
  open(command: string, shown: string): Promise<void>;
  /** Waits until the command that was opened last goes on as is shown. */
  goesOn(shown: string): Promise<void>;
  /** Sends a request as a document writes it down, and compares the response. */
  send(request: string, response: string): Promise<void>;
  close(): Promise<void>;
}

/** A command that goes on. */
interface Terminal {
  readonly process: ChildProcess;
  readonly ended: Promise<void>;
  /** What it printed and nobody has compared yet. */
  unread: string;
  onOutput: () => void;
}

export async function startReader(): Promise<Reader> {
  const folder = await mkdtemp(join(tmpdir(), "junto-docs-"));
  const base = await freeBase();
  const names: Names = new Map();
  const terminals: Terminal[] = [];
  furnish(folder);

  /** Ports and names as they are here. */
  const here = (text: string): string =>
    namesIn(text, names).replace(/\b127\.0\.0\.1:(4\d{3})\b/g, (_, port) => `127.0.0.1:${base + Number(port) - SHOWN_BASE}`);
  /** Ports as the documents have them. */
  const shown = (text: string): string =>
    text.replace(/\b127\.0\.0\.1:(\d+)\b/g, (address, port) => {
      const offset = Number(port) - base;
      return OFFSETS.includes(offset) ? `127.0.0.1:${SHOWN_BASE + offset}` : address;
    });

  const start = (command: string): Terminal => {
    const isDemo = command === DEMO;
    const script = isDemo ? `exec npx junto demo --port ${base} --size small` : here(command);
    const child = spawn("sh", ["-c", `exec 2>&1\n${script}`], {
      cwd: folder,
      env: environment(folder),
      // By the channel the demo hears when this process is gone, however it ended.
      stdio: ["ignore", "pipe", "inherit", isDemo ? "ipc" : "ignore"],
      detached: true, // a group of its own, which can be told to end
    });
    const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
    const terminal: Terminal = { process: child, ended, unread: "", onOutput: () => undefined };
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      terminal.unread += shown(text);
      terminal.onOutput();
    });
    return terminal;
  };

  const goesOn = async (terminal: Terminal, expected: string): Promise<void> => {
    const found = await new Promise<boolean>((resolve) => {
      const late = setTimeout(() => resolve(false), PATIENCE_MS);
      terminal.onOutput = () => {
        const matched = match(expected, terminal.unread, names, { whole: false });
        if (!matched) return;
        terminal.unread = matched.rest;
        clearTimeout(late);
        resolve(true);
      };
      void terminal.ended.then(() => resolve(false));
      terminal.onOutput();
    });
    terminal.onOutput = () => undefined;
    if (!found) throw new Error(`It did not print what is shown. It printed:\n${terminal.unread}`);
  };

  const reader: Reader = {
    folder,
    write: (path, content) => writeOrAdd(join(folder, path), here(content)),
    async run(command, expected) {
      const terminal = start(command);
      await terminal.ended;
      const { exitCode } = terminal.process;
      const failed = /^error: /m.test(expected);
      if ((exitCode !== 0) !== failed) throw new Error(`It ended with ${exitCode}:\n${terminal.unread}`);
      if (!match(expected, terminal.unread, names, { whole: true }))
        throw new Error(`It did not print what is shown. It printed:\n${terminal.unread}`);
    },
    async open(command, expected) {
      terminals.push(start(command));
      await reader.goesOn(expected);
    },
    goesOn: (expected) => goesOn(terminals.at(-1)!, expected),
    async send(request, expected) {
      const [head = "", ...rest] = here(request).split("\n");
      const [method = "", url = ""] = head.split(" ");
      const { headers, body } = messageOf(rest);
      const response = await fetch(url, { method, headers, ...(body !== "" && { body }) });
      const printed = shown(await response.text());
      const [status = "", ...shownRest] = expected.split("\n");
      const wanted = messageOf(shownRest);
      if (!status.startsWith(`HTTP/1.1 ${response.status} `)) throw new Error(`It is ${response.status}:\n${printed}`);
      for (const [name, value] of Object.entries(wanted.headers))
        if (response.headers.get(name) !== value) throw new Error(`${name} is ${response.headers.get(name)}`);
      const lined = wanted.headers["content-type"]?.startsWith("text/") ? (text: string) => text : compact;
      if (!match(lined(wanted.body), `${lined(printed)}\n`, names, { whole: true }))
        throw new Error(`The response is not what is shown. It is:\n${printed}`);
    },
    async close() {
      for (const { process: child, ended } of terminals.toReversed()) {
        if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, "SIGINT");
        await ended;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
  return reader;
}

/** What the documents speak of, in the reader's folder: the project's own, but where the reader changes something. */
function furnish(folder: string): void {
  for (const name of ["node_modules", "subgraphs", "gateway", "cli"]) symlinkSync(join(ROOT, name), join(folder, name));
  cpSync(join(ROOT, "schema"), join(folder, "schema"), { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
  // npx takes a second to find what stands in node_modules/.bin.
  mkdirSync(join(folder, "bin"));
  const npx = `#!/bin/sh
name=$1
shift
test "$name" = junto && exec node --conditions=@junto/source "${ROOT}cli/bin/junto.mjs" "$@"
exec "${ROOT}node_modules/.bin/$name" "$@"
`;
  writeFileSync(join(folder, "bin/npx"), npx);
  chmodSync(join(folder, "bin/npx"), 0o755);
}

/** The reader's environment has nothing in it of who runs the test, but the way to programs. */
function environment(folder: string): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env;
  return { PATH: `${join(folder, "bin")}:${PATH}`, HOME, ...(TMPDIR !== undefined && { TMPDIR }) };
}

function writeOrAdd(path: string, content: string): void {
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true });
    return writeFileSync(path, `${content}\n`);
  }
  const before = parseDocument(readFileSync(path, "utf8")).toJS() as Tree;
  writeFileSync(path, stringify(merged(before, parseDocument(content).toJS() as Tree)));
}

type Tree = Record<string, unknown>;

/** What is added comes last; a list is as it is given. */
function merged(before: Tree, added: Tree): Tree {
  const result = { ...before };
  for (const [key, value] of Object.entries(added)) {
    const old = result[key];
    result[key] = isTree(old) && isTree(value) ? merged(old, value) : value;
  }
  return result;
}

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Headers up to an empty line, then the body. */
function messageOf(lines: readonly string[]): { headers: Record<string, string>; body: string } {
  const end = lines.indexOf("") === -1 ? lines.length : lines.indexOf("");
  const headers = lines.slice(0, end).map((line) => {
    const [name = "", ...value] = line.split(": ");
    return [name.toLowerCase(), value.join(": ")] as const;
  });
  return { headers: Object.fromEntries(headers), body: lines.slice(end + 1).join("\n") };
}

/** A port that is free together with those that the demo takes beside it. Below those that systems give away. */
async function freeBase(): Promise<number> {
  for (;;) {
    const base = 20_000 + Math.floor(Math.random() * 100) * 120;
    const free = await Promise.all(OFFSETS.map((offset) => isFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
