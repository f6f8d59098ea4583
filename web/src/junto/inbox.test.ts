import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createInbox, type Inbox, type InboxCard } from "./inbox.ts";
import { AskError } from "./errors.ts";
import { card } from "./testing.ts";

type Answer = { readonly cards: readonly InboxCard[]; readonly wakesAt?: string };
let answer: () => Promise<Answer>;
let asked: string[];
let inbox: Inbox;

const entry = (id: string): InboxCard => ({
  card: card(1, { id }),
  group: { id: "g", name: "Counter 017", timeZone: "Asia/Shanghai", members: [] },
  until: null,
  markedAt: null,
});
const ids = (): string[] =>
  inbox
    .view("WAITING")
    .get()
    .cards.map((each) => each.card.id);
let refuse: AskError | null;
/** What the answers to mutations wait for. */
let hold: Promise<void>;
let release: () => void;

async function ask(document: unknown): Promise<any> {
  const name = /(?:query|mutation) (\w+)/.exec(String(document))![1]!;
  asked.push(name);
  if (name === "Inbox") {
    const { cards, wakesAt = null } = await answer();
    return { inbox: { more: false, waiting: cards.length, wakesAt, cards } };
  }
  await hold;
  if (refuse) throw refuse;
  const payload = { userErrors: [] };
  return { snoozeCard: payload, finishCard: payload, returnCard: payload };
}

beforeEach(async () => {
  vi.useFakeTimers();
  [asked, refuse, hold] = [[], null, Promise.resolve()];
  answer = async () => ({ cards: [entry("a"), entry("b")] });
  inbox = createInbox({ connection: { ask }, locale: "en" });
  await vi.runAllTimersAsync();
});
afterEach(() => {
  inbox.close();
  vi.useRealTimers();
});

describe("the inbox", () => {
  it("asks once about what happens in a burst, and never twice at a time", async () => {
    asked.length = 0;
    let release = (): void => undefined;
    answer = () => new Promise((resolve) => (release = () => resolve({ cards: [entry("c")] })));
    for (let at = 0; at < 5; at++) inbox.changed();
    await vi.advanceTimersByTimeAsync(300);
    for (let at = 0; at < 5; at++) inbox.changed();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked).toEqual(["Inbox"]);
    release();
    answer = async () => ({ cards: [entry("d")] });
    await vi.runAllTimersAsync();
    expect(asked).toEqual(["Inbox", "Inbox"]);
    expect(ids()).toEqual(["d"]);
  });

  it("takes a card out at once, and counts", async () => {
    const marked = inbox.mark(entry("a"), { kind: "finish" });
    expect([ids(), inbox.waiting.get()]).toEqual([["b"], 1]);
    answer = async () => ({ cards: [entry("b")] });
    expect(await marked).toBeNull();
  });

  it("has it back at once when that is undone", async () => {
    await inbox.mark(entry("a"), { kind: "finish" });
    const undone = inbox.mark(entry("a"), { kind: "return" });
    expect([ids().toSorted(), inbox.waiting.get()]).toEqual([["a", "b"], 2]);
    expect(await undone).toBeNull();
  });

  it("sends what undoes something after it", async () => {
    asked.length = 0;
    void inbox.mark(entry("a"), { kind: "finish" });
    void inbox.mark(entry("a"), { kind: "return" });
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toEqual(["Finish", "Return"]);
    let isOut = false;
    hold = new Promise((resolve) => (release = resolve));
    void inbox.mark(entry("a"), { kind: "finish" });
    void inbox.mark(entry("a"), { kind: "return" }).then(() => (isOut = true));
    await vi.advanceTimersByTimeAsync(0);
    expect([asked.slice(2), isOut]).toEqual([["Finish"], false]);
    release();
    await vi.advanceTimersByTimeAsync(0);
    expect([asked.slice(2), isOut]).toEqual([["Finish", "Return"], true]);
  });

  it("puts it back when the gateway cannot be reached, and says so", async () => {
    refuse = new AskError("AWAY", "The gateway cannot be reached.");
    expect(await inbox.mark(entry("a"), { kind: "finish" })).toBe("The gateway cannot be reached.");
    expect([ids(), inbox.waiting.get()]).toEqual([["a", "b"], 2]);
  });

  it("does not believe an answer to a question that was asked before", async () => {
    let release = (): void => undefined;
    answer = () => new Promise((resolve) => (release = () => resolve({ cards: [entry("a"), entry("b")] })));
    inbox.changed();
    await vi.advanceTimersByTimeAsync(300);
    const marked = inbox.mark(entry("a"), { kind: "finish" });
    release();
    answer = async () => ({ cards: [entry("b")] });
    await marked;
    expect(ids()).toEqual(["b"]);
    await vi.runAllTimersAsync();
    expect(ids()).toEqual(["b"]);
  });

  it("asks again when what is snoozed comes back", async () => {
    answer = async () => ({ cards: [], wakesAt: new Date(Date.now() + 60_000).toISOString() });
    inbox.changed();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(ids()).toEqual([]);
    answer = async () => ({ cards: [entry("a")] });
    await vi.advanceTimersByTimeAsync(61_000);
    expect(ids()).toEqual(["a"]);
  });

  it("keeps what it shows when it cannot ask", async () => {
    answer = () => Promise.reject(new AskError("AWAY", ""));
    inbox.changed();
    await vi.runAllTimersAsync();
    expect(ids()).toEqual(["a", "b"]);
  });
});
