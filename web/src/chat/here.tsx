// Who is here from which organization, and who is writing.
import { useCallback, useEffect, useRef, useState, type ReactNode } from "react";
import type { Here, Person, Presence } from "../junto/index.ts";
import { useVisible, useWorkspace } from "../state/hooks.ts";
import { useWords, type Words } from "../words/words.ts";

/** One is here while the group is on a screen that one can see. */
export function useHere(group: string): {
  readonly presence: Presence | null;
  /** To be called at every key with what is written by then. */
  readonly onType: (text: string) => void;
} {
  const { beHere } = useWorkspace();
  const isVisible = useVisible();
  const here = useRef<Here | null>(null);
  const [presence, setPresence] = useState<Presence | null>(null);
  useEffect(() => {
    if (!isVisible) return undefined;
    const next = beHere(group);
    here.current = next;
    const unlisten = next.presence.subscribe(() => setPresence(next.presence.get()));
    return () => {
      unlisten();
      next.leave();
      here.current = null;
      setPresence(null);
    };
  }, [beHere, group, isVisible]);
  const onType = useCallback((text: string) => here.current?.type(text !== ""), []);
  return { presence, onType };
}

/** Organizations of the group, each with a dot when somebody of it is here besides oneself. */
export function Organizations({
  members,
  presence,
}: {
  readonly members: readonly { readonly person: Person }[];
  readonly presence: Presence | null;
}): ReactNode {
  const say = useWords();
  const { me } = useWorkspace();
  const here = new Set(presence?.here.map(({ id }) => id).filter((id) => id !== me.id));
  const organizations = new Map(members.map(({ person }) => [person.organization.id, person.organization]));
  const isHere = (organization: string): boolean =>
    members.some(({ person }) => person.organization.id === organization && here.has(person.id));
  return (
    <span className="chat-organizations">
      {[...organizations.values()].map((organization, at) => (
        <span key={organization.id}>
          {at > 0 && " · "}
          {isHere(organization.id) && <span className="here" aria-hidden="true" />}
          {say.nameOf(organization)}
          {isHere(organization.id) && <span className="visually-hidden"> ({say("here.now")})</span>}
        </span>
      ))}
    </span>
  );
}

/** The line keeps its place, so that nothing jumps. Not announced: it would talk over everything. */
export function Typing({ presence }: { readonly presence: Presence | null }): ReactNode {
  const say = useWords();
  const { me } = useWorkspace();
  const others = (presence?.typing ?? []).filter(({ id }) => id !== me.id);
  return <p className="typing">{typingWords(others, say)}</p>;
}

function typingWords(people: readonly Person[], say: Words): string {
  const [a = "", b = ""] = people.map(({ name, organization }) =>
    say("typing.who", { name, organization: say.nameOf(organization) }),
  );
  if (people.length === 0) return "";
  if (people.length > 2) return say("typing.many", { n: people.length });
  return people.length === 1 ? say("typing.one", { a }) : say("typing.two", { a, b });
}
