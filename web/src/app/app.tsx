// The client: who is signed in, which group is open, and what everything else needs to know.
import { lazy, Suspense, useEffect, useMemo, useState, type ReactNode } from "react";
import { finishSignIn } from "../auth/oidc.ts";
import { createSession, type SessionTokens } from "../auth/session.ts";
import { PictureOrigins } from "../cards/picture.tsx";
import { Avatar } from "../chat/avatar.tsx";
import { Chat } from "../chat/chat.tsx";
import { MeDocument } from "../generated/graphql.ts";
import {
  browserStorage,
  createConnection,
  problemOf,
  type Connection,
  type Person,
} from "../junto/index.ts";
import { useWatched, useWorkspace, WorkspaceContext } from "../state/hooks.ts";
import { createWorkspace, type Workspace } from "../state/workspace.ts";
import { createWords, useWords, WordsContext } from "../words/words.ts";
import { loadConfig, type ClientConfig } from "./config.ts";
import { Groups } from "./groups.tsx";
import { useNotifications } from "./notifications.ts";
import { InboxLink } from "./inbox-link.tsx";
import { SettingsMenu } from "./menu.tsx";
import { atNextFrame } from "./frame.ts";
import { useOnline, whenOnline } from "./online.ts";
import { go, useRoute } from "./route.ts";
import { SettingsContext } from "./settings-context.ts";
import type { Settings } from "./settings.ts";
import { SignIn, type SignInProps } from "./sign-in.tsx";

// What is not on the first screen is loaded when it is first wanted.
const Inbox = lazy(() => import("../inbox/inbox.tsx").then(({ Inbox: View }) => ({ default: View })));

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
  settings,
  onSignOut,
  onAgain,
}: {
  readonly tokens: SessionTokens;
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
      (me) => {
        if (!isHere) return;
        const storage = browserStorage(() => localStorage);
        workspace = createWorkspace({
          me,
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
  }, [tokens, settings]);
  if (entered.kind === "in")
    return (
      <WorkspaceContext value={entered.workspace}>
        <Frame me={entered.workspace.me} onSignOut={onSignOut} />
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

async function enter(connection: Connection): Promise<Person> {
  return (await connection.ask(MeDocument, {})).me;
}

function Frame({ me, onSignOut }: { readonly me: Person; readonly onSignOut: () => void }): ReactNode {
  const say = useWords();
  const route = useRoute();
  const chosen = route.page === "group" ? route.id : null;
  const isOnline = useOnline();
  useNotifications();
  const workspace = useWorkspaceOnFocus();
  const groups = useWatched(workspace.groups);
  useTitle(useWatched(workspace.inbox.waiting));
  const group = typeof groups === "string" ? undefined : groups.find(({ id }) => id === chosen);
  return (
    <main className={route.page === "none" ? "frame" : "frame frame-chosen"}>
      <nav className="side" aria-label={say("groups.title")}>
        <header className="side-head">
          <h1>{say("app.name")}</h1>
          <SettingsMenu onSignOut={onSignOut} />
        </header>
        <InboxLink isOpen={route.page === "inbox"} />
        <Groups chosen={chosen} />
        <footer className="side-foot">
          <Avatar person={me} />
          <span>
            {me.name}
            <span className="quiet person-title">{say.nameOf(me.organization)}</span>
          </span>
        </footer>
      </nav>
      {route.page === "inbox" ? (
        <Suspense fallback={<section className="chat" aria-busy="true" />}>
          <Inbox isOnline={isOnline} onBack={() => go({ page: "none" })} />
        </Suspense>
      ) : chosen !== null ? (
        <Chat
          key={chosen}
          id={chosen}
          group={group}
          at={route.page === "group" ? route.at : undefined}
          isOnline={isOnline}
          onBack={() => go({ page: "none" })}
        />
      ) : (
        <section className="chat chat-none">
          <p className="quiet">{say("groups.choose")}</p>
        </section>
      )}
    </main>
  );
}

/** What waits stands in the title of the page, for who looks at another one. */
function useTitle(waiting: number): void {
  const say = useWords();
  useEffect(() => {
    const name = say("app.name");
    document.title = waiting > 0 ? `(${waiting}) ${name}` : name;
  }, [waiting, say]);
}

/** They may have done something on another device. */
function useWorkspaceOnFocus(): Workspace {
  const workspace = useWorkspace();
  useEffect(() => {
    const look = (): void => {
      if (document.visibilityState !== "visible") return;
      void workspace.preferences.refresh();
      workspace.inbox.changed();
    };
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [workspace]);
  return workspace;
}
