// Trusted documents: the operations that the operator has listed, read from a file or a folder at the start.
//
//   a JSON file    { "<id>": "<text>" }, or an Apollo operation manifest: { "format": "apollo-persisted-query-manifest",
//                  "version": 1, "operations": [{ "id", "body", "name", "type" }] }
//   a folder       such files (*.json), and texts (*.graphql) whose id is the name of the file
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { shown, throwIfAny, type Problems } from "../config/problems.ts";
import { JuntoError } from "../errors/index.ts";

export interface Trusted {
  /** `allow`: other operations are answered too. `only`: no others. */
  readonly mode: "allow" | "only";
  readonly byId: ReadonlyMap<string, string>;
  readonly texts: ReadonlySet<string>;
}

/** @throws JuntoError CONFIGURATION with everything that is wrong with the list, except what the schema has to say */
export function readTrusted(path: string, mode: Trusted["mode"]): Trusted {
  const problems: Problems = [];
  const byId = new Map<string, string>();
  for (const file of filesOf(path)) {
    const before = problems.length;
    for (const [id, text] of readFile(file, problems)) {
      const problem =
        notAnEntry(id, text) ?? (byId.has(id) && byId.get(id) !== text ? "is listed twice" : "");
      if (problem === "") byId.set(id, text as string);
      else problems.push(`${file}: document ${shown(id)} ${problem}.`);
    }
    if (problems.length > before + MOST_SHOWN) problems.splice(before + MOST_SHOWN, Infinity, `${file}: …`);
  }
  if (byId.size === 0 && problems.length === 0) problems.push(`${path} lists no document.`);
  throwIfAny(problems, "The trusted documents (JUNTO_DOCUMENTS) are not right");
  return { mode, byId, texts: new Set(byId.values()) };
}

const MOST_SHOWN = 20;

function filesOf(path: string): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    return readdirSync(path)
      .filter((name) => /\.(json|graphql)$/.test(name))
      .toSorted()
      .map((name) => join(path, name));
  } catch (cause) {
    throw new JuntoError("CONFIGURATION", `Cannot read the trusted documents at ${path} (JUNTO_DOCUMENTS).`, {
      cause,
    });
  }
}

/** Ids and what stands there for their texts. */
function readFile(file: string, problems: Problems): readonly (readonly [string, unknown])[] {
  const content = readFileSync(file, "utf8");
  const name = /([^/\\]*)\.graphql$/.exec(file)?.[1];
  if (name !== undefined) return [[name, content]];
  let list: unknown;
  try {
    list = JSON.parse(content);
  } catch (error) {
    problems.push(`${file} is not JSON: ${(error as Error).message}.`);
    return [];
  }
  if (isTree(list) && (Array.isArray(list["operations"]) || list["format"] !== undefined))
    return readManifest(file, list, problems);
  if (isTree(list)) return Object.entries(list).map(([id, text]) => [withoutPrefix(id), text] as const);
  problems.push(`${file} must hold an object of ids and texts, or a manifest with \`operations\`.`);
  return [];
}

function readManifest(file: string, list: Tree, problems: Problems): (readonly [string, unknown])[] {
  const { format, version, operations } = list;
  if (format !== "apollo-persisted-query-manifest" || version !== 1 || !Array.isArray(operations)) {
    problems.push(
      `${file} is no manifest that is known: give format "apollo-persisted-query-manifest", version 1 and operations.`,
    );
    return [];
  }
  return operations.map((each: unknown) => {
    const { id, body } = isTree(each) ? each : {};
    return [typeof id === "string" ? withoutPrefix(id) : "", body] as const;
  });
}

function notAnEntry(id: string, text: unknown): string | undefined {
  if (id === "") return "has no id";
  if (typeof text !== "string" || text.trim() === "") return "has no text";
  if (/^[0-9a-f]{64}$/i.test(id) && createHash("sha256").update(text).digest("hex") !== id)
    return "has an id that is not the SHA-256 of its text";
  return undefined;
}

/** As GraphQL over HTTP writes an id that is a hash. */
export function withoutPrefix(id: string): string {
  return id.startsWith("sha256:") ? id.slice("sha256:".length) : id;
}

type Tree = Readonly<Record<string, unknown>>;

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
