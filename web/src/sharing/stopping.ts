// Grants that are taken back on the page, and what is left of them: the wish to share again. A withdrawal is at once and
// for everybody to see, so the way back is another grant with the same date.
import { useMemo, useState } from "react";
import { GrantDocument, WithdrawDocument, type SharedQuery } from "../generated/graphql.ts";
import { change } from "../state/change.ts";
import { useWorkspace } from "../state/hooks.ts";
import { useWords } from "../words/words.ts";

export type Shared = NonNullable<SharedQuery["grants"]>["grants"][number];

type State = "busy" | "stopped";

export interface Stopping {
  readonly stopped: readonly Shared[];
  /** What was said last to those who do not see it. */
  readonly said: string;
  /** Why the last one did not come about. */
  readonly problem: string | null;
  /** Undefined: it is shared. */
  stateOf(id: string): State | undefined;
  stop(grants: readonly Shared[]): Promise<void>;
  undo(grant: Shared): Promise<void>;
}

export function useStopping(again: () => Promise<void>): Stopping {
  const say = useWords();
  const { connection } = useWorkspace();
  const [marks, setMarks] = useState<ReadonlyMap<string, { readonly grant: Shared; readonly state: State }>>(
    new Map(),
  );
  const [said, setSaid] = useState("");
  const [problem, setProblem] = useState<string | null>(null);

  return useMemo(() => {
    const mark = (grant: Shared, state: State | undefined): void =>
      setMarks((known) => {
        const next = new Map(known);
        if (state) next.set(grant.id, { grant, state });
        else next.delete(grant.id);
        return next;
      });
    return {
      stopped: [...marks.values()].map(({ grant }) => grant),
      said,
      problem,
      stateOf: (id) => marks.get(id)?.state,
      async stop(grants) {
        setProblem(null);
        for (const grant of grants) mark(grant, "busy");
        for (const grant of grants) {
          const { group, policy, role } = grant;
          const wrong = await change(connection, say, WithdrawDocument, { group: group.id, policy, role });
          mark(grant, wrong === null ? "stopped" : undefined);
          if (wrong !== null) setProblem(wrong);
        }
        setSaid(say("sharing.said.stopped", { n: grants.length }));
      },
      async undo(grant) {
        setProblem(null);
        const { group, policy, role, until } = grant;
        const wrong = await change(connection, say, GrantDocument, { group: group.id, policy, role, until });
        if (wrong !== null) return setProblem(wrong);
        await again();
        mark(grant, undefined);
        setSaid(say("sharing.said.again"));
      },
    };
  }, [marks, said, problem, again, connection, say]);
}
