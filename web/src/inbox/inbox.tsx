// The inbox: cards of all groups that wait for me, by due time; act here; done, or put off.
import { Tabs } from "@base-ui/react/tabs";
import { lazy, Suspense, useCallback, useRef, useState, type ReactNode } from "react";
import { PageHead } from "../app/page-head.tsx";
import { pressIn, useShortcuts } from "../chat/keyboard.ts";
import type { InboxCard, InboxState, Marking } from "../junto/index.ts";
import { usePart, useWatched, useWorkspace } from "../state/hooks.ts";
import { useWords } from "../words/words.ts";
import { InboxRow } from "./inbox-card.tsx";

const FormSheet = lazy(() =>
  import("../chat/form-sheet.tsx").then(({ FormSheet: View }) => ({ default: View })),
);

const STATES: readonly InboxState[] = ["WAITING", "SNOOZED", "DONE"];
const KEYS = { e: pressIn("[data-done]"), s: pressIn("[data-snooze]") };

interface Form {
  readonly group: string;
  readonly card: string;
  readonly verb: string;
}

/** What was done last, which can be undone. */
interface Said {
  readonly words: string;
  readonly undo: InboxCard | null;
}

export function Inbox({
  isOnline,
  onBack,
}: {
  readonly isOnline: boolean;
  readonly onBack: () => void;
}): ReactNode {
  const say = useWords();
  const { inbox } = useWorkspace();
  const [state, setState] = useState<InboxState>("WAITING");
  const [form, setForm] = useState<Form | null>(null);
  const [said, setSaid] = useState<Said | null>(null);
  const [announced, announce] = useState("");
  const list = useRef<HTMLDivElement>(null);
  useShortcuts(KEYS);
  const count = useWatched(inbox.waiting);

  async function onMark(entry: InboxCard, marking: Marking): Promise<void> {
    const next = neighborOf(list.current, entry);
    const card = say.summaryOf(entry.card);
    const words =
      marking.kind === "snooze"
        ? say("inbox.put", { when: say.time(marking.until), card })
        : say(marking.kind === "finish" ? "inbox.finished" : "inbox.returned", { card });
    setSaid({ words, undo: marking.kind === "return" ? null : entry });
    const marked = inbox.mark(entry, marking);
    next?.focus();
    const why = await marked;
    if (why !== null) setSaid({ words: say("inbox.failed", { why }), undo: null });
  }

  return (
    <section className="chat inbox" aria-label={say("inbox.title")}>
      <PageHead
        title={say("inbox.title")}
        onBack={onBack}
        about={count > 0 && <p className="quiet inbox-count">{say("inbox.count", { n: count })}</p>}
      />
      {!isOnline && (
        <p className="banner" role="status">
          {say("chat.offline")}
        </p>
      )}
      <Tabs.Root
        className="inbox-tabs"
        value={state}
        onValueChange={(value) => setState(value as InboxState)}
      >
        <Tabs.List className="tabs">
          {STATES.map((each) => (
            <Tabs.Tab key={each} value={each} className="tab">
              {say(`inbox.${each}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={state} className="timeline" ref={list} data-timeline data-newest="first">
          <Cards
            key={state}
            state={state}
            isOnline={isOnline}
            onForm={(group, card, verb) => setForm({ group, card, verb })}
            onMark={(entry, marking) => void onMark(entry, marking)}
            announce={announce}
          />
        </Tabs.Panel>
      </Tabs.Root>
      <div className="inbox-said" role="status">
        {said && (
          <p>
            <span>{said.words}</span>
            {said.undo && (
              <button
                type="button"
                className="link"
                onClick={() => void onMark(said.undo!, { kind: "return" })}
              >
                {say("inbox.undo")}
              </button>
            )}
            <button type="button" className="link" onClick={() => setSaid(null)}>
              {say("act.dismiss")}
            </button>
          </p>
        )}
      </div>
      <p className="visually-hidden" aria-live="polite">
        {announced}
      </p>
      <Suspense>{form && <InboxForm {...form} onClose={() => setForm(null)} />}</Suspense>
    </section>
  );
}

interface CardsProps {
  readonly state: InboxState;
  readonly isOnline: boolean;
  readonly onForm: (group: string, card: string, verb: string) => void;
  readonly onMark: (entry: InboxCard, marking: Marking) => void;
  readonly announce: (words: string) => void;
}

function Cards({ state, ...rest }: CardsProps): ReactNode {
  const say = useWords();
  const { inbox } = useWorkspace();
  const { state: loaded, cards, more } = useWatched(inbox.view(state));
  if (loaded === "loading")
    return (
      <div className="timeline-content" aria-busy="true" aria-label={say("app.loading")} role="status">
        <div className="skeleton inbox-skeleton" />
        <div className="skeleton inbox-skeleton" />
      </div>
    );
  if (loaded === "failed")
    return (
      <div className="empty">
        <p role="alert">{say("app.away")}</p>
        <button type="button" className="button" onClick={() => inbox.changed()}>
          {say("app.again")}
        </button>
      </div>
    );
  if (cards.length === 0)
    return (
      <div className="empty">
        <p>{say(`inbox.none.${state}`)}</p>
        <p className="quiet">{say(`inbox.noneHint.${state}`)}</p>
      </div>
    );
  return (
    <ul className="inbox-rows">
      {cards.map((entry) => (
        <InboxRow key={entry.card.id} state={state} entry={entry} {...rest} />
      ))}
      {more && <li className="quiet inbox-more">{say("inbox.more")}</li>}
    </ul>
  );
}

/** The form of an action, with the card as it is by now. */
function InboxForm({ group, card: id, verb, onClose }: Form & { readonly onClose: () => void }): ReactNode {
  const { inbox, open } = useWorkspace();
  const [{ view }] = useState(() => open(group));
  const { cards } = useWatched(inbox.view("WAITING"));
  const live = usePart(view, ({ timeline }) => timeline.cards.get(id)?.card);
  const card = live ?? cards.find((entry) => entry.card.id === id)?.card ?? null;
  const close = useCallback(() => onClose(), [onClose]);
  return (
    <FormSheet
      key={`${id} ${verb}`}
      group={group}
      verb={verb}
      card={card}
      action={card?.actions.find((action) => action.verb === verb)}
      onClose={close}
    />
  );
}

/** Where one goes on when this card is gone; null when one was not in it. */
function neighborOf(list: HTMLElement | null, { card }: InboxCard): HTMLElement | null {
  const entries = [...(list?.querySelectorAll<HTMLElement>("[data-entry]") ?? [])];
  const at = entries.findIndex((entry) => entry.querySelector(`[data-card="${card.id}"]`));
  return entries[at]?.contains(document.activeElement) === true
    ? (entries[at + 1] ?? entries[at - 1] ?? list)
    : null;
}
