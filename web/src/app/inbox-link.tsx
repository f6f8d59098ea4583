// The way to what waits for me, with how much it is.
import type { ReactNode } from "react";
import { useWatched, useWorkspace } from "../state/hooks.ts";
import { useWords } from "../words/words.ts";
import { hashOf } from "./route.ts";

export function InboxLink({ isOpen }: { readonly isOpen: boolean }): ReactNode {
  const say = useWords();
  const { inbox } = useWorkspace();
  const count = useWatched(inbox.waiting);
  return (
    <a
      href={hashOf({ page: "inbox" })}
      className="group inbox-link"
      aria-current={isOpen ? "page" : undefined}
    >
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d="M4 13l2.5-8h11L20 13v6H4zM4 13h4.5l1.5 2.5h4l1.5-2.5H20" />
      </svg>
      <span>{say("inbox.title")}</span>
      {count > 0 && (
        <span className="count">
          <span aria-hidden="true">{count}</span>
          <span className="visually-hidden">{say("inbox.count", { n: count })}</span>
        </span>
      )}
    </a>
  );
}
