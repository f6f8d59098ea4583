// The timeline of a group: its rows, what the person began in it, and what is read out.
import { Fragment, useCallback, useEffect, useMemo, useState, type ReactNode } from "react";
import { OnItsWay, Run } from "../cards/card-actions.tsx";
import { LiveCard } from "../cards/live-card.tsx";
import {
  answerCounts,
  answeredBy,
  isBegunBy,
  seenMarks,
  threadsOf,
  type Around,
  type Card,
  type Entry,
  type Group,
  type GroupView,
  type OpenGroup,
  type Person,
  type Presence,
} from "../junto/index.ts";
import { useWatched, useWorkspace } from "../state/hooks.ts";
import { useWords } from "../words/words.ts";
import { AsidesRow } from "./asides.tsx";
import { ChangesRow, UnsaidRow, UnsentRow } from "./entries.tsx";
import { useFound, type Jump } from "./jump.ts";
import { MessageRow, type MessageActs } from "./message-row.tsx";
import { useLineSeen, useReading } from "./reading.ts";
import { firstNewOf, pendingOf, rowsOf, unsentOf, type Row } from "./rows.ts";
import { useScrolling } from "./scroll.ts";
import { SeenBy, SeenMarks } from "./seen.tsx";

export interface TimelineProps {
  readonly open: OpenGroup;
  readonly view: GroupView;
  /** As it stands in the list of groups. */
  readonly group: Group | undefined;
  readonly presence: Presence | null;
  readonly name: string;
  readonly isOnline: boolean;
  readonly onForm: (card: string | null, verb: string) => void;
  readonly acts: MessageActs;
  /** Where one wants to be; null: where one is. */
  readonly jump: Jump | null;
}

export function TimelineView(props: TimelineProps): ReactNode {
  const { open, view, group, presence, name, isOnline, onForm, acts, jump } = props;
  const say = useWords();
  const { me, outbox, unsaid, markRead } = useWorkspace();
  const waiting = useWatched(outbox.waiting);
  const refused = useWatched(unsaid).filter(({ sending }) => sending.intention.group === open.id);
  const { timeline, around } = view;
  const { messages } = timeline;
  const role = around?.members.find(({ person }) => person.id === me.id)?.role;
  const { runs } = timeline;
  const isAside = useCallback(
    (card: Card) => role !== undefined && !card.to.includes(role) && !isBegunBy(runs, card, me.id),
    [role, runs, me],
  );
  const people = useSame(useMemo(() => peopleIn(around, timeline.entries), [around, timeline.entries]));
  const timeZone = around?.timeZone ?? OWN_CLOCK;
  const threads = useMemo(() => threadsOf(messages), [messages]);
  const answers = useMemo(() => answerCounts(messages), [messages]);
  const unsent = unsentOf(waiting, open.id, null);
  const pending = useMemo(() => pendingOf(waiting, open.id), [waiting, open.id]);
  const newest = (timeline.entries.at(-1)?.seq ?? 0) + unsent.length;
  const { area, content, isAtEnd, toEnd, toLine } = useScrolling(timeline.entries[0]?.seq ?? 0, newest);
  const onRead = useCallback((seq: number) => markRead(open.id, seq), [markRead, open.id]);
  const newFrom = useReading({ group, area, isAtEnd, to: timeline.to, onRead });
  const firstNew = firstNewOf(timeline, newFrom, me.id);
  const rows = useMemo(
    () => rowsOf(timeline.entries, say.day, { firstNew, isAside }),
    [timeline.entries, say, firstNew, isAside],
  );
  const isLineSeen = useLineSeen(area, newFrom, firstNew !== null);
  const seen = useSeen(presence, timeline.entries);
  const found = useFound(jump, area, rows);
  const [announced, announce] = useAnnouncements();
  const onCardForm = useCallback((card: string, verb: string) => onForm(card, verb), [onForm]);

  // The same elements as long as the same rows stand here: a card that changes draws itself alone.
  const drawn = useMemo(() => {
    const drawing = { open, people, timeZone, isOnline, onForm: onCardForm, onThread: acts.thread, announce };
    const saidOf = (card: string): number =>
      threads.get(card)?.filter(({ text }) => text !== null).length ?? 0;
    const draw = (row: Row): ReactNode => {
      if (row.kind === "new")
        return (
          <p key={row.key} className="new-line" data-new>
            <span>{say("chat.unread")}</span>
          </p>
        );
      if (row.kind === "day")
        return (
          <p key={row.key} className="day">
            <span>{say.day(row.at)}</span>
          </p>
        );
      if (row.kind === "changes") return <ChangesRow key={row.key} entries={row.entries} />;
      const seq = row.kind === "asides" ? row.seq : row.entry.seq;
      const isFound = found === seq;
      if (row.kind === "message") {
        const message = messages.get(row.entry.message.id) ?? row.entry.message;
        return (
          <Fragment key={row.key}>
            <MessageRow
              open={open}
              message={message}
              goesOn={row.goesOn}
              answered={answeredBy({ messages }, message)}
              answers={answers.get(message.id) ?? 0}
              pending={pending.get(message.id)}
              isInThread={false}
              isFound={isFound}
              acts={acts}
            />
            <SeenBy seq={row.entry.seq} />
          </Fragment>
        );
      }
      return (
        <div
          key={row.key}
          className={isFound ? "entry entry-found" : "entry"}
          tabIndex={-1}
          data-entry
          data-seq={seq}
        >
          {row.kind === "asides" ? (
            <AsidesRow ids={row.cards} saidOf={saidOf} {...drawing} />
          ) : (
            <LiveCard id={row.entry.card.id} said={saidOf(row.entry.card.id)} {...drawing} />
          )}
          <SeenBy seq={seq} />
        </div>
      );
    };
    return rows.map(draw);
  }, [
    rows,
    open,
    people,
    timeZone,
    isOnline,
    onCardForm,
    announce,
    say,
    acts,
    found,
    pending,
    messages,
    answers,
    threads,
  ]);

  const mentioned = isAtEnd ? null : (group?.reading?.firstMention ?? null);
  const readTo = group?.reading?.seq ?? 0;
  const below = timeline.entries.filter(({ seq, actor }) => seq > readTo && actor?.id !== me.id).length;
  return (
    <div className="timeline-frame">
      <div
        className="timeline"
        ref={area}
        role="region"
        aria-label={say("chat.messages")}
        tabIndex={0} // oxlint-disable-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keyboard
        data-timeline
      >
        <div ref={content} className="timeline-content">
          <Start open={open} view={view} name={name} />
          <SeenMarks value={seen}>{drawn}</SeenMarks>
          {refused.map(({ sending, why }) => (
            <UnsaidRow key={sending.key} sending={sending} why={why} />
          ))}
          {unsent.map((sending) => (
            <UnsentRow key={sending.key} sending={sending} isOnline={isOnline} />
          ))}
          <OwnActions open={open} view={view} isOnline={isOnline} onForm={onForm} />
        </div>
      </div>
      {!isAtEnd && (
        <button type="button" className="to-end" onClick={toEnd}>
          {below > 0 ? say("chat.new", { n: below }) : say("chat.newest")} ↓
        </button>
      )}
      {newFrom !== null && !isLineSeen && group?.reading && newFrom > 0 && (
        <button
          type="button"
          className="to-new"
          onClick={() => void open.jumpTo(newFrom).then(() => requestAnimationFrame(toLine))}
        >
          {say("chat.toUnread")} ↑
        </button>
      )}
      {mentioned !== null && (newFrom === null || isLineSeen) && (
        <button type="button" className="to-new" onClick={() => acts.jump(mentioned)}>
          {say("chat.toMention")}
        </button>
      )}
      <p className="visually-hidden" aria-live="polite">
        {announced}
      </p>
    </div>
  );
}

/** Until the group's is known. */
const OWN_CLOCK = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** By `seq`, which organizations' people have read as far as an entry. */
function useSeen(presence: Presence | null, entries: readonly Entry[]): ReturnType<typeof seenMarks> {
  const { me } = useWorkspace();
  return useMemo(() => {
    const said = entries.filter(({ __typename: type }) => type === "MessagePosted" || type === "CardPosted");
    return seenMarks(presence?.seen ?? [], said, me.id);
  }, [presence, entries, me.id]);
}

/** Said once, and gone: a value that is no longer shared must not stay in the page because it was read out. */
function useAnnouncements(): readonly [string, (words: string) => void] {
  const [words, setWords] = useState("");
  useEffect(() => {
    if (words === "") return undefined;
    const timer = setTimeout(() => setWords(""), 5_000);
    return () => clearTimeout(timer);
  }, [words]);
  return [words, setWords];
}

/** What the person began here, until there is a card of it. */
function OwnActions({
  open,
  view,
  isOnline,
  onForm,
}: Pick<TimelineProps, "open" | "view" | "isOnline" | "onForm">): ReactNode {
  const { me, outbox } = useWorkspace();
  const waiting = useWatched(outbox.waiting);
  const last = useMemo(
    () =>
      [...view.timeline.runs.values()]
        .filter(({ run, actor }) => run.cardId === null && actor?.id === me.id)
        .sort((a, b) => b.seq - a.seq)[0],
    [view.timeline.runs, me.id],
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

function Start({ open, view, name }: Pick<TimelineProps, "open" | "view" | "name">): ReactNode {
  const say = useWords();
  const { timeline, older, around } = view;
  if (!around) return <Skeletons />;
  if (timeline.from > 1) {
    return (
      <button
        type="button"
        className="older"
        disabled={older === "loading"}
        onClick={() => void open.loadOlder()}
      >
        {say(older === "loading" ? "app.loading" : older === "failed" ? "chat.olderFailed" : "chat.older")}
      </button>
    );
  }
  if (timeline.entries.length > 0)
    return <p className="beginning">{say("chat.beginning", { group: name })}</p>;
  return (
    <div className="empty">
      <p>{say("chat.empty")}</p>
      <p className="quiet">{say("chat.emptyHint")}</p>
    </div>
  );
}

function Skeletons(): ReactNode {
  const say = useWords();
  return (
    <div aria-busy="true" aria-label={say("app.loading")} role="status">
      {[1, 2, 3].map((at) => (
        <div key={at} className="message">
          <span className="avatar skeleton" />
          <div className="message-body">
            <div className="skeleton skeleton-short" />
            <div className="skeleton" />
          </div>
        </div>
      ))}
    </div>
  );
}

/** The map of before, when this one holds the same: what is drawn with it need not be drawn again. */
function useSame<T>(next: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  const [known, setKnown] = useState(next);
  const isSame = known.size === next.size && [...next].every(([key, value]) => known.get(key) === value);
  if (known !== next && !isSame) setKnown(next);
  return isSame ? known : next;
}

/** Everybody whose name is known here: members, and who was one when they said something. */
function peopleIn(around: Around | null, entries: readonly Entry[]): ReadonlyMap<string, Person> {
  const people = new Map<string, Person>();
  for (const { actor } of entries) if (actor) people.set(actor.id, actor);
  for (const { person } of around?.members ?? []) people.set(person.id, person);
  return people;
}
