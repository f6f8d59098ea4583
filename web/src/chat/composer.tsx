// Where one writes, and begins something. What is written is a draft until it is sent.
import { Menu } from "@base-ui/react/menu";
import { useId, useState, type KeyboardEvent, type ReactNode, type RefObject } from "react";
import type { Action, ClosedAction, Person } from "../junto/index.ts";
import { useMedia } from "../state/hooks.ts";
import { useWhyClosed } from "../state/around.ts";
import { useWords } from "../words/words.ts";
import { MentionList, useMentioning } from "./mentioning.tsx";
import { LONGEST, type Writing } from "./writing.ts";

export interface ComposerProps {
  readonly label: string;
  readonly writing: Writing;
  /** Who can be mentioned. */
  readonly people: readonly Person[];
  readonly input: RefObject<HTMLTextAreaElement | null>;
  /** What can be begun here; nothing: only words. */
  readonly begin?: Beginning;
}

interface Beginning {
  readonly actions: readonly Action[];
  /** Those that are not for this person. */
  readonly closed: readonly ClosedAction[];
  readonly onBegin: (verb: string) => void;
}

export function Composer({ label, writing, people, input, begin }: ComposerProps): ReactNode {
  const say = useWords();
  const hasKeyboard = useMedia("(pointer: fine)");
  const [caret, setCaret] = useState(0);
  const id = useId();
  const { text } = writing;
  const over = text.length - LONGEST;
  const mentioning = useMentioning({ writing, people, caret, setCaret, input, listId: `${id}list` });

  /** Enter sends where there is a keyboard; not while a Chinese word is being put together. */
  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return;
    if (mentioning.onKey(event.key) || onOwnKey(event)) event.preventDefault();
  }

  /** Whether the key meant something. */
  function onOwnKey({ key, shiftKey }: KeyboardEvent): boolean {
    const isBusy = writing.answering !== null || writing.editing !== null;
    if (key === "Enter" && !shiftKey && hasKeyboard) writing.send();
    else if (key === "Escape" && isBusy) writing.stop();
    else if (key === "ArrowUp" && text === "" && !isBusy) writing.editLast();
    else return false;
    return true;
  }

  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        writing.send();
      }}
    >
      {begin && !writing.editing && <BeginMenu {...begin} />}
      <div className="composer-field">
        <Mode writing={writing} />
        <MentionList {...mentioning} id={`${id}list`} />
        <textarea
          ref={input}
          rows={1}
          data-composer
          value={text}
          aria-label={label}
          placeholder={say("composer.placeholder")}
          aria-describedby={over > 0 ? `${id}over` : undefined}
          {...mentioning.attributes}
          onChange={({ target }) => {
            writing.write(target.value);
            setCaret(target.selectionStart);
          }}
          onSelect={({ currentTarget }) => setCaret(currentTarget.selectionStart)}
          onBlur={() => setCaret(-1)}
          onKeyDown={onKeyDown}
        />
        {over > 0 && (
          <p id={`${id}over`} className="field-error">
            {say("composer.tooLong", { n: over })}
          </p>
        )}
      </div>
      <button
        type="submit"
        className="icon-button icon-send"
        aria-label={say(writing.editing ? "composer.save" : "composer.send")}
        disabled={text.trim() === "" || over > 0}
      >
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d={writing.editing ? "M5 13l4 4L19 7" : "M12 19V5M5.5 11.5L12 5l6.5 6.5"} />
        </svg>
      </button>
    </form>
  );
}

/** What it is that one writes: an answer to something, or other words for it. */
function Mode({ writing: { answering, editing, stop } }: Pick<ComposerProps, "writing">): ReactNode {
  const say = useWords();
  const about = editing ?? answering;
  if (!about) return null;
  return (
    <div className="composer-mode">
      <p>
        <b>{say(editing ? "composer.editing" : "composer.answering", { who: about.actor?.name ?? "" })}</b>{" "}
        <span className="quote-text">{about.text ?? say("message.deleted")}</span>
      </p>
      <button type="button" className="tool" aria-label={say("app.cancel")} onClick={stop}>
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M6 6l12 12M18 6L6 18" />
        </svg>
      </button>
    </div>
  );
}

function BeginMenu({ actions, closed, onBegin }: Beginning): ReactNode {
  const say = useWords();
  const whyClosed = useWhyClosed();
  return (
    <Menu.Root>
      <Menu.Trigger className="icon-button" aria-label={say("composer.begin")} data-begin>
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M12 5v14M5 12h14" />
        </svg>
      </Menu.Trigger>
      <Menu.Portal container={document.querySelector<HTMLElement>("[data-above]")}>
        <Menu.Positioner side="top" align="start" sideOffset={8} className="menu-positioner">
          <Menu.Popup className="menu">
            {actions.map(({ verb, title }) => (
              <Menu.Item key={verb} className="menu-item" onClick={() => onBegin(verb)}>
                {title}
              </Menu.Item>
            ))}
            {closed.map((action) => (
              // It can be reached, so that the reason is read out.
              <Menu.Item key={action.verb} className="menu-item menu-closed" disabled>
                {action.title} <span className="quiet">{whyClosed(action)}</span>
              </Menu.Item>
            ))}
            {actions.length + closed.length === 0 && <p className="menu-note">{say("composer.nothing")}</p>}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
