// What is asked of one's own organization: to come into groups of others, and, in those that it is in, to share what
// their scenarios need. Each is its own decision, for good or until a day.
import { useCallback, useState, type ReactNode } from "react";
import { AcceptGrantsDocument, AskedDocument, type AskedQuery } from "../generated/graphql.ts";
import type { Asked, Connection, Locale } from "../junto/index.ts";
import { useAnswer } from "../state/answer.ts";
import { roleTitles } from "../state/around.ts";
import { change } from "../state/change.ts";
import { useWorkspace } from "../state/hooks.ts";
import { useWords } from "../words/words.ts";
import { InvitationSection, type WaitingInvitation } from "./invitation.tsx";
import { AskedWords, Until } from "./asked-words.tsx";
import { endOf, Loaded } from "./parts.tsx";

type Part = NonNullable<AskedQuery["participations"]>["participations"][number];

export function AskedOfUs(): ReactNode {
  const say = useWords();
  const { connection } = useWorkspace();
  const ask = useCallback(() => allAsked(connection, say.locale), [connection, say.locale]);
  const [answer, again] = useAnswer(ask);
  return (
    <Loaded answer={answer} again={again}>
      {({ participations, invitations }) =>
        participations.length + invitations.length === 0 ? (
          <div className="empty">
            <p>{say("asked.nothing")}</p>
            <p className="quiet">{say("asked.nothingHint")}</p>
          </div>
        ) : (
          <>
            {invitations.map((invitation) => (
              <InvitationSection key={invitation.id} invitation={invitation} onAnswered={again} />
            ))}
            {participations.map((part) => (
              <OpenInGroup key={part.group.id} part={part} onShared={again} />
            ))}
          </>
        )
      }
    </Loaded>
  );
}

function OpenInGroup({
  part: { group, asked },
  onShared,
}: {
  readonly part: Part;
  readonly onShared: () => Promise<void>;
}): ReactNode {
  const say = useWords();
  const { connection } = useWorkspace();
  const [until, setUntil] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const role = roleTitles(group.scenario?.roles ?? [], say);
  async function share(grants: readonly Asked[]): Promise<void> {
    setBusy(true);
    const named = grants.map((each) => ({ policy: each.policy, role: each.role }));
    const accept = { all: false, grants: named, until: endOf(until) };
    setProblem(await change(connection, say, AcceptGrantsDocument, { group: group.id, accept }));
    await onShared();
    setBusy(false);
  }
  return (
    <section className="sharing-section" aria-label={group.name}>
      <header>
        <h2>{group.name}</h2>
        {group.scenario && <span className="quiet">{say.nameOf(group.scenario)}</span>}
      </header>
      <ul className="grants">
        {asked.map((each) => (
          <li key={`${each.policy} ${each.role}`} className="grant" tabIndex={-1} data-entry>
            <AskedWords asked={each} role={role} />
            <button
              type="button"
              className="button button-small"
              aria-label={say("asked.share.label", {
                policy: say.nameOf(each),
                role: role(each.role),
                group: group.name,
              })}
              disabled={isBusy}
              onClick={() => void share([each])}
            >
              {say("asked.share")}
            </button>
          </li>
        ))}
      </ul>
      <footer className="sharing-section-foot">
        <Until value={until} onChange={setUntil} />
        <button
          type="button"
          className="button button-first"
          disabled={isBusy}
          onClick={() => void share(asked)}
        >
          {say("asked.shareAll", { n: asked.length })}
        </button>
      </footer>
      {problem !== null && (
        <p className="form-note form-wrong" role="alert">
          {problem}
        </p>
      )}
    </section>
  );
}

async function allAsked(
  connection: Connection,
  locale: Locale,
): Promise<{ readonly participations: readonly Part[]; readonly invitations: readonly WaitingInvitation[] }> {
  const participations: Part[] = [];
  let invitations: readonly WaitingInvitation[] = [];
  let after: string | null = null;
  do {
    const found: AskedQuery = await connection.ask(AskedDocument, { after, locale });
    participations.push(...(found.participations?.participations ?? []));
    invitations = found.invitations ?? [];
    after = found.participations?.next ?? null;
  } while (after !== null);
  return { participations: participations.filter(({ asked }) => asked.length > 0), invitations };
}
