// Search, beside the group: in it, or in all groups. What was found leads to its place.
import { useEffect, useId, useRef, useState, type ReactNode } from "react";
import { go } from "../app/route.ts";
import { findFurther, findInGroup, findInGroups, type Found, type Hit } from "../junto/index.ts";
import { useWorkspace } from "../state/hooks.ts";
import { useWords } from "../words/words.ts";
import { Sheet } from "./sheet.tsx";

export interface SearchSheetProps {
  readonly group: string;
  readonly onJump: (seq: number) => void;
  readonly onClose: () => void;
}

type Looking =
  | { readonly kind: "none" | "loading" | "failed" }
  | { readonly kind: "found"; readonly found: Found; readonly isGoingOn?: boolean };

const NOTHING: Looking = { kind: "none" };
/** After the last letter; milliseconds. */
const PAUSE = 250;

export function SearchSheet({ group, onJump, onClose }: SearchSheetProps): ReactNode {
  const say = useWords();
  const [text, setText] = useState("");
  const [isEverywhere, setEverywhere] = useState(false);
  const { looking, loadMore } = useSearch(text.trim(), isEverywhere ? null : group);
  const input = useRef<HTMLInputElement>(null);
  const name = useId();
  useEffect(() => input.current?.focus(), []);

  function open(hit: Hit): void {
    if (hit.group.id === group) onJump(hit.seq);
    else go({ page: "group", id: hit.group.id, at: hit.seq });
  }

  return (
    <Sheet title={say("search.title")} onClose={onClose}>
      <div className="search">
        <search className="search-form">
          <input
            ref={input}
            type="search"
            value={text}
            maxLength={100}
            aria-label={say("search.label")}
            placeholder={say("search.placeholder")}
            onChange={({ target }) => setText(target.value)}
          />
          <fieldset className="search-where">
            <legend className="visually-hidden">{say("search.where")}</legend>
            {[false, true].map((everywhere) => (
              <label key={String(everywhere)} className="choice">
                <input
                  type="radio"
                  name={name}
                  checked={isEverywhere === everywhere}
                  onChange={() => setEverywhere(everywhere)}
                />
                {say(everywhere ? "search.everywhere" : "search.here")}
              </label>
            ))}
          </fieldset>
        </search>
        <div className="search-found" aria-busy={looking.kind === "loading"}>
          <p className="quiet search-note" role="status">
            {say(NOTES[looking.kind], { n: looking.kind === "found" ? looking.found.hits.length : 0 })}
          </p>
          {looking.kind === "found" && (
            <ul className="hits">
              {looking.found.hits.map((hit) => (
                <li key={`${hit.group.id} ${hit.seq}`}>
                  <HitButton hit={hit} showsGroup={isEverywhere} onClick={() => open(hit)} />
                </li>
              ))}
            </ul>
          )}
          {looking.kind === "found" && looking.found.more && (
            <button type="button" className="older" onClick={loadMore}>
              {say("search.more")}
            </button>
          )}
          {looking.kind === "found" && looking.found.left.length > 0 && (
            <button type="button" className="older" disabled={looking.isGoingOn} onClick={loadMore}>
              {say(looking.isGoingOn ? "app.loading" : "search.left", { n: looking.found.left.length })}
            </button>
          )}
        </div>
      </div>
    </Sheet>
  );
}

const NOTES = {
  none: "search.hint",
  loading: "app.loading",
  failed: "search.failed",
  found: "search.found",
} as const;

function HitButton({
  hit,
  showsGroup,
  onClick,
}: {
  readonly hit: Hit;
  readonly showsGroup: boolean;
  readonly onClick: () => void;
}): ReactNode {
  const say = useWords();
  const who = hit.kind === "CARD" ? say("search.card") : (hit.actor?.name ?? say("event.system"));
  return (
    <button type="button" className="hit" onClick={onClick}>
      <span className="hit-head">
        <b>{who}</b>
        {showsGroup && <span className="quiet">{hit.group.name}</span>}
        <time className="quiet" dateTime={hit.at}>
          {say.time(hit.at)}
        </time>
      </span>
      <span className="hit-text">
        {hit.snippet.map(({ text, marked }, at) =>
          // oxlint-disable-next-line react/no-array-index-key -- parts of one text have nothing else
          marked ? <mark key={at}>{text}</mark> : text,
        )}
      </span>
    </button>
  );
}

/** @param group null: all groups */
function useSearch(
  text: string,
  group: string | null,
): { readonly looking: Looking; readonly loadMore: () => void } {
  const { locale } = useWords();
  const { connection } = useWorkspace();
  const [looking, setLooking] = useState<Looking>(NOTHING);
  const wanted = useRef<object>(null);

  useEffect(() => {
    const question = (wanted.current = {});
    if (text === "") return undefined;
    const tell = (next: Looking): void => void (wanted.current === question && setLooking(next));
    const timer = setTimeout(() => {
      tell({ kind: "loading" });
      const asked =
        group === null
          ? findInGroups(connection, { text, locale })
          : findInGroup(connection, { group, text, locale });
      asked.then(
        (found) => tell({ kind: "found", found }),
        () => tell({ kind: "failed" }),
      );
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [connection, group, locale, text]);

  function loadMore(): void {
    if (looking.kind !== "found") return;
    const { found } = looking;
    const question = wanted.current;
    const before = found.hits.at(-1)?.seq;
    const tell = (next: Looking): void => void (wanted.current === question && setLooking(next));
    setLooking({ ...looking, isGoingOn: true });
    const more = async (): Promise<Found> => {
      if (group === null) return findFurther(connection, found, { text, locale });
      const next = await findInGroup(connection, {
        group,
        text,
        locale,
        ...(before !== undefined && { before }),
      });
      return { ...next, hits: [...found.hits, ...next.hits] };
    };
    more().then(
      (next) => tell({ kind: "found", found: next }),
      () => tell({ kind: "failed" }),
    );
  }
  return { looking: text === "" ? NOTHING : looking, loadMore };
}
