// Saves a file as a spreadsheet program does: a lock file beside it while it is open, the new content in a
// temporary file, and that renamed over the old one.
import { randomBytes } from "node:crypto";
import { open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** Opens a file, lets `edit` make its new content, and saves that. Rejects when it is open elsewhere. */
export async function editFile(path: string, edit: (bytes: Buffer) => Uint8Array): Promise<void> {
  const lock = join(dirname(path), `~$${basename(path)}`);
  await takeLock(lock);
  try {
    const content = edit(await readFile(path));
    const temporary = join(dirname(path), `${randomBytes(4).toString("hex").toUpperCase()}.tmp`);
    await writeDurably(temporary, content);
    await rename(temporary, path);
  } finally {
    await rm(lock, { force: true });
  }
}

/** What spreadsheet programs write into a lock file: the name of who has the workbook open, padded. */
async function takeLock(lock: string): Promise<void> {
  const owner = Buffer.alloc(165, " ");
  owner.write("\u0006wang", "latin1");
  await writeFile(lock, owner, { flag: "wx" }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== "EEXIST") throw cause;
    throw new Error(`The file is open elsewhere: ${basename(lock)} is there`, { cause });
  });
}

async function writeDurably(path: string, content: Uint8Array): Promise<void> {
  const file = await open(path, "wx");
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}
