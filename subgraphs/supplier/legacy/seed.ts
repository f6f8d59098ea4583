// Fills a folder with the supplier's files as they would be found: the clerk's workbooks, and the CSV that a
// second supplier sends. Done once: a folder that holds something is left as it is.
import { mkdir, readdir, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import {
  catalogue,
  stock,
  type SeedBrand,
  type SeedProduct,
  type SeedSize,
  type SeedStock,
} from "@junto/seed";
import { csvOf } from "./second-supplier.ts";
import { workbookOf } from "./workbook.ts";

const BRANDS_IN_A_WORKBOOK = 4;
const KIND_ZH: Readonly<Record<SeedBrand["kind"], string>> = {
  women: "女鞋",
  men: "男鞋",
  sport: "运动",
  casual: "休闲",
};

export interface SeededFolder {
  readonly folder: string;
  readonly files: readonly string[];
  /** False: the folder was not empty, and nothing was written. */
  readonly seeded: boolean;
}

/** The folder appears complete or not at all, so that a start that was cut off is simply made again. */
export async function seedSupplierFolder(options: {
  readonly folder: string;
  /** `small`: a few dozen styles, for quick tests. */
  readonly size?: SeedSize;
}): Promise<SeededFolder> {
  const { folder, size = "full" } = options;
  const found = await listIfThere(folder);
  if (found.length > 0) return { folder, files: found, seeded: false };
  const draft = join(dirname(folder), `.${basename(folder)}.seeding`);
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  const files = filesOf(size);
  for (const { name, bytes } of files) await writeFile(join(draft, name), bytes);
  await rmdir(folder).catch(ignoreMissing);
  await rename(draft, folder);
  return { folder, files: files.map(({ name }) => name).sort(), seeded: true };
}

interface SeedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

function filesOf(size: SeedSize): SeedFile[] {
  const { brands, products } = catalogue({ size });
  const product = new Map(products.map((each) => [each.id, each]));
  const held = stock({ size }).map((of) => ({ product: product.get(of.productId)!, stock: of }));
  const ofFirst = held.filter(({ stock }) => stock.supplier === 1);
  const workbooks = groups(brands, ofFirst).map((group, index) => {
    const lines = ofFirst.filter(({ product }) => group.brands.includes(product.brandCode));
    return { name: `库存_${group.name}.xlsx`, bytes: workbookOf({ title: group.title, lines, index }) };
  });
  const ofSecond = held.filter(({ stock }) => stock.supplier === 2);
  return [...workbooks, { name: "远洋鞋业_现货.csv", bytes: csvOf(ofSecond.map(({ stock }) => stock)) }];
}

/** A workbook holds up to four brands of one kind of shoe, and is called by the first two. */
function groups(
  brands: readonly SeedBrand[],
  lines: readonly { readonly product: SeedProduct; readonly stock: SeedStock }[],
): { name: string; title: string; brands: string[] }[] {
  const held = new Set(lines.map(({ product }) => product.brandCode));
  return Object.entries(KIND_ZH).flatMap(([kind, kindZh]) => {
    const ofKind = brands.filter(({ kind: each, code }) => each === kind && held.has(code));
    const count = Math.ceil(ofKind.length / BRANDS_IN_A_WORKBOOK);
    return Array.from({ length: count }, (_, index) => {
      const group = ofKind.slice(index * BRANDS_IN_A_WORKBOOK, (index + 1) * BRANDS_IN_A_WORKBOOK);
      const names = group
        .slice(0, 2)
        .map(({ nameZh, name }) => (nameZh || name).replace(/[^\p{L}\d]+/gu, ""));
      return { name: names.join("_"), title: `${kindZh}现货库存表`, brands: group.map(({ code }) => code) };
    });
  });
}

async function listIfThere(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(ignoreMissing);
  return (names ?? []).sort();
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}
