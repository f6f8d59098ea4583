// What one can do with a card, wherever on it the buttons are: in its template or below it.
import { createContext, use, type ReactNode } from "react";
import type { Action, Card, RunState } from "../junto/index.ts";
import { useWatched, useWorkspace } from "../state/hooks.ts";

export interface Acting {
  /** As the card offers them. */
  readonly actions: readonly Action[];
  /** Verbs of what was pressed and has not been taken yet. */
  readonly onItsWay: ReadonlySet<string>;
  /** One thing after the other. */
  readonly isBusy: boolean;
  readonly start: (action: Action) => void;
}

/** Null: what is drawn is no card that anything can be done with. */
export const ActingContext: React.Context<Acting | null> = createContext<Acting | null>(null);

export interface ActingOnProps {
  readonly group: string;
  readonly card: Card;
  /** What was done with it last. */
  readonly last: RunState | undefined;
  readonly onForm: (verb: string) => void;
  readonly children: ReactNode;
}

export function ActingOn({ group, card, last, onForm, children }: ActingOnProps): ReactNode {
  const workspace = useWorkspace();
  const waiting = useWatched(workspace.outbox.waiting);
  const onItsWay = new Set(
    waiting.flatMap(({ intention }) =>
      intention.kind === "act" && intention.card === card.id ? [intention.verb] : [],
    ),
  );
  const acting: Acting = {
    actions: card.actions,
    onItsWay,
    isBusy: onItsWay.size > 0 || last?.run.status === "PENDING",
    start({ verb, form }) {
      if (form !== null) return onForm(verb);
      workspace.act({ group, verb, card: card.id, seen: card.revision, input: {} });
    },
  };
  return <ActingContext value={acting}>{children}</ActingContext>;
}

/** The button of an action; nothing where it is not offered. */
export function ActionButton({ verb }: { readonly verb: string }): ReactNode {
  const acting = use(ActingContext);
  const action = acting?.actions.find((each) => each.verb === verb);
  if (!acting || !action) return null;
  return (
    <button
      type="button"
      className={action === acting.actions[0] ? "button button-first" : "button"}
      disabled={acting.isBusy}
      onClick={() => acting.start(action)}
    >
      {action.title}
    </button>
  );
}
