// junto keys: which keys sign for subgraphs, and a new one to follow. Gateways that run take it from the file.
import { join } from "node:path";
import { Argument, type Command } from "commander";
import { usageError } from "../errors.ts";
import { seq } from "../options.ts";

interface KeysOptions {
  readonly data?: string;
  readonly lead?: number;
  readonly revoke?: boolean;
}

export function define(command: Command): void {
  command
    .addArgument(
      new Argument("[what]", "list, or rotate: make a new one").choices(["list", "rotate"]).default("list"),
    )
    .option("--data <folder>", "where the gateway keeps its keys (JUNTO_DATA_DIR, .junto; or JUNTO_KEY_FILE)")
    .option("--lead <seconds>", "rotate: until the new key signs (3600)", seq)
    .option("--revoke", "rotate: withdraw the keys so far at once, since one was stolen")
    .action(keys);
}

async function keys(what: string, { data, lead, revoke = false }: KeysOptions): Promise<void> {
  if (what === "list" && (lead !== undefined || revoke))
    throw usageError("--lead and --revoke are for rotate.");
  if (lead !== undefined && revoke) throw usageError("with --revoke the new key signs at once: no --lead.");
  const { readConfig, readKeyFile, rotateKeyFile } = await import("@junto/gateway");
  const { dataDir, keyFile = join(dataDir, "gateway-key.json") } = readConfig(
    { ...process.env, ...(data !== undefined && { JUNTO_DATA_DIR: data }) },
    process.cwd(),
  );
  if (what === "rotate") await rotateKeyFile(keyFile, { revoke, ...(lead !== undefined && { lead }) });
  const stored = (await readKeyFile(keyFile)).keys;
  const now = Date.now();
  const signing = stored.findLast(({ from }) => from <= now) ?? stored[0];
  for (const { kid, from } of stored) {
    const since = new Date(from).toISOString();
    if (kid === signing?.kid) console.log(`${kid} signs since ${since}`);
    else console.log(from > now ? `${kid} signs from ${since} on` : `${kid} signs no more`);
  }
}
