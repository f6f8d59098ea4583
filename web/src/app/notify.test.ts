import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  createStore,
  type Group,
  type InboxCard,
  type InboxView,
  type PreferencesView,
} from "../junto/index.ts";
import { card } from "../junto/testing.ts";
import { createNotifier, type DeviceNotice, type Notifier } from "./notify.ts";

const entry = (id: string, group = "g1"): InboxCard => ({
  card: card(1, { id }),
  group: { id: group, name: "Counter 017", timeZone: "Asia/Shanghai", members: [] },
  until: null,
  markedAt: null,
});
const view = createStore<InboxView>({ state: "loading", cards: [], more: false });
const preferred = createStore<PreferencesView>({ mutes: [], quietHours: null });
let shown: string[];
let hidden: boolean;
let now: Date;

const waits = (...cards: InboxCard[]): void => view.set({ state: "ready", cards, more: false });
const groups = createStore<readonly Group[] | "loading" | "failed">("loading");
/** A group with so many unread messages, and these among them for the person. */
const group = (id: string, messages: number, ...forThem: readonly number[]): Group => ({
  id,
  name: "Counter 017",
  scenario: "counter",
  closed: false,
  head: 100,
  changedAt: "2026-11-24T10:00:00Z",
  organizations: [],
  reading: {
    seq: 0,
    messages,
    mentions: forThem.length,
    firstMention: forThem[0] ?? null,
    answers: 0,
    forThem: forThem.map((seq) => ({
      id: `m${seq}`,
      seq,
      at: "2026-11-24T10:00:00Z",
      actor: null,
      text: "so?",
    })),
    cards: 0,
    changes: 0,
    first: null,
    more: false,
    waiting: 0,
  },
});
const said = (notice: DeviceNotice): string => {
  if (notice.kind === "card") return notice.entry.card.id;
  if (notice.kind === "message") return `${notice.group.id} ${notice.message.id}`;
  return `${notice.cards} cards, ${notice.calls} calls, ${notice.messages} messages`;
};
let notifier: Notifier;
const start = (): Notifier =>
  (notifier = createNotifier({
    inbox: { view: () => view },
    groups,
    preferences: { view: preferred },
    mayShow: () => hidden,
    show: (notice) => shown.push(said(notice)),
    now: () => now,
  }));
afterEach(() => notifier.close());

beforeEach(() => {
  view.set({ state: "loading", cards: [], more: false });
  groups.set("loading");
  preferred.set({ mutes: [], quietHours: null });
  [shown, hidden, now] = [[], true, new Date("2026-11-24T10:00:00Z")];
});

describe("a notification", () => {
  it("tells of what came, not of what was there, and of each card once", () => {
    start();
    waits(entry("old"));
    waits(entry("new"), entry("old"));
    waits(entry("old"), entry("new"));
    expect(shown).toEqual(["new"]);
    notifier.close();
    waits(entry("later"));
    expect(shown).toEqual(["new"]);
  });

  it("is not there while the page is looked at, and does not come afterwards", () => {
    start();
    waits();
    hidden = false;
    waits(entry("seen"));
    hidden = true;
    waits(entry("seen"), entry("new"));
    expect(shown).toEqual(["new"]);
  });

  it("does not come of a muted group", () => {
    start();
    waits();
    preferred.set({ mutes: [{ group: { id: "g1" }, until: null }], quietHours: null });
    waits(entry("muted"), entry("other", "g2"));
    expect(shown).toEqual(["other"]);
  });

  it("tells of messages that mention or answer the person, each once, and of no others", () => {
    start();
    groups.set([group("g1", 3, 4)]);
    groups.set([group("g1", 4, 4)]);
    groups.set([group("g1", 6, 9, 8, 4), group("g2", 1, 2)]);
    groups.set([group("g1", 6, 9, 8, 4), group("g2", 1, 2)]);
    expect(shown).toEqual(["g1 m8", "g1 m9", "g2 m2"]);
    preferred.set({ mutes: [{ group: { id: "g1" }, until: null }], quietHours: null });
    groups.set([group("g1", 7, 10), group("g2", 2, 3)]);
    expect(shown.slice(3)).toEqual(["g2 m3"]);
  });

  it("waits for the end of quiet hours, and is one then, of what is not read still", () => {
    const quietHours = { from: "18:00", to: "19:00", days: ["TUE" as const], timeZone: "Asia/Shanghai" };
    preferred.set({ mutes: [], quietHours });
    start();
    waits();
    groups.set([group("g1", 2, 1), group("g2", 5)]);
    waits(entry("a"), entry("b"), entry("c"));
    waits(entry("a"), entry("c"));
    groups.set([group("g1", 6, 4, 1), group("g2", 0), group("g3", 1)]);
    notifier.look();
    expect(shown).toEqual([]);
    now = new Date("2026-11-24T11:00:00Z");
    notifier.look();
    notifier.look();
    expect(shown).toEqual(["2 cards, 1 calls, 5 messages"]);
    groups.set([group("g1", 7, 5, 4, 1), group("g2", 0), group("g3", 1)]);
    expect(shown.slice(1)).toEqual(["g1 m5"]);
  });
});
