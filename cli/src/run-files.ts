// Which parts run on a data folder: one small file a part, so that another terminal finds its way.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface RunFile {
  readonly pid: number;
  /** Where the part is reached; may hold a password, hence the file is the owner's only. */
  readonly url: string;
}

const folder = (data: string) => join(data, "run");
const file = (data: string, part: string) => join(folder(data), `${part}.json`);

export function writeRunFile(data: string, part: string, content: RunFile): void {
  mkdirSync(folder(data), { recursive: true, mode: 0o700 });
  const path = file(data, part);
  writeFileSync(`${path}.new`, `${JSON.stringify(content)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** undefined when the part did not run on this folder, or ended as it should. */
export function readRunFile(data: string, part: string): RunFile | undefined {
  try {
    const { pid, url } = JSON.parse(readFileSync(file(data, part), "utf8")) as Partial<RunFile>;
    return typeof pid === "number" && typeof url === "string" ? { pid, url } : undefined;
  } catch {
    return undefined; // not there, or half a file: the same as no file
  }
}

/** Removes the file, unless another process has taken the part over. */
export function removeRunFile(data: string, part: string): void {
  if (readRunFile(data, part)?.pid === process.pid) rmSync(file(data, part), { force: true });
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
