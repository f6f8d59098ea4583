// What is around everything that somebody sees who is signed in: the groups at the side, and what is looked at beside them.
// One gets from one to the other by keyboard, and hears where one is.
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { Avatar } from "../chat/avatar.tsx";
import { Chat } from "../chat/chat.tsx";
import { useShortcuts } from "../chat/keyboard.ts";
import type { Person } from "../junto/index.ts";
import { useCommands, type Command } from "../state/commands.ts";
import { useWatched, useWorkspace } from "../state/hooks.ts";
import { useWords } from "../words/words.ts";
import { Groups } from "./groups.tsx";
import { InboxLink } from "./inbox-link.tsx";
import { useNotifications } from "./notifications.ts";
import { SettingsMenu } from "./menu.tsx";
import { useOnline } from "./online.ts";
import { go, hashOf, SHARING_PARTS, useRoute, type Route } from "./route.ts";

const Inbox = lazy(() => import("../inbox/inbox.tsx").then(({ Inbox: View }) => ({ default: View })));
const Sharing = lazy(() => import("../sharing/sharing.tsx").then(({ Sharing: View }) => ({ default: View })));
const Switcher = lazy(() => import("./switcher.tsx").then(({ Switcher: View }) => ({ default: View })));

export function Layout({
  me,
  onSignOut,
}: {
  readonly me: Person;
  readonly onSignOut: () => void;
}): ReactNode {
  const say = useWords();
  const route = useRoute();
  const { isAdmin } = useWorkspace();
  const [switches, setSwitches] = useState(false);
  useSwitchKey(setSwitches);
  useShortcuts();
  useNotifications();
  useFreshness();
  usePageCommands(isAdmin, onSignOut);
  // What is looked at has a heading of its own.
  const Name = route.page === "none" ? "h1" : "p";
  return (
    <main className={route.page === "none" ? "frame" : "frame frame-chosen"}>
      <button type="button" className="skip" onClick={toContent}>
        {say("app.skip")}
      </button>
      <nav className="side" aria-label={say("groups.title")}>
        <header className="side-head">
          <Name className="name">{say("app.name")}</Name>
          <SettingsMenu onSwitch={() => setSwitches(true)} onSignOut={onSignOut} />
        </header>
        <InboxLink isOpen={route.page === "inbox"} />
        <Groups chosen={route.page === "group" ? route.id : null} />
        {isAdmin && (
          <a
            className="side-link"
            href={hashOf({ page: "sharing", part: "grants" })}
            aria-current={route.page === "sharing" ? "page" : undefined}
          >
            {say("sharing.title")}
          </a>
        )}
        <footer className="side-foot">
          <Avatar person={me} />
          <span>
            {me.name}
            <span className="quiet person-title">{say.nameOf(me.organization)}</span>
          </span>
        </footer>
      </nav>
      <Content route={route} />
      <div className="above" data-above />
      <Suspense>{switches && <Switcher onClose={() => setSwitches(false)} />}</Suspense>
    </main>
  );
}

function Content({ route }: { readonly route: Route }): ReactNode {
  const say = useWords();
  const isOnline = useOnline();
  const workspace = useWorkspace();
  const groups = useWatched(workspace.groups);
  const chosen = route.page === "group" ? route.id : null;
  const group = typeof groups === "string" ? undefined : groups.find(({ id }) => id === chosen);
  useTitle(
    route.page === "sharing" || route.page === "inbox" ? say(`${route.page}.title`) : (group?.name ?? ""),
    useWatched(workspace.inbox.waiting),
  );
  useArrival(route);
  if (route.page === "sharing")
    return (
      <Suspense fallback={<section className="chat" aria-busy="true" />}>
        <Sharing part={route.part} />
      </Suspense>
    );
  if (route.page === "inbox")
    return (
      <Suspense fallback={<section className="chat" aria-busy="true" />}>
        <Inbox isOnline={isOnline} onBack={() => go({ page: "none" })} />
      </Suspense>
    );
  if (route.page === "group")
    return (
      <Chat
        key={route.id}
        id={route.id}
        group={group}
        at={route.at}
        isOnline={isOnline}
        onBack={() => go({ page: "none" })}
      />
    );
  return (
    <section className="chat chat-none">
      <p className="quiet">{say("groups.choose")}</p>
    </section>
  );
}

/** The tab says where one is, and what waits, for who looks at another one. */
function useTitle(title: string, waiting: number): void {
  const say = useWords();
  useEffect(() => {
    const name = title === "" ? say("app.name") : `${title} · ${say("app.name")}`;
    document.title = waiting > 0 ? `(${waiting}) ${name}` : name;
  }, [title, waiting, say]);
}

/** They may have done something on another device. */
function useFreshness(): void {
  const { preferences, inbox } = useWorkspace();
  useEffect(() => {
    const look = (): void => {
      if (document.visibilityState !== "visible") return;
      void preferences.refresh();
      inbox.changed();
    };
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [preferences, inbox]);
}

/** Who goes somewhere begins there: at its heading, or back at the link that led there. */
function useArrival(route: Route): void {
  // Another place in the same group is no other page.
  const place = hashOf(route.page === "group" ? { page: "group", id: route.id } : route);
  const before = useRef(place);
  useEffect(() => {
    const from = before.current;
    before.current = place;
    if (from === place) return undefined;
    // What is loaded on the way is there in a moment.
    const timer = setInterval(() => {
      const target = document.querySelector<HTMLElement>(
        place === "" ? `.side a[href="${CSS.escape(from)}"]` : "[data-heading]",
      );
      if (!target) return;
      clearInterval(timer);
      // Whoever went on to something in it meanwhile, a form for example, stays there.
      if (!document.activeElement?.closest("[role=dialog], textarea")) target.focus();
    }, 30);
    return () => clearInterval(timer);
  }, [place]);
}

/** Past the side, to what is looked at. */
function toContent(): void {
  document.querySelector<HTMLElement>("[data-timeline], [data-heading]")?.focus();
}

function useSwitchKey(setSwitches: (change: (open: boolean) => boolean) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== "k" || event.altKey || event.shiftKey) return;
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      setSwitches((open) => !open);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [setSwitches]);
}

function usePageCommands(isAdmin: boolean, onSignOut: () => void): void {
  const say = useWords();
  const signOut = useRef(onSignOut);
  useEffect(() => void (signOut.current = onSignOut));
  const leave = useCallback(() => signOut.current(), []);
  useCommands(
    useMemo<readonly Command[]>(
      () => [
        { id: "inbox", title: say("inbox.title"), run: () => go({ page: "inbox" }) },
        ...(isAdmin ? SHARING_PARTS : []).map((part) => ({
          id: `sharing ${part}`,
          title: say(`sharing.${part}`),
          hint: say("sharing.title"),
          run: () => go({ page: "sharing", part }),
        })),
        { id: "sign out", title: say("menu.signOut"), run: leave },
      ],
      [isAdmin, say, leave],
    ),
  );
}
