// Says when the files change that say what the graph is.
import { watch } from "chokidar";

/** Milliseconds for which nothing more must come: a checkout writes many files. */
const QUIET = 300;
/** Milliseconds between looks. Files are looked at, since networks and container volumes do not always tell. */
const INTERVAL = 1_000;

/** @returns what ends it; resolves when changes from now on are noticed */
export async function watchFiles(
  paths: readonly string[],
  changed: () => void,
): Promise<() => Promise<void>> {
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch([...paths], { usePolling: true, interval: INTERVAL, ignoreInitial: true });
  watcher.on("all", () => {
    clearTimeout(timer);
    timer = setTimeout(changed, QUIET);
  });
  await new Promise<void>((ready) => void watcher.once("ready", ready));
  return async () => {
    clearTimeout(timer);
    await watcher.close();
  };
}
