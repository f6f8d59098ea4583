// The life of a part that runs until it is told to stop: a gateway, a subgraph, an old system.
import { resolve } from "node:path";
import { removeRunFile, writeRunFile } from "./run-files.ts";

export interface Running {
  readonly url: string;
  close(): Promise<void>;
}

export interface PartNaming {
  readonly name: string;
  readonly data: string;
  /** What to print once it can be used. */
  readonly say: (url: string) => string;
}

/** What a part sends to the process that forked it, once it can be used. */
export interface ReadyMessage {
  readonly ready: { readonly part: string; readonly url: string };
}

/** Signals come twice when a shell, npm and the terminal all pass them on: so close together they are one. */
const ONE_SIGNAL_MS = 500;

/**
 * Starts a part, tells where it is, and ends when it is told to stop: by SIGINT, SIGTERM, SIGHUP, or because
 * the process that forked it is gone.
 */
export async function runPart(part: PartNaming, start: () => Promise<Running>): Promise<void> {
  const data = resolve(part.data);
  const stopped = stopRequested(() => process.exit(1));
  const running = await start();
  await announce(part, data, running.url);
  await stopped;
  await running.close();
  removeRunFile(data, part.name);
}

/** The same for a part that does something once, and ends: its file stays, to say where the result is. */
export async function runOnce(part: PartNaming, start: () => Promise<Running>): Promise<void> {
  const { url } = await start();
  await announce(part, resolve(part.data), url);
}

async function announce(part: PartNaming, data: string, url: string): Promise<void> {
  writeRunFile(data, part.name, { pid: process.pid, url });
  console.log(part.say(url));
  await tellParent({ ready: { part: part.name, url } });
}

/** Resolves when it is sent. A parent that is gone at this moment is none: "disconnect" says so too. */
export function tellParent(message: ReadyMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected && process.send) process.send(message, undefined, undefined, () => resolve());
    else resolve();
  });
}

/** Resolves at the first request to stop; at the second, `again` is called. */
export function stopRequested(again: () => void): Promise<string> {
  return new Promise((done) => {
    let first: number | undefined;
    const stop = (why: string) => {
      if (first === undefined) {
        first = Date.now();
        done(why);
      } else if (Date.now() - first > ONE_SIGNAL_MS && why !== "disconnect") {
        again();
      }
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
    if (process.channel) process.once("disconnect", () => stop("disconnect"));
  });
}
