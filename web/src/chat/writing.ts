// What is being written at one place: something new, an answer, or other words for what was said. It is a draft until it is
// sent; what it answers is a part of the draft.
import { useMemo, useState, type RefObject } from "react";
import {
  editPlace,
  mentionsIn,
  messagePlace,
  NO_DRAFT,
  threadPlace,
  type Message,
  type OpenGroup,
  type Person,
  type ThreadOn,
} from "../junto/index.ts";
import { usePart, useWorkspace } from "../state/hooks.ts";

export interface Writing {
  readonly text: string;
  readonly answering: Message | null;
  readonly editing: Message | null;
  write(text: string): void;
  /** A person was chosen from the list: of two of one name this one is meant. */
  choose(person: string): void;
  answer(message: Message): void;
  edit(message: Message): void;
  /** One's newest message here is edited. */
  editLast(): void;
  /** It is something new again; what was written for the answer stays. */
  stop(): void;
  send(): void;
}

/** As many characters as the gateway takes. */
export const LONGEST = 4_000;

export interface WritingPlace {
  readonly open: OpenGroup;
  readonly people: readonly Person[];
  /** In whose thread, or in answer to which message; null: in the group. */
  readonly on: ThreadOn | null;
  readonly input: RefObject<HTMLTextAreaElement | null>;
  /** Called at every key with what is written by then. */
  readonly onType?: (text: string) => void;
}

export function useWriting({ open, people, on, input, onType }: WritingPlace): Writing {
  const { me, drafts, say, edit } = useWorkspace();
  const group = open.id;
  const messages = usePart(open.view, ({ timeline }) => timeline.messages);
  const [edited, setEdited] = useState<string | null>(null);
  const editing = edited === null ? null : (messages.get(edited) ?? null);
  const newPlace =
    on === null ? messagePlace(group) : threadPlace(group, "card" in on ? on.card : on.message);
  /** What is answered without choosing it. */
  const root = on && "message" in on ? (messages.get(on.message) ?? null) : null;
  const card = on && "card" in on ? on.card : (root?.cardId ?? null);
  const place = editing ? editPlace(group, editing.id) : newPlace;
  const draft = usePart(drafts.all, (all) => all.get(place) ?? NO_DRAFT);
  const answering = messages.get(draft["replyTo"] ?? "") ?? null;
  const text = draft["text"] ?? editing?.text ?? "";
  const focus = (): void => input.current?.focus();

  function beginEdit(message: Message): void {
    setEdited(message.id);
    focus();
  }

  function send(): void {
    const words = text.trim();
    if (words === "" || words.length > LONGEST) return;
    const known = editing ? [...people, ...editing.mentions] : people;
    const mentions = mentionsIn(words, uniqueById(known), (draft["chosen"] ?? "").split("\n"));
    if (editing && words !== editing.text) edit(group, editing, { text: words, mentions });
    if (!editing) say({ group, text: words, mentions, replyTo: (answering ?? root)?.id ?? null, card });
    drafts.clear(place);
    setEdited(null);
    focus();
  }

  return {
    text,
    answering: editing ? null : answering,
    editing,
    write(next) {
      drafts.set(place, "text", next);
      onType?.(next);
    },
    choose: (person) => drafts.set(place, "chosen", `${draft["chosen"] ?? ""}\n${person}`),
    answer(message) {
      setEdited(null);
      drafts.set(newPlace, "replyTo", message.id);
      focus();
    },
    edit: beginEdit,
    editLast() {
      const own = [...messages.values()].filter(
        ({ actor, cardId, replyTo, text: said }) =>
          actor?.id === me.id && cardId === card && (!root || replyTo?.id === root.id) && said !== null,
      );
      const last = own.reduce<Message | null>(
        (newest, each) => (newest && newest.seq > each.seq ? newest : each),
        null,
      );
      if (last) beginEdit(last);
    },
    stop() {
      if (editing) drafts.clear(place);
      else drafts.set(place, "replyTo", "");
      setEdited(null);
      focus();
    },
    send,
  };
}

/** Those in whose names one can be mentioned here: everybody but oneself. */
export function useOthers(people: readonly Person[] | undefined): readonly Person[] {
  const { me } = useWorkspace();
  return useMemo(() => uniqueById(people ?? []).filter(({ id }) => id !== me.id), [people, me]);
}

function uniqueById<Each extends { readonly id: string }>(people: readonly Each[]): Each[] {
  return [...new Map(people.map((each) => [each.id, each])).values()];
}
