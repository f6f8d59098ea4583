// Where a card's values come from: which organization's system answered, as of when, and what is not shared.
import type { ReactNode } from "react";
import type { Card, Titled } from "../junto/index.ts";
import { useWords } from "../words/words.ts";

export function Sources({
  card,
  onShow,
}: {
  readonly card: Card;
  /** As long as they are shown, each value can be asked where it comes from. */
  readonly onShow: (shown: boolean) => void;
}): ReactNode {
  const say = useWords();
  const { provenance, withheld } = card;
  if (provenance.length === 0 && withheld.length === 0) return null;
  const away = provenance.filter(({ status }) => status !== "OK");
  const names = say.list(away.map(({ organization }) => say.nameOf(organization)));
  return (
    <>
      {away.length > 0 && (
        <p className="card-away" role="status">
          {say("card.away", { n: away.length, names })}
        </p>
      )}
      <details className="sources" onToggle={(event) => onShow(event.currentTarget.open)}>
        <summary>
          {provenance.map(({ organization, system, status }) => (
            <span key={`${organization.id} ${system}`} className={`source source-${status.toLowerCase()}`}>
              {say.nameOf(organization)}
            </span>
          ))}
          {withheld.length > 0 && <span className="source source-withheld">{say("card.withheld")}</span>}
          <span className="visually-hidden">{say("card.sources")}</span>
        </summary>
        <p className="quiet">{say("card.sourcesHint")}</p>
        <ul>
          {provenance.map(({ organization, system, en, zh, status, asOf }) => (
            <li key={`${organization.id} ${system}`}>
              <span className={`source source-${status.toLowerCase()}`}>{say.nameOf(organization)}</span>
              <span>
                {say.nameOf({ en, zh })} · {say(`card.${status}`)} ·{" "}
                {say("card.asOf", { when: say.time(asOf) })}
              </span>
            </li>
          ))}
          {withheldByOwner(card, say.nameOf).map(([organization, policies]) => (
            <li key={organization}>
              <span className="source source-withheld">{say("card.withheld")}</span>
              <span>{say("card.withheldBy", { organization, policies: say.list(policies) })}</span>
            </li>
          ))}
        </ul>
      </details>
    </>
  );
}

type Name = (named: Titled) => string;

function withheldByOwner({ withheld }: Card, name: Name): [string, string[]][] {
  const owners = new Map<string, Set<string>>();
  for (const { organization, policy, path, en, zh } of withheld) {
    const policies = owners.get(name(organization)) ?? new Set();
    owners.set(name(organization), policies.add(policy && en && zh ? name({ en, zh }) : path));
  }
  return [...owners].map(([owner, policies]) => [owner, [...policies]]);
}
