// One group: its head, its timeline, and where one writes; forms and what there is to know about it come up beside.
import { lazy, Suspense, useCallback, useEffect, useRef, useState, type ReactNode } from "react";
import type { Group } from "../junto/index.ts";
import { useWatched, useWorkspace } from "../state/hooks.ts";
import { useWords } from "../words/words.ts";
import { Composer } from "./composer.tsx";
import { useShortcuts } from "./keyboard.ts";
import { TimelineView } from "./timeline-view.tsx";

// What is not on the first screen is loaded when it is first wanted.
const About = lazy(() => import("./about.tsx").then(({ About: View }) => ({ default: View })));
const FormSheet = lazy(() => import("./form-sheet.tsx").then(({ FormSheet: View }) => ({ default: View })));

export interface ChatProps {
  readonly id: string;
  readonly group: Group | undefined;
  readonly isOnline: boolean;
  readonly onBack: () => void;
}

type Beside =
  { readonly kind: "form"; readonly card: string | null; readonly verb: string } | { readonly kind: "about" };

export function Chat({ id, group, isOnline, onBack }: ChatProps): ReactNode {
  const say = useWords();
  const workspace = useWorkspace();
  // Once, however often it is drawn: a group that one was removed from is not opened again by that.
  const [open] = useState(() => workspace.open(id));
  const view = useWatched(open.view);
  const [beside, setBeside] = useState<Beside | null>(null);
  const input = useRef<HTMLTextAreaElement>(null);
  const { around, timeline, state } = view;
  const name = group?.name ?? "";

  useEffect(() => workspace.learn(around?.actions ?? []), [workspace, around]);
  useShortcuts(input);
  const onForm = useCallback(
    (card: string | null, verb: string) => {
      // Numbers in a form are of this moment.
      if (card === null) void open.refresh();
      setBeside({ kind: "form", card, verb });
    },
    [open],
  );
  const close = useCallback(() => setBeside(null), []);

  if (state === "notAMember") return <Gone onBack={onBack} />;
  const isLive = isOnline && state !== "wait" && state !== "loadWait";
  return (
    <section className="chat" aria-label={name}>
      <header className="chat-head">
        <button type="button" className="icon-button chat-back" aria-label={say("app.back")} onClick={onBack}>
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M15 5l-7 7 7 7" />
          </svg>
        </button>
        <div className="chat-title">
          <h2>{name}</h2>
          {around && (
            <button type="button" className="chat-people" onClick={() => setBeside({ kind: "about" })}>
              {say("groups.people", { n: around.members.length })}
              <span className="visually-hidden"> · {say("about.open")}</span>
              <Organizations
                names={[...new Set(around.members.map(({ person }) => say.nameOf(person.organization)))]}
              />
            </button>
          )}
        </div>
      </header>
      <Banner isLive={isLive} isOutdated={state === "outdated"} isClosed={around?.closed ?? false} />
      <TimelineView open={open} view={view} name={name} isOnline={isLive} onForm={onForm} />
      {around?.closed !== true && (
        <Composer
          group={id}
          name={name}
          actions={around?.actions ?? []}
          input={input}
          onBegin={(verb) => onForm(null, verb)}
        />
      )}
      <Suspense>
        {beside?.kind === "about" && around && <About around={around} onClose={close} />}
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
    </section>
  );
}

function Organizations({ names }: { readonly names: readonly string[] }): ReactNode {
  return <span className="chat-organizations">{names.join(" · ")}</span>;
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
  const { refreshGroups } = useWorkspace();
  useEffect(() => void refreshGroups(), [refreshGroups]);
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
