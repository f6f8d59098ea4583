// The people of one organization in a group, and who decides about them: administrators of the organization, and who
// manages the group. Others are asked in; they send their own.
import { useId, useState, type ReactNode } from "react";
import {
  AddMemberDocument,
  InviteDocument,
  RemoveMemberDocument,
  TakeBackDocument,
} from "../generated/graphql.ts";
import type { Around, Person, Presence } from "../junto/index.ts";
import { useRoleTitle } from "../state/around.ts";
import { change } from "../state/change.ts";
import { useWorkspace } from "../state/hooks.ts";
import { useWords } from "../words/words.ts";
import { Avatar } from "./avatar.tsx";
import { RoleSelect } from "./role-select.tsx";
import { PersonPicker } from "./person-picker.tsx";

/** In which group, as whom. */
export interface Managing {
  readonly group: string;
  readonly around: Around;
  readonly presence: Presence | null;
  /** Of their own organization. */
  readonly isAdmin: boolean;
  /** Of the group. */
  readonly isManager: boolean;
  readonly onChanged: () => Promise<void>;
}

/** A change, whether it is under way, and what was wrong with the last one. */
function useChange(onChanged: () => Promise<void>): {
  readonly isBusy: boolean;
  readonly problem: string | null;
  run(doing: Promise<string | null>): Promise<boolean>;
} {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  return {
    isBusy,
    problem,
    async run(doing) {
      setBusy(true);
      const wrong = await doing;
      setProblem(wrong);
      await onChanged();
      setBusy(false);
      return wrong === null;
    },
  };
}

function Problem({ words }: { readonly words: string | null }): ReactNode {
  return (
    words !== null && (
      <p className="form-note form-wrong" role="alert">
        {words}
      </p>
    )
  );
}

export function Members(props: Managing & { readonly organization: string }): ReactNode {
  const { group, around, presence, organization, isAdmin, isManager, onChanged } = props;
  const say = useWords();
  const roleTitle = useRoleTitle();
  const { connection, me } = useWorkspace();
  const { isBusy, problem, run } = useChange(onChanged);
  const members = around.members.filter(({ person }) => person.organization.id === organization);
  const here = new Set(presence?.here.map(({ id }) => id));
  const isOwn = organization === me.organization.id;
  const mayChange = isOwn && (isAdmin || isManager);
  const remove = (person: string): void =>
    void run(change(connection, say, RemoveMemberDocument, { group, person }));
  return (
    <>
      <ul className="members">
        {members.map(({ person, role }) => (
          <li key={`${person.id} ${role}`}>
            <Avatar person={person} />
            <span className="member">
              <span>
                {person.name}
                {person.id === me.id && <span className="quiet"> ({say("about.you")})</span>}
                {here.has(person.id) && (
                  <span className="quiet members-here">
                    <span className="here" aria-hidden="true" />
                    {say("here.now")}
                  </span>
                )}
              </span>
              <span className="quiet">{roleTitle(role)}</span>
            </span>
            {mayChange && person.id !== me.id && (
              <button
                type="button"
                className="button button-small"
                aria-label={say("people.remove", { who: person.name })}
                disabled={isBusy}
                onClick={() => remove(person.id)}
              >
                {say("message.remove")}
              </button>
            )}
          </li>
        ))}
        {members.length === 0 && <li className="quiet">{say("people.nobody")}</li>}
      </ul>
      <Problem words={problem} />
      {isOwn &&
        !around.closed &&
        (mayChange ? (
          <AddPerson {...props} />
        ) : (
          <p className="why-not">{say("people.notMine", { organization: say.nameOf(me.organization) })}</p>
        ))}
    </>
  );
}

function AddPerson({ group, around, onChanged }: Managing): ReactNode {
  const say = useWords();
  const roleTitle = useRoleTitle();
  const { connection, me, isAdmin } = useWorkspace();
  const { isBusy, problem, run } = useChange(onChanged);
  const id = useId();
  const roles = around.roles.filter(
    ({ organization }) => (organization?.id ?? me.organization.id) === me.organization.id,
  );
  const [person, setPerson] = useState<Person | null>(null);
  const [role, setRole] = useState(roles[0]?.name ?? "");
  const [added, setAdded] = useState(0);
  async function add(): Promise<void> {
    if (!person) return;
    const variables = { group, person: person.id, role };
    if (!(await run(change(connection, say, AddMemberDocument, variables)))) return;
    setPerson(null);
    setAdded(added + 1);
  }
  if (roles.length === 0) return null;
  return (
    <>
      <form
        className="add"
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <label className="visually-hidden" htmlFor={id}>
          {say("people.person")}
        </label>
        <PersonPicker
          key={added}
          id={id}
          group={isAdmin ? null : group}
          person={person}
          without={new Set(around.members.map((member) => member.person.id))}
          onChange={setPerson}
        />
        <RoleSelect roles={roles} role={role} titleOf={roleTitle} onChange={setRole} />
        <button type="submit" className="button button-small" disabled={isBusy || !person}>
          {say("people.add")}
        </button>
      </form>
      <Problem words={problem} />
    </>
  );
}

export function Invite({ group, around, isManager, onChanged }: Managing): ReactNode {
  const say = useWords();
  const { connection, organizations } = useWorkspace();
  const { isBusy, problem, run } = useChange(onChanged);
  const there = new Set(
    [...around.organizations, ...around.invitations.map((each) => each.organization)].map(({ id }) => id),
  );
  const others = organizations.filter(
    ({ id }) => !there.has(id) && around.roles.some(({ organization }) => (organization?.id ?? id) === id),
  );
  const [chosen, setChosen] = useState("");
  const managers = around.roles.filter(({ creates }) => creates).map((role) => say.nameOf(role));
  if (!isManager) return <p className="why-not">{say("invite.notMine", { roles: say.list(managers) })}</p>;
  if (others.length === 0) return <p className="why-not">{say("invite.nobody")}</p>;
  return (
    <section className="about-organization">
      <h3>{say("invite.title")}</h3>
      <form
        className="add"
        onSubmit={(event) => {
          event.preventDefault();
          void run(change(connection, say, InviteDocument, { group, organization: chosen }));
          setChosen("");
        }}
      >
        <select
          className="input"
          aria-label={say("invite.organization")}
          value={chosen}
          onChange={({ target }) => setChosen(target.value)}
        >
          <option value="">{say("input.choose")}</option>
          {others.map((organization) => (
            <option key={organization.id} value={organization.id}>
              {say.nameOf(organization)}
            </option>
          ))}
        </select>
        <button type="submit" className="button button-small" disabled={isBusy || chosen === ""}>
          {say("invite.invite")}
        </button>
      </form>
      <Problem words={problem} />
    </section>
  );
}

export function TakeBack({
  invitation,
  isAdmin,
  isManager,
  onChanged,
}: Managing & { readonly invitation: Around["invitations"][number] }): ReactNode {
  const say = useWords();
  const { connection, me } = useWorkspace();
  const { isBusy, problem, run } = useChange(onChanged);
  const isOurs = invitation.invitedBy.organization.id === me.organization.id;
  if (!isOurs || (!isAdmin && !isManager)) return null;
  return (
    <>
      <button
        type="button"
        className="button button-small"
        disabled={isBusy}
        onClick={() => void run(change(connection, say, TakeBackDocument, { invitation: invitation.id }))}
      >
        {say("invite.takeBack")}
      </button>
      <Problem words={problem} />
    </>
  );
}
