// A live card: what its template makes of its data, where that comes from, and what can be done with it.
import { verbsIn } from "@junto/template";
import { memo, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import type { Card, CardState, Person, RunState } from "../junto/index.ts";
import { useRoleTitle } from "../state/around.ts";
import { useWorkspace } from "../state/hooks.ts";
import { useWords } from "../words/words.ts";
import { ActingOn } from "./acting.tsx";
import { CardActions } from "./card-actions.tsx";
import { changesBetween } from "./changes.ts";
import { ActionSet, Body, SurfaceContext, type Surface } from "./elements.tsx";
import { useAbsences, useExpanded, type Expansion } from "./expanded.ts";
import { elements, isElement } from "./json.ts";
import { OriginsContext, type Asking } from "./asking.ts";
import { Absences } from "./mark.tsx";
import { originsOf } from "./origins.ts";
import { Sources } from "./sources.tsx";

export interface CardViewProps {
  readonly group: string;
  readonly state: CardState;
  /** What was done with it last. */
  readonly last: RunState | undefined;
  readonly people: ReadonlyMap<string, Person>;
  /** By whose clock the card tells days and hours. */
  readonly timeZone: string;
  readonly isOnline: boolean;
  readonly onForm: (card: string, verb: string) => void;
  /** Messages in its thread. */
  readonly said?: number;
  /** Nothing: there is no thread to open where it is shown. */
  readonly onThread?: (card: string) => void;
  readonly announce: (words: string) => void;
}

export const CardView: (props: CardViewProps) => ReactNode = memo(function CardView(props: CardViewProps) {
  const { group, state, last, people, timeZone, isOnline, onForm, announce } = props;
  const { card } = state;
  const say = useWords();
  const { learn } = useWorkspace();
  useEffect(() => learn(card.actions), [learn, card.actions]);
  const expanded = useExpanded(group, card, { people, timeZone });
  const [showsSources, setShowsSources] = useState(false);
  const surface = useSurface();
  const placed = useMemo(() => new Set(verbsIn(expanded, surface.visible)), [expanded, surface.visible]);
  const form = (verb: string): void => onForm(card.id, verb);
  const absences = useAbsences(card);
  const asking = useAsking(card, people, { everywhere: showsSources, somewhere: absences.size > 0 });
  const summary = say.summaryOf(card);
  useAnnouncement(card.revision, expanded, absences, say.when, (changes) =>
    announce(say("card.hasChanged", { card: summary, changes: changes.join(", ") })),
  );
  return (
    <ActingOn group={group} card={card} last={last} onForm={form}>
      <article className={card.open ? "card" : "card card-settled"} aria-label={summary} data-card={card.id}>
        <SurfaceContext value={surface}>
          <Absences value={absences}>
            <OriginsContext value={asking}>
              <CardBody expanded={expanded} summary={summary} />
            </OriginsContext>
          </Absences>
        </SurfaceContext>
        <footer className="card-foot">
          <CardActions
            group={group}
            card={card}
            last={last}
            isOnline={isOnline}
            onForm={form}
            placed={placed}
          />
          <div className="card-about">
            <ThreadButton {...props} />
            <Sources card={card} onShow={setShowsSources} />
          </div>
          <CardMeta state={state} timeZone={timeZone} />
        </footer>
      </article>
    </ActingOn>
  );
});

interface CardBodyProps {
  readonly expanded: Expansion;
  readonly summary: string;
}

/** Drawn anew when what there is to see is another, which a new state of the card need not mean. */
const CardBody: (props: CardBodyProps) => ReactNode = memo(function CardBody({
  expanded,
  summary,
}: CardBodyProps) {
  const say = useWords();
  if (expanded === undefined) return <CardSkeleton summary={summary} />;
  if (expanded === null)
    return (
      <p className="card-body">
        {summary} <span className="quiet">{say("card.noTemplate")}</span>
      </p>
    );
  if (!isElement(expanded)) return null;
  return (
    <div className="card-body" key={say.locale}>
      <Body items={expanded["body"]} />
      {elements(expanded["actions"]).length > 0 && (
        <div className="ac-block">
          <ActionSet element={expanded} />
        </div>
      )}
    </div>
  );
});

function ThreadButton({ state, said = 0, onThread }: CardViewProps): ReactNode {
  const say = useWords();
  if (!onThread) return null;
  return (
    <button
      type="button"
      className="card-thread"
      aria-label={say("thread.open", { n: said })}
      onClick={() => onThread(state.card.id)}
    >
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d="M5 5h14v11H10l-4 3.5V16H5z" />
      </svg>
      {say("thread.said", { n: said })}
    </button>
  );
}

/** For whom it is, who changed it last, and by whose clock it tells the time. */
function CardMeta({
  state: { card, change },
  timeZone,
}: Pick<CardViewProps, "state" | "timeZone">): ReactNode {
  const say = useWords();
  const roleTitle = useRoleTitle();
  const zone = say.clockOf(timeZone);
  return (
    <p className="card-meta">
      <span>{say("card.for", { roles: say.list(card.to.map(roleTitle)) })}</span>
      {change && (
        <span>
          {change.actor
            ? say("card.changedBy", { who: change.actor.name, when: say.time(change.at) })
            : say("card.changed", { when: say.time(change.at) })}
        </span>
      )}
      {zone !== null && <span>{say("card.clock", { zone })}</span>}
      {!card.open && <span>{say("card.settled")}</span>}
    </p>
  );
}

/** Where values come from; null as long as nobody can ask: then a new state of the card changes nothing in it. */
function useAsking(
  card: Card,
  people: ReadonlyMap<string, Person>,
  { everywhere, somewhere }: { readonly everywhere: boolean; readonly somewhere: boolean },
): Asking | null {
  const asked = everywhere || somewhere ? card : null;
  return useMemo(
    () =>
      asked && { originsOf: (reads) => originsOf(asked, reads), everywhere, people: [...people.values()] },
    [asked, everywhere, people],
  );
}

function useSurface(): Surface {
  const [visible, set] = useState<ReadonlyMap<string, boolean>>(new Map());
  return useMemo(
    () => ({
      visible,
      setVisible: (changes: ReadonlyMap<string, boolean | "toggle">) =>
        set((known) => {
          const next = new Map(known);
          for (const [id, to] of changes) next.set(id, to === "toggle" ? known.get(id) === false : to);
          return next;
        }),
    }),
    [visible],
  );
}

function CardSkeleton({ summary }: { readonly summary: string }): ReactNode {
  return (
    <div className="card-body" aria-busy="true">
      <p>{summary}</p>
      <div className="skeleton" />
      <div className="skeleton skeleton-short" />
    </div>
  );
}

/** Says what has changed when the card has another revision, and not when it is drawn anew for another reason. */
function useAnnouncement(
  revision: number,
  expanded: unknown,
  absences: ReadonlySet<string>,
  when: (at: string) => string,
  say: (changes: string[]) => void,
): void {
  const before = useRef({ revision, expanded });
  useEffect(() => {
    const last = before.current;
    if (expanded === undefined) return;
    before.current = { revision, expanded };
    if (last.revision !== revision && last.expanded !== undefined)
      say(changesBetween(last.expanded, expanded, absences, when));
  });
}
