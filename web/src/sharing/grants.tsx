// What is shared now: by group or by policy, since when and by whom. One click stops it, another shares it again.
import { useCallback, useEffect, useMemo, useState, type ReactNode } from "react";
import { hashOf } from "../app/route.ts";
import { LeaveGroupDocument, SharedDocument, type SharedQuery } from "../generated/graphql.ts";
import type { Connection } from "../junto/index.ts";
import { useAnswer } from "../state/answer.ts";
import { roleTitles } from "../state/around.ts";
import { change } from "../state/change.ts";
import { useWatched, useWorkspace } from "../state/hooks.ts";
import { useWords, type Words } from "../words/words.ts";
import { Confirmed, Loaded } from "./parts.tsx";
import { useStopping, type Shared, type Stopping } from "./stopping.ts";

/** As many are listed; more than anybody looks through. */
const MOST_PAGES = 20;

type By = "group" | "policy";
const WAYS: readonly By[] = ["group", "policy"];

export function Grants(): ReactNode {
  const say = useWords();
  const { connection } = useWorkspace();
  const ask = useCallback(() => allShared(connection), [connection]);
  const [answer, again] = useAnswer(ask);
  useEffect(() => {
    // Others of the organization decide too.
    const look = (): void => void (document.visibilityState === "visible" && again());
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [again]);
  const stopping = useStopping(again);
  const [by, setBy] = useState<By>("group");
  const [filter, setFilter] = useState("");
  return (
    <>
      <div className="sharing-tools">
        <fieldset className="choice">
          <legend className="visually-hidden">{say("sharing.by")}</legend>
          {WAYS.map((way) => (
            <label key={way}>
              <input type="radio" name="by" checked={by === way} onChange={() => setBy(way)} />
              <span>{say(`sharing.by.${way}`)}</span>
            </label>
          ))}
        </fieldset>
        <input
          type="search"
          className="input"
          aria-label={say("sharing.filter")}
          placeholder={say("sharing.filter")}
          value={filter}
          onChange={({ target }) => setFilter(target.value)}
        />
      </div>
      {stopping.problem !== null && (
        <p className="form-note form-wrong" role="alert">
          {stopping.problem}
        </p>
      )}
      <Loaded answer={answer} again={again}>
        {({ grants, isAll }) => (
          <>
            <Sections grants={grants} by={by} filter={filter} stopping={stopping} onLeft={again} />
            {!isAll && <p className="quiet">{say("sharing.notAll")}</p>}
          </>
        )}
      </Loaded>
      <p className="visually-hidden" aria-live="polite">
        {stopping.said}
      </p>
    </>
  );
}

function Sections({
  grants,
  by,
  filter,
  stopping,
  onLeft,
}: {
  readonly grants: readonly Shared[];
  readonly by: By;
  readonly filter: string;
  readonly stopping: Stopping;
  readonly onLeft: () => Promise<void>;
}): ReactNode {
  const say = useWords();
  const shown = useMemo(() => {
    // What was stopped just now stays where it was, to be shared again.
    const gone = stopping.stopped.filter(({ id }) => !grants.some((grant) => grant.id === id));
    const words = filter.toLocaleLowerCase();
    return [...grants, ...gone].filter((grant) => wordsIn(grant, say).includes(words));
  }, [grants, stopping.stopped, filter, say]);
  if (shown.length === 0)
    return (
      <div className="empty">
        <p>{say(filter === "" ? "sharing.nothing" : "sharing.noneFound")}</p>
        {filter === "" && <p className="quiet">{say("sharing.nothingHint")}</p>}
      </div>
    );
  const sections = new Map<string, Shared[]>();
  for (const grant of shown) {
    const key = by === "group" ? grant.group.id : grant.policy;
    sections.set(key, [...(sections.get(key) ?? []), grant]);
  }
  return [...sections].map(([key, all]) => (
    <Section key={key} by={by} grants={all.toSorted(inOrder(by, say))} stopping={stopping} onLeft={onLeft} />
  ));
}

function Section({
  by,
  grants,
  stopping,
  onLeft,
}: {
  readonly by: By;
  readonly grants: readonly Shared[];
  readonly stopping: Stopping;
  readonly onLeft: () => Promise<void>;
}): ReactNode {
  const say = useWords();
  const { groups } = useWorkspace();
  const mine = useWatched(groups);
  const { group, policy, ...title } = grants[0]!;
  const isMine = typeof mine !== "string" && mine.some(({ id }) => id === group.id);
  const standing = grants.filter(({ id }) => stopping.stateOf(id) === undefined);
  const name = by === "group" ? group.name : say.nameOf(title);
  return (
    <section className="sharing-section" aria-label={name}>
      <header>
        <h2>
          {by === "group" && isMine ? <a href={hashOf({ page: "group", id: group.id })}>{name}</a> : name}
        </h2>
        {by === "group" ? (
          group.scenario && <span className="quiet">{say.nameOf(group.scenario)}</span>
        ) : (
          <code className="quiet">{policy}</code>
        )}
        <span className="sharing-section-buttons">
          {standing.length > 1 && (
            <Confirmed
              label={say("sharing.stopAll")}
              title={say("sharing.stopAll.title", { name })}
              text={say("sharing.stopAll.text", { n: standing.length })}
              onConfirm={() => void stopping.stop(standing)}
            />
          )}
          {by === "group" && <Leave group={group} onLeft={onLeft} />}
        </span>
      </header>
      <ul className="grants">
        {grants.map((grant) => (
          <Row key={grant.id} grant={grant} by={by} stopping={stopping} />
        ))}
      </ul>
    </section>
  );
}

function Row({
  grant,
  by,
  stopping,
}: {
  readonly grant: Shared;
  readonly by: By;
  readonly stopping: Stopping;
}): ReactNode {
  const say = useWords();
  const { group, until, grantedAt, grantedBy } = grant;
  const state = stopping.stateOf(grant.id);
  const policy = say.nameOf(grant);
  const role = roleOf(grant, say);
  const names = { policy, role, group: group.name };
  return (
    <li className={state ? "grant grant-stopped" : "grant"} tabIndex={-1} data-entry>
      <span className="grant-words">
        <b>{by === "group" ? policy : group.name}</b> <span>{say("sharing.with", { role })}</span>
        <span className="quiet">
          {state === "stopped"
            ? say("sharing.stopped")
            : say(until === null ? "sharing.since" : "sharing.sinceUntil", {
                when: say.day(grantedAt),
                who: grantedBy.name,
                until: until === null ? "" : say.moment(until),
              })}
        </span>
      </span>
      {state === "stopped" ? (
        <button
          type="button"
          className="button button-small"
          aria-label={say("sharing.undo.label", names)}
          onClick={() => void stopping.undo(grant)}
        >
          {say("sharing.undo")}
        </button>
      ) : (
        <button
          type="button"
          className="button button-small"
          aria-label={say("sharing.stop.label", names)}
          disabled={state === "busy"}
          onClick={() => void stopping.stop([grant])}
        >
          {say("sharing.stop")}
        </button>
      )}
    </li>
  );
}

function Leave({
  group,
  onLeft,
}: {
  readonly group: Shared["group"];
  readonly onLeft: () => Promise<void>;
}): ReactNode {
  const say = useWords();
  const { connection } = useWorkspace();
  const [problem, setProblem] = useState<string | null>(null);
  async function leave(): Promise<void> {
    setProblem(await change(connection, say, LeaveGroupDocument, { group: group.id }));
    await onLeft();
  }
  return (
    <>
      <Confirmed
        label={say("sharing.leave")}
        title={say("sharing.leave.title", { group: group.name })}
        text={say("sharing.leave.text")}
        onConfirm={() => void leave()}
      />
      {problem !== null && (
        <span className="bad" role="alert">
          {problem}
        </span>
      )}
    </>
  );
}

async function allShared(
  connection: Connection,
): Promise<{ readonly grants: readonly Shared[]; readonly isAll: boolean }> {
  const grants: Shared[] = [];
  let after: string | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { grants: found }: SharedQuery = await connection.ask(SharedDocument, { after });
    grants.push(...(found?.grants ?? []));
    after = found?.next ?? null;
    if (after === null) return { grants, isAll: true };
  }
  return { grants, isAll: false };
}

function roleOf({ group, role }: Shared, say: Words): string {
  return roleTitles(group.scenario?.roles ?? [], say)(role);
}

function wordsIn(grant: Shared, say: Words): string {
  const { group, policy, grantedBy } = grant;
  return [group.name, policy, say.nameOf(grant), roleOf(grant, say), grantedBy.name]
    .join("\n")
    .toLocaleLowerCase();
}

/** Within a section by what is not its heading. */
function inOrder(by: By, say: Words): (one: Shared, other: Shared) => number {
  const key = (grant: Shared): string =>
    `${by === "group" ? say.nameOf(grant) : grant.group.name}\n${roleOf(grant, say)}`;
  return (one, other) => key(one).localeCompare(key(other), say.tag);
}
