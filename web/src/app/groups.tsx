// The groups that one is in.
import type { ReactNode } from "react";
import { isMuted } from "../junto/index.ts";
import { useNow, useWatched, useWorkspace } from "../state/hooks.ts";
import { useWords } from "../words/words.ts";
import { hashOf } from "./route.ts";

export function Groups({ chosen }: { readonly chosen: string | null }): ReactNode {
  const say = useWords();
  const workspace = useWorkspace();
  const groups = useWatched(workspace.groups);
  const preferences = useWatched(workspace.preferences.view);
  const now = useNow();
  if (groups === "loading")
    return (
      <div className="groups" aria-busy="true">
        <div className="skeleton" />
        <div className="skeleton" />
      </div>
    );
  if (groups === "failed")
    return (
      <div className="empty">
        <p role="alert">{say("app.away")}</p>
        <button type="button" className="button" onClick={() => void workspace.refreshGroups()}>
          {say("app.again")}
        </button>
      </div>
    );
  if (groups.length === 0)
    return (
      <div className="empty">
        <p>{say("groups.none")}</p>
        <p className="quiet">{say("groups.noneHint")}</p>
      </div>
    );
  return (
    <ul className="groups">
      {groups.map(({ id, name, members, closed }) => {
        const organizations = [...new Set(members.map(({ person }) => say.nameOf(person.organization)))];
        return (
          <li key={id}>
            <a
              href={hashOf({ page: "group", id })}
              className="group"
              aria-current={id === chosen ? "page" : undefined}
            >
              <span className="group-name">
                {name}
                {isMuted(preferences, id, now) && <span className="tag">{say("mute.muted")}</span>}
                {closed && <span className="tag">{say("groups.closed")}</span>}
              </span>
              <span className="quiet">{organizations.join(" · ")}</span>
            </a>
          </li>
        );
      })}
    </ul>
  );
}
