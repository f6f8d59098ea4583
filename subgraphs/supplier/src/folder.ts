// The supplier's files as the subgraph sees them: the newest readable state of each, joined by style. It lives in
// memory only, as a view of what is in the folder.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { LegacyError } from "@junto/subgraph";
import { isStockFile, type StockRow } from "./read/stock-file.ts";
import { stateOfFile, type FileFault, type FileState } from "./stock-of-file.ts";

/** A style, as the newest file that has it says. */
export interface HeldStyle extends StockRow {
  readonly file: string;
  readonly savedAt: Date;
}

/** All files at one moment. */
export interface Stock {
  readonly files: readonly FileState[];
  readonly styles: ReadonlyMap<string, HeldStyle>;
  /** Files with a style that a newer file has too. */
  readonly overruled: readonly Overruled[];
  /** Files that cannot be read as they are now. */
  readonly faults: readonly FileFault[];
  /** Some file has not been readable since the start: what it holds is not known. */
  readonly incomplete: boolean;
}

interface Overruled {
  readonly file: string;
  readonly by: string;
  readonly styles: readonly string[];
}

export interface StockFolder {
  readonly path: string;
  /** What is known now. Throws `LEGACY_AWAY` when the folder cannot be read or holds no file of stock. */
  current(): Promise<Stock>;
  /** Reads what has changed since last time: the same object if nothing has. Throws like `current`. */
  refresh(): Promise<Stock>;
}

export function openStockFolder(path: string): StockFolder {
  let known: Stock | undefined;
  let isAway = false;
  let looking: Promise<unknown> = Promise.resolve();
  let next: Promise<Stock> | undefined;

  const names = async (): Promise<string[]> => {
    isAway = true;
    const found = await namesIn(path);
    isAway = false;
    return found;
  };
  const look = async (): Promise<Stock> => {
    next = undefined;
    const before = known?.files ?? [];
    const files = await statesOf(path, await names(), before);
    const isSame = files.length === before.length && files.every((file, index) => file === before[index]);
    if (!known || !isSame) known = stockOf(files);
    return known;
  };
  const refresh = (): Promise<Stock> => {
    // One look at a time. Whoever asks during one gets the next, which sees all that is there by then.
    if (!next) {
      next = looking.then(look, look);
      looking = next;
    }
    return next;
  };
  return {
    path,
    refresh,
    async current() {
      const wasAway = isAway;
      await names();
      return known && !wasAway ? known : refresh();
    },
  };
}

/** In the order of their names. */
async function statesOf(
  folder: string,
  names: readonly string[],
  before: readonly FileState[],
): Promise<FileState[]> {
  const known = new Map(before.map((state) => [state.file, state]));
  const files: FileState[] = [];
  for (const name of names.filter(isStockFile)) {
    const state = await stateOfFile(join(folder, name), known.get(name));
    known.delete(name);
    if (state) files.push(state);
  }
  // Some programs take a file away for a moment while they save it; it is locked then.
  const isBeingSaved = ({ file }: FileState): boolean => names.includes(`~$${file}`);
  files.push(...[...known.values()].filter(isBeingSaved));
  return files.sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** A folder without any file of stock is one that is not there: a network drive that is not connected looks so. */
async function namesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new LegacyError("LEGACY_AWAY", "The supplier's folder cannot be read", { cause });
  });
  if (!names.some(isStockFile)) throw new LegacyError("LEGACY_AWAY", "The supplier's folder is empty");
  return names;
}

function stockOf(files: readonly FileState[]): Stock {
  const newestFirst = files
    .flatMap(({ file, good }) => (good ? [{ file, ...good }] : []))
    .sort((a, b) => b.savedAt.getTime() - a.savedAt.getTime());
  const styles = new Map<string, HeldStyle>();
  const overruled = new Map<string, { file: string; by: string; styles: string[] }>();
  for (const { file, reading, savedAt } of newestFirst) {
    for (const row of reading.rows) {
      const by = styles.get(row.style)?.file;
      if (by === undefined) {
        styles.set(row.style, { ...row, savedAt, file });
        continue;
      }
      const noted = overruled.get(`${file}/${by}`) ?? { file, by, styles: [] };
      noted.styles.push(row.style);
      overruled.set(`${file}/${by}`, noted);
    }
  }
  return {
    files,
    styles,
    overruled: [...overruled.values()],
    faults: files.flatMap(({ fault }) => fault ?? []),
    incomplete: files.some(({ good }) => !good),
  };
}
