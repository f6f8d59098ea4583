// One group: its head, its timeline, and where one writes; forms and what there is to know about it come up beside.
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import type { Group, Message, OpenGroup, ThreadOn } from "../junto/index.ts";
import { AroundContext } from "../state/around.ts";
import { useCommands, type Command } from "../state/commands.ts";
import { useWatched, useWorkspace } from "../state/hooks.ts";
import { PageHead } from "../app/page-head.tsx";
import { useWords } from "../words/words.ts";
import { Composer } from "./composer.tsx";
import { DeleteDialog } from "./delete-dialog.tsx";
import { useJump } from "./jump.ts";
import { Organizations, Typing, useHere } from "./here.tsx";
import type { MessageActs } from "./message-row.tsx";
import { Mute } from "./mute.tsx";
import { TimelineView } from "./timeline-view.tsx";
import { useOthers, useWriting, type Writing } from "./writing.ts";

// What is not on the first screen is loaded when it is first wanted.
const About = lazy(() => import("./about.tsx").then(({ About: View }) => ({ default: View })));
const SearchSheet = lazy(() =>
  import("./search-sheet.tsx").then(({ SearchSheet: View }) => ({ default: View })),
);
const ThreadSheet = lazy(() =>
  import("./thread-sheet.tsx").then(({ ThreadSheet: View }) => ({ default: View })),
);
const FormSheet = lazy(() => import("./form-sheet.tsx").then(({ FormSheet: View }) => ({ default: View })));

export interface ChatProps {
  readonly id: string;
  readonly group: Group | undefined;
  /** A place in it that one came for. */
  readonly at: number | undefined;
  readonly isOnline: boolean;
  readonly onBack: () => void;
}

type Beside =
  | { readonly kind: "form"; readonly card: string | null; readonly verb: string }
  | { readonly kind: "thread"; readonly on: ThreadOn }
  | { readonly kind: "about" | "search" };

export function Chat({ id, group, at, isOnline, onBack }: ChatProps): ReactNode {
  const say = useWords();
  const workspace = useWorkspace();
  // Once, however often it is drawn: a group that one was removed from is not opened again by that.
  const [open] = useState(() => workspace.open(id));
  const view = useWatched(open.view);
  const [beside, setBeside] = useState<Beside | null>(null);
  const input = useRef<HTMLTextAreaElement>(null);
  const { presence, onType } = useHere(id);
  const { around, timeline, state } = view;
  const people = useOthers(useMemo(() => around?.members.map(({ person }) => person), [around]));
  const writing = useWriting({ open, timeline, people, on: null, input, onType });
  const [deleted, setDeleted] = useState<Message | null>(null);
  const { jump, state: jumping, jumpTo } = useJump(open);
  useEffect(() => void (at !== undefined && jumpTo(at)), [at, jumpTo]);
  const name = group?.name ?? "";

  useEffect(() => workspace.learn(around?.actions ?? []), [workspace, around]);
  const onForm = useCallback(
    (card: string | null, verb: string) => setBeside({ kind: "form", card, verb }),
    [],
  );
  // Numbers in a form are of this moment: a card's come with the card, the group's are asked for when it moves.
  const isBeginning = beside?.kind === "form" && beside.card === null;
  useEffect(() => (isBeginning && isOnline ? keepFresh(open) : undefined), [open, isBeginning, isOnline]);
  const close = useCallback(() => setBeside(null), []);
  useCommands(
    useMemo<readonly Command[]>(
      () => [
        ...(around?.actions ?? []).map(({ verb, title }) => ({
          id: `begin ${verb}`,
          title,
          hint: say("switcher.begin", { group: name }),
          run: () => onForm(null, verb),
        })),
        ...(around
          ? [{ id: "about", title: say("about.open"), hint: name, run: () => setBeside({ kind: "about" }) }]
          : []),
      ],
      [around, name, onForm, say],
    ),
  );

  const openThread = useCallback((on: ThreadOn) => setBeside({ kind: "thread", on }), []);
  const acts = useActs({
    writing,
    isClosed: around?.closed !== false,
    remove: setDeleted,
    jumpTo,
    openThread,
  });

  if (state === "notAMember") return <Gone onBack={onBack} />;
  const isLive = isOnline && state !== "wait" && state !== "loadWait";
  return (
    <AroundContext value={around}>
      <section className="chat" aria-label={name}>
        <PageHead
          title={name}
          onBack={onBack}
          about={
            around && (
              <button type="button" className="chat-people" onClick={() => setBeside({ kind: "about" })}>
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
                onClick={() => setBeside({ kind: "search" })}
              >
                <svg viewBox="0 0 24 24" aria-hidden="true">
                  <path d="M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l5 5" />
                </svg>
              </button>
              <Mute group={id} />
            </>
          }
        />
        <Banner isLive={isLive} isOutdated={state === "outdated"} isClosed={around?.closed ?? false} />
        {jumping !== "idle" && (
          <p className="banner banner-quiet" role="status">
            {say(jumping === "loading" ? "chat.jumping" : "chat.jumpFailed")}
          </p>
        )}
        <TimelineView
          open={open}
          view={view}
          group={group}
          presence={presence}
          name={name}
          isOnline={isLive}
          onForm={onForm}
          acts={acts}
          jump={jump}
        />
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
        <Suspense>
          {beside?.kind === "about" && around && (
            <About group={id} around={around} presence={presence} onChanged={open.refresh} onClose={close} />
          )}
          {beside?.kind === "search" && <SearchSheet group={id} onJump={jumpTo} onClose={close} />}
          {beside?.kind === "thread" && (
            <ThreadSheet
              key={JSON.stringify(beside.on)}
              open={open}
              view={view}
              on={beside.on}
              people={people}
              isOnline={isLive}
              acts={acts}
              onClose={close}
            />
          )}
          {beside?.kind === "form" && (
            <FormSheet
              key={`${beside.card} ${beside.verb}`}
              group={id}
              verb={beside.verb}
              card={beside.card === null ? null : (timeline.cards.get(beside.card)?.card ?? null)}
              action={(beside.card === null ? around : timeline.cards.get(beside.card)?.card)?.actions.find(
                ({ verb }) => verb === beside.verb,
              )}
              onClose={close}
            />
          )}
        </Suspense>
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

/** Asks now, and whenever something happens in the group. */
function keepFresh({ view, refresh }: OpenGroup): () => void {
  let seen = view.get().timeline.to;
  void refresh();
  return view.subscribe(() => {
    const { to } = view.get().timeline;
    if (to === seen) return;
    seen = to;
    void refresh();
  });
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
