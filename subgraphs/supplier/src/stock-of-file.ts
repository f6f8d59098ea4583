// What is known of one file of the folder: its newest state that could be read, and why a newer one cannot.
import { createHash } from "node:crypto";
import { lstat, readFile } from "node:fs/promises";
import { basename } from "node:path";
import { MAX_FILE_SIZE, readStockFile, type Reading } from "./read/stock-file.ts";
import { UnreadableFile } from "./read/unreadable.ts";

export interface FileState {
  readonly file: string;
  /** The last state that could be read; absent when there was none since the start. */
  readonly good?: GoodState;
  /** Why the file as it is now cannot be used. */
  readonly fault?: FileFault;
  /** When and what was looked at: a file with the same version is not read again. */
  readonly version: string;
}

interface GoodState {
  readonly reading: Reading;
  readonly savedAt: Date;
  readonly hash: string;
}

export interface FileFault {
  readonly file: string;
  readonly reason: string;
  /** The file itself may be fine: try again, even if it does not change. */
  readonly passing: boolean;
}

/** Milliseconds. A file that was written to so shortly ago may not be finished; its program tells when it is. */
const BEING_WRITTEN = 60;

/** The state of a file now, the very same object if nothing changed. Undefined: it is gone, or is not a file. */
export async function stateOfFile(
  path: string,
  before: FileState | undefined,
): Promise<FileState | undefined> {
  const found = await look(path);
  if (!found) return undefined;
  const { version, size, savedAt } = found;
  if (before?.version === version && !before.fault?.passing) return before;
  const age = Date.now() - savedAt.getTime();
  if (before && age >= 0 && age < BEING_WRITTEN) return before;
  const file = basename(path);
  try {
    if (size > MAX_FILE_SIZE) throw new UnreadableFile(`is larger than ${MAX_FILE_SIZE} bytes`);
    const bytes = await readFile(path);
    if ((await look(path))?.version !== version) throw new BeingWritten();
    return { file, version, good: goodState(file, bytes, savedAt, before?.good) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    const fault = faultOf(file, error);
    const isKnown = before?.fault?.reason === fault.reason && before.version === version;
    if (isKnown) return before;
    return { file, version, fault, ...(before?.good && { good: before.good }) };
  }
}

/** A file that was saved without a change is not parsed again. */
function goodState(file: string, bytes: Buffer, savedAt: Date, before: GoodState | undefined): GoodState {
  const hash = createHash("sha256").update(bytes).digest("base64url");
  const reading = before?.hash === hash ? before.reading : readStockFile(file, bytes);
  return { reading, savedAt, hash };
}

/** One file never stops the others, whatever is wrong with it. */
function faultOf(file: string, error: unknown): FileFault {
  if (error instanceof UnreadableFile) return { file, reason: error.message, passing: false };
  if (error instanceof BeingWritten) return { file, reason: "is being written", passing: true };
  const { code, name } = error as NodeJS.ErrnoException;
  const isOfTheSystem = code !== undefined && /^E[A-Z]+$/.test(code);
  if (isOfTheSystem) return { file, reason: `cannot be opened (${code})`, passing: true };
  return { file, reason: `cannot be read (${name})`, passing: false };
}

class BeingWritten extends Error {}

async function look(path: string): Promise<{ version: string; size: bigint; savedAt: Date } | undefined> {
  try {
    const found = await lstat(path, { bigint: true });
    if (!found.isFile()) return undefined;
    const { ino, size, mtimeNs, mtimeMs } = found;
    return { version: `${ino}:${size}:${mtimeNs}`, size, savedAt: new Date(Number(mtimeMs)) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
