// What stands in the timeline besides cards and messages: messages on their way, and what changed in the group.
import type { ReactNode } from "react";
import type { Intention, Sending } from "../junto/index.ts";
import { useRoleTitle } from "../state/around.ts";
import { useWorkspace } from "../state/hooks.ts";
import { useWords, type Word, type Words } from "../words/words.ts";
import { Avatar } from "./avatar.tsx";
import type { Change } from "./rows.ts";

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
        <p className="message-text">{wordsIn(intention)}</p>
      </div>
    </article>
  );
}

function wordsIn(intention: Intention): string {
  return intention.kind === "say" || intention.kind === "edit" ? intention.text : "";
}

/** A message, or a change of one, that the gateway did not take, and why. */
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
          <span className="bad">{say(FAILED[intention.kind], { why })}</span>
          <button type="button" className="link" onClick={() => dismissUnsaid(sending.key)}>
            {say("message.remove")}
          </button>
        </header>
        <p className="message-text">{wordsIn(intention)}</p>
      </div>
    </article>
  );
}

const FAILED: Readonly<Record<Intention["kind"], Word>> = {
  say: "message.failed",
  edit: "message.editFailed",
  unsay: "message.deleteFailed",
  act: "message.failed",
};

export function ChangesRow({ entries }: { readonly entries: readonly Change[] }): ReactNode {
  const say = useWords();
  const roleTitle = useRoleTitle();
  const [only] = entries;
  if (entries.length === 1 && only) return <p className="change">{wordsOf(only, say, roleTitle)}</p>;
  return (
    <details className="changes">
      <summary>{say("event.folded", { n: entries.length })}</summary>
      <ul>
        {entries.map((entry) => (
          <li key={entry.seq}>{wordsOf(entry, say, roleTitle)}</li>
        ))}
      </ul>
    </details>
  );
}

function wordsOf(entry: Change, say: Words, roleTitle: (role: string) => string): string {
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
      return say(word, { who: person.name, role: roleTitle(role), actor });
    }
    case "GrantChanged":
      return say(
        entry.granted ? "event.granted" : entry.end === "EXPIRED" ? "event.expired" : "event.withdrawn",
        {
          actor,
          policy: say.nameOf(entry),
          role: roleTitle(entry.role),
        },
      );
    case "OrganizationChanged":
      return say(`event.organization.${entry.change}`, {
        actor,
        organization: say.nameOf(entry.organization),
      });
    case "GroupClosed":
      return say("event.closed", { actor });
    default:
      return say("chat.unknown");
  }
}
