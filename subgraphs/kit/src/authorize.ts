// The owner's own last word: asked before a field's resolver runs, and for each entity before it is looked for or given
// away. What it does not clearly allow is refused.
import { isPromise } from "./deadline.ts";
import { RequestError } from "./errors.ts";
import type { Asked, Authorize, Context } from "./types.ts";

/** Of one request. What is returned is a promise, or nothing when it was decided at once. Throws when it is refused. */
export interface Authorization {
  field(asked: Exclude<Asked, { kind: "entity" }>): Promise<void> | undefined;
  /** Asked once for each entity. */
  entity(type: string, key: string): Promise<void> | undefined;
  /** What was decided may have changed. */
  forgetAll(): void;
}

type Race = <T>(work: () => T | Promise<T>) => T | Promise<T>;

export function createAuthorization(
  authorize: Authorize<any> | undefined,
  race: Race,
  context: () => Context<unknown>,
): Authorization | undefined {
  if (!authorize) return undefined;
  const entities = new Map<string, () => Promise<void> | undefined>();

  const decide = (asked: Asked): Promise<void> | undefined => {
    const decided = race(() => authorize(context().viewer, asked, context()));
    if (isPromise(decided)) return decided.then(isAllowed);
    isAllowed(decided);
    return undefined;
  };

  return {
    field: decide,
    entity(type, key) {
      const name = `${type} ${key}`;
      let decided = entities.get(name);
      if (!decided) entities.set(name, (decided = once(() => decide({ kind: "entity", type, key }))));
      return noting(decided);
    },
    forgetAll: () => entities.clear(),
  };
}

/** What refused an entity. */
const refusals = new WeakSet<RequestError>();

/** Whether an entity is not to be had by the owner's word, and nothing has failed. */
export function isRefusal(error: unknown): boolean {
  return error instanceof RequestError && refusals.has(error);
}

function noting(decide: () => Promise<void> | undefined): Promise<void> | undefined {
  const note = (error: unknown): never => {
    if (error instanceof RequestError) refusals.add(error);
    throw error;
  };
  try {
    return decide()?.catch(note);
  } catch (error) {
    return note(error);
  }
}

/** It is the integrator's code that decides: whatever it may give. */
function isAllowed(decided: unknown): void {
  if (decided !== true) throw new RequestError("NOT_SHARED", "This is not shared with you");
}

/** The same outcome for all who ask: nothing, a promise, or what was thrown. */
function once<T>(work: () => T): () => T {
  let outcome: (() => T) | undefined;
  return () => {
    if (!outcome) {
      try {
        const value = work();
        outcome = () => value;
      } catch (error) {
        outcome = () => {
          throw error;
        };
      }
    }
    return outcome();
  };
}
