// The client: who is signed in, which group is open, and what everything else needs to know.
import { useEffect, useMemo, useState, type ReactNode } from "react";
import type { SessionTokens } from "../auth/session.ts";
import { PictureOrigins } from "../cards/picture.tsx";
import { MeDocument } from "../generated/graphql.ts";
import { browserStorage, createConnection, problemOf, type Connection, type Person } from "../junto/index.ts";
import { useWatched, WorkspaceContext } from "../state/hooks.ts";
import { createWorkspace, type Workspace } from "../state/workspace.ts";
import { createWords, useWords, WordsContext } from "../words/words.ts";
import { boot, type Booted } from "./boot.ts";
import type { ClientConfig } from "./config.ts";
import { atNextFrame } from "./frame.ts";
import { Layout } from "./layout.tsx";
import { SettingsContext } from "./settings-context.ts";
import { whenOnline } from "./online.ts";
import type { Settings } from "./settings.ts";
import { SignIn } from "./sign-in.tsx";

export function App({ settings }: { readonly settings: Settings }): ReactNode {
  const locale = useWatched(settings.locale);
  const words = useMemo(() => createWords(locale), [locale]);
  return (
    <SettingsContext value={settings}>
      <WordsContext value={words}>
        <Boot settings={settings} />
      </WordsContext>
    </SettingsContext>
  );
}

type Booting = Booted | { readonly kind: "loading" | "failed" };

function Boot({ settings }: { readonly settings: Settings }): ReactNode {
  const say = useWords();
  const [booted, setBooted] = useState<Booting>({ kind: "loading" });
  useEffect(() => {
    boot().then(setBooted, () => setBooted({ kind: "failed" }));
  }, []);
  if (booted.kind === "ready") return <Door {...booted} settings={settings} />;
  if (booted.kind === "loading")
    return (
      <p className="splash" role="status">
        {say("app.loading")}
      </p>
    );
  return (
    <div className="splash">
      <p role="alert">{say("app.failed")}</p>
      <button type="button" className="button" onClick={() => location.reload()}>
        {say("app.again")}
      </button>
    </div>
  );
}

/** The sign-in, or what is behind it. */
function Door({ config, tokens, note, settings }: Booted & { readonly settings: Settings }): ReactNode {
  const session = useWatched(tokens.session);
  const [wasIn, setWasIn] = useState(false);
  const [leaves, setLeaves] = useState(false);
  const [tries, setTries] = useState(0);
  const isIn = session !== null;
  if (isIn && !wasIn) setWasIn(true);
  if (!isIn) return <SignIn config={config} note={wasIn && !leaves ? { kind: "ended" } : note} />;
  const signOut = (): void => {
    setLeaves(true);
    tokens.end();
  };
  return (
    <PictureOrigins value={config.imageOrigins}>
      <Inside
        key={tries}
        tokens={tokens}
        organizations={config.organizations}
        settings={settings}
        onSignOut={signOut}
        onAgain={() => setTries(tries + 1)}
      />
    </PictureOrigins>
  );
}

type Entered =
  { readonly kind: "loading" | "failed" } | { readonly kind: "in"; readonly workspace: Workspace };

function Inside({
  tokens,
  organizations,
  settings,
  onSignOut,
  onAgain,
}: {
  readonly tokens: SessionTokens;
  readonly organizations: ClientConfig["organizations"];
  readonly settings: Settings;
  readonly onSignOut: () => void;
  readonly onAgain: () => void;
}): ReactNode {
  const say = useWords();
  const [entered, setEntered] = useState<Entered>({ kind: "loading" });
  useEffect(() => {
    let isHere = true;
    let workspace: Workspace | undefined;
    const connection = createConnection({ url: location.origin, tokens });
    enter(connection).then(
      (who) => {
        if (!isHere) return;
        const storage = browserStorage(() => localStorage);
        workspace = createWorkspace({
          ...who,
          organizations,
          connection,
          storage,
          locale: settings.locale.get(),
          whenOnline,
          soon: atNextFrame,
        });
        setEntered({ kind: "in", workspace });
      },
      (error: unknown) => {
        // A token that is not good here any more is no reason to wait.
        if (problemOf(error).kind === "TOKEN_REFUSED") tokens.end();
        if (isHere) setEntered({ kind: "failed" });
      },
    );
    const unlisten = settings.locale.subscribe(() => workspace?.speak(settings.locale.get()));
    return () => {
      isHere = false;
      unlisten();
      workspace?.close();
    };
  }, [tokens, organizations, settings]);
  if (entered.kind === "in")
    return (
      <WorkspaceContext value={entered.workspace}>
        <Layout me={entered.workspace.me} onSignOut={onSignOut} />
      </WorkspaceContext>
    );
  if (entered.kind === "loading")
    return (
      <p className="splash" role="status">
        {say("app.loading")}
      </p>
    );
  return (
    <div className="splash">
      <p role="alert">{say("app.away")}</p>
      <button type="button" className="button" onClick={onAgain}>
        {say("app.again")}
      </button>
    </div>
  );
}

async function enter(connection: Connection): Promise<{ readonly me: Person; readonly isAdmin: boolean }> {
  const { me, administers } = await connection.ask(MeDocument, {});
  return { me, isAdmin: administers !== null };
}
