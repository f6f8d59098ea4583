// Tells the supplier's people, in the log, what should be put right in their files. Each thing is said once.
import type { LegacyError, Logger } from "@junto/subgraph";
import type { Stock } from "./folder.ts";

/** Problems of one file that are listed; more are counted. */
const LISTED = 20;

export function createReport(log: Logger): {
  stock(stock: Stock): void;
  away(error: LegacyError): void;
} {
  const told = new WeakSet<object>();
  let toldOverruled = new Set<string>();
  let toldAway: string | undefined;
  const isNews = (thing: object): boolean => {
    const isNew = !told.has(thing);
    told.add(thing);
    return isNew;
  };
  return {
    stock({ files, faults, overruled }) {
      if (toldAway !== undefined) log.info({}, "the supplier's folder is back");
      toldAway = undefined;
      for (const fault of faults.filter(isNews)) {
        const { file, reason } = fault;
        log.warn({ file, reason }, "a file of stock cannot be used: its last good state counts");
      }
      for (const { file, good } of files) {
        const problems = good && isNews(good.reading) ? good.reading.problems : [];
        if (problems.length === 0) continue;
        log.warn(
          { file, count: problems.length, problems: problems.slice(0, LISTED) },
          "a file of stock has mistakes",
        );
      }
      const now = new Map(overruled.map((each) => [JSON.stringify(each), each]));
      for (const [key, { file, by, styles }] of now) {
        if (toldOverruled.has(key)) continue;
        const fields = { file, by, count: styles.length, styles: styles.slice(0, LISTED) };
        log.warn(fields, "styles are in two files: the newer file counts");
      }
      toldOverruled = new Set(now.keys());
    },
    away({ message, cause }) {
      if (toldAway === message) return;
      toldAway = message;
      const code = (cause as NodeJS.ErrnoException | undefined)?.code;
      log.warn({ reason: message, ...(code !== undefined && { code }) }, "the supplier's folder is away");
    },
  };
}
