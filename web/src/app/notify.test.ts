import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createStore, type InboxCard, type InboxView, type PreferencesView } from "../junto/index.ts";
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
const said = (notice: DeviceNotice): string =>
  notice.kind === "card" ? notice.entry.card.id : `${notice.cards}`;
let notifier: Notifier;
const start = (): Notifier =>
  (notifier = createNotifier({
    inbox: { view: () => view },
    preferences: { view: preferred },
    mayShow: () => hidden,
    show: (notice) => shown.push(said(notice)),
    now: () => now,
  }));
afterEach(() => notifier.close());

beforeEach(() => {
  view.set({ state: "loading", cards: [], more: false });
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

  it("waits for the end of quiet hours, and is one then, of what waits still", () => {
    const quietHours = { from: "18:00", to: "19:00", days: ["TUE" as const], timeZone: "Asia/Shanghai" };
    preferred.set({ mutes: [], quietHours });
    start();
    waits();
    waits(entry("a"), entry("b"), entry("c"));
    waits(entry("a"), entry("c"));
    notifier.look();
    expect(shown).toEqual([]);
    now = new Date("2026-11-24T11:00:00Z");
    notifier.look();
    notifier.look();
    expect(shown).toEqual(["2"]);
  });
});
