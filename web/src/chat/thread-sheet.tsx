// What is said about a card, or in answer to a message, beside the group: a thread, and where one goes on with it.
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type ReactNode } from "react";
import {
  answeredBy,
  threadIn,
  type GroupView,
  type OpenGroup,
  type Person,
  type ThreadOn,
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
  readonly on: ThreadOn;
  readonly people: readonly Person[];
  readonly isOnline: boolean;
  readonly acts: MessageActs;
  readonly onClose: () => void;
}

export function ThreadSheet(props: ThreadSheetProps): ReactNode {
  const { open, view, on, people, isOnline, onClose } = props;
  const { timeline } = view;
  const say = useWords();
  const input = useRef<HTMLTextAreaElement>(null);
  const writing = useWriting({ open, people, on, input });
  const acts = useThreadActs(props.acts, writing);
  const { outbox } = useWorkspace();
  const waiting = useWatched(outbox.waiting);
  const said = useMemo(() => threadIn(timeline.messages, on), [timeline.messages, on]);
  const unsent = unsentOf(waiting, open.id, on);
  const pending = useMemo(() => pendingOf(waiting, open.id), [waiting, open.id]);
  const { state, more, load } = useThread(open, on);
  const end = useRef<HTMLDivElement>(null);
  const length = said.length + unsent.length;
  useLayoutEffect(() => {
    if (length > 0) end.current?.scrollIntoView({ block: "end" });
  }, [length]);
  const card = "card" in on ? timeline.cards.get(on.card)?.card : null;
  const isOnCard = card !== null;
  return (
    <Sheet title={say(isOnCard ? "thread.title" : "thread.answers")} onClose={onClose}>
      <div className="thread">
        {isOnCard && <p className="thread-card">{card ? say.summaryOf(card) : say("thread.card")}</p>}
        <div className="thread-said">
          {more && (
            <button
              type="button"
              className="older"
              disabled={state === "loading"}
              onClick={() => load(said[isOnCard ? 0 : 1]?.seq)}
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
              answered={isOnCard ? answeredBy(timeline, message) : null}
              answers={0}
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
          <Composer
            label={say(isOnCard ? "thread.label" : "thread.answer")}
            writing={writing}
            people={people}
            input={input}
          />
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
  on: ThreadOn,
): {
  readonly state: "idle" | "loading" | "failed";
  readonly more: boolean;
  readonly load: (before?: number) => void;
} {
  const [state, setState] = useState<"idle" | "loading" | "failed">("loading");
  const [more, setMore] = useState(false);
  const ask = useCallback(
    (before?: number) =>
      open.loadThread(on, before).then(
        (mayBeMore) => {
          setMore(mayBeMore);
          setState("idle");
        },
        () => setState("failed"),
      ),
    [open, on],
  );
  useEffect(() => void ask(), [ask]);
  function load(before?: number): void {
    setState("loading");
    void ask(before);
  }
  return { state, more, load };
}
