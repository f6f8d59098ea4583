// Who is in a group, for which organization, and what each organization shares here with whom.
import type { ReactNode } from "react";
import type { Around, Organization, Presence } from "../junto/index.ts";
import { useWorkspace } from "../state/hooks.ts";
import { useWords } from "../words/words.ts";
import { Avatar, toneOf } from "./avatar.tsx";
import { Sheet } from "./sheet.tsx";

export function About({
  around,
  presence,
  onClose,
}: {
  readonly around: Around;
  readonly presence: Presence | null;
  readonly onClose: () => void;
}): ReactNode {
  const say = useWords();
  return (
    <Sheet title={say("about.title")} onClose={onClose}>
      <div className="about">
        {organizationsIn(around).map((organization) => (
          <section key={organization.id} className="about-organization">
            <h3>
              <span className={`dot tone-${toneOf(organization.id)}`} aria-hidden="true" />
              {say.nameOf(organization)}
            </h3>
            <Members around={around} presence={presence} organization={organization.id} />
            <Shares around={around} organization={organization} />
          </section>
        ))}
      </div>
    </Sheet>
  );
}

function Members({
  around,
  presence,
  organization,
}: {
  readonly around: Around;
  readonly presence: Presence | null;
  readonly organization: string;
}): ReactNode {
  const say = useWords();
  const { me } = useWorkspace();
  const here = new Set(presence?.here.map(({ id }) => id));
  const members = around.members.filter(({ person }) => person.organization.id === organization);
  return (
    <ul className="members">
      {members.map(({ person, role }) => (
        <li key={`${person.id} ${role}`}>
          <Avatar person={person} />
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
          <span className="tag">{role}</span>
        </li>
      ))}
    </ul>
  );
}

function Shares({
  around,
  organization,
}: {
  readonly around: Around;
  readonly organization: Organization;
}): ReactNode {
  const say = useWords();
  const roles = new Map<string, string[]>();
  for (const grant of around.grants) {
    if (grant.organization.id === organization.id)
      roles.set(grant.policy, [...(roles.get(grant.policy) ?? []), grant.role]);
  }
  if (roles.size === 0)
    return <p className="quiet">{say("about.nobody", { organization: say.nameOf(organization) })}</p>;
  return (
    <dl className="shares">
      <dt className="visually-hidden">{say("about.shared")}</dt>
      {[...roles].map(([policy, names]) => (
        <dd key={policy}>
          <code>{policy}</code> <span className="quiet">{say("about.with", { roles: say.list(names) })}</span>
        </dd>
      ))}
    </dl>
  );
}

function organizationsIn({ members, grants }: Around): Organization[] {
  const all = [
    ...members.map(({ person }) => person.organization),
    ...grants.map(({ organization }) => organization),
  ];
  return [...new Map(all.map((organization) => [organization.id, organization])).values()];
}
