// The groups that one is in: what waits for one there, and what is new.
import type { ReactNode } from "react";
import { isMuted, type Group, type Reading } from "../junto/index.ts";
import { useNow, useWatched, useWorkspace } from "../state/hooks.ts";
import { useWords, type Words } from "../words/words.ts";
import { hashOf } from "./route.ts";

export function Groups({ chosen }: { readonly chosen: string | null }): ReactNode {
  const say = useWords();
  const { groups: all, preferences } = useWorkspace();
  const groups = useWatched(all);
  const wishes = useWatched(preferences.view);
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
    <ul className="groups" data-list data-newest="first">
      {groups.map((group) => (
        <li key={group.id}>
          <GroupLink group={group} isChosen={group.id === chosen} isMuted={isMuted(wishes, group.id, now)} />
        </li>
      ))}
    </ul>
  );
}

function GroupLink({
  group,
  isChosen,
  isMuted: isQuiet,
}: {
  readonly group: Group;
  readonly isChosen: boolean;
  /** What is only new there is not told; what waits, and who calls one, is. */
  readonly isMuted: boolean;
}): ReactNode {
  const say = useWords();
  const { id, name, closed, changedAt, organizations, reading } = group;
  const news = reading && !isQuiet ? newsIn(reading, say) : "";
  return (
    <a
      href={hashOf({ page: "group", id })}
      className={news === "" ? "group" : "group group-new"}
      data-entry
      aria-current={isChosen ? "page" : undefined}
    >
      <span className="group-name">
        <span className="group-title">{name}</span>
        {isQuiet && <span className="tag">{say("mute.muted")}</span>}
        {closed && <span className="tag">{say("groups.closed")}</span>}
        <time className="group-time" dateTime={changedAt}>
          {say.time(changedAt)}
        </time>
      </span>
      <span className="group-line">
        <span className="group-organizations">{organizations.map(say.nameOf).join(" · ")}</span>
        {reading !== null && reading.mentions > 0 && (
          <span className="badge badge-mention">
            <span aria-hidden="true">@</span>
            <span className="visually-hidden">{say("groups.mentions", { n: reading.mentions })}</span>
          </span>
        )}
        {reading !== null && reading.answers > 0 && (
          <span className="badge badge-mention">
            <span aria-hidden="true">↩</span>
            <span className="visually-hidden">{say("groups.answers", { n: reading.answers })}</span>
          </span>
        )}
        {reading !== null && reading.waiting > 0 && (
          <span className="badge">
            <span aria-hidden="true">{reading.waiting}</span>
            <span className="visually-hidden">{say("groups.waiting", { n: reading.waiting })}</span>
          </span>
        )}
      </span>
      {news !== "" && <span className="group-news">{news}</span>}
    </a>
  );
}

/** For example "12 messages, 3 cards changed"; empty: nothing is new. */
function newsIn({ messages, cards, changes, more }: Reading, say: Words): string {
  const parts = [
    ...(messages > 0 ? [say("news.messages", { n: messages })] : []),
    ...(cards > 0 ? [say("news.cards", { n: cards })] : []),
    ...(changes > 0 ? [say("news.changes", { n: changes })] : []),
  ];
  const news = parts.join(say("news.separator"));
  return more ? say("news.more", { news }) : news;
}
