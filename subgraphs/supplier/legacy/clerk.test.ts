import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as XLSX from "@e965/xlsx";
import { stock } from "@junto/seed";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readStockFile } from "../src/read/stock-file.ts";
import { saveStock } from "./clerk.ts";
import { editFile } from "./save.ts";
import { seedSupplierFolder } from "./seed.ts";

const BELLE = "库存_百丽_千百度.xlsx";
let folder: string;
let files: readonly string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "supplier-clerk-"));
  ({ files } = await seedSupplierFolder({ folder, size: "small" }));
});
afterEach(() => rm(folder, { recursive: true }));

describe("the clerk", () => {
  it("types a figure over the one in the cell, and the sums follow", async () => {
    const before = await book(BELLE);
    const saved = await saveStock({ folder, skuId: "BL2481-38", onHand: 77 });
    const after = await book(BELLE);
    expect(saved).toEqual({
      file: BELLE,
      cell: expect.stringMatching(/^库存![A-Z]\d+$/),
      before: "6",
      after: 77,
    });
    const differences = differing(before.Sheets["库存"]!, after.Sheets["库存"]!);
    // The cell, the sum of its row, the sum of its column, and the sum of all.
    expect(differences).toHaveLength(4);
    expect(differences).toContainEqual([saved.cell.slice(3), 6, 77]);
    expect(differences.every(([, was, is]) => is - was === 71)).toBe(true);
  });

  it("leaves the title, the merged cells, the widths and the notes as they were", async () => {
    const before = await book(BELLE);
    await saveStock({ folder, skuId: "BL2481-38", onHand: 77 });
    const after = await book(BELLE);
    expect(after.SheetNames).toEqual(before.SheetNames);
    expect(after.Sheets["说明"]).toEqual(before.Sheets["说明"]);
    const sorted = (sheet: XLSX.WorkSheet): string[] =>
      sheet["!merges"]!.map((merge) => XLSX.utils.encode_range(merge)).sort();
    expect(sorted(after.Sheets["库存"]!)).toEqual(sorted(before.Sheets["库存"]!));
    const widths = (sheet: XLSX.WorkSheet): unknown[] => sheet["!cols"]!.map(({ wch }) => wch);
    expect(widths(after.Sheets["库存"]!)).toEqual(widths(before.Sheets["库存"]!));
  });

  it("changes that sku and no other, in whichever file it is", async () => {
    const all = await skus();
    const some = stock({ size: "small" }).flatMap(({ sizes }, index) => sizes[index % sizes.length]!.skuId);
    for (const [index, skuId] of some.entries()) {
      // Of two warehouses, the clerk empties the second.
      await saveStock({ folder, skuId, onHand: 200 + index });
      all[skuId] = 200 + index;
    }
    expect(await skus()).toEqual(all);
  });

  it("saves one after the other what comes at the same time", async () => {
    const sizes = ["35", "36", "37", "38"];
    await Promise.all(
      sizes.map((size) => saveStock({ folder, skuId: `BL2481-${size}`, onHand: Number(size) })),
    );
    expect(await skus()).toMatchObject({
      "BL2481-35": 35,
      "BL2481-36": 36,
      "BL2481-37": 37,
      "BL2481-38": 38,
    });
  });

  it("leaves nothing behind", async () => {
    await saveStock({ folder, skuId: "BL2481-38", onHand: 1 });
    expect((await readdir(folder)).sort()).toEqual(files);
  });

  it.each([
    ["a sku that no file holds", "ZZ0000-38", 1, /No file .* holds ZZ0000 in size 38/],
    ["a size that the style does not come in", "BL2481-50", 1, /No file .* holds BL2481 in size 50/],
    ["what is no sku", "BL2481", 1, "BL2481 is not a sku"],
    ["fewer than no pairs", "BL2481-38", -1, "whole number"],
    ["half a pair", "BL2481-38", 1.5, "whole number"],
  ])("does not save %s", async (_, skuId, onHand, message) => {
    await expect(saveStock({ folder, skuId, onHand })).rejects.toThrow(message);
  });

  it("does not save a file that is open elsewhere, and leaves its lock alone", async () => {
    await writeFile(join(folder, `~$${BELLE}`), "li");
    await expect(saveStock({ folder, skuId: "BL2481-38", onHand: 1 })).rejects.toThrow("open elsewhere");
    expect(await readFile(join(folder, `~$${BELLE}`), "utf8")).toBe("li");
  });
});

describe("saving a file", () => {
  it("locks it, and puts the new one in the place of the old in one step", async () => {
    const path = join(folder, BELLE);
    const before = await stat(path);
    await editFile(path, (bytes) => {
      expect(existsSync(join(folder, `~$${BELLE}`))).toBe(true);
      expect(bytes.equals(readFileSync(path))).toBe(true);
      return Buffer.from("new");
    });
    expect(existsSync(join(folder, `~$${BELLE}`))).toBe(false);
    expect((await stat(path)).ino).not.toBe(before.ino);
    expect(await readFile(path, "utf8")).toBe("new");
  });

  it("leaves the old one when the edit fails", async () => {
    const before = await readFile(join(folder, BELLE));
    const fails = editFile(join(folder, BELLE), () => {
      throw new Error("a slip");
    });
    await expect(fails).rejects.toThrow("a slip");
    expect((await readFile(join(folder, BELLE))).equals(before)).toBe(true);
    expect((await readdir(folder)).sort()).toEqual(files);
  });
});

async function book(file: string): Promise<XLSX.WorkBook> {
  return XLSX.read(await readFile(join(folder, file)), { type: "buffer", cellStyles: true });
}

/** Cells of which the value differs: address, old, new. */
function differing(before: XLSX.WorkSheet, after: XLSX.WorkSheet): [string, number, number][] {
  const cells = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (key) => !key.startsWith("!"),
  );
  const valueOf = (sheet: XLSX.WorkSheet, cell: string): unknown =>
    (sheet[cell] as XLSX.CellObject | undefined)?.v;
  return cells
    .filter((cell) => valueOf(before, cell) !== valueOf(after, cell))
    .map((cell) => [cell, Number(valueOf(before, cell)), Number(valueOf(after, cell))]);
}

async function skus(): Promise<Record<string, number | null>> {
  const all: Record<string, number | null> = {};
  for (const file of files) {
    for (const { style, sizes } of readStockFile(file, await readFile(join(folder, file))).rows) {
      for (const [size, pairs] of sizes) all[`${style}-${size}`] = pairs;
    }
  }
  return all;
}
