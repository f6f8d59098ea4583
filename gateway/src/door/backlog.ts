// What has been sent to a client and has not left yet: a client that is slow lets it grow.

export interface Backlog {
  /** More is waiting than a client should let wait. */
  congested(): boolean;
  /** Resolves when it has gone, or the connection has. */
  drained(): Promise<void>;
}

export interface WatchedBacklog extends Backlog {
  /** To be called when something has left, and when the connection has gone. */
  look(): void;
}

/**
 * @param waiting bytes that wait now; of a connection that has gone none
 * @param limit bytes that may
 */
export function createBacklog(waiting: () => number, limit: number): WatchedBacklog {
  const listeners: (() => void)[] = [];
  function look(): void {
    if (waiting() > limit / 2) return;
    for (const resolve of listeners.splice(0)) resolve();
  }
  return {
    congested: () => waiting() > limit,
    drained: () =>
      new Promise((resolve) => {
        listeners.push(resolve);
        look();
      }),
    look,
  };
}
