// Starts the parts as what they need becomes ready, hears when one ends, and stops them in order.
import { join } from "node:path";
import { describeEnding, lastLines, startChild, type Child } from "./child.ts";
import type { PartName, PartPlan } from "./plan.ts";

export interface SupervisorOptions {
  readonly parts: readonly PartPlan[];
  /** The program whose arguments the parts give: `junto` itself. */
  readonly entry: string;
  readonly logFolder: string;
  onReady(part: PartPlan, url: string, milliseconds: number): void;
  /** A part ended that should not have. */
  onEnded(part: PartPlan, how: PartEnding): void;
}

export interface PartEnding {
  readonly text: string;
  /** It could not even be started. */
  readonly early: boolean;
  readonly lines: readonly string[];
  readonly logFile: string;
}

export interface Supervisor {
  /** The part's address; rejects when it, or what it needs, ended before. */
  ready(name: PartName): Promise<string>;
  pid(name: PartName): number | undefined;
  /** Resolves when every part is ready or has failed. */
  settled(): Promise<void>;
  stop(): Promise<void>;
  kill(): void;
}

/** Who asks stops before who answers; each line at once. */
const STOPPING: readonly (readonly PartName[])[] = [
  ["gateway"],
  ["subgraph-mall", "subgraph-brand", "subgraph-supplier"],
  ["web", "issuers", "legacy-mall", "legacy-brand", "legacy-supplier"],
];

export function supervise(options: SupervisorOptions): Supervisor {
  const { parts, entry, logFolder } = options;
  const children = new Map<PartName, Child>();
  const ready = new Map<PartName, Promise<string>>();
  let stopping = false;

  async function start(part: PartPlan): Promise<string> {
    await Promise.all(part.needs.map(async (name) => ready.get(name)));
    if (stopping) throw new Error("the demo is stopping");
    const began = performance.now();
    const logFile = join(logFolder, `${part.name}.log`);
    let early = true;
    const child = startChild({ entry, args: part.args, env: part.env, logFile });
    children.set(part.name, child);
    void child.ended.then((ending) => {
      children.delete(part.name);
      if (stopping || (part.ends === true && ending.code === 0)) return;
      options.onEnded(part, { text: describeEnding(ending), early, lines: lastLines(logFile), logFile });
    });
    const url = await child.ready;
    early = false;
    if (!stopping) options.onReady(part, url, performance.now() - began);
    return url;
  }

  for (const part of parts) {
    // In a later turn, when every part is known: one may need another that stands after it.
    const started = Promise.resolve().then(() => start(part));
    started.catch(() => undefined); // told by onEnded; who needs it fails with it
    ready.set(part.name, started);
  }

  return {
    ready: (name) => ready.get(name) ?? Promise.reject(new Error(`there is no part ${name}`)),
    pid: (name) => children.get(name)?.pid,
    settled: async () => void (await Promise.allSettled(ready.values())),
    async stop() {
      stopping = true;
      for (const names of STOPPING) await Promise.all(names.map(async (name) => children.get(name)?.stop()));
    },
    kill() {
      stopping = true;
      for (const child of children.values()) child.kill();
    },
  };
}
