// Finds the files of this package that are not code, from its source as well as from its build.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** The text of a file, by its path from the package's root. */
export function packageFile(path: string): Promise<string> {
  return readFile(join(packageRoot(), path), "utf8");
}

function packageRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return folder;
}
