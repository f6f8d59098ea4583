// The timeline of a group: its rows, what the person began in it, what leads to elsewhere in it, and what is read out.
import { useCallback, useMemo, useState, type ReactNode } from "react";
import {
  answerCounts,
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
  type Sending,
  type Timeline,
} from "../junto/index.ts";
import { usePart, useWatched, useWorkspace } from "../state/hooks.ts";
import { useWords } from "../words/words.ts";
import { Announced, useAnnouncements } from "./announcing.tsx";
import { UnsaidRow, UnsentRow } from "./entries.tsx";
import { useFarChanges } from "./far-changes.ts";
import { useFound, usePlace, type Jump } from "./jump.ts";
import type { MessageActs } from "./message-row.tsx";
import { OwnActions } from "./own-actions.tsx";
import { useLineSeen, useReading } from "./reading.ts";
import { firstNewOf, pendingOf, rowsOf, unsentOf, type Row } from "./rows.ts";
import { useBeginning, useScrolling, type Scrolling } from "./scroll.ts";
import { SeenMarks } from "./seen.tsx";
import { TimelineRow, type Drawing } from "./timeline-row.tsx";
import { TimelineStart } from "./timeline-start.tsx";
import { useDrawn } from "./use-drawn.ts";

export interface TimelineProps {
  readonly open: OpenGroup;
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
  const { open, group, presence, name, isOnline, onForm, jump } = props;
  const say = useWords();
  const { markRead } = useWorkspace();
  const timeline = useTimeline(open);
  const { entries } = timeline;
  const { unsent, refused } = useUnsent(open.id);
  const newest = (entries.at(-1)?.seq ?? 0) + unsent.length;
  const scrolling = useScrolling(newest);
  const { area, content, isAtEnd } = scrolling;
  const onRead = useCallback((seq: number) => markRead(open.id, seq), [markRead, open.id]);
  const newFrom = useReading({ group, view: open.view, area, isAtEnd, onRead });
  const { rows, hasLine } = useRows(timeline, newFrom);
  const seen = useSeen(presence, entries);
  const words = useAnnouncements();
  const drawing = useDrawing(props, timeline, words.set);
  const place = usePlace(jump, rows);
  const { parts, hasBegun, watch } = useDrawn(rows, place?.key ?? null, scrolling);
  const found = useFound(jump, place, scrolling);
  useBeginning(scrolling, hasBegun);
  const isLineSeen = useLineSeen(area, newFrom, hasLine);
  const { people, timeZone } = drawing.cards;
  useFarChanges({ open, rows, area, people, timeZone, announce: words.set });
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
          <TimelineStart open={open} name={name} isEmpty={entries.length === 0} />
          <SeenMarks value={seen}>
            <div data-rows>
              {parts.map((part) =>
                part.kind === "gap" ? (
                  <div key={part.key} style={{ height: part.height }} />
                ) : (
                  <TimelineRow
                    key={part.row.key}
                    row={part.row}
                    isFound={found !== null && part.row === place}
                    drawing={drawing}
                    watch={watch}
                  />
                ),
              )}
            </div>
          </SeenMarks>
          {refused.map(({ sending, why }) => (
            <UnsaidRow key={sending.key} sending={sending} why={why} />
          ))}
          {unsent.map((sending) => (
            <UnsentRow key={sending.key} sending={sending} isOnline={isOnline} />
          ))}
          <OwnActions open={open} isOnline={isOnline} onForm={onForm} />
        </div>
      </div>
      <Ways {...props} entries={entries} scrolling={scrolling} newFrom={newFrom} isLineSeen={isLineSeen} />
      <Announced words={words} />
    </div>
  );
}

interface WaysProps extends TimelineProps {
  readonly entries: readonly Entry[];
  readonly scrolling: Scrolling;
  readonly newFrom: number | null;
  readonly isLineSeen: boolean;
}

/** Buttons that lead to the end, to what is new, and to where one is mentioned. */
function Ways({ open, entries, group, acts, scrolling, newFrom, isLineSeen }: WaysProps): ReactNode {
  const say = useWords();
  const { me } = useWorkspace();
  const { isAtEnd, toEnd, toLine } = scrolling;
  const readTo = group?.reading?.seq ?? 0;
  const below = useMemo(
    () => entries.filter(({ seq, actor }) => seq > readTo && actor?.id !== me.id).length,
    [entries, readTo, me.id],
  );
  const mentioned = isAtEnd ? null : (group?.reading?.firstMention ?? null);
  return (
    <>
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
    </>
  );
}

type Parts = Pick<GroupView, "around"> & Pick<Timeline, "entries" | "messages" | "runs" | "from">;

/** What of the group its timeline is made of: a card that changes is not in it. */
function useTimeline({ view }: OpenGroup): Parts {
  return {
    around: usePart(view, ({ around }) => around),
    entries: usePart(view, ({ timeline }) => timeline.entries),
    messages: usePart(view, ({ timeline }) => timeline.messages),
    runs: usePart(view, ({ timeline }) => timeline.runs),
    from: usePart(view, ({ timeline }) => timeline.from),
  };
}

/** What the person has said here and nobody else has yet. */
function useUnsent(group: string): {
  readonly unsent: readonly Sending[];
  readonly refused: readonly { readonly sending: Sending; readonly why: string }[];
} {
  const { outbox, unsaid } = useWorkspace();
  const unsent = unsentOf(useWatched(outbox.waiting), group, null);
  const refused = useWatched(unsaid).filter(({ sending }) => sending.intention.group === group);
  return { unsent, refused };
}

function useRows(
  { entries, runs, from, around }: Parts,
  newFrom: number | null,
): { readonly rows: readonly Row[]; readonly hasLine: boolean } {
  const say = useWords();
  const { me } = useWorkspace();
  const role = around?.members.find(({ person }) => person.id === me.id)?.role;
  const firstNew = useMemo(
    () => firstNewOf({ entries, from }, newFrom, me.id),
    [entries, from, newFrom, me.id],
  );
  const rows = useMemo(
    () =>
      rowsOf(entries, say.day, {
        firstNew,
        isAside: (card: Card) =>
          role !== undefined && !card.to.includes(role) && !isBegunBy(runs, card, me.id),
      }),
    [entries, runs, say, firstNew, role, me.id],
  );
  return { rows, hasLine: firstNew !== null };
}

function useDrawing(
  { open, isOnline, onForm, acts }: TimelineProps,
  { messages, entries, around }: Parts,
  announce: (words: string) => void,
): Drawing {
  const waiting = useWatched(useWorkspace().outbox.waiting);
  const pending = useMemo(() => pendingOf(waiting, open.id), [waiting, open.id]);
  const people = useSame(useMemo(() => peopleIn(around, entries), [around, entries]));
  const timeZone = around?.timeZone ?? OWN_CLOCK;
  const threads = useMemo(() => threadsOf(messages), [messages]);
  const answers = useMemo(() => answerCounts(messages), [messages]);
  return useMemo(
    () => ({
      cards: { open, people, timeZone, isOnline, onForm, onThread: acts.thread, announce },
      acts,
      messages,
      pending,
      answers,
      saidOf: (card) => threads.get(card)?.filter(({ text }) => text !== null).length ?? 0,
    }),
    [open, people, timeZone, isOnline, onForm, acts, announce, messages, pending, answers, threads],
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
