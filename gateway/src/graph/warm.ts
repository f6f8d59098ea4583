// What a graph is asked all the time is planned in the next one before that is in force: nobody waits for it then.
import { JuntoError } from "../errors/index.ts";
import type { Operation } from "../operation/prepare.ts";
import type { Graph } from "./graph.ts";

export interface Warmed {
  /** Plans that were made. */
  readonly planned: number;
  /** Operations in use that the next graph does not know: their clients will be told so. */
  readonly invalid: readonly { readonly operation: string; readonly message: string }[];
}

/** Operations that are planned beforehand, those last used first. */
const MOST = 500;
/** Plans at once: the gateway goes on planning for the graph in force. */
const AT_ONCE = 2;

/** Plans in `next` what `before` has planned, for the same uses. */
export async function warm(before: Graph, next: Graph): Promise<Warmed> {
  const invalid: { operation: string; message: string }[] = [];
  let planned = 0;
  const tasks: (() => Promise<unknown>)[] = [];

  for (const { text, uses } of before.join.used())
    for (const use of uses) tasks.push(() => next.join.prepare(text, use));
  for (const operation of before.operations.kept().slice(0, MOST)) {
    const uses = before.engine.uses(operation);
    if (uses.length === 0) continue;
    const read = readOnce(operation, next, (message) =>
      invalid.push({ operation: operation.name ?? operation.digest, message }),
    );
    for (const use of uses)
      tasks.push(async () => {
        const again = read();
        if (again) await next.engine.prepare(again, use);
      });
  }

  const waiting = tasks.values();
  const work = async (): Promise<void> => {
    for (const task of waiting) {
      // What cannot be planned now is tried again, and said, when it is asked.
      await task().then(
        () => (planned += 1),
        () => undefined,
      );
      await new Promise((turn) => setImmediate(turn)); // what comes meanwhile is not to wait for all of this
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { planned, invalid };
}

function readOnce(
  { source: { text, name } }: Operation,
  next: Graph,
  onInvalid: (message: string) => void,
): () => Operation | null {
  let read: Operation | null | undefined;
  return () => {
    if (read !== undefined) return read;
    try {
      read = next.operations.prepare(text, name);
    } catch (error) {
      read = null;
      onInvalid(JuntoError.from(error).message);
    }
    return read;
  };
}
