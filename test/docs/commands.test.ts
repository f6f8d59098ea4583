// The README and the guides, followed from the first command to the last by a reader with a demo of their own.
// Whatever stands in a block is made, run or checked here; a block that nobody checks is a failure.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, validate, type GraphQLSchema } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse as parseYaml, stringify } from "yaml";
import { readSupergraphYaml } from "../../gateway/src/config/index.ts";
import { loadSupergraph } from "../../gateway/src/supergraph/load.ts";
import { blocksOf, documents, ROOT, type Block } from "./markdown.ts";
import { startReader, type Reader } from "./reader.ts";

/** By document: blocks (`text`) that nothing but a person can follow. */
const TOLD: Readonly<Record<string, number>> = {
  "docs/guides/operators.md": 2,
  "docs/guides/clients.md": 1,
};

/** Commands that go on until they are stopped. */
const GOES_ON = /^(npx (junto watch|tsx) |node |npm ci && npm start$)/;
/** What is to be done before the demo that the guides speak of starts. */
const BEFORE = /^npx junto compose$/;
const PATIENCE_MS = 120_000;
const STRICT =
  "--noEmit --strict --skipLibCheck --module nodenext --types node --allowImportingTsExtensions --customConditions @junto/source";

interface Step {
  /** Document, line, and what it is about. */
  readonly title: string;
  readonly before: boolean;
  /** Rejects when it is not as the document says. */
  take(): Promise<void>;
}

let reader: Reader;
let schema: GraphQLSchema;
let types: Promise<void> | undefined;
let broken = false;
beforeAll(async () => {
  reader = await startReader();
});
afterAll(() => reader?.close(), PATIENCE_MS);

const followed = documents().filter((document) => !document.startsWith("docs/adr/"));
const steps = followed.flatMap((document) => stepsOf(blocksOf(document)));

describe.each([
  ["before the demo starts", steps.filter(({ before }) => before)],
  ["from the first command to the last", steps.filter(({ before }) => !before)],
] as const)("the documents hold true, %s", (_, taken) => {
  const cases = taken.map((step): [string, Step] => [step.title, step]);
  it.for(cases)("%s", { timeout: PATIENCE_MS }, async ([, { take }], { skip }) => {
    // What is built on a step that failed says nothing.
    if (broken) skip("an earlier step failed");
    broken = true;
    await expect(take()).resolves.toBeUndefined();
    broken = false;
  });
  afterAll(() => {
    // It takes a while, and so does the start of the demo.
    types ??= reader.run(`npx tsc ${STRICT} deliveries/deliveries.ts`, "");
    types.catch(() => undefined);
  });
});

it("the subgraph of the guide has types that fit", { timeout: PATIENCE_MS }, async () => {
  await expect(types).resolves.toBeUndefined();
});

it.each(followed)("%s has no more blocks than are counted that only a person can follow", (document) => {
  const told = blocksOf(document).filter(({ language }) => language === "text");
  expect(told).toHaveLength(TOLD[document] ?? 0);
});

function stepsOf(blocks: readonly Block[]): Step[] {
  return blocks.flatMap((block, at): Step[] => {
    const title = `${block.document}:${block.line}`;
    const file = fileOf(block);
    if (file !== undefined)
      return [{ title: `${title} ${file}`, before: true, take: async () => reader.write(file, block.text) }];
    switch (block.language) {
      case "console":
        return commandsOf(block).map(({ command, shown }) => ({
          title: `${title} ${command.replace(/\s*\\\n\s*/g, " ").slice(0, 100)}`,
          before: BEFORE.test(command),
          take: () => follow(command, shown),
        }));
      case "http":
        if (block.text.startsWith("HTTP/")) return [];
        return [
          {
            title: `${title} ${block.text.split("\n")[0]}`,
            before: false,
            take: () => send(block, blocks[at + 1]),
          },
        ];
      case "graphql":
        return [{ title: `${title} GraphQL`, before: false, take: async () => checkGraphql(block.text) }];
      case "json":
        return [
          {
            title: `${title} JSON`,
            before: false,
            take: async () =>
              Object.values(JSON.parse(block.text) as Record<string, string>).forEach(checkGraphql),
          },
        ];
      case "yaml":
        return [{ title: `${title} YAML`, before: true, take: async () => checkSettings(block.text) }];
      case "text":
        return [];
      default:
        return [
          {
            title,
            before: true,
            take: () => Promise.reject(new Error(`Nobody checks "${block.language}" here.`)),
          },
        ];
    }
  });
}

/** Settings must be such as the gateway takes, of subgraphs or of organizations beside what there is. */
function checkSettings(text: string): void {
  const folder = mkdtempSync(join(tmpdir(), "junto-docs-yaml-"));
  try {
    const all = parseYaml(readFileSync(join(ROOT, "schema/supergraph.yaml"), "utf8")) as Settings;
    const { organizations = {}, subgraphs = {} } = parseYaml(text) as Partial<Settings>;
    for (const [id, settings] of Object.entries(organizations))
      Object.assign((all.organizations[id] ??= {}), settings);
    Object.assign(all.subgraphs, subgraphs);
    writeFileSync(join(folder, "supergraph.yaml"), stringify(all));
    const names = [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name!);
    const secrets = new Map(names.map((name) => [name, "secret"]));
    readSupergraphYaml(join(folder, "supergraph.yaml"), { secrets });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Settings {
  readonly organizations: Record<string, object>;
  readonly subgraphs: Record<string, object>;
}

/** The file that the paragraph before a block names: "`a/b.ts`, the subgraph:" makes it, "In `a.yaml`, add:" adds. */
function fileOf({ introduction, language }: Block): string | undefined {
  if (language === "console" || language === "http") return undefined;
  return /^(?:In )?`([\w./-]+\.\w+)`.*:$/.exec(introduction)?.[1];
}

/** Lines that begin with `$` are typed, the others are printed. Before the first: more of what still goes on. */
function commandsOf({ text }: Block): { command: string; shown: string }[] {
  const commands: { command: string; shown: string }[] = [];
  for (const part of text.split(/^(?=\$ )/m)) {
    const [typed = "", command = ""] = /^\$ ((?:.*\\\n)*.*)\n?/.exec(part) ?? [];
    commands.push({ command, shown: part.slice(typed.length).replace(/\n$/, "") });
  }
  return commands;
}

function follow(command: string, shown: string): Promise<void> {
  if (command === "") return reader.goesOn(shown);
  return GOES_ON.test(command) ? reader.open(command, shown) : reader.run(command, shown);
}

function send(request: Block, response: Block | undefined): Promise<void> {
  if (response?.language !== "http") throw new Error("A response must follow the request.");
  return reader.send(request.text, response.text);
}

/** An operation must be valid here; types and fragments must be what the schema has, or what a guide adds to it. */
function checkGraphql(text: string): void {
  schema ??= loadSupergraph(readFileSync(join(reader.folder, "schema/supergraph.graphql"), "utf8")).schema;
  expect(validate(schema, parse(text))).toEqual([]);
}
