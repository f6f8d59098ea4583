// State that lives outside of React, as React sees it.
import { createContext, use, useCallback, useEffect, useState, useSyncExternalStore } from "react";
import type { Watched } from "../junto/index.ts";
import { inTurn } from "./turns.ts";
import type { Workspace } from "./workspace.ts";

export function useWatched<T>({ get, subscribe }: Watched<T>): T {
  return useSyncExternalStore(subscribe, get);
}

/** A part of a value; what uses it is drawn again only when that part is another one. */
export function usePart<T, Part>({ get, subscribe }: Watched<T>, part: (value: T) => Part): Part {
  return useSyncExternalStore(subscribe, () => part(get()));
}

/** The same, drawn in turn with all else that changes at this moment. @param part the same function as long as it is the same part */
export function usePartInTurn<T, Part>({ get, subscribe }: Watched<T>, part: (value: T) => Part): Part {
  const listen = useCallback(
    (draw: () => void) => {
      let known = part(get());
      return subscribe(() => {
        const next = part(get());
        if (Object.is(known, next)) return;
        known = next;
        inTurn(draw);
      });
    },
    [get, subscribe, part],
  );
  return useSyncExternalStore(listen, () => part(get()));
}

/** The time, told anew each minute. */
export function useNow(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 60_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

export const WorkspaceContext: React.Context<Workspace | null> = createContext<Workspace | null>(null);

export function useWorkspace(): Workspace {
  const workspace = use(WorkspaceContext);
  if (!workspace) throw new Error("Nobody is signed in here.");
  return workspace;
}

/** Follows a media query, such as the width or the wish for less motion. */
export function useMedia(query: string): boolean {
  const media = matchMedia(query);
  const matches = (): boolean => media.matches;
  return useSyncExternalStore(
    (listener) => {
      media.addEventListener("change", listener);
      return () => media.removeEventListener("change", listener);
    },
    matches,
    matches,
  );
}

const isVisible = (): boolean => document.visibilityState === "visible";

/** Whether one can see this page. */
export function useVisible(): boolean {
  return useSyncExternalStore(onAttention, isVisible);
}

/** Whether this page is in front of the person. */
export function useLooking(): boolean {
  return useSyncExternalStore(onAttention, () => isVisible() && document.hasFocus());
}

function onAttention(listener: () => void): () => void {
  document.addEventListener("visibilitychange", listener);
  addEventListener("focus", listener);
  addEventListener("blur", listener);
  return () => {
    document.removeEventListener("visibilitychange", listener);
    removeEventListener("focus", listener);
    removeEventListener("blur", listener);
  };
}
