// Notices that the clerk saved, and tells which products and sizes are different now.
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { LegacyError, type ChangeSink, type Logger } from "@junto/subgraph";
import { watch, type FSWatcher } from "chokidar";
import { createAnnounce } from "./announce.ts";
import type { StockFolder } from "./folder.ts";
import { isStockFile } from "./read/stock-file.ts";
import { createReport } from "./report.ts";

/** Milliseconds. Network drives do not always tell of a change, and a folder that comes back never does. */
const LOOK_AGAIN_EVERY = 10_000;
/** Milliseconds for which a file must have kept its size. */
const SETTLED_AFTER = 80;

/** Resolves when the folder has been compared with what was known before the subgraph was started. */
export async function watchStock(options: {
  readonly stock: StockFolder;
  readonly sink: ChangeSink;
  readonly log: Logger;
  readonly lookAgainEvery?: number;
}): Promise<{ close(): Promise<void> }> {
  const { stock, sink, log, lookAgainEvery = LOOK_AGAIN_EVERY } = options;
  const announce = createAnnounce(sink);
  const report = createReport(log);
  const listener = createListener(stock.path, log, () => void look());
  let isClosed = false;

  const lookOnce = async (): Promise<void> => {
    if (isClosed) return;
    try {
      await listener.listen();
      const now = await stock.refresh();
      report.stock(now);
      await announce(now);
    } catch (error) {
      if (error instanceof LegacyError) report.away(error);
      else log.error({ err: error }, "the supplier's folder could not be compared: trying again");
    }
  };
  let looking = Promise.resolve();
  let isWaiting = false;
  const look = (): Promise<void> => {
    if (isWaiting) return looking;
    isWaiting = true;
    looking = looking.then(() => {
      isWaiting = false;
      return lookOnce();
    });
    return looking;
  };

  await look();
  const timer = setInterval(() => void look(), lookAgainEvery);
  timer.unref();
  return {
    async close() {
      isClosed = true;
      clearInterval(timer);
      await looking;
      await listener.close();
    },
  };
}

interface Listener {
  /** Listens to the folder that is at the path now. */
  listen(): Promise<void>;
  close(): Promise<void>;
}

/** `changed` is called when a file of stock was saved, and again for the next. */
function createListener(path: string, log: Logger, changed: () => void): Listener {
  let watcher: FSWatcher | undefined;
  let folder: string | undefined;
  const close = async (): Promise<void> => {
    await watcher?.close();
    watcher = undefined;
    folder = undefined;
  };
  // A folder that was moved away is not listened to any more, even if the very same comes back.
  const forget = (): void => void (folder = undefined);
  return {
    close,
    async listen() {
      const found = await stat(path).then(
        ({ dev, ino }) => `${dev}:${ino}`,
        () => undefined,
      );
      if (found === folder) return;
      await close();
      if (found === undefined) return;
      folder = found;
      watcher = openWatcher(path);
      watcher.on("unlinkDir", forget).on("all", changed);
      await untilReady(watcher, log);
    },
  };
}

function openWatcher(path: string): FSWatcher {
  return watch(path, {
    depth: 0,
    ignoreInitial: true,
    followSymlinks: false,
    ignored: (each, stats) => stats?.isFile() === true && !isStockFile(basename(each)),
    awaitWriteFinish: { stabilityThreshold: SETTLED_AFTER, pollInterval: 20 },
  });
}

async function untilReady(watcher: FSWatcher, log: Logger): Promise<void> {
  await new Promise<void>((resolve) => {
    watcher.once("ready", resolve);
    watcher.on("error", (error) => {
      log.warn(
        { err: error },
        "the supplier's folder cannot be listened to: looking at it from time to time",
      );
      resolve();
    });
  });
}
