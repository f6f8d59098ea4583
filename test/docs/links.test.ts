// What the documents point to is there.
import { existsSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { anchorsOf, documents, proseOf, ROOT } from "./markdown.ts";

/** The pages that stand beside what they are about. */
const pages = ["schema", "subgraphs", "bench"].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => /^(?!.*node_modules).*README\.md$/.test(file))
    .map((file) => join(folder, file)),
);

describe.each([...documents(), ...pages])("%s", (document) => {
  it("links to nothing that is not there", () => {
    expect(linksOf(document).filter((link) => !leadsSomewhere(document, link))).toEqual([]);
  });
});

it("every guide can be reached from the README", () => {
  const reached = new Set(linksOf("README.md").map((link) => link.split("#")[0]));
  const guides = documents().filter((document) => /^docs\/(guides|reference)\//.test(document));
  expect(guides.filter((guide) => !reached.has(guide))).toEqual([]);
});

function linksOf(document: string): string[] {
  return [...proseOf(document).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!);
}

function leadsSomewhere(document: string, link: string): boolean {
  if (/^https?:/.test(link)) return URL.canParse(link);
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? document : relative(ROOT, join(ROOT, dirname(document), path));
  if (!existsSync(join(ROOT, target))) return false;
  return anchor === undefined || anchorsOf(target).has(anchor);
}
