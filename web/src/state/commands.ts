// What can be done from where one is, by name: what is on the screen registers it, the switcher finds it.
import { useEffect } from "react";
import { createStore, type Watched } from "../junto/index.ts";

export interface Command {
  readonly id: string;
  readonly title: string;
  /** What it is about, for who looks for it in other words. */
  readonly hint?: string;
  run(): void;
}

const registered = createStore<ReadonlyMap<object, readonly Command[]>>(new Map());

export const commandsHere: Watched<ReadonlyMap<object, readonly Command[]>> = registered;

/** Offers them as long as what calls this is drawn. @param commands the same list as long as they are the same */
export function useCommands(commands: readonly Command[]): void {
  useEffect(() => {
    const key = {};
    registered.update((all) => new Map(all).set(key, commands));
    return () =>
      registered.update((all) => {
        const rest = new Map(all);
        rest.delete(key);
        return rest;
      });
  }, [commands]);
}
