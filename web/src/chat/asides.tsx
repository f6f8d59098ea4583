// Cards that are addressed to others: a line each, and those that follow one another together in one. They open in
// place; as long as they are folded nothing of them is drawn but the line, and no change is read out.
import { useState, type ReactNode } from "react";
import { LiveCard, type LiveCardProps } from "../cards/live-card.tsx";
import { usePart } from "../state/hooks.ts";
import { useWords } from "../words/words.ts";

type Drawing = Omit<LiveCardProps, "id" | "said" | "found"> & {
  /** Messages in the thread of a card. */
  readonly saidOf: (card: string) => number;
};

export function AsidesRow({ ids, ...drawing }: Drawing & { readonly ids: readonly string[] }): ReactNode {
  const say = useWords();
  const [isOpen, setOpen] = useState(false);
  if (ids.length === 1) return <Aside id={ids[0]!} {...drawing} />;
  return (
    <details className="asides" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{say("card.asides", { n: ids.length })}</summary>
      {isOpen && ids.map((id) => <Aside key={id} id={id} {...drawing} />)}
    </details>
  );
}

function Aside({ id, saidOf, ...drawing }: Drawing & { readonly id: string }): ReactNode {
  const say = useWords();
  const card = usePart(drawing.open.view, ({ timeline }) => timeline.cards.get(id)?.card);
  const [isOpen, setOpen] = useState(false);
  if (!card) return null;
  return (
    <details
      className="aside"
      onToggle={(event) => {
        event.stopPropagation();
        setOpen(event.currentTarget.open);
      }}
    >
      <summary>
        <span className="aside-summary">{say.summaryOf(card)}</span>
        <span className="quiet">
          {say("card.for", { roles: say.list(card.to) })} · {say.time(card.postedAt)}
        </span>
      </summary>
      {isOpen && <LiveCard id={id} said={saidOf(id)} {...drawing} />}
    </details>
  );
}
