// Everything that belongs to one signed-in person: their groups, drafts, what is on its way, and what came of it.
import {
  beHere,
  createDrafts,
  createInbox,
  createOutbox,
  createPreferences,
  createStore,
  createTemplates,
  followGroups,
  formPlace,
  openGroup,
  type Action,
  type ActionRun,
  type Connection,
  type Draft,
  type Drafts,
  type Group,
  type GroupView,
  type Here,
  type Inbox,
  type Intention,
  type Locale,
  type Message,
  type OpenGroup,
  type Organization,
  type Outbox,
  type Outcome,
  type Person,
  type Preferences,
  type Sending,
  type Storage,
  type Templates,
  type UserError,
  type Watched,
} from "../junto/index.ts";

/** What became of something that the person did, when they have to know; by the place of its form. */
export interface Notice {
  readonly kind: "stale" | "notNow" | "notAllowed" | "errors" | "problem";
  readonly errors: readonly UserError[];
  readonly message: string;
}

export interface Workspace {
  readonly me: Person;
  /** Whether the person administers their organization. */
  readonly isAdmin: boolean;
  /** All of the graph. */
  readonly organizations: readonly Organization[];
  readonly connection: Connection;
  readonly drafts: Drafts;
  readonly outbox: Outbox;
  readonly templates: Templates;
  readonly inbox: Inbox;
  readonly preferences: Preferences;
  readonly groups: Watched<readonly Group[] | "loading" | "failed">;
  readonly notices: Watched<ReadonlyMap<string, Notice>>;
  /** Messages, and changes of them, that were refused, until the person has seen why. */
  readonly unsaid: Watched<readonly { readonly sending: Sending; readonly why: string }[]>;
  /** The group, followed from now on as long as the person is here. */
  open(group: string): OpenGroup;
  /** The person looks at the group, until they leave. */
  beHere(group: string): Here;
  /** They have read up to `seq` there. */
  markRead(group: string, seq: number): void;
  say(message: Saying): void;
  edit(group: string, message: Message, words: Pick<Saying, "text" | "mentions">): void;
  unsay(group: string, message: string): void;
  act(act: Acting): void;
  /** What a verb is called: known of those that were offered here once; of others their own name. */
  titleOf(verb: string): string;
  learn(actions: readonly Action[]): void;
  dismiss(place: string): void;
  dismissUnsaid(key: string): void;
  speak(locale: Locale): void;
  close(): void;
}

export type Saying = Omit<Extract<Intention, { readonly kind: "say" }>, "kind">;

export interface Acting {
  readonly group: string;
  readonly verb: string;
  readonly card: string | null;
  readonly seen: number | null;
  readonly input: Draft;
}

export interface WorkspaceOptions {
  readonly me: Person;
  readonly isAdmin: boolean;
  readonly organizations: readonly Organization[];
  readonly connection: Connection;
  readonly storage: Storage;
  readonly locale: Locale;
  readonly whenOnline: (listener: () => void) => () => void;
  /** As in `OpenGroupOptions`. */
  readonly soon?: (show: () => void) => void;
}

export function createWorkspace(options: WorkspaceOptions): Workspace {
  const { me, isAdmin, organizations, connection, storage, whenOnline, soon } = options;
  let { locale } = options;
  const list = followGroups({ connection, whenOnline });
  const notices = createStore<ReadonlyMap<string, Notice>>(new Map());
  const unsaid = createStore<readonly { readonly sending: Sending; readonly why: string }[]>([]);
  const opened = new Map<string, OpenGroup>();
  const titles = new Map<string, string>();
  const drafts = createDrafts(storage, me.id);
  /** What was filled in for an action that is under way: the person gets it back when the owner refuses it. */
  const sent = new Map<string, { readonly place: string; readonly draft: Draft }>();
  const outbox = createOutbox({
    connection,
    storage,
    owner: me.id,
    locale: () => locale,
    position: (group) => opened.get(group)?.view.get().timeline.to ?? 0,
    onOutcome,
  });
  const inbox = createInbox({ connection, locale });
  let listed = list.groups.get();
  list.groups.subscribe(() => {
    const groups = list.groups.get();
    if (waitingIn(listed) !== waitingIn(groups)) inbox.changed();
    listed = groups;
  });
  const unlisten = whenOnline(() => {
    outbox.retry();
    inbox.changed();
  });

  function notice(place: string, what: Notice | undefined): void {
    const next = new Map(notices.get());
    if (what) next.set(place, what);
    else next.delete(place);
    notices.set(next);
  }

  function onOutcome(sending: Sending, outcome: Outcome, position: number): void {
    const { intention } = sending;
    if (intention.kind !== "act") {
      const why = whyUnsaid(outcome);
      if (why !== null) unsaid.update((all) => [...all, { sending, why }]);
      const message = outcome.kind === "changed" ? outcome.payload.message : null;
      if (message) opened.get(intention.group)?.showMessage(message);
      return;
    }
    const place = formPlace(intention.group, intention.verb, intention.card);
    if (outcome.kind === "problem") {
      notice(place, { kind: "problem", errors: [], message: outcome.problem.message });
    } else if (outcome.kind === "acted") {
      const { action, card, userErrors } = outcome.payload;
      if (card) opened.get(intention.group)?.show(card, position);
      if (!action) return notice(place, noticeOf(userErrors));
      sent.set(action.id, { place, draft: drafts.of(place) });
      drafts.clear(place);
      notice(place, undefined);
      heard(action);
    }
  }

  /** An action that ended: what was typed is gone for good, or back again. */
  function heard(run: ActionRun): void {
    const filled = sent.get(run.id);
    if (!filled || run.status === "PENDING") return;
    sent.delete(run.id);
    if (run.status === "DONE") return;
    for (const [input, value] of Object.entries(filled.draft)) drafts.set(filled.place, input, value);
    if (run.userErrors.length > 0) notice(filled.place, noticeOf(run.userErrors));
  }

  function open(group: string): OpenGroup {
    const there = opened.get(group);
    if (there && there.view.get().state !== "notAMember") return there;
    const next = openGroup({ connection, group, locale, whenOnline, ...(soon && { soon }) });
    let known: GroupView = next.view.get();
    next.view.subscribe(() => {
      const view = next.view.get();
      for (const { run } of view.timeline.runs.values()) heard(run);
      if (concernsInbox(known, view)) inbox.changed();
      known = view;
    });
    opened.set(group, next);
    return next;
  }

  return {
    me,
    isAdmin,
    organizations,
    connection,
    drafts,
    outbox,
    templates: createTemplates(connection),
    inbox,
    preferences: createPreferences(connection),
    groups: list.groups,
    notices,
    unsaid,
    open,
    say: (message) => void outbox.send({ kind: "say", ...message }),
    edit: (group, { id, revision }, words) =>
      void outbox.send({ kind: "edit", group, message: id, seen: revision, ...words }),
    unsay: (group, message) => void outbox.send({ kind: "unsay", group, message }),
    beHere: (group) => beHere({ connection, group, whenOnline }),
    markRead: list.markRead,
    act({ group, verb, card, seen, input }) {
      notice(formPlace(group, verb, card), undefined);
      outbox.send({ kind: "act", group, verb, card, seen, input });
    },
    titleOf: (verb) => titles.get(verb) ?? verb.slice(verb.lastIndexOf(".") + 1),
    learn: (actions) => actions.forEach(({ verb, title }) => titles.set(verb, title)),
    dismiss: (place) => notice(place, undefined),
    dismissUnsaid: (key) => unsaid.update((all) => all.filter(({ sending }) => sending.key !== key)),
    speak(next) {
      locale = next;
      inbox.speak(next);
      for (const group of opened.values()) group.speak(next);
    },
    close() {
      unlisten();
      list.close();
      outbox.close();
      inbox.close();
      for (const group of opened.values()) group.close();
    },
  };
}

/** What is known of cards in all groups, in a text: when it is another one, other cards may wait. */
function waitingIn(groups: readonly Group[] | "loading" | "failed"): string {
  if (typeof groups === "string") return groups;
  return groups
    .map(({ id, reading }) => `${id} ${reading?.waiting} ${reading?.cards}`)
    .sort()
    .join();
}

/** What happened in a group may change what waits there, or whether anything does. */
function concernsInbox(before: GroupView, now: GroupView): boolean {
  return (
    before.timeline.cards !== now.timeline.cards ||
    before.timeline.runs !== now.timeline.runs ||
    before.around !== now.around ||
    (before.state !== now.state && now.state === "notAMember")
  );
}

function whyUnsaid(outcome: Outcome): string | null {
  if (outcome.kind === "problem") return outcome.problem.message;
  return outcome.kind === "acted" ? null : (outcome.payload.userErrors[0]?.message ?? null);
}

const KINDS: Readonly<Record<string, Notice["kind"]>> = {
  STALE: "stale",
  NOT_NOW: "notNow",
  NOT_ALLOWED: "notAllowed",
};

function noticeOf(errors: readonly UserError[]): Notice {
  const kind = errors.map(({ code }) => KINDS[code]).find((known) => known !== undefined) ?? "errors";
  return { kind, errors, message: errors.map(({ message }) => message).join(" ") };
}
