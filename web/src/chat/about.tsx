// Who is in a group, for which organization and as what; what each organization shares here with whom, and what it was
// asked for and does not share. Who may, adds and removes people of their own organization and asks others in; who may
// not, reads why.
import type { ReactNode } from "react";
import type { Around, Organization, Presence } from "../junto/index.ts";
import { useRoleTitle } from "../state/around.ts";
import { useWorkspace } from "../state/hooks.ts";
import { useWords } from "../words/words.ts";
import { toneOf } from "./avatar.tsx";
import { Invite, Members, TakeBack, type Managing } from "./members.tsx";
import { Sheet } from "./sheet.tsx";

export function About({
  group,
  around,
  presence,
  onChanged,
  onClose,
}: {
  readonly group: string;
  readonly around: Around;
  readonly presence: Presence | null;
  /** Somebody came or went by what was done here. */
  readonly onChanged: () => Promise<void>;
  readonly onClose: () => void;
}): ReactNode {
  const say = useWords();
  const { me, isAdmin } = useWorkspace();
  const role = around.members.find(({ person }) => person.id === me.id)?.role;
  const isManager = around.roles.some(({ name, creates }) => creates && name === role);
  const managing: Managing = { group, around, presence, isAdmin, isManager, onChanged };
  return (
    <Sheet title={say("about.title")} onClose={onClose}>
      <div
        className="about"
        role="region"
        aria-label={say("about.title")}
        tabIndex={0} // oxlint-disable-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keyboard
      >
        {organizationsIn(around).map((organization) => (
          <section key={organization.id} className="about-organization">
            <h3>
              <Dot organization={organization} />
              {say.nameOf(organization)}
            </h3>
            <Members {...managing} organization={organization.id} />
            <Shares around={around} organization={organization} mine={role} />
          </section>
        ))}
        {around.invitations.map((invitation) => (
          <section key={invitation.id} className="about-organization">
            <h3>
              <Dot organization={invitation.organization} />
              {say.nameOf(invitation.organization)}
              <span className="tag">{say("about.invited")}</span>
            </h3>
            <p className="quiet">
              {say("about.invitedBy", {
                who: invitation.invitedBy.name,
                organization: say.nameOf(invitation.invitedBy.organization),
              })}
            </p>
            <TakeBack {...managing} invitation={invitation} />
          </section>
        ))}
        {!around.closed && <Invite {...managing} />}
      </div>
    </Sheet>
  );
}

function Dot({ organization }: { readonly organization: Organization }): ReactNode {
  return <span className={`dot tone-${toneOf(organization.id)}`} aria-hidden="true" />;
}

/** With my role, with others, and what is asked for and open. */
function Shares({
  around,
  organization,
  mine,
}: {
  readonly around: Around;
  readonly organization: Organization;
  readonly mine: string | undefined;
}): ReactNode {
  const say = useWords();
  const { me } = useWorkspace();
  const roleTitle = useRoleTitle();
  const isOwn = organization.id === me.organization.id;
  const grants = around.grants.filter((grant) => grant.organization.id === organization.id);
  const withMe = isOwn ? [] : grants.filter(({ role }) => role === mine);
  const others = new Map<string, { readonly title: string; readonly roles: string[] }>();
  for (const grant of grants) {
    if (withMe.includes(grant)) continue;
    const known = others.get(grant.policy) ?? { title: say.nameOf(grant), roles: [] };
    known.roles.push(roleTitle(grant.role));
    others.set(grant.policy, known);
  }
  const open = around.asked.filter((asked) => asked.organization.id === organization.id);
  if (grants.length + open.length === 0)
    return <p className="quiet">{say("about.nobody", { organization: say.nameOf(organization) })}</p>;
  return (
    <dl className="shares">
      {withMe.length > 0 && (
        <div>
          <dt>{say("about.withMe", { role: roleTitle(mine ?? "") })}</dt>
          {withMe.map((grant) => (
            <dd key={grant.policy}>
              {say.nameOf(grant)}
              {grant.until && (
                <span className="quiet"> {say("about.until", { when: say.day(grant.until) })}</span>
              )}
            </dd>
          ))}
        </div>
      )}
      {others.size > 0 && (
        <div>
          <dt>{say(isOwn ? "about.ours" : "about.withOthers")}</dt>
          {[...others].map(([policy, { title, roles }]) => (
            <dd key={policy}>
              {title} <span className="quiet">{say("about.with", { roles: say.list(roles) })}</span>
            </dd>
          ))}
        </div>
      )}
      {open.length > 0 && (
        <div>
          <dt>{say("about.open.asked")}</dt>
          {open.map((asked) => (
            <dd key={`${asked.policy} ${asked.role}`}>
              {say.nameOf(asked)}{" "}
              <span className="quiet">
                {say("about.with", { roles: roleTitle(asked.role) })} · {asked.reason}
              </span>
            </dd>
          ))}
        </div>
      )}
    </dl>
  );
}

function organizationsIn({ organizations, members, grants }: Around): Organization[] {
  const all = [
    ...organizations,
    ...members.map(({ person }) => person.organization),
    ...grants.map(({ organization }) => organization),
  ];
  return [...new Map(all.map((organization) => [organization.id, organization])).values()];
}
