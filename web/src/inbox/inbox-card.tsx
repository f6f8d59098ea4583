// One card of the inbox: where it is and when it is due, the live card itself, and what one does with it for oneself.
import { useMemo, useState, type ReactNode } from "react";
import { hashOf } from "../app/route.ts";
import { LiveCard } from "../cards/live-card.tsx";
import type { CardState, InboxCard, InboxState, Marking } from "../junto/index.ts";
import { AroundContext } from "../state/around.ts";
import { useNow, usePart, useWorkspace } from "../state/hooks.ts";
import { useWords, type Words } from "../words/words.ts";
import { Snooze } from "./snooze.tsx";

export interface InboxRowProps {
  readonly state: InboxState;
  readonly entry: InboxCard;
  readonly isOnline: boolean;
  readonly onForm: (group: string, card: string, verb: string) => void;
  readonly onMark: (entry: InboxCard, marking: Marking) => void;
  readonly announce: (words: string) => void;
}

export function InboxRow(props: InboxRowProps): ReactNode {
  const { state, entry, isOnline, onForm, onMark, announce } = props;
  const { group, card } = entry;
  const say = useWords();
  const workspace = useWorkspace();
  // What happens in its group makes it a live card.
  const [open] = useState(() => workspace.open(group.id));
  const live = usePart(open.view, ({ timeline }) => timeline.cards.get(card.id)?.card);
  const around = usePart(open.view, (view) => view.around);
  const found = useMemo<CardState>(() => ({ card, seq: 0, change: null }), [card]);
  const people = useMemo(
    () => new Map(group.members.map(({ person }) => [person.id, person] as const)),
    [group.members],
  );
  return (
    <li className="inbox-row" tabIndex={-1} data-entry>
      <header className="inbox-row-head">
        <span className="inbox-place">
          <h2>
            <a href={hashOf({ page: "group", id: group.id })}>{group.name}</a>
          </h2>
          <When state={state} entry={entry} dueAt={(live ?? card).dueAt ?? null} />
        </span>
        <span className="inbox-marks">
          {state === "WAITING" ? (
            <Snooze onSnooze={(until) => onMark(entry, { kind: "snooze", until: until.toISOString() })} />
          ) : (
            <button
              type="button"
              className="button button-quiet"
              onClick={() => onMark(entry, { kind: "return" })}
            >
              {say("inbox.return")}
            </button>
          )}
          {state !== "DONE" && (
            <button
              type="button"
              className="button button-quiet"
              data-done
              onClick={() => onMark(entry, { kind: "finish" })}
            >
              {say("inbox.finish")}
            </button>
          )}
        </span>
      </header>
      <AroundContext value={around}>
        <LiveCard
          open={open}
          id={card.id}
          found={found}
          people={people}
          timeZone={group.timeZone}
          isOnline={isOnline}
          onForm={(id, verb) => onForm(group.id, id, verb)}
          announce={announce}
        />
      </AroundContext>
    </li>
  );
}

function When({
  state,
  entry: { until, markedAt },
  dueAt,
}: {
  readonly state: InboxState;
  readonly entry: InboxCard;
  readonly dueAt: string | null;
}): ReactNode {
  const say = useWords();
  const now = useNow();
  if (state === "SNOOZED" && until != null)
    return <span className="quiet">{say("inbox.back", { when: say.time(until) })}</span>;
  if (state === "DONE" && markedAt != null) return <span className="quiet">{say.time(markedAt)}</span>;
  if (dueAt === null) return null;
  const isOver = Date.parse(dueAt) <= now.getTime();
  return (
    <time className={isOver ? "due due-over" : "due"} dateTime={dueAt}>
      {dueWords(say, dueAt, isOver)}
    </time>
  );
}

function dueWords(say: Words, dueAt: string, isOver: boolean): string {
  const when = say.time(dueAt);
  if (isOver) return say("inbox.overdue", { when });
  return say(say.day(dueAt) === say("day.today") ? "inbox.dueToday" : "inbox.due", { when });
}
