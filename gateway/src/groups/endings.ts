// Ends grants when their date has come: at that moment, and, of what came while no gateway was up, at the start.
import type { Log } from "../observe/index.ts";
import type { Grants } from "./grants.ts";

export interface Endings {
  close(): Promise<void>;
}

/** How often to look, in ms, whatever the next date is: another gateway may have granted something shorter. */
const INTERVAL = 1_000;
/** So that a clock that seems to stand still does not keep us busy. */
const SHORTEST = 10;

export function createEndings({
  endGrants,
  log,
}: Pick<Grants, "endGrants"> & { readonly log: Log }): Endings {
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const look = async (): Promise<void> => {
    let next = INTERVAL;
    try {
      next = Math.min(INTERVAL, Math.max(SHORTEST, (await endGrants()) ?? INTERVAL));
    } catch (error) {
      log.warn({ err: error }, "could not look for grants whose date has come");
    }
    if (!closed) timer = setTimeout(() => void (looking = look()), next);
  };
  let looking = look();

  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await looking;
    },
  };
}
