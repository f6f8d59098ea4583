// A card of an open group, drawn again when its own state is another one, whatever else happens in the group.
import { useCallback, type ReactNode } from "react";
import type { CardState, GroupView, OpenGroup } from "../junto/index.ts";
import { usePartInTurn } from "../state/hooks.ts";
import { CardView, type CardViewProps } from "./card-view.tsx";

export interface LiveCardProps extends Omit<CardViewProps, "group" | "state" | "last"> {
  readonly open: OpenGroup;
  readonly id: string;
  /** Shown as long as the group has not told of the card. */
  readonly found?: CardState;
}

export function LiveCard({ open, id, found, ...rest }: LiveCardProps): ReactNode {
  const state = usePartInTurn(
    open.view,
    useCallback(({ timeline }: GroupView) => timeline.cards.get(id), [id]),
  );
  const last = usePartInTurn(
    open.view,
    useCallback(({ timeline }: GroupView) => timeline.lastRuns.get(id), [id]),
  );
  const shown = state ?? found;
  return shown && <CardView group={open.id} state={shown} last={last} {...rest} />;
}
