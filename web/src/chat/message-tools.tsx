// What can be done with a message: answered, copied, and by who said it, edited and deleted.
import { useState, type ReactNode } from "react";
import type { Message } from "../junto/index.ts";
import { useWords, type Word } from "../words/words.ts";

export interface MessageActs {
  /** Null in a closed group: there one only reads. */
  readonly change: {
    readonly answer: (message: Message) => void;
    readonly edit: (message: Message) => void;
    readonly remove: (message: Message) => void;
  } | null;
  readonly jump: (seq: number) => void;
  readonly thread: (card: string) => void;
  /** What answers a message. */
  readonly answers: (message: string) => void;
}

interface ToolsProps {
  readonly message: Message;
  readonly isOwn: boolean;
  readonly acts: MessageActs;
}

export function MessageTools({ message, isOwn, acts: { change } }: ToolsProps): ReactNode {
  const say = useWords();
  const [isCopied, setCopied] = useState(false);
  const copy = (): void => {
    void navigator.clipboard?.writeText(message.text ?? "").then(
      () => setCopied(true),
      () => undefined, // the browser forbids it: the text can still be selected
    );
  };
  return (
    <div className="tools" role="toolbar" aria-label={say("message.tools")}>
      {change && (
        <Tool word="message.answer" act="answer" path={ANSWER} onClick={() => change.answer(message)} />
      )}
      <Tool
        word={isCopied ? "message.copied" : "message.copy"}
        path={isCopied ? DONE : COPY}
        onClick={copy}
      />
      {change && isOwn && (
        <>
          <Tool word="message.edit" act="edit" path={EDIT} onClick={() => change.edit(message)} />
          <Tool word="message.delete" act="delete" path={DELETE} onClick={() => change.remove(message)} />
        </>
      )}
    </div>
  );
}

function Tool({
  word,
  path,
  act,
  onClick,
}: {
  readonly word: Word;
  readonly path: string;
  /** By which the keyboard finds it. */
  readonly act?: string;
  readonly onClick: () => void;
}): ReactNode {
  const say = useWords();
  return (
    <button
      type="button"
      className="tool"
      aria-label={say(word)}
      title={say(word)}
      data-act={act}
      onClick={onClick}
    >
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d={path} />
      </svg>
    </button>
  );
}

const ANSWER = "M9 7L4 12l5 5M4 12h10a6 6 0 0 1 6 6v1";
const COPY = "M9 9h10v11H9zM5 15V4h10";
const DONE = "M5 13l4 4L19 7";
const EDIT = "M4 20l1-4L16.5 4.5l3 3L8 19z";
const DELETE = "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10 11v5M14 11v5";
