// What stands before the first row of a timeline: the way to what is older, or that there is nothing.
import type { ReactNode } from "react";
import type { OpenGroup } from "../junto/index.ts";
import { usePart } from "../state/hooks.ts";
import { useWords } from "../words/words.ts";

export interface StartProps {
  readonly open: OpenGroup;
  readonly name: string;
  readonly isEmpty: boolean;
}

export function TimelineStart({ open, name, isEmpty }: StartProps): ReactNode {
  const say = useWords();
  const isThere = usePart(open.view, ({ around }) => around !== null);
  const from = usePart(open.view, ({ timeline }) => timeline.from);
  const older = usePart(open.view, (view) => view.older);
  if (!isThere) return <Skeletons />;
  if (from > 1) {
    return (
      <button
        type="button"
        className="older"
        disabled={older === "loading"}
        onClick={() => void open.loadOlder()}
      >
        {say(older === "loading" ? "app.loading" : older === "failed" ? "chat.olderFailed" : "chat.older")}
      </button>
    );
  }
  if (!isEmpty) return <p className="beginning">{say("chat.beginning", { group: name })}</p>;
  return (
    <div className="empty">
      <p>{say("chat.empty")}</p>
      <p className="quiet">{say("chat.emptyHint")}</p>
    </div>
  );
}

function Skeletons(): ReactNode {
  const say = useWords();
  return (
    <div aria-busy="true" aria-label={say("app.loading")} role="status">
      {[1, 2, 3].map((at) => (
        <div key={at} className="message">
          <span className="avatar skeleton" />
          <div className="message-body">
            <div className="skeleton skeleton-short" />
            <div className="skeleton" />
          </div>
        </div>
      ))}
    </div>
  );
}
