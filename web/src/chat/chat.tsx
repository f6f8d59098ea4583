// One group: its head, its timeline, and where one writes; forms and what there is to know about it come up beside.
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import type { Around, Group, Message, Presence, ThreadOn } from "../junto/index.ts";
import { AroundContext } from "../state/around.ts";
import { useCommands, type Command } from "../state/commands.ts";
import { usePart, useWatched, useWorkspace } from "../state/hooks.ts";
import { PageHead } from "../app/page-head.tsx";
import { useWords } from "../words/words.ts";
import { BesideTimeline, type Beside } from "./beside.tsx";
import { Composer } from "./composer.tsx";
import { DeleteDialog } from "./delete-dialog.tsx";
import { useJump } from "./jump.ts";
import { Organizations, Typing, useHere } from "./here.tsx";
import type { MessageActs } from "./message-row.tsx";
import { Mute } from "./mute.tsx";
import { TimelineView } from "./timeline-view.tsx";
import { useOthers, useWriting, type Writing } from "./writing.ts";

export interface ChatProps {
  readonly id: string;
  readonly group: Group | undefined;
  /** A place in it that one came for. */
  readonly at: number | undefined;
  readonly isOnline: boolean;
  readonly onBack: () => void;
}

export function Chat({ id, group, at, isOnline, onBack }: ChatProps): ReactNode {
  const say = useWords();
  const workspace = useWorkspace();
  // Once, however often it is drawn: a group that one was removed from is not opened again by that.
  const [open] = useState(() => workspace.open(id));
  const around = usePart(open.view, (view) => view.around);
  const state = usePart(open.view, (view) => view.state);
  const [beside, setBeside] = useState<Beside | null>(null);
  const input = useRef<HTMLTextAreaElement>(null);
  const { presence, onType } = useHere(id);
  const people = useOthers(useMemo(() => around?.members.map(({ person }) => person), [around]));
  const writing = useWriting({ open, people, on: null, input, onType });
  const [deleted, setDeleted] = useState<Message | null>(null);
  const { jump, state: jumping, jumpTo } = useJump(open);
  useEffect(() => void (at !== undefined && jumpTo(at)), [at, jumpTo]);
  const name = group?.name ?? "";

  useEffect(() => workspace.learn(around?.actions ?? []), [workspace, around]);
  const onForm = useCallback(
    (card: string | null, verb: string) => setBeside({ kind: "form", card, verb }),
    [],
  );
  const close = useCallback(() => setBeside(null), []);
  const openThread = useCallback((on: ThreadOn) => setBeside({ kind: "thread", on }), []);
  const acts = useActs({
    writing,
    isClosed: around?.closed !== false,
    remove: setDeleted,
    jumpTo,
    openThread,
  });
  useGroupCommands(around, name, setBeside);

  if (state === "notAMember") return <Gone onBack={onBack} />;
  const isLive = isOnline && state !== "wait" && state !== "loadWait";
  const shared = { open, presence, isOnline: isLive, acts };
  return (
    <AroundContext value={around}>
      <section className="chat" aria-label={name}>
        <Head id={id} name={name} around={around} presence={presence} onBack={onBack} show={setBeside} />
        <Banner isLive={isLive} isOutdated={state === "outdated"} isClosed={around?.closed ?? false} />
        {jumping !== "idle" && (
          <p className="banner banner-quiet" role="status">
            {say(jumping === "loading" ? "chat.jumping" : "chat.jumpFailed")}
          </p>
        )}
        <TimelineView {...shared} group={group} name={name} onForm={onForm} jump={jump} />
        <Typing presence={presence} />
        {around?.closed !== true && (
          <Composer
            label={say("composer.label", { group: name })}
            writing={writing}
            people={people}
            input={input}
            begin={{
              actions: around?.actions ?? [],
              closed: around?.closedActions ?? [],
              onBegin: (verb) => onForm(null, verb),
            }}
          />
        )}
        <BesideTimeline {...shared} beside={beside} people={people} onClose={close} />
        {deleted && (
          <DeleteDialog
            message={deleted}
            onDelete={() => {
              workspace.unsay(id, deleted.id);
              setDeleted(null);
            }}
            onClose={() => setDeleted(null)}
          />
        )}
      </section>
    </AroundContext>
  );
}

interface HeadProps {
  readonly id: string;
  readonly name: string;
  readonly around: Around | null;
  readonly presence: Presence | null;
  readonly onBack: () => void;
  readonly show: (beside: Beside) => void;
}

function Head({ id, name, around, presence, onBack, show }: HeadProps): ReactNode {
  const say = useWords();
  return (
    <PageHead
      title={name}
      onBack={onBack}
      about={
        around && (
          <button type="button" className="chat-people" onClick={() => show({ kind: "about" })}>
            {say("groups.people", { n: around.members.length })}
            <span className="visually-hidden"> · {say("about.open")}</span>
            <Organizations members={around.members} presence={presence} />
          </button>
        )
      }
      tools={
        <>
          <button
            type="button"
            className="icon-button chat-search"
            aria-label={say("search.open")}
            title={say("search.open")}
            data-search
            onClick={() => show({ kind: "search" })}
          >
            <svg viewBox="0 0 24 24" aria-hidden="true">
              <path d="M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l5 5" />
            </svg>
          </button>
          <Mute group={id} />
        </>
      }
    />
  );
}

/** What can be begun in the group, and what there is to know about it, for the switcher. */
function useGroupCommands(around: Around | null, name: string, show: (beside: Beside) => void): void {
  const say = useWords();
  useCommands(
    useMemo<readonly Command[]>(() => {
      if (!around) return [];
      const begin = around.actions.map(({ verb, title }) => ({
        id: `begin ${verb}`,
        title,
        hint: say("switcher.begin", { group: name }),
        run: () => show({ kind: "form", card: null, verb }),
      }));
      return [
        ...begin,
        { id: "about", title: say("about.open"), hint: name, run: () => show({ kind: "about" }) },
      ];
    }, [around, name, show, say]),
  );
}

/** The same object as long as nothing in it means something else: thousands of messages have it. */
function useActs(options: {
  readonly writing: Writing;
  readonly isClosed: boolean;
  readonly remove: (message: Message) => void;
  readonly jumpTo: (seq: number) => void;
  readonly openThread: (on: ThreadOn) => void;
}): MessageActs {
  const { writing, isClosed, remove, jumpTo, openThread } = options;
  const latest = useRef(writing);
  useEffect(() => void (latest.current = writing));
  return useMemo(
    () => ({
      change: isClosed
        ? null
        : {
            answer: (message) => latest.current.answer(message),
            edit: (message) => latest.current.edit(message),
            remove,
          },
      jump: jumpTo,
      thread: (card) => openThread({ card }),
      answers: (message) => openThread({ message }),
    }),
    [isClosed, remove, jumpTo, openThread],
  );
}

function Banner({
  isLive,
  isOutdated,
  isClosed,
}: {
  readonly isLive: boolean;
  readonly isOutdated: boolean;
  readonly isClosed: boolean;
}): ReactNode {
  const say = useWords();
  const { outbox } = useWorkspace();
  const waiting = useWatched(outbox.waiting).length;
  if (isOutdated)
    return (
      <p className="banner" role="alert">
        {say("chat.outdated")}{" "}
        <button type="button" className="link" onClick={() => location.reload()}>
          {say("chat.reload")}
        </button>
      </p>
    );
  if (!isLive)
    return (
      <p className="banner" role="status">
        {say("chat.offline")} {waiting > 0 && say("chat.waiting", { n: waiting })}
      </p>
    );
  return isClosed ? <p className="banner banner-quiet">{say("chat.closed")}</p> : null;
}

function Gone({ onBack }: { readonly onBack: () => void }): ReactNode {
  const say = useWords();
  return (
    <section className="chat chat-gone">
      <div className="empty">
        <p>{say("chat.notAMember")}</p>
        <p className="quiet">{say("chat.notAMemberHint")}</p>
        <button type="button" className="button" onClick={onBack}>
          {say("app.back")}
        </button>
      </div>
    </section>
  );
}
