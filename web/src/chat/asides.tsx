// Cards that are addressed to others, and that the person has not begun: a line each, and those that follow one another together in one. They open in
// place; as long as they are folded nothing of them is drawn but the line, and no change is read out.
import { useState, type MouseEvent, type ReactNode } from "react";
import { LiveCard, type LiveCardProps } from "../cards/live-card.tsx";
import { useRoleTitle } from "../state/around.ts";
import { usePart } from "../state/hooks.ts";
import { useWords } from "../words/words.ts";

interface Drawing extends Omit<LiveCardProps, "id" | "said" | "found"> {
  /** Messages in the thread of a card. */
  readonly saidOf: (card: string) => number;
}

export function AsidesRow({ ids, ...drawing }: Drawing & { readonly ids: readonly string[] }): ReactNode {
  const say = useWords();
  const [isOpen, setOpen] = useState(false);
  // Kept here: a card that is open stays so when another comes to stand beside it.
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const lines = ids.map((id) => (
    <Aside
      key={id}
      id={id}
      isOpen={opened.has(id)}
      onToggle={() =>
        setOpened((known) =>
          known.has(id) ? new Set([...known].filter((each) => each !== id)) : new Set([...known, id]),
        )
      }
      {...drawing}
    />
  ));
  if (ids.length === 1) return lines;
  const isUnfolded = isOpen || opened.size > 0;
  const fold = (event: MouseEvent): void => {
    event.preventDefault();
    setOpen(!isUnfolded);
    setOpened(new Set());
  };
  return (
    <details className="asides" open={isUnfolded}>
      <summary onClick={fold}>{say("card.asides", { n: ids.length })}</summary>
      {isUnfolded && lines}
    </details>
  );
}

interface AsideProps extends Drawing {
  readonly id: string;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

function Aside({ id, isOpen, onToggle, saidOf, ...drawing }: AsideProps): ReactNode {
  const say = useWords();
  const roleTitle = useRoleTitle();
  const card = usePart(drawing.open.view, ({ timeline }) => timeline.cards.get(id)?.card);
  if (!card) return null;
  const toggle = (event: MouseEvent): void => {
    event.preventDefault();
    onToggle();
  };
  return (
    <details className="aside" open={isOpen}>
      <summary onClick={toggle}>
        <span className="aside-summary">{say.summaryOf(card)}</span>
        <span className="quiet">
          {say("card.for", { roles: say.list(card.to.map(roleTitle)) })} · {say.time(card.postedAt)}
        </span>
      </summary>
      {isOpen && <LiveCard id={id} said={saidOf(id)} {...drawing} />}
    </details>
  );
}
