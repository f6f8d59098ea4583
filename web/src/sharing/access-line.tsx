// A line of an access log in plain words, and what stands in it to the letter.
import type { ReactNode } from "react";
import type { AccessLogQuery, LogChoicesQuery } from "../generated/graphql.ts";
import { roleTitles } from "../state/around.ts";
import { useWords, type Words } from "../words/words.ts";

export type Line = AccessLogQuery["accessLog"]["lines"][number];

export function AccessLine({
  line,
  choices,
}: {
  readonly line: Line;
  readonly choices: LogChoicesQuery;
}): ReactNode {
  const say = useWords();
  const { seq, at, fields, moreFields, entities, moreEntities, operation, card, action, hash } = line;
  const outcome = action?.outcome ?? null;
  return (
    <li className="log-line" tabIndex={-1} data-entry>
      <p className="quiet">
        <time dateTime={at}>{say.moment(at)}</time>
        {outcome !== null && (
          <span className={`outcome outcome-${outcome.toLowerCase()}`}>{say(`log.${outcome}`)}</span>
        )}
      </p>
      <p>{sentence(line, choices, say)}</p>
      <details>
        <summary>{say("log.more", { seq })}</summary>
        <dl>
          <Detail word={say("log.entities")}>
            {entities.map(({ type, key }) => `${type} ${keyIn(key)}`).join(", ")}
            {moreEntities > 0 && ` ${say("log.andMore", { n: moreEntities })}`}
          </Detail>
          <Detail word={say("log.fields")}>
            {fields.join(", ")}
            {moreFields > 0 && ` ${say("log.andMore", { n: moreFields })}`}
          </Detail>
          {(action?.codes.length ?? 0) > 0 && (
            <Detail word={say("log.codes")}>{action?.codes.join(", ")}</Detail>
          )}
          <Detail word={say("log.operation")}>
            {[action?.field, card?.type, operation.name].filter(Boolean).join(" · ") || "–"}
          </Detail>
          <Detail word={say("log.hash")}>{hash}</Detail>
        </dl>
      </details>
    </li>
  );
}

function Detail({ word, children }: { readonly word: string; readonly children: ReactNode }): ReactNode {
  return (
    <div>
      <dt>{word}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function sentence(line: Line, choices: LogChoicesQuery, say: Words): string {
  const { kind, organization, who, person, policies, action, group, role } = line;
  const place = choices.participations?.participations.find((each) => each.group.id === group)?.group;
  const titles = new Map((choices.policies ?? []).map((policy) => [policy.name, say.nameOf(policy)]));
  const shared = say.list(policies.map((policy) => titles.get(policy) ?? policy));
  const names = {
    who: who?.name ?? person ?? "",
    organization: say.nameOf(organization),
    role: role === null ? "" : roleTitles(place?.scenario?.roles ?? [], say)(role),
    group: place?.name ?? (group === null ? "" : say("log.otherGroup")),
    shared,
    title: action?.title ?? action?.field ?? "",
  };
  const by = say(person === null ? "log.whoAudience" : role === null ? "log.who" : "log.whoRole", names);
  const where = group === null ? "" : say("log.where", names);
  if (kind === "READ") return say(shared === "" ? "log.read" : "log.readBy", { ...names, by, where });
  return say(kind === "ACTION_BEGUN" ? "log.begun" : "log.ended", { ...names, by, where });
}

function keyIn(key: unknown): string {
  if (typeof key !== "object" || key === null) return String(key);
  return Object.values(key).map(String).join(" · ");
}
