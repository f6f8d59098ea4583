// What a phone loads before the first screen is there.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { buildClient } from "@junto/cli";
import { expect, it } from "vitest";

it("the first load is at most 200 KB of compressed JavaScript, with the words of one language", async () => {
  const { dist } = await buildClient();
  const size = (path: string): number => gzipSync(readFileSync(join(dist, path))).length;
  const page = readFileSync(join(dist, "index.html"), "utf8");
  const first = new Set([...page.matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g)].map(([, path]) => path!));
  // A page names what its scripts import at once; what they import later is not loaded with it.
  expect(first.size).toBeGreaterThan(0);
  const words = readdirSync(join(dist, "assets")).filter((name) => /^(?:en|zh-CN)-[^.]+\.js$/.test(name));
  expect(words).toHaveLength(2);
  for (const name of words) expect(first).not.toContain(`/assets/${name}`);
  const largest = Math.max(...words.map((name) => size(join("assets", name))));
  const scripts = [...first].reduce((sum, path) => sum + size(path), 0);
  expect(scripts + largest).toBeLessThan(200 * 1024);
});

it("nothing in the page needs what its policy forbids", async () => {
  const { dist } = await buildClient();
  const page = readFileSync(join(dist, "index.html"), "utf8");
  expect(page).not.toMatch(/<script(?![^>]*\bsrc=)/);
  expect(page).not.toMatch(/<style|\son\w+=|\sstyle=/);
});
