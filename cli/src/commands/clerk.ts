// junto clerk: does what the supplier's clerk does: saves a workbook with another figure.
import { join } from "node:path";
import type { Command } from "commander";
import { usageError } from "../errors.ts";
import { seq } from "../options.ts";
import { readRunFile } from "../run-files.ts";

interface ClerkOptions {
  readonly sku: string;
  readonly onHand: number;
  readonly folder?: string;
  readonly data: string;
}

export function define(command: Command): void {
  command
    .requiredOption("--sku <id>", "product and size, for example BL2481-38")
    .requiredOption("--on-hand <pairs>", "how many pairs there are now", seq)
    .option("--folder <folder>", "the folder with the workbooks (default: the demo's)")
    .option("--data <folder>", "data folder of the demo", ".junto")
    .action(clerk);
}

async function clerk({ sku, onHand, folder: named, data }: ClerkOptions): Promise<void> {
  if (!/^[A-Z]{2}\d{4}-\d{2}$/.test(sku))
    throw usageError(`--sku is "${sku}"; give product and size, for example BL2481-38.`);
  const { saveStock } = await import("@junto/supplier");
  const folder = named ?? readRunFile(data, "legacy-supplier")?.url ?? join(data, "supplier");
  await saveStock({ folder, skuId: sku, onHand });
  console.log(`The workbook in ${folder} now says ${onHand} pairs of ${sku}.`);
}
