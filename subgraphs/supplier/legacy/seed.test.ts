import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as XLSX from "@e965/xlsx";
import { stock } from "@junto/seed";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readStockFile } from "../src/read/stock-file.ts";
import { seedSupplierFolder } from "./seed.ts";

let home: string;
beforeEach(async () => void (home = await mkdtemp(join(tmpdir(), "supplier-seed-"))));
afterEach(() => rm(home, { recursive: true }));

describe("the supplier's folder", () => {
  it.each(["small", "full"] as const)("holds every style once, as the seed says (%s)", async (size) => {
    const { folder, files } = await seedSupplierFolder({ folder: join(home, "files"), size });
    const held = new Map<string, object>();
    for (const file of files) {
      const { rows, problems } = readStockFile(file, await readFile(join(folder, file)));
      expect(problems).toEqual([]);
      for (const { style, sizes, leadDays } of rows) {
        expect(held.has(style)).toBe(false);
        held.set(style, { leadDays, ...Object.fromEntries(sizes) });
      }
    }
    const wanted = stock({ size }).map(({ productId, leadDays, sizes }) => [
      productId,
      { leadDays, ...Object.fromEntries(sizes.map(({ size, onHand }) => [size, onHand])) },
    ]);
    expect(Object.fromEntries(held)).toEqual(Object.fromEntries(wanted));
  });

  it("looks as if people had kept it for years", async () => {
    const { folder, files } = await seedSupplierFolder({ folder: home, size: "full" });
    const book = XLSX.read(await readFile(join(folder, "库存_百丽_天美意.xlsx")), {
      type: "buffer",
      cellFormula: true,
    });
    const sheet = book.Sheets["库存"]!;
    const rows = XLSX.utils.sheet_to_json<unknown[]>(sheet, { header: 1 });
    const values = rows.flat();
    expect(book.SheetNames).toEqual(["库存", "说明"]);
    expect(rows[3]).toEqual(expect.arrayContaining(["货号", "品名", 35, 40, "合计", "交期(天)", "备注"]));
    expect(sheet["!merges"]!.length).toBeGreaterThan(20);
    expect(rows.slice(4, -3).some((row) => row.length === 0)).toBe(true);
    expect(rows.some(([first]) => first === "合 计")).toBe(true);
    expect(values.some((value) => typeof value === "string" && /^[０-９]+$/.test(value))).toBe(true);
    expect(values.some((value) => typeof value === "string" && /^\d+ $/.test(value))).toBe(true);
    expect(values.some((value) => typeof value === "string" && /^[A-Z]{2}\d{4} +$/.test(value))).toBe(true);
    const csv = await readFile(
      join(
        folder,
        files.find((file) => file.endsWith(".csv"))!,
      ),
    );
    expect(() => new TextDecoder("utf-8", { fatal: true }).decode(csv)).toThrow(TypeError);
    expect(new TextDecoder("gbk").decode(csv)).toMatch(/^款号,尺码,现货数量,交货天数,更新日期\r\n/);
  });

  it("is filled once: what the clerk did since is kept", async () => {
    const first = await seedSupplierFolder({ folder: home, size: "small" });
    await rm(join(home, first.files[0]!));
    const second = await seedSupplierFolder({ folder: home, size: "small" });
    expect([first.seeded, second.seeded]).toEqual([true, false]);
    expect(second.files).toEqual(first.files.slice(1));
  });

  it("is filled after a start that was cut off", async () => {
    await mkdir(join(home, ".files.seeding"));
    await writeFile(join(home, ".files.seeding", "half.xlsx"), "half");
    const { files } = await seedSupplierFolder({ folder: join(home, "files"), size: "small" });
    expect(files).not.toContain("half.xlsx");
    expect(await readdir(home)).toEqual(["files"]);
  });
});
