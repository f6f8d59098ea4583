// An organization is asked into a group of others: whom it sends there, and what it shares from the start.
import { useId, useState, type ReactNode } from "react";
import { RoleSelect } from "../chat/role-select.tsx";
import { PersonPicker } from "../chat/person-picker.tsx";
import {
  AcceptInvitationDocument,
  DeclineInvitationDocument,
  type AskedQuery,
} from "../generated/graphql.ts";
import type { Person } from "../junto/index.ts";
import { roleTitles } from "../state/around.ts";
import { change } from "../state/change.ts";
import { useWorkspace } from "../state/hooks.ts";
import { useWords } from "../words/words.ts";
import { AskedWords, Until } from "./asked-words.tsx";
import { endOf } from "./parts.tsx";

export type WaitingInvitation = NonNullable<AskedQuery["invitations"]>[number];

interface Coming {
  readonly person: Person;
  readonly role: string;
}

export function InvitationSection({
  invitation,
  onAnswered,
}: {
  readonly invitation: WaitingInvitation;
  readonly onAnswered: () => Promise<void>;
}): ReactNode {
  const say = useWords();
  const { connection, me } = useWorkspace();
  const { id, group, invitedBy, invitedAt, asked, roles } = invitation;
  const [refused, setRefused] = useState<ReadonlySet<string>>(new Set());
  const [coming, setComing] = useState<readonly Coming[]>([]);
  const [until, setUntil] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const roleTitle = roleTitles(group.scenario?.roles ?? [], say);

  async function answer(doing: Promise<string | null>): Promise<void> {
    setBusy(true);
    const wrong = await doing;
    setProblem(wrong);
    setBusy(false);
    if (wrong === null) await onAnswered();
  }
  const grants = asked
    .filter((each) => !refused.has(keyOf(each)))
    .map(({ policy, role }) => ({ policy, role }));
  const accept = (): Promise<string | null> =>
    change(connection, say, AcceptInvitationDocument, {
      invitation: id,
      members: coming.map(({ person, role }) => ({ personId: person.id, role })),
      accept: grants.length === 0 ? null : { all: false, grants, until: endOf(until) },
    });

  return (
    <section className="sharing-section" aria-label={say("invitation.to", { group: group.name })}>
      <header>
        <h2>{say("invitation.to", { group: group.name })}</h2>
        {group.scenario && <span className="quiet">{say.nameOf(group.scenario)}</span>}
      </header>
      <p className="quiet">
        {say("invitation.by", {
          who: invitedBy.name,
          organization: say.nameOf(invitedBy.organization),
          when: say.day(invitedAt),
        })}
      </p>
      {asked.length > 0 && (
        <fieldset className="asked">
          <legend>{say("invitation.asked", { organization: say.nameOf(me.organization) })}</legend>
          {asked.map((each) => (
            <label key={keyOf(each)} className="grant">
              <input
                type="checkbox"
                checked={!refused.has(keyOf(each))}
                onChange={({ target }) => setRefused(toggled(refused, keyOf(each), !target.checked))}
              />
              <AskedWords asked={each} role={roleTitle} />
            </label>
          ))}
          {grants.length > 0 && <Until value={until} onChange={setUntil} />}
        </fieldset>
      )}
      <People roles={roles} coming={coming} onChange={setComing} />
      {problem !== null && (
        <p className="form-note form-wrong" role="alert">
          {problem}
        </p>
      )}
      <footer className="sharing-section-foot">
        <button
          type="button"
          className="button"
          disabled={isBusy}
          onClick={() => void answer(change(connection, say, DeclineInvitationDocument, { invitation: id }))}
        >
          {say("invitation.decline")}
        </button>
        <button
          type="button"
          className="button button-first"
          disabled={isBusy}
          onClick={() => void answer(accept())}
        >
          {say("invitation.accept")}
        </button>
      </footer>
    </section>
  );
}

/** Who of one's own people comes in, as what. */
function People({
  roles,
  coming,
  onChange,
}: {
  readonly roles: WaitingInvitation["roles"];
  readonly coming: readonly Coming[];
  readonly onChange: (coming: readonly Coming[]) => void;
}): ReactNode {
  const say = useWords();
  const id = useId();
  const [role, setRole] = useState(roles[0]?.name ?? "");
  const titles = roleTitles(roles, say);
  return (
    <fieldset className="asked">
      <legend>{say("invitation.people")}</legend>
      {coming.map(({ person, role: as }) => (
        <p key={person.id} className="grant">
          <span className="grant-words">
            <b>{person.name}</b> <span>{titles(as)}</span>
          </span>
          <button
            type="button"
            className="button button-small"
            aria-label={say("people.remove", { who: person.name })}
            onClick={() => onChange(coming.filter((each) => each.person.id !== person.id))}
          >
            {say("message.remove")}
          </button>
        </p>
      ))}
      <div className="add">
        <label className="visually-hidden" htmlFor={id}>
          {say("people.person")}
        </label>
        <PersonPicker
          key={coming.length}
          id={id}
          group={null}
          person={null}
          without={new Set(coming.map(({ person }) => person.id))}
          onChange={(person) => person && onChange([...coming, { person, role }])}
        />
        <RoleSelect roles={roles} role={role} titleOf={titles} onChange={setRole} />
      </div>
    </fieldset>
  );
}

function keyOf({ policy, role }: { readonly policy: string; readonly role: string }): string {
  return `${policy} ${role}`;
}

function toggled(set: ReadonlySet<string>, key: string, isIn: boolean): ReadonlySet<string> {
  const next = new Set(set);
  if (isIn) next.add(key);
  else next.delete(key);
  return next;
}
