// What can be done with a card, what is under way on it, and what became of it.
import { use, useState, type ReactNode } from "react";
import { formPlace, type Card, type ClosedAction, type RunState } from "../junto/index.ts";
import { useWhyClosed } from "../state/around.ts";
import { useWatched, useWorkspace } from "../state/hooks.ts";
import { useWords } from "../words/words.ts";
import { ActingContext, ActionButton } from "./acting.tsx";

export interface CardActionsProps {
  readonly group: string;
  readonly card: Card;
  /** What was done with it last. */
  readonly last: RunState | undefined;
  readonly isOnline: boolean;
  readonly onForm: (verb: string) => void;
  /** Verbs whose buttons stand in the card itself. */
  readonly placed: ReadonlySet<string>;
}

export function CardActions(props: CardActionsProps): ReactNode {
  const { group, card, last, isOnline, onForm, placed } = props;
  const onItsWay = use(ActingContext)?.onItsWay ?? NOTHING;
  const buttons = card.actions.filter(({ verb }) => !placed.has(verb));
  return (
    <>
      {[...onItsWay].map((verb) => (
        <OnItsWay key={verb} verb={verb} isOnline={isOnline} />
      ))}
      {last && onItsWay.size === 0 && <Run state={last} onForm={onForm} card={card} />}
      <Notices group={group} card={card} onForm={onForm} />
      {buttons.length > 0 && (
        <div className="card-buttons">
          {buttons.map(({ verb }) => (
            <ActionButton key={verb} verb={verb} />
          ))}
        </div>
      )}
      <ClosedActions actions={card.closedActions} />
    </>
  );
}

const NOTHING: ReadonlySet<string> = new Set();

/** What others may do with the card now: a reason in the place of a button that would do nothing. */
function ClosedActions({ actions }: { readonly actions: readonly ClosedAction[] }): ReactNode {
  const say = useWords();
  const whyClosed = useWhyClosed();
  const byReason = new Map<string, string[]>();
  for (const action of actions) {
    const why = whyClosed(action);
    byReason.set(why, [...(byReason.get(why) ?? []), action.title]);
  }
  return [...byReason].map(([why, titles]) => (
    <p key={why} className="card-closed">
      {say("closed.titles", { titles: say.list(titles), why })}
    </p>
  ));
}

export function OnItsWay({
  verb,
  isOnline,
}: {
  readonly verb: string;
  readonly isOnline: boolean;
}): ReactNode {
  const say = useWords();
  const { titleOf } = useWorkspace();
  return (
    <p className="doing doing-pending" role="status">
      {say(isOnline ? "act.sending" : "act.queued", { title: titleOf(verb) })}
    </p>
  );
}

/** How the last action stands. What failed is for who did it; what was done, and what is under way, for everybody. */
export function Run({
  state: { run, at, actor },
  card,
  onForm,
}: {
  readonly state: RunState;
  readonly card: Card | null;
  readonly onForm: (verb: string) => void;
}): ReactNode {
  const say = useWords();
  const { me } = useWorkspace();
  const [dismissed, setDismissed] = useState(false);
  const { verb, status, userErrors } = run;
  const title = say.nameOf(run);
  const isBad = status === "REFUSED" || status === "FAILED";
  if (dismissed || (isBad && actor?.id !== me.id)) return null;
  const who = actor ? `${actor.name}, ${say.nameOf(actor.organization)}` : say("event.system");
  const why = userErrors.map(({ message }) => message).join(" ");
  const isOffered = card === null || card.actions.some((action) => action.verb === verb);
  return (
    <div className={`doing doing-${status.toLowerCase()}`} role={isBad ? "alert" : "status"}>
      <span>{say(`act.${status}`, { title, who, why, when: say.time(at) })}</span>
      {isBad && (
        <span className="doing-buttons">
          {isOffered && (
            <button type="button" className="link" onClick={() => onForm(verb)}>
              {say(status === "REFUSED" ? "act.edit" : "act.again")}
            </button>
          )}
          <button type="button" className="link" onClick={() => setDismissed(true)}>
            {say("act.dismiss")}
          </button>
        </span>
      )}
    </div>
  );
}

/** Why a click did nothing. */
function Notices({
  group,
  card,
  onForm,
}: {
  readonly group: string;
  readonly card: Card;
  readonly onForm: (verb: string) => void;
}): ReactNode {
  const say = useWords();
  const { notices, dismiss } = useWorkspace();
  const all = useWatched(notices);
  const prefix = formPlace(group, "", card.id);
  return [...all].map(([place, { kind, message }]) => {
    if (!place.startsWith(prefix)) return null;
    const words =
      kind === "errors"
        ? message
        : kind === "problem"
          ? say("act.problem", { why: message })
          : say(`act.${kind}`);
    return (
      <div key={place} className="doing doing-notice" role="alert">
        <span>{words}</span>
        <span className="doing-buttons">
          {kind === "errors" && (
            <button type="button" className="link" onClick={() => onForm(place.slice(prefix.length))}>
              {say("act.edit")}
            </button>
          )}
          <button type="button" className="link" onClick={() => dismiss(place)}>
            {say("act.dismiss")}
          </button>
        </span>
      </div>
    );
  });
}
