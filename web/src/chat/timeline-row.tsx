// One row of the timeline. It is drawn anew when something in it is another one, whatever else happens in the group.
import { memo, type ReactNode } from "react";
import { LiveCard, type LiveCardProps } from "../cards/live-card.tsx";
import { answeredBy, type Message } from "../junto/index.ts";
import { useWords } from "../words/words.ts";
import { AsidesRow } from "./asides.tsx";
import { ChangesRow } from "./entries.tsx";
import { MessageRow, type MessageActs } from "./message-row.tsx";
import type { Pending, Row } from "./rows.ts";
import { SeenBy } from "./seen.tsx";

/** What rows are drawn with. The same object as long as nothing in it is another one. */
export interface Drawing {
  readonly cards: Omit<LiveCardProps, "id" | "said" | "found">;
  readonly acts: MessageActs;
  /** By id, as they are now. */
  readonly messages: ReadonlyMap<string, Message>;
  readonly pending: ReadonlyMap<string, Pending>;
  /** Message ▸ how many answer it. */
  readonly answers: ReadonlyMap<string, number>;
  /** Messages in the thread of a card. */
  readonly saidOf: (card: string) => number;
}

export interface TimelineRowProps {
  readonly row: Row;
  readonly isFound: boolean;
  readonly drawing: Drawing;
  readonly watch: (element: HTMLElement | null) => (() => void) | undefined;
}

export const TimelineRow: (props: TimelineRowProps) => ReactNode = memo(function TimelineRow({
  row,
  isFound,
  drawing,
  watch,
}: TimelineRowProps) {
  return (
    <div ref={watch} className="row" data-row={row.key} data-new={row.kind === "new" ? "" : undefined}>
      <Inside row={row} isFound={isFound} drawing={drawing} />
    </div>
  );
});

function Inside({ row, isFound, drawing }: Omit<TimelineRowProps, "watch">): ReactNode {
  const say = useWords();
  switch (row.kind) {
    case "new":
      return (
        <p className="new-line">
          <span>{say("chat.unread")}</span>
        </p>
      );
    case "day":
      return (
        <p className="day">
          <span>{say.day(row.at)}</span>
        </p>
      );
    case "changes":
      return <ChangesRow entries={row.entries} />;
    case "message":
      return <Said row={row} isFound={isFound} drawing={drawing} />;
    case "card":
    case "asides":
      return <Cards row={row} isFound={isFound} drawing={drawing} />;
  }
}

interface EntryProps<Kind extends Row["kind"]> {
  readonly row: Extract<Row, { readonly kind: Kind }>;
  readonly isFound: boolean;
  readonly drawing: Drawing;
}

function Said({ row: { entry, goesOn }, isFound, drawing }: EntryProps<"message">): ReactNode {
  const { cards, acts, messages, pending, answers } = drawing;
  const message = messages.get(entry.message.id) ?? entry.message;
  return (
    <>
      <MessageRow
        open={cards.open}
        message={message}
        goesOn={goesOn}
        answered={answeredBy({ messages }, message)}
        answers={answers.get(message.id) ?? 0}
        pending={pending.get(message.id)}
        isInThread={false}
        isFound={isFound}
        acts={acts}
      />
      <SeenBy seq={entry.seq} />
    </>
  );
}

function Cards({ row, isFound, drawing: { cards, saidOf } }: EntryProps<"card" | "asides">): ReactNode {
  const seq = row.kind === "card" ? row.entry.seq : row.seq;
  return (
    <div className={isFound ? "entry entry-found" : "entry"} tabIndex={-1} data-entry data-seq={seq}>
      {row.kind === "asides" ? (
        <AsidesRow ids={row.cards} saidOf={saidOf} {...cards} />
      ) : (
        <LiveCard id={row.entry.card.id} said={saidOf(row.entry.card.id)} {...cards} />
      )}
      <SeenBy seq={seq} />
    </div>
  );
}
