// What comes up beside a group's timeline: what there is to know about it, search, a thread, a form.
import { lazy, Suspense, useEffect, type ReactNode } from "react";
import type { OpenGroup, Person, Presence, ThreadOn } from "../junto/index.ts";
import { useWatched } from "../state/hooks.ts";
import type { MessageActs } from "./message-row.tsx";

// What is not on the first screen is loaded when it is first wanted.
const About = lazy(() => import("./about.tsx").then(({ About: View }) => ({ default: View })));
const SearchSheet = lazy(() =>
  import("./search-sheet.tsx").then(({ SearchSheet: View }) => ({ default: View })),
);
const ThreadSheet = lazy(() =>
  import("./thread-sheet.tsx").then(({ ThreadSheet: View }) => ({ default: View })),
);
const FormSheet = lazy(() => import("./form-sheet.tsx").then(({ FormSheet: View }) => ({ default: View })));

export type Beside =
  | { readonly kind: "form"; readonly card: string | null; readonly verb: string }
  | { readonly kind: "thread"; readonly on: ThreadOn }
  | { readonly kind: "about" | "search" };

export interface BesideProps {
  readonly beside: Beside | null;
  readonly open: OpenGroup;
  readonly presence: Presence | null;
  readonly people: readonly Person[];
  readonly isOnline: boolean;
  readonly acts: MessageActs;
  readonly onClose: () => void;
}

export function BesideTimeline(props: BesideProps): ReactNode {
  const { beside, open, isOnline } = props;
  // Numbers in a form are of this moment: a card's come with the card, the group's are asked for when it moves.
  const isBeginning = beside?.kind === "form" && beside.card === null;
  useEffect(() => (isBeginning && isOnline ? keepFresh(open) : undefined), [open, isBeginning, isOnline]);
  return <Suspense>{beside && <Sheet {...props} beside={beside} />}</Suspense>;
}

function Sheet(props: BesideProps & { readonly beside: Beside }): ReactNode {
  const { beside, open, presence, people, isOnline, acts, onClose } = props;
  const view = useWatched(open.view);
  const { around, timeline } = view;
  switch (beside.kind) {
    case "about":
      return (
        around && (
          <About
            group={open.id}
            around={around}
            presence={presence}
            onChanged={open.refresh}
            onClose={onClose}
          />
        )
      );
    case "search":
      return <SearchSheet group={open.id} onJump={acts.jump} onClose={onClose} />;
    case "thread":
      return (
        <ThreadSheet
          key={JSON.stringify(beside.on)}
          open={open}
          view={view}
          on={beside.on}
          people={people}
          isOnline={isOnline}
          acts={acts}
          onClose={onClose}
        />
      );
    case "form": {
      const { card: id, verb } = beside;
      const card = id === null ? null : (timeline.cards.get(id)?.card ?? null);
      const offered = id === null ? around : card;
      return (
        <FormSheet
          key={`${id} ${verb}`}
          group={open.id}
          verb={verb}
          card={card}
          action={offered?.actions.find((action) => action.verb === verb)}
          onClose={onClose}
        />
      );
    }
  }
}

/** Asks now, and whenever something happens in the group. */
function keepFresh({ view, refresh }: OpenGroup): () => void {
  let seen = view.get().timeline.to;
  void refresh();
  return view.subscribe(() => {
    const { to } = view.get().timeline;
    if (to === seen) return;
    seen = to;
    void refresh();
  });
}
