// Where one signs in: at one's own organization. In the demo, as one of its people with one click.
import { useEffect, useState, type ReactNode } from "react";
import { beginSignIn, demoPeople, type DemoPerson } from "../auth/oidc.ts";
import { Avatar } from "../chat/avatar.tsx";
import { useWords } from "../words/words.ts";
import type { ClientConfig } from "./config.ts";
import { SettingsMenu } from "./menu.tsx";

export interface SignInProps {
  readonly config: ClientConfig;
  /** Why one is here again. */
  readonly note: { readonly kind: "ended" } | { readonly kind: "failed"; readonly why: string } | null;
}

export function SignIn({ config, note }: SignInProps): ReactNode {
  const say = useWords();
  return (
    <main className="sign-in">
      <header className="sign-in-head">
        <h1>{say("app.name")}</h1>
        <SettingsMenu />
      </header>
      <p className="sign-in-lead">{say("signIn.lead")}</p>
      {note && (
        <p className="banner" role="alert">
          {note.kind === "ended" ? say("signIn.ended") : say("signIn.failed", { why: note.why })}
        </p>
      )}
      <h2>{say("signIn.title")}</h2>
      <div className="sign-in-organizations">
        {config.organizations.map((organization) => (
          <Issuer key={organization.id} organization={organization} clientId={config.clientId} />
        ))}
      </div>
    </main>
  );
}

type People = readonly DemoPerson[] | "loading" | "away";

function Issuer({
  organization,
  clientId,
}: {
  readonly organization: ClientConfig["organizations"][number];
  readonly clientId: string;
}): ReactNode {
  const say = useWords();
  const { id, issuer } = organization;
  const [people, setPeople] = useState<People>("loading");
  const [isLeaving, setLeaving] = useState(false);
  useEffect(() => {
    demoPeople(issuer).then(setPeople, () => setPeople("away"));
  }, [issuer]);
  const leave = (person?: string): void => {
    setLeaving(true);
    beginSignIn(issuer, clientId, person).catch(() => {
      setLeaving(false);
      setPeople("away");
    });
  };
  return (
    <section
      className="sign-in-organization"
      aria-label={say.nameOf(organization)}
      aria-busy={people === "loading"}
    >
      <h3>{say.nameOf(organization)}</h3>
      {people === "loading" && <div className="skeleton" />}
      {people === "away" && <p className="quiet">{say("signIn.away")}</p>}
      {Array.isArray(people) && people.length === 0 && (
        <button type="button" className="button button-first" disabled={isLeaving} onClick={() => leave()}>
          {say("signIn.with", { organization: say.nameOf(organization) })}
        </button>
      )}
      {Array.isArray(people) &&
        (people as readonly DemoPerson[]).map((person) => (
          <button
            key={person.id}
            type="button"
            className="person"
            disabled={isLeaving}
            onClick={() => leave(person.id)}
          >
            <Avatar person={{ id: person.id, name: person.name, organization: { ...organization, id } }} />
            <span>
              <b>{person.name}</b> <span className="quiet">{person.latin}</span>
              <span className="person-title quiet">{person.title}</span>
            </span>
          </button>
        ))}
    </section>
  );
}
