// The client: who is signed in, which group is open, and what everything else needs to know.
import { useEffect, useMemo, useState, type ReactNode } from "react";
import { finishSignIn } from "../auth/oidc.ts";
import { createSession, type SessionTokens } from "../auth/session.ts";
import { PictureOrigins } from "../cards/picture.tsx";
import { MeDocument } from "../generated/graphql.ts";
import { browserStorage, createConnection, problemOf, type Connection, type Person } from "../junto/index.ts";
import { useWatched, WorkspaceContext } from "../state/hooks.ts";
import { createWorkspace, type Workspace } from "../state/workspace.ts";
import { createWords, useWords, WordsContext } from "../words/words.ts";
import { loadConfig, type ClientConfig } from "./config.ts";
import { atNextFrame } from "./frame.ts";
import { Layout } from "./layout.tsx";
import { SettingsContext } from "./settings-context.ts";
import { whenOnline } from "./online.ts";
import type { Settings } from "./settings.ts";
import { SignIn, type SignInProps } from "./sign-in.tsx";

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

type Booted =
  | { readonly kind: "loading" | "failed" }
  | {
      readonly kind: "ready";
      readonly config: ClientConfig;
      readonly tokens: SessionTokens;
      readonly note: SignInProps["note"];
    };

function Boot({ settings }: { readonly settings: Settings }): ReactNode {
  const say = useWords();
  const [booted, setBooted] = useState<Booted>({ kind: "loading" });
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

/** Once, whatever React does: a code is good once. */
let booting: Promise<Booted> | undefined;

function boot(): Promise<Booted> {
  booting ??= (async () => {
    const config = await loadConfig();
    const tokens = createSession(config.clientId);
    try {
      const session = await finishSignIn(config.clientId);
      if (session) tokens.start(session);
      return { kind: "ready", config, tokens, note: null } as const;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { kind: "ready", config, tokens, note: { kind: "failed", why } } as const;
    }
  })();
  return booting;
}

/** The sign-in, or what is behind it. */
function Door({
  config,
  tokens,
  note,
  settings,
}: Extract<Booted, { readonly kind: "ready" }> & { readonly settings: Settings }): ReactNode {
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
