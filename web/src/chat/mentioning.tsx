// The list of members that comes after an `@`: by name or organization, with the arrows, Enter or Tab, a click, Esc.
import { useState, type ReactNode, type RefObject } from "react";
import { mentionAt, suggested, type Person } from "../junto/index.ts";
import { useWords } from "../words/words.ts";
import { Avatar } from "./avatar.tsx";
import type { Writing } from "./writing.ts";

const MOST = 8;

interface MentioningOptions {
  readonly writing: Writing;
  readonly people: readonly Person[];
  readonly caret: number;
  readonly setCaret: (caret: number) => void;
  readonly input: RefObject<HTMLTextAreaElement | null>;
  readonly listId: string;
}

export interface Mentioning {
  /** Empty: there is no list now. */
  readonly found: readonly Person[];
  readonly active: number;
  readonly choose: (person: Person) => void;
  /** @returns whether the key was for the list */
  readonly onKey: (key: string) => boolean;
  /** Of the field, for who hears it. */
  readonly attributes: Readonly<Record<string, string | undefined>>;
}

export function useMentioning(options: MentioningOptions): Mentioning {
  const { writing, people, caret, setCaret, input, listId } = options;
  /** Where the list was sent away, or which of it one is at. */
  const [at, setAt] = useState<{
    readonly from: number;
    readonly active: number;
    readonly isAway: boolean;
  }>();
  const mention = mentionAt(writing.text, caret);
  const here = at?.from === mention?.from ? at : undefined;
  const found = mention && !here?.isAway ? suggested(mention.query, people).slice(0, MOST) : [];
  const active = Math.min(here?.active ?? 0, Math.max(0, found.length - 1));

  function choose({ id, name }: Person): void {
    if (!mention) return;
    const before = `${writing.text.slice(0, mention.from)}@${name} `;
    writing.write(before + writing.text.slice(caret).replace(/^ /, ""));
    writing.choose(id);
    setCaret(-1);
    // When the field has the text, the caret goes behind the name.
    requestAnimationFrame(() => {
      input.current?.focus();
      input.current?.setSelectionRange(before.length, before.length);
    });
  }

  function onKey(key: string): boolean {
    const person = found[active];
    if (!mention || !person) return false;
    const { from } = mention;
    if (key === "ArrowDown") setAt({ from, active: (active + 1) % found.length, isAway: false });
    else if (key === "ArrowUp")
      setAt({ from, active: (active + found.length - 1) % found.length, isAway: false });
    else if (key === "Escape") setAt({ from, active: 0, isAway: true });
    else if (key === "Enter" || key === "Tab") choose(person);
    else return false;
    return true;
  }

  const isOpen = found.length > 0;
  return {
    found,
    active,
    choose,
    onKey,
    attributes: {
      "aria-autocomplete": "list",
      "aria-controls": isOpen ? listId : undefined,
      "aria-activedescendant": isOpen ? `${listId}${active}` : undefined,
    },
  };
}

export function MentionList({
  id,
  found,
  active,
  choose,
}: Pick<Mentioning, "found" | "active" | "choose"> & { readonly id: string }): ReactNode {
  const say = useWords();
  return (
    <>
      {found.length > 0 && (
        <div className="mention-list" id={id} role="listbox" aria-label={say("composer.mention")}>
          {found.map((person, at) => (
            // Keys are the field's, which keeps the focus.
            <div // oxlint-disable-line jsx-a11y/click-events-have-key-events
              key={person.id}
              id={`${id}${at}`}
              role="option"
              tabIndex={-1}
              aria-selected={at === active}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => choose(person)}
            >
              <Avatar person={person} />
              <span>{person.name}</span>
              <span className="quiet">{say.nameOf(person.organization)}</span>
            </div>
          ))}
        </div>
      )}
      <span className="visually-hidden" role="status">
        {found.length > 0 && say("composer.mentions", { n: found.length })}
      </span>
    </>
  );
}
