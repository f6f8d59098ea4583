// The turn of the day in the shop: prices begin at midnight and "the last 28 days" are others, and no row of
// the ERP changes for it.
import type { ChangeSink, Logger } from "@junto/subgraph";
import type { Database } from "../database.ts";
import { describeNewDay } from "./describe.ts";

const CURSOR = "day";
const LOOK_EVERY = 30_000;
const SHANGHAI = 8 * 3_600_000;

/** Tells of a new day once, also when it began while the subgraph was not running. */
export async function watchDays(
  { db, now = () => new Date() }: { readonly db: Database; readonly now?: () => Date },
  sink: ChangeSink,
  log: Logger,
): Promise<{ close(): void }> {
  let known = await sink.cursor(CURSOR);
  let looking = false;
  const look = async (): Promise<void> => {
    const time = now();
    const day = new Date(time.getTime() + SHANGHAI).toISOString().slice(0, 10);
    if (looking || day === known) return;
    looking = true;
    try {
      const changes = known === undefined ? [] : await describeNewDay(db, time.toISOString());
      await sink.emit(changes, { name: CURSOR, value: day });
      known = day;
    } catch (error) {
      log.warn({ reason: (error as Error).message }, "the new day could not be announced: trying again");
    } finally {
      looking = false;
    }
  };
  await look();
  const timer = setInterval(() => void look(), LOOK_EVERY).unref();
  return { close: () => clearInterval(timer) };
}
