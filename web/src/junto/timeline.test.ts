import { describe, expect, it } from "vitest";
import { card, cardEvent, changedMessage, message, runEvent, said } from "./testing.ts";
import {
  answeredBy,
  apply,
  applyCard,
  applyMessages,
  applyPage,
  EMPTY,
  answerCounts,
  threadIn,
  threadsOf,
  type Timeline,
} from "./timeline.ts";
import type { FeedEvent } from "./types.ts";

const EVENTS: readonly FeedEvent[] = [
  message(1),
  cardEvent(2, 1, "CardPosted"),
  message(3),
  runEvent(4, "PENDING"),
  cardEvent(5, 2),
  runEvent(6, "DONE"),
  cardEvent(7, 3),
];

const of = (...events: readonly FeedEvent[]): Timeline => events.reduce(apply, EMPTY);
const seqs = ({ entries }: Timeline): number[] => entries.map(({ seq }) => seq);
const revision = ({ cards }: Timeline): number | undefined => cards.get("c1")?.card.revision;

describe("a timeline", () => {
  it("has messages and cards in order, and changes on the card where it stands", () => {
    const timeline = of(...EVENTS);
    expect(seqs(timeline)).toEqual([1, 2, 3]);
    expect(revision(timeline)).toBe(3);
    expect(timeline.to).toBe(7);
  });

  it("comes out the same in whatever order, and however often, the events come", () => {
    const shuffled = [6, 2, 4, 0, 5, 1, 3, 6, 0, 2].map((at) => EVENTS[at]!);
    const [straight, other] = [of(...EVENTS), of(...shuffled)];
    expect(seqs(other)).toEqual(seqs(straight));
    expect(revision(other)).toBe(revision(straight));
    expect(other.runs.get("r1")!.run.status).toBe("DONE");
  });

  it("changes nothing when nothing is new, so that nothing is drawn again", () => {
    const timeline = of(...EVENTS);
    const again = EVENTS.reduce(apply, timeline);
    expect(again.entries).toBe(timeline.entries);
    expect(again.cards).toBe(timeline.cards);
    expect(again.runs).toBe(timeline.runs);
  });

  it("is filled with older pages from the front", () => {
    const timeline = applyPage(of(message(9), message(10)), 3, [message(3), message(4), message(9)]);
    expect(seqs(timeline)).toEqual([3, 4, 9, 10]);
    expect(timeline.to).toBe(10);
  });
});

describe("latest wins", () => {
  it("over an older state that comes late", () => {
    expect(revision(of(cardEvent(7, 3), cardEvent(5, 2)))).toBe(3);
  });

  it("by the feed's order, not by revisions: each audience has its own", () => {
    const shared = cardEvent(7, 5, "CardChanged", { data: { price: 809 } });
    const withdrawn = cardEvent(8, 2, "CardChanged", { data: { price: null } });
    const again = cardEvent(9, 5, "CardChanged", { data: { price: 809 } });
    expect(of(shared, withdrawn).cards.get("c1")!.card.data).toEqual({ price: null });
    expect(of(shared, withdrawn, again).cards.get("c1")!.card.data).toEqual({ price: 809 });
  });

  it("over the answer of a question that was asked before", () => {
    const timeline = of(cardEvent(7, 3));
    expect(revision(applyCard(timeline, card(2), 6))).toBe(3);
    expect(revision(applyCard(timeline, card(4), 7))).toBe(4);
  });

  it("also of a card that was read again in another language", () => {
    const timeline = applyCard(of(cardEvent(7, 3)), card(3, { en: "other" }), 7);
    expect(timeline.cards.get("c1")!.card.en).toBe("other");
  });

  it("I8: what comes again with less is shown with less", () => {
    const before = of(cardEvent(7, 3, "CardChanged", { data: { price: 809 } }));
    const after = apply(before, cardEvent(8, 4, "CardChanged", { data: { price: null } }));
    expect(after.cards.get("c1")!.card.data).toEqual({ price: null });
  });
});

it("an action that has ended does not begin again", () => {
  const timeline = of(runEvent(6, "DONE"), runEvent(8, "PENDING"));
  expect(timeline.lastRuns.get("c1")?.run.status).toBe("DONE");
});

describe("a message", () => {
  const text = ({ messages }: Timeline, id = "m1"): string | null | undefined => messages.get(id)?.text;

  it("stands where it was said, with the words it has now", () => {
    const timeline = of(message(1), message(2), changedMessage(3, 1, { text: "edited" }));
    expect(seqs(timeline)).toEqual([1, 2]);
    expect(text(timeline)).toBe("edited");
    expect(timeline.to).toBe(3);
  });

  it("comes out the same in whatever order, and however often, its changes come", () => {
    const events = [
      message(1),
      changedMessage(2, 1, { text: "a", revision: 2 }),
      changedMessage(3, 1, { text: "b", revision: 3 }),
      changedMessage(4, 1, { text: null, revision: 4 }),
    ];
    for (const order of [
      [3, 2, 1, 0],
      [1, 3, 0, 2, 1],
      [0, 3, 3, 0],
    ])
      expect(text(of(...order.map((at) => events[at]!)))).toBeNull();
  });

  it("that is edited before the timeline reaches it is so when it does", () => {
    const edited = apply(of(message(9)), changedMessage(10, 3, { text: "edited" }));
    expect(seqs(edited)).toEqual([9]);
    expect(text(applyPage(edited, 1, [message(3)]), "m3")).toBe("edited");
  });

  it("changes nothing when it is not newer, so that nothing is drawn again", () => {
    const timeline = of(message(1), changedMessage(2, 1, { text: "edited" }));
    expect(apply(timeline, changedMessage(2, 1, { text: "edited" })).messages).toBe(timeline.messages);
    expect(applyMessages(timeline, [said(1)])).toBe(timeline);
  });
});

describe("an answer", () => {
  const to = (text: string | null, revision = 1) => ({ id: "m1", seq: 1, text, revision, actor: null });
  const answer = said(5, { replyTo: to("how it was") });

  it("shows what it answers as it is now", () => {
    expect(answeredBy(EMPTY, answer)?.text).toBe("how it was");
    expect(answeredBy(of(message(1), changedMessage(6, 1, { text: "edited" })), answer)?.text).toBe("edited");
  });

  it("does not show what was deleted, also of a message that is not loaded", () => {
    expect(answeredBy(of(changedMessage(6, 1, { text: null })), answer)?.text).toBeNull();
    const late = said(5, { replyTo: to(null, 2) });
    expect(answeredBy(of(message(1, "how it was")), late)?.text).toBeNull();
  });
});

it("answers are counted and listed after what they answer, without those that were taken back", () => {
  const to = (id: string) => ({ id, seq: 1, text: "?", revision: 1, actor: null });
  const answers = [
    said(4, { replyTo: to("m2") }),
    said(3, { replyTo: to("m2") }),
    said(5, { replyTo: to("m3") }),
  ];
  const timeline = applyMessages(of(message(1), message(2)), answers);
  const ids = threadIn(timeline.messages, { message: "m2" }).map(({ id }) => id);
  expect(ids).toEqual(["m2", "m3", "m4"]);
  expect(Object.fromEntries(answerCounts(timeline.messages))).toEqual({ m2: 2, m3: 1 });
  const deleted = apply(timeline, changedMessage(6, 4, { text: null, replyTo: to("m2") }));
  expect(answerCounts(deleted.messages).get("m2")).toBe(1);
});

it("a thread has what is said about its card, in order, and goes by the newest words", () => {
  const on = (seq: number, cardId: string | null) => said(seq, { cardId });
  const timeline = applyMessages(of(message(1)), [on(7, "c1"), on(3, "c1"), on(5, "c2")]);
  const changed = apply(timeline, changedMessage(8, 3, { cardId: "c1", text: "edited" }));
  expect(
    threadsOf(changed.messages)
      .get("c1")!
      .map(({ text: words }) => words),
  ).toEqual(["edited", "message 7"]);
  expect([...threadsOf(changed.messages).keys()].sort()).toEqual(["c1", "c2"]);
});
