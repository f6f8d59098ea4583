// Where one writes, and begins something. What is written is a draft until it is sent.
import { Menu } from "@base-ui/react/menu";
import type { KeyboardEvent, ReactNode, RefObject } from "react";
import { messagePlace, type Action } from "../junto/index.ts";
import { useMedia, usePart, useWorkspace } from "../state/hooks.ts";
import { useWords } from "../words/words.ts";

/** As many as the gateway takes. */
const LONGEST = 4_000;

export interface ComposerProps {
  readonly group: string;
  readonly name: string;
  readonly actions: readonly Action[];
  readonly input: RefObject<HTMLTextAreaElement | null>;
  readonly onBegin: (verb: string) => void;
}

export function Composer({ group, name, actions, input, onBegin }: ComposerProps): ReactNode {
  const say = useWords();
  const workspace = useWorkspace();
  const hasKeyboard = useMedia("(pointer: fine)");
  const place = messagePlace(group);
  const text = usePart(workspace.drafts.all, (all) => all.get(place)?.["text"] ?? "");
  const over = text.length - LONGEST;

  function send(): void {
    const words = text.trim();
    if (words === "" || over > 0) return;
    workspace.say(group, words);
    workspace.drafts.clear(place);
    input.current?.focus();
  }

  /** Enter sends where there is a keyboard; not while a Chinese word is being put together. */
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing || !hasKeyboard) return;
    event.preventDefault();
    send();
  }

  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <BeginMenu actions={actions} onBegin={onBegin} />
      <div className="composer-field">
        <textarea
          ref={input}
          rows={1}
          value={text}
          aria-label={say("composer.label", { group: name })}
          placeholder={say("composer.placeholder")}
          aria-describedby={over > 0 ? "composer-over" : undefined}
          onChange={({ target }) => workspace.drafts.set(place, "text", target.value)}
          onKeyDown={onKeyDown}
        />
        {over > 0 && (
          <p id="composer-over" className="field-error">
            {say("composer.tooLong", { n: over })}
          </p>
        )}
      </div>
      <button
        type="submit"
        className="icon-button icon-send"
        aria-label={say("composer.send")}
        disabled={text.trim() === "" || over > 0}
      >
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M12 19V5M5.5 11.5L12 5l6.5 6.5" />
        </svg>
      </button>
    </form>
  );
}

function BeginMenu({
  actions,
  onBegin,
}: {
  readonly actions: readonly Action[];
  readonly onBegin: (verb: string) => void;
}): ReactNode {
  const say = useWords();
  return (
    <Menu.Root>
      <Menu.Trigger className="icon-button" aria-label={say("composer.begin")} data-begin>
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M12 5v14M5 12h14" />
        </svg>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner side="top" align="start" sideOffset={8} className="menu-positioner">
          <Menu.Popup className="menu">
            {actions.map(({ verb, title }) => (
              <Menu.Item key={verb} className="menu-item" onClick={() => onBegin(verb)}>
                {title}
              </Menu.Item>
            ))}
            {actions.length === 0 && <p className="menu-note">{say("composer.nothing")}</p>}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
