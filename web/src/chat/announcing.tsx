// What is read out, for who does not see what has changed.
import { useEffect, useState, type ReactNode } from "react";
import { createStore, type Store } from "../junto/index.ts";
import { useWatched } from "../state/hooks.ts";

/** How long words stand where they are read out; milliseconds. */
const SAID = 5_000;

/** What is to be read out. Only where it is read out, something is drawn anew by it. */
export function useAnnouncements(): Store<string> {
  const [words] = useState(() => createStore(""));
  return words;
}

/** Said once, and gone: a value that is no longer shared must not stay in the page because it was read out. */
export function Announced({ words }: { readonly words: Store<string> }): ReactNode {
  const said = useWatched(words);
  useEffect(() => {
    if (said === "") return undefined;
    const timer = setTimeout(() => words.set(""), SAID);
    return () => clearTimeout(timer);
  }, [said, words]);
  return (
    <p className="visually-hidden" aria-live="polite">
      {said}
    </p>
  );
}
