// A part of the benchmark in a process of its own, which is asked by name, and the clock that all of them share.
import { fork } from "node:child_process";

/** What a part can be asked. `close` comes last. */
type Calls = {
  readonly [name: string]: (argument: never) => unknown;
} & { close(): unknown };

export interface Child<C extends Calls> {
  readonly pid: number;
  ask<Name extends keyof C & string>(
    name: Name,
    ...argument: Parameters<C[Name]>
  ): Promise<Awaited<ReturnType<C[Name]>>>;
  /** Milliseconds of CPU that the process has used. */
  cpu(): Promise<number>;
}

/** Takes what is to be done in the end; what is taken last is done first. */
export type OnClose = (step: () => unknown) => void;

interface Asked {
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
}

interface Answered {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** Milliseconds that a child may take to close what it has open. */
const PATIENCE = 15_000;

/** Milliseconds since the machine started: the same in every process. */
export function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Starts `file` with the flags of this process and some more, or `alone`; lets go of it in the end. */
export function startChild<C extends Calls>(
  file: URL,
  onClose: OnClose,
  flags: readonly string[] = [],
  { alone = false }: { readonly alone?: boolean } = {},
): Child<C> {
  const child = fork(file, {
    execArgv: [...(alone ? [] : process.execArgv), ...flags],
    serialization: "advanced",
  });
  const waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  let asked = 0;
  const ended = new Promise<void>((resolve) =>
    child.once("exit", (code) => {
      for (const { reject } of waiting.values()) reject(new Error(`${file.pathname} ended with ${code}`));
      resolve();
    }),
  );
  child.on("message", ({ id, result, error }: Answered) => {
    const asker = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asker?.resolve(result);
    else asker?.reject(new Error(error));
  });
  const ask = (name: string, argument?: unknown): Promise<any> =>
    new Promise((resolve, reject) => {
      waiting.set((asked += 1), { resolve, reject });
      child.send({ id: asked, name, argument } satisfies Asked, (error) => error && reject(error));
    });
  onClose(async () => {
    if (child.connected) child.disconnect();
    const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
    await ended;
    clearTimeout(timer);
  });
  return {
    pid: child.pid!,
    ask: (name, ...argument) => ask(name, argument[0]),
    cpu: () => ask("cpu"),
  };
}

/** In the child: answers until the parent lets go of it, or dies; then closes and ends. */
export function serve(calls: Calls): void {
  const known: Readonly<Record<string, (argument: never) => unknown>> = {
    ...calls,
    cpu: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1000;
    },
  };
  process.on("message", ({ id, name, argument }: Asked) => {
    const answer = (answered: Answered): void => void process.send?.(answered);
    Promise.resolve()
      .then(() => known[name]!(argument as never))
      .then(
        (result) => answer({ id, result }),
        (error: unknown) =>
          answer({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
      );
  });
  // Ctrl-C is for the parent, which then lets go.
  process.on("SIGINT", () => undefined);
  process.once("disconnect", () => {
    void Promise.resolve(calls.close()).finally(() => process.exit());
  });
}
