// A message: what it answers, what is said, and what can be done with it. Its buttons come when one points at it, comes to
// it by keyboard, or presses it for a while.
import {
  memo,
  useEffect,
  useRef,
  useState,
  type FocusEvent,
  type HTMLAttributes,
  type PointerEvent,
  type ReactNode,
} from "react";
import { partsOf, type Message, type OpenGroup } from "../junto/index.ts";
import { usePart, useWorkspace } from "../state/hooks.ts";
import { useWords } from "../words/words.ts";
import { Avatar } from "./avatar.tsx";
import { MessageTools, type MessageActs } from "./message-tools.tsx";
import type { Pending } from "./rows.ts";

export type { MessageActs } from "./message-tools.tsx";

export interface MessageProps {
  readonly open: OpenGroup;
  readonly message: Message;
  /** The same person goes on: name and picture are there already. */
  readonly goesOn: boolean;
  /** What it answers, as it is now. */
  readonly answered: Message["replyTo"];
  /** How many answers to it there are. */
  readonly answers: number;
  /** One looks at the thread in which it stands, and need not be told of it. */
  readonly isInThread: boolean;
  readonly pending: Pending | undefined;
  readonly isFound: boolean;
  readonly acts: MessageActs;
}

/** A press that is longer than a tap; milliseconds. */
const LONG = 450;

export const MessageRow: (props: MessageProps) => ReactNode = memo(function MessageRow(props: MessageProps) {
  const { open, message, goesOn, answered, answers, isInThread, pending, isFound, acts } = props;
  const say = useWords();
  const { me } = useWorkspace();
  const [isNear, setNear] = useState(false);
  const { isPressed, handlers } = usePress();
  const isForMe = message.mentions.some(({ id }) => id === me.id) && message.text !== null;
  /** Pointer or focus goes elsewhere; not when only the window loses it. */
  const leave = ({ currentTarget, relatedTarget }: FocusEvent | PointerEvent): void => {
    const stays = [relatedTarget, document.activeElement].some(
      (at) => at instanceof Node && currentTarget.contains(at),
    );
    if (!stays) setNear(false);
  };
  return (
    <div
      className={["entry", isForMe && "entry-for-me", isFound && "entry-found"].filter(Boolean).join(" ")}
      tabIndex={-1}
      data-entry
      data-seq={message.seq}
      onPointerEnter={({ pointerType }) => pointerType === "mouse" && setNear(true)}
      onPointerLeave={(event) => event.pointerType === "mouse" && leave(event)}
      onFocus={() => setNear(true)}
      onBlur={leave}
      {...handlers}
    >
      <article className={goesOn ? "message message-on" : "message"}>
        {!goesOn && <Avatar person={message.actor} />}
        <div className="message-body">
          <Head message={message} goesOn={goesOn} />
          <Context open={open} message={message} answered={answered} isInThread={isInThread} acts={acts} />
          <Words message={message} pending={pending} />
          {answers > 0 && (
            <button type="button" className="message-thread" onClick={() => acts.answers(message.id)}>
              {say("message.answersOpen", { n: answers })}
            </button>
          )}
        </div>
      </article>
      {(isNear || isPressed) && message.text !== null && pending?.kind !== "unsay" && (
        <MessageTools message={message} isOwn={message.actor?.id === me.id} acts={acts} />
      )}
    </div>
  );
});

function Head({ message, goesOn }: Pick<MessageProps, "message" | "goesOn">): ReactNode {
  const say = useWords();
  const { actor, at } = message;
  if (goesOn) return <span className="visually-hidden">{actor?.name}</span>;
  return (
    <header className="message-head">
      <b>{actor?.name ?? say("event.system")}</b>
      {actor && <span className="quiet">{say.nameOf(actor.organization)}</span>}
      <time className="quiet" dateTime={at}>
        {say.time(at)}
      </time>
    </header>
  );
}

/** In whose thread it is said, and what it answers. */
function Context({
  open,
  message,
  answered,
  isInThread,
  acts,
}: Pick<MessageProps, "open" | "message" | "answered" | "isInThread" | "acts">): ReactNode {
  const say = useWords();
  const { cardId } = message;
  return (
    <>
      {!isInThread && cardId !== null && (
        <ThreadButton open={open} card={cardId} onClick={() => acts.thread(cardId)} />
      )}
      {answered && (
        <button type="button" className="quote" onClick={() => acts.jump(answered.seq)}>
          <span className="visually-hidden">{say("message.answers")} </span>
          <b>{answered.actor?.name ?? say("event.system")}</b>{" "}
          <span className="quote-text">{answered.text ?? say("message.deleted")}</span>
        </button>
      )}
    </>
  );
}

function ThreadButton({
  open,
  card,
  onClick,
}: {
  readonly open: OpenGroup;
  readonly card: string;
  readonly onClick: () => void;
}): ReactNode {
  const say = useWords();
  const about = usePart(open.view, ({ timeline }) => timeline.cards.get(card)?.card);
  return (
    <button type="button" className="message-thread" onClick={onClick}>
      {say("thread.on", { card: about ? say.summaryOf(about) : say("thread.card") })}
    </button>
  );
}

function Words({ message, pending }: Pick<MessageProps, "message" | "pending">): ReactNode {
  const say = useWords();
  const { me } = useWorkspace();
  const text = pending?.kind === "unsay" ? null : (pending?.text ?? message.text);
  if (text === null) return <p className="message-text message-deleted">{say("message.deleted")}</p>;
  return (
    <p className={pending ? "message-text message-pending" : "message-text"}>
      {partsOf(text, message.mentions).map((part, at) =>
        part.person === null ? (
          part.text
        ) : (
          // oxlint-disable-next-line react/no-array-index-key -- parts of one text have nothing else
          <span key={at} className={part.person === me.id ? "mention mention-me" : "mention"}>
            {part.text}
          </span>
        ),
      )}
      {(pending || message.editedAt !== null) && (
        <span className="message-edited">
          {" "}
          {pending
            ? say("message.saving")
            : say("message.edited", { when: say.time(message.editedAt ?? message.at) })}
        </span>
      )}
    </p>
  );
}

/** On a touch screen: who presses for a while has the buttons, until they touch something else or write. */
function usePress(): { readonly isPressed: boolean; readonly handlers: HTMLAttributes<HTMLElement> } {
  const [pressed, setPressed] = useState<HTMLElement | null>(null);
  const press = useRef<{ timer?: ReturnType<typeof setTimeout>; isTouch?: boolean; isLong?: boolean }>({});
  useEffect(() => {
    if (!pressed) return undefined;
    const onElsewhere = ({ target }: Event): void => {
      if (target instanceof Node && !pressed.contains(target)) setPressed(null);
    };
    document.addEventListener("pointerdown", onElsewhere);
    document.addEventListener("focusin", onElsewhere);
    return () => {
      document.removeEventListener("pointerdown", onElsewhere);
      document.removeEventListener("focusin", onElsewhere);
    };
  }, [pressed]);
  const end = (): void => clearTimeout(press.current.timer);
  return {
    isPressed: pressed !== null,
    handlers: {
      onPointerDown({ pointerType, currentTarget }) {
        end();
        press.current.isTouch = pointerType !== "mouse";
        press.current.isLong = false;
        if (!press.current.isTouch) return;
        press.current.timer = setTimeout(() => {
          press.current.isLong = true;
          setPressed(currentTarget);
        }, LONG);
      },
      onPointerUp: end,
      onPointerCancel: end,
      onPointerMove: ({ movementX, movementY }) => Math.abs(movementX) + Math.abs(movementY) > 6 && end(),
      // What was pressed for the buttons is not clicked as well.
      onClickCapture: (event) => press.current.isLong && event.stopPropagation(),
      // The browser's own menu would come over the buttons.
      onContextMenu: (event) => press.current.isTouch && event.preventDefault(),
    },
  };
}
