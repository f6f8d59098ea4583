// A reader who follows the documents: in a folder of their own, with a demo of their own on ports that are free.
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseDocument, stringify } from "yaml";
import { ROOT } from "./markdown.ts";
import { openTerminal, type Terminal } from "./terminal.ts";
import { compact, match, namesIn, type Names } from "./transcript.ts";

/** What the documents say to start everything. Everything is installed; and little data will do. */
const DEMO = "npm ci && npm start";
/** The documents' ports are 4000 and what follows; the reader's begin somewhere else. */
const SHOWN_BASE = 4000;
const OFFSETS = [0, 1, 2, 3, 4, 11, 100];

export interface Reader {
  readonly folder: string;
  /** Does what a document says of a file: makes it, or adds to it when it is there. */
  write(path: string, content: string): void;
  /** Runs a command to its end. @throws Error when it prints something else than what is shown */
  run(command: string, shown: string): Promise<void>;
  /** Starts a command that goes on, and waits for what is shown. */
  open(command: string, shown: string): Promise<void>;
  /** Waits until the command that was opened last goes on as is shown. */
  goesOn(shown: string): Promise<void>;
  /** Sends a request as a document writes it down, and compares the response. */
  send(request: string, response: string): Promise<void>;
  close(): Promise<void>;
}

export async function startReader(): Promise<Reader> {
  const folder = await mkdtemp(join(tmpdir(), "junto-docs-"));
  furnish(folder);
  const names: Names = new Map();
  const places = createPlaces(await freeBase(), names);
  const terminals: Terminal[] = [];
  const type = (command: string): Terminal => {
    const options = { cwd: folder, env: environment(folder), shown: places.shown, names };
    return command === DEMO
      ? openTerminal(`exec npx junto demo --port ${places.base} --size small`, {
          ...options,
          dependent: true,
        })
      : openTerminal(places.here(command), options);
  };
  const reader: Reader = {
    folder,
    write: (path, content) => writeOrAdd(join(folder, path), places.here(content)),
    run: (command, shown) => type(command).whole(shown),
    async open(command, shown) {
      terminals.push(type(command));
      await reader.goesOn(shown);
    },
    goesOn: (shown) => terminals.at(-1)!.goesOn(shown),
    send: (request, response) => send(request, response, places, names),
    async close() {
      for (const terminal of terminals.toReversed()) await terminal.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return reader;
}

/** What the documents speak of, in the reader's folder: the project's own, but where the reader changes something. */
function furnish(folder: string): void {
  for (const name of ["node_modules", "subgraphs", "gateway", "cli"])
    symlinkSync(join(ROOT, name), join(folder, name));
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

/** Of who runs the test the reader has the way to programs, and no settings. */
function environment(folder: string): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env;
  return { PATH: `${join(folder, "bin")}:${PATH}`, HOME, ...(TMPDIR !== undefined && { TMPDIR }) };
}

interface Places {
  readonly base: number;
  /** Ports and names as they are here. */
  here(text: string): string;
  /** Ports as the documents have them. */
  shown(text: string): string;
}

function createPlaces(base: number, names: Names): Places {
  return {
    base,
    here: (text) =>
      namesIn(text, names).replace(/(?<=\b127\.0\.0\.1:|\bport: )4\d{3}\b/g, (port) =>
        String(base + Number(port) - SHOWN_BASE),
      ),
    shown: (text) =>
      text.replace(/\b127\.0\.0\.1:(\d+)\b/g, (address, port) => {
        const offset = Number(port) - base;
        return OFFSETS.includes(offset) ? `127.0.0.1:${SHOWN_BASE + offset}` : address;
      }),
  };
}

async function send(request: string, expected: string, places: Places, names: Names): Promise<void> {
  const [head = "", ...rest] = places.here(request).split("\n");
  const [method = "", url = ""] = head.split(" ");
  const { headers, body } = messageOf(rest);
  const response = await fetch(url, { method, headers, ...(body !== "" && { body }) });
  const printed = places.shown(await response.text());
  const [status = "", ...shownRest] = expected.split("\n");
  const wanted = messageOf(shownRest);
  if (!status.startsWith(`HTTP/1.1 ${response.status} `))
    throw new Error(`It is ${response.status}:\n${printed}`);
  for (const [name, value] of Object.entries(wanted.headers))
    if (response.headers.get(name) !== value) throw new Error(`${name} is ${response.headers.get(name)}`);
  const isText = wanted.headers["content-type"]?.startsWith("text/") ?? false;
  const [shown, actual] = isText ? [wanted.body, printed] : [compact(wanted.body), `${compact(printed)}\n`];
  if (!match(shown, actual, names, { whole: true }))
    throw new Error(`The response is not what is shown, but:\n${printed}`);
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
