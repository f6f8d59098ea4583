// What the person began in a group, until there is a card of it.
import { useMemo, type ReactNode } from "react";
import { OnItsWay, Run } from "../cards/card-actions.tsx";
import type { OpenGroup } from "../junto/index.ts";
import { usePart, useWatched, useWorkspace } from "../state/hooks.ts";

export interface OwnActionsProps {
  readonly open: OpenGroup;
  readonly isOnline: boolean;
  readonly onForm: (card: string | null, verb: string) => void;
}

export function OwnActions({ open, isOnline, onForm }: OwnActionsProps): ReactNode {
  const { me, outbox } = useWorkspace();
  const waiting = useWatched(outbox.waiting);
  const runs = usePart(open.view, ({ timeline }) => timeline.runs);
  const last = useMemo(
    () =>
      [...runs.values()]
        .filter(({ run, actor }) => run.cardId === null && actor?.id === me.id)
        .sort((a, b) => b.seq - a.seq)[0],
    [runs, me.id],
  );
  const sending = waiting.flatMap(({ key, intention }) =>
    intention.kind === "act" && intention.card === null && intention.group === open.id
      ? [{ key, verb: intention.verb }]
      : [],
  );
  return (
    <>
      {sending.map(({ key, verb }) => (
        <OnItsWay key={key} verb={verb} isOnline={isOnline} />
      ))}
      {last && last.run.status !== "DONE" && (
        <Run key={last.run.id} state={last} card={null} onForm={(verb) => onForm(null, verb)} />
      )}
    </>
  );
}
