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

export interface GoodState {
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

/** The state of a file now, the very same object if nothing changed. Undefined: it is gone, or is not a file. */
export async function stateOfFile(path: string, before: FileState | undefined): Promise<FileState | undefined> {
  const found = await lstat(path, { bigint: true }).catch(ignoreMissing);
  if (!found?.isFile()) return undefined;
  const version = `${found.ino}:${found.size}:${found.mtimeNs}`;
  if (before?.version === version && !before.fault?.passing) return before;
  const file = basename(path);
  try {
    if (found.size > MAX_FILE_SIZE) throw new UnreadableFile(`is larger than ${MAX_FILE_SIZE} bytes`);
    const bytes = await readFile(path);
    const savedAt = new Date(Number(found.mtimeMs));
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

function faultOf(file: string, error: unknown): FileFault {
  if (error instanceof UnreadableFile) return { file, reason: error.message, passing: false };
  const code = (error as NodeJS.ErrnoException).code;
  if (code === undefined) throw error;
  return { file, reason: `cannot be opened (${code})`, passing: true };
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}
