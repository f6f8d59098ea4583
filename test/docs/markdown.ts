// The documents: their fenced blocks, links and headings.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const ROOT: string = new URL("../..", import.meta.url).pathname;

/** A fenced block, and the paragraph before it. */
export interface Block {
  /** Path of the document, from the root of the project. */
  readonly document: string;
  /** Of its first line within the fence. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
  readonly introduction: string;
}

const read = (document: string): string => readFileSync(join(ROOT, document), "utf8");

/** The README first, then the guides in the order in which the README lists them, then the rest of docs/. */
export function documents(): string[] {
  const [, list = ""] = read("README.md").split("## Guides");
  const guides = list.match(/docs\/guides\/[\w-]+\.md/g) ?? [];
  const all = readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" });
  const others = all.filter((file) => file.endsWith(".md")).map((file) => `docs/${file}`);
  return [...new Set(["README.md", ...guides, ...others.toSorted()])];
}

export function blocksOf(document: string): Block[] {
  const blocks: Block[] = [];
  const lines = read(document).split("\n");
  let introduction: string[] = [];
  let over = false;
  for (let at = 0; at < lines.length; at += 1) {
    const fence = /^ {0,3}(```+)(.*)$/.exec(lines[at]!);
    if (!fence) {
      if (lines[at] !== "") introduction = over ? [lines[at]!] : [...introduction, lines[at]!];
      over = lines[at] === "";
      continue;
    }
    const end = lines.indexOf(fence[1]!, at + 1);
    if (end === -1) throw new Error(`${document}:${at + 1}: the block is not closed`);
    blocks.push({
      document,
      line: at + 2,
      language: fence[2]!.trim(),
      text: lines.slice(at + 1, end).join("\n"),
      introduction: introduction.join(" "),
    });
    introduction = [];
    at = end;
  }
  return blocks;
}

/** The text without what stands in blocks and between backticks. */
export function proseOf(document: string): string {
  return read(document)
    .replace(/^( {0,3})```[\s\S]*?^\1```$/gm, "")
    .replace(/`[^`\n]*`/g, "");
}

/** The names by which headings are linked to, as GitHub makes them. */
export function anchorsOf(document: string): Set<string> {
  const headings = read(document)
    .replace(/^( {0,3})```[\s\S]*?^\1```$/gm, "")
    .matchAll(/^#+ +(.+)$/gm);
  return new Set(
    [...headings].map(([, title]) =>
      title!
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, "")
        .trim()
        .replaceAll(" ", "-"),
    ),
  );
}

/** The rows of every table whose first column heading is `heading`: cells by column heading. */
export function tableOf(document: string, heading: string): Record<string, string>[] {
  const rows: Record<string, string>[] = [];
  let columns: string[] | undefined;
  for (const line of read(document).split("\n")) {
    if (!line.startsWith("|")) {
      columns = undefined;
      continue;
    }
    const cells = line
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim().replaceAll("\\|", "|"));
    if (columns === undefined) columns = cells;
    else if (columns[0] === heading && !/^:?-+:?$/.test(cells[0]!))
      rows.push(Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? ""])));
  }
  return rows;
}

/** What stands between the backticks of a cell. */
export function codesIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code!);
}
