// The web client: where it is, and how it is built in a checkout. An installed package has it built already.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);

/** The folder of `@junto/web`. */
const FOLDER: string = dirname(require.resolve("@junto/web/package.json"));

/** What a build is made of, from the client's folder. */
const SOURCES = ["src", "public", "index.html", "vite.config.ts", "package.json", "../template/src"];

/** The built client, if there is one. */
export function builtClient(): string | undefined {
  const dist = join(FOLDER, "dist");
  return existsSync(join(dist, "index.html")) ? dist : undefined;
}

/**
 * Builds the client when it is missing or its sources have changed since.
 *
 * @returns the folder of the built client, and whether it was built just now
 */
export async function buildClient(): Promise<{ readonly dist: string; readonly built: boolean }> {
  const dist = join(FOLDER, "dist");
  const mark = join(dist, ".sources");
  const isCheckout = existsSync(join(FOLDER, "vite.config.ts"));
  if (!isCheckout) return { dist, built: false };
  const digest = digestOf(SOURCES.map((name) => join(FOLDER, name)));
  const isCurrent = (): boolean =>
    builtClient() !== undefined && existsSync(mark) && readFileSync(mark, "utf8") === digest;
  if (isCurrent()) return { dist, built: false };
  // Built aside and moved into place: what is there may be served at this moment, or made by somebody else.
  const part = mkdtempSync(join(FOLDER, "dist-"));
  try {
    await runVite(part);
    writeFileSync(join(part, ".sources"), digest);
    if (isCurrent()) return { dist, built: false };
    rmSync(dist, { recursive: true, force: true });
    renameSync(part, dist);
    return { dist, built: true };
  } catch (error) {
    if (isCurrent()) return { dist, built: false }; // somebody else was faster
    throw error;
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
}

function digestOf(paths: readonly string[]): string {
  const hash = createHash("sha256");
  for (const path of paths) {
    if (!existsSync(path)) continue;
    for (const file of filesIn(path)) hash.update(file).update(readFileSync(file));
  }
  return hash.digest("hex");
}

function filesIn(path: string): string[] {
  try {
    const entries = readdirSync(path, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return [path];
    throw error;
  }
}

async function runVite(outDir: string): Promise<void> {
  const vite = join(dirname(require.resolve("vite/package.json", { paths: [FOLDER] })), "bin", "vite.js");
  // Whoever starts it may be a test: the client that is served is the one for people.
  const env = { ...process.env, NODE_ENV: "production" };
  const child = spawn(process.execPath, [vite, "build", "--outDir", outDir], {
    cwd: FOLDER,
    env,
    stdio: "inherit",
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", resolve);
  });
  if (code !== 0) throw new Error(`vite build ended with code ${code}`);
}
