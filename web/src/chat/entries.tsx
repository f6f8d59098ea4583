// What stands in the timeline besides cards: messages, and what changed in the group.
import { memo, type ReactNode } from "react";
import type { Entry, Sending } from "../junto/index.ts";
import { useWorkspace } from "../state/hooks.ts";
import { useWords, type Words } from "../words/words.ts";
import { Avatar } from "./avatar.tsx";
import type { Change } from "./rows.ts";

type Message = Extract<Entry, { readonly __typename: "MessagePosted" }>;

export const MessageRow: (props: { readonly entry: Message; readonly goesOn: boolean }) => ReactNode = memo(
  function MessageRow({ entry, goesOn }: { readonly entry: Message; readonly goesOn: boolean }) {
    const say = useWords();
    const { actor, text, at } = entry;
    return (
      <article className={goesOn ? "message message-on" : "message"}>
        {!goesOn && <Avatar person={actor} />}
        <div className="message-body">
          {goesOn ? (
            <span className="visually-hidden">{actor?.name}</span>
          ) : (
            <header className="message-head">
              <b>{actor?.name ?? say("event.system")}</b>
              {actor && <span className="quiet">{say.nameOf(actor.organization)}</span>}
              <time className="quiet" dateTime={at}>
                {say.time(at)}
              </time>
            </header>
          )}
          <p className="message-text">{text}</p>
        </div>
      </article>
    );
  },
);

/** A message on its way. */
export function UnsentRow({
  sending,
  isOnline,
}: {
  readonly sending: Sending;
  readonly isOnline: boolean;
}): ReactNode {
  const say = useWords();
  const { me } = useWorkspace();
  const { intention } = sending;
  return (
    <article className="message message-unsent">
      <Avatar person={me} />
      <div className="message-body">
        <header className="message-head">
          <b>{me.name}</b>
          <span className="quiet">{say(isOnline ? "message.sending" : "message.queued")}</span>
        </header>
        <p className="message-text">{intention.kind === "say" ? intention.text : ""}</p>
      </div>
    </article>
  );
}

/** A message that the gateway did not take, and why. */
export function UnsaidRow({ sending, why }: { readonly sending: Sending; readonly why: string }): ReactNode {
  const say = useWords();
  const { me, dismissUnsaid } = useWorkspace();
  const { intention } = sending;
  return (
    <article className="message message-unsent">
      <Avatar person={me} />
      <div className="message-body">
        <header className="message-head" role="alert">
          <b>{me.name}</b>
          <span className="bad">{say("message.failed", { why })}</span>
          <button type="button" className="link" onClick={() => dismissUnsaid(sending.key)}>
            {say("message.remove")}
          </button>
        </header>
        <p className="message-text">{intention.kind === "say" ? intention.text : ""}</p>
      </div>
    </article>
  );
}

export function ChangesRow({ entries }: { readonly entries: readonly Change[] }): ReactNode {
  const say = useWords();
  const [only] = entries;
  if (entries.length === 1 && only) return <p className="change">{wordsOf(only, say)}</p>;
  return (
    <details className="changes">
      <summary>{say("event.folded", { n: entries.length })}</summary>
      <ul>
        {entries.map((entry) => (
          <li key={entry.seq}>{wordsOf(entry, say)}</li>
        ))}
      </ul>
    </details>
  );
}

function wordsOf(entry: Change, say: Words): string {
  const actor = entry.actor?.name ?? say("event.system");
  switch (entry.__typename) {
    case "MemberChanged": {
      const { person, role, added } = entry;
      const isSelf = entry.actor === null || entry.actor.id === person.id;
      const word = added
        ? isSelf
          ? "event.joined"
          : "event.added"
        : isSelf
          ? "event.left"
          : "event.removed";
      return say(word, { who: person.name, role, actor });
    }
    case "GrantChanged":
      return say(entry.granted ? "event.granted" : "event.withdrawn", {
        actor,
        policy: entry.policy,
        role: entry.role,
      });
    case "GroupClosed":
      return say("event.closed", { actor });
    default:
      return say("chat.unknown");
  }
}
