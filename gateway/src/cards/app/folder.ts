// Reads the files of an app's folder: only plain files where files of an app belong, of a sane size, and nothing
// that leads out of the folder.
import { lstatSync, readdirSync, readFileSync, type Dirent } from "node:fs";
import { join } from "node:path";
import { LineCounter, parseDocument, type Document } from "yaml";
import { JuntoError } from "../../errors/index.ts";

/** Where a fault is: `restock/app.yaml:12`. */
export interface Place {
  readonly file: string;
  /** From 1. */
  readonly line?: number;
}

export type Report = (place: Place, message: string) => void;

/** A file's name within the app ▸ its text: `cards/order.json`. */
export type Files = ReadonlyMap<string, string>;

/** Names of apps, cards, actions and so on; also what their files are called. */
export const NAME: RegExp = /^[a-z][a-z0-9-]{0,39}$/;

const MAX_BYTES = 256 * 1024;
const MAX_FILES = 200;

/** What an app's folder may hold: subfolder ▸ endings of its files. */
const FOLDERS: Readonly<Record<string, readonly string[]>> = {
  cards: [".graphql", ".json"],
  actions: [".graphql"],
  forms: [".graphql", ".json"],
  watch: [".graphql"],
  messages: [".json"],
};

/** Names of the folders in a folder; everything else in it is reported, but for a README. */
export function readFolders(dir: string, report: Report): string[] {
  return listFolder(dir)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (isAside(entry.name)) return [];
      if (entry.isDirectory() && NAME.test(entry.name)) return [entry.name];
      if (!entry.isDirectory()) report({ file: entry.name }, "there should be only folders here, one an app");
      else
        report(
          { file: entry.name },
          "a name is of small letters, digits and hyphens, beginning with a letter",
        );
      return [];
    });
}

/** @throws JuntoError CONFIGURATION when there is no such folder */
export function listFolder(dir: string): Dirent[] {
  try {
    return readdirSync(dir, { withFileTypes: true });
  } catch (cause) {
    throw new JuntoError("CONFIGURATION", `Cannot read the folder ${dir}. Is JUNTO_SCHEMA_DIR right?`, {
      cause,
    });
  }
}

export function readFiles(dir: string, app: string, report: Report): Files {
  const files = new Map<string, string>();
  const read = (name: string) => {
    const text = readFile(join(dir, app, name), (message) => report({ file: `${app}/${name}` }, message));
    if (text !== undefined) files.set(name, text);
  };
  for (const entry of readdirSync(join(dir, app), { withFileTypes: true })) {
    if (isAside(entry.name)) continue;
    if (entry.name === "app.yaml") read(entry.name);
    else if (entry.isDirectory() && Object.hasOwn(FOLDERS, entry.name)) {
      const names = readdirSync(join(dir, app, entry.name))
        .sort()
        .filter((name) => !isAside(name));
      for (const name of names) {
        if (files.size > MAX_FILES) break;
        if (isExpected(entry.name, name)) read(`${entry.name}/${name}`);
        else report({ file: `${app}/${entry.name}/${name}` }, `no such file belongs in ${entry.name}`);
      }
    } else report({ file: `${app}/${entry.name}` }, "this does not belong in an app's folder");
  }
  if (files.size > MAX_FILES) report({ file: app }, `an app has ${MAX_FILES} files at most`);
  return files;
}

/** Written for people, or by their editors. */
function isAside(name: string): boolean {
  return name.startsWith(".") || name === "README.md";
}

function isExpected(folder: string, name: string): boolean {
  const ending = FOLDERS[folder]!.find((each) => name.endsWith(each));
  const stem = ending === undefined ? "" : name.slice(0, -ending.length);
  return NAME.test(stem) || (folder === "messages" && /^[a-z]{2}(-[A-Z]{2})?$/.test(stem));
}

function readFile(path: string, fault: (message: string) => void): string | undefined {
  const stat = lstatSync(path);
  if (!stat.isFile()) {
    fault("this is no plain file; links are not followed");
    return undefined;
  }
  if (stat.size > MAX_BYTES) {
    fault(`a file has ${MAX_BYTES / 1024} KB at most`);
    return undefined;
  }
  return readFileSync(path, "utf8");
}

/** Parsed YAML or JSON that still knows its lines. */
export interface Tree {
  readonly value: unknown;
  /** Line of what stands at this path, or of what is nearest above it. */
  line(path: readonly (string | number)[]): number;
}

/** Reads YAML, or JSON. Undefined when it is neither; why goes to `fault`. */
export function parseTree(
  text: string,
  syntax: "YAML" | "JSON",
  fault: (message: string, line: number) => void,
): Tree | undefined {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  for (const error of document.errors)
    fault(`this is no ${syntax}: ${error.message}`, lines.linePos(error.pos[0]).line);
  if (document.errors.length > 0) return undefined;
  const line = (path: readonly (string | number)[]) => lineAt(document, lines, path);
  try {
    const value: unknown = syntax === "JSON" ? JSON.parse(text) : document.toJS({ maxAliasCount: 20 });
    return { value, line };
  } catch (error) {
    fault(`this is no ${syntax}: ${error instanceof Error ? error.message : String(error)}`, 1);
    return undefined;
  }
}

function lineAt(document: Document, lines: LineCounter, path: readonly (string | number)[]): number {
  for (let length = path.length; length > 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    const range = typeof node === "object" && node !== null && "range" in node ? node.range : undefined;
    if (Array.isArray(range)) return lines.linePos(Number(range[0])).line;
  }
  return 1;
}
