// A card of an open group, drawn again when its own state is another one, whatever else happens in the group.
import type { ReactNode } from "react";
import type { CardState, OpenGroup } from "../junto/index.ts";
import { usePart } from "../state/hooks.ts";
import { CardView, type CardViewProps } from "./card-view.tsx";

export interface LiveCardProps extends Omit<CardViewProps, "group" | "state" | "last"> {
  readonly open: OpenGroup;
  readonly id: string;
  /** Shown as long as the group has not told of the card. */
  readonly found?: CardState;
}

export function LiveCard({ open, id, found, ...rest }: LiveCardProps): ReactNode {
  const state = usePart(open.view, ({ timeline }) => timeline.cards.get(id)) ?? found;
  const last = usePart(open.view, ({ timeline }) => timeline.lastRuns.get(id));
  return state && <CardView group={open.id} state={state} last={last} {...rest} />;
}
