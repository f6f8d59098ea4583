// What a phone loads before the first screen is there.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { buildClient } from "@junto/cli";
import { expect, it } from "vitest";

it("the first load is at most 200 KB of compressed JavaScript", async () => {
  const { dist } = await buildClient();
  const page = readFileSync(join(dist, "index.html"), "utf8");
  const first = new Set([...page.matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g)].map(([, path]) => path!));
  // A page names what its scripts import at once; what they import later is not loaded with it.
  expect(first.size).toBeGreaterThan(0);
  const sizes = [...first].map((path) => gzipSync(readFileSync(join(dist, path))).length);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(200 * 1024);
});

it("nothing in the page needs what its policy forbids", async () => {
  const { dist } = await buildClient();
  const page = readFileSync(join(dist, "index.html"), "utf8");
  expect(page).not.toMatch(/<script(?![^>]*\bsrc=)/);
  expect(page).not.toMatch(/<style|\son\w+=|\sstyle=/);
});
