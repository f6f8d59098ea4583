// What is said about a card, beside the group: its thread, and where one goes on with it.
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type ReactNode } from "react";
import {
  answeredBy,
  threadsOf,
  type GroupView,
  type Message,
  type OpenGroup,
  type Person,
} from "../junto/index.ts";
import { useWatched, useWorkspace } from "../state/hooks.ts";
import { useWords } from "../words/words.ts";
import { Composer } from "./composer.tsx";
import { UnsentRow } from "./entries.tsx";
import { MessageRow, type MessageActs } from "./message-row.tsx";
import { pendingOf, unsentOf } from "./rows.ts";
import { Sheet } from "./sheet.tsx";
import { useWriting } from "./writing.ts";

export interface ThreadSheetProps {
  readonly open: OpenGroup;
  readonly view: GroupView;
  readonly card: string;
  readonly people: readonly Person[];
  readonly isOnline: boolean;
  readonly acts: MessageActs;
  readonly onClose: () => void;
}

const NOTHING: readonly Message[] = [];

export function ThreadSheet(props: ThreadSheetProps): ReactNode {
  const { open, view, card: id, people, isOnline, onClose } = props;
  const { timeline } = view;
  const say = useWords();
  const input = useRef<HTMLTextAreaElement>(null);
  const writing = useWriting({ open, people, card: id, input });
  const acts = useThreadActs(props.acts, writing);
  const { outbox } = useWorkspace();
  const waiting = useWatched(outbox.waiting);
  const said = useMemo(() => threadsOf(timeline.messages).get(id) ?? NOTHING, [timeline.messages, id]);
  const unsent = unsentOf(waiting, open.id, id);
  const pending = useMemo(() => pendingOf(waiting, open.id), [waiting, open.id]);
  const { state, more, load } = useThread(open, id);
  const end = useRef<HTMLDivElement>(null);
  const length = said.length + unsent.length;
  useLayoutEffect(() => {
    if (length > 0) end.current?.scrollIntoView({ block: "end" });
  }, [length]);
  const card = timeline.cards.get(id)?.card;
  return (
    <Sheet title={say("thread.title")} onClose={onClose}>
      <div className="thread">
        <p className="thread-card">{card ? say.summaryOf(card) : say("thread.card")}</p>
        <div className="thread-said">
          {more && (
            <button
              type="button"
              className="older"
              disabled={state === "loading"}
              onClick={() => load(said[0]?.seq)}
            >
              {say("chat.older")}
            </button>
          )}
          {state === "failed" && <p role="alert">{say("thread.failed")}</p>}
          {length === 0 && state === "idle" && <p className="quiet">{say("thread.empty")}</p>}
          {said.map((message) => (
            <MessageRow
              key={message.id}
              message={message}
              goesOn={false}
              answered={answeredBy(timeline, message)}
              open={open}
              isInThread
              pending={pending.get(message.id)}
              isFound={false}
              acts={acts}
            />
          ))}
          {unsent.map((sending) => (
            <UnsentRow key={sending.key} sending={sending} isOnline={isOnline} />
          ))}
          <div ref={end} />
        </div>
        {acts.change && (
          <Composer label={say("thread.label")} writing={writing} people={people} input={input} />
        )}
      </div>
    </Sheet>
  );
}

/** What is answered or edited here is so here, not in the group. */
function useThreadActs(acts: MessageActs, { answer, edit }: ReturnType<typeof useWriting>): MessageActs {
  const latest = useRef({ answer, edit });
  useEffect(() => void (latest.current = { answer, edit }));
  return useMemo(
    () => ({
      ...acts,
      change: acts.change && {
        ...acts.change,
        answer: (message) => latest.current.answer(message),
        edit: (message) => latest.current.edit(message),
      },
    }),
    [acts],
  );
}

/** The timeline may not reach back to where the thread begins. */
function useThread(
  open: OpenGroup,
  card: string,
): {
  readonly state: "idle" | "loading" | "failed";
  readonly more: boolean;
  readonly load: (before?: number) => void;
} {
  const [state, setState] = useState<"idle" | "loading" | "failed">("loading");
  const [more, setMore] = useState(false);
  const ask = useCallback(
    (before?: number) =>
      open.loadThread(card, before).then(
        (mayBeMore) => {
          setMore(mayBeMore);
          setState("idle");
        },
        () => setState("failed"),
      ),
    [open, card],
  );
  useEffect(() => void ask(), [ask]);
  function load(before?: number): void {
    setState("loading");
    void ask(before);
  }
  return { state, more, load };
}
