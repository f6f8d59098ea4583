// An answer of the gateway that a page shows: on its way, there, or not to be had.
import { useCallback, useEffect, useRef, useState } from "react";
import { problemOf, type AskProblem } from "../junto/index.ts";

export type Answer<Result> =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly problem: AskProblem }
  | { readonly kind: "there"; readonly result: Result };

const LOADING = { kind: "loading" } as const;

/**
 * Asks when it is first drawn, and whenever `ask` is another function. What is there stays until there is something
 * newer.
 */
export function useAnswer<Result>(
  ask: () => Promise<Result>,
): readonly [Answer<Result>, again: () => Promise<void>] {
  const [answer, setAnswer] = useState<Answer<Result>>(LOADING);
  const newest = useRef(0);
  const again = useCallback(async () => {
    const at = ++newest.current;
    const next = await ask().then(
      (result) => ({ kind: "there", result }) as const,
      (error: unknown) => ({ kind: "failed", problem: problemOf(error) }) as const,
    );
    if (at === newest.current) setAnswer(next);
  }, [ask]);
  useEffect(() => {
    const started = newest;
    void again();
    return () => void started.current++;
  }, [again]);
  return [answer, again];
}
