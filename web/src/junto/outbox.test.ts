// I7: an action runs once, however often it is clicked, sent, or sent again after a lost answer.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createOutbox, type Intention, type Outbox, type Outcome } from "./outbox.ts";
import { memoryStorage, type Storage } from "./storage.ts";
import { scriptedConnection, type ScriptedConnection } from "./testing.ts";

const APPROVE: Intention = {
  kind: "act",
  group: "g",
  verb: "restock.approve",
  input: {},
  card: "c1",
  seen: 2,
};
const SAY = {
  kind: "say",
  group: "g",
  text: "On its way?",
  mentions: [],
  replyTo: null,
  card: null,
} as const satisfies Intention;
const TAKEN = { act: { action: { id: "r1", status: "PENDING" }, card: null, userErrors: [] } };

let connection: ScriptedConnection;
let storage: Storage;
let outcomes: [key: string, Outcome["kind"]][];
let outbox: Outbox;

beforeEach(() => {
  vi.useFakeTimers();
  connection = scriptedConnection();
  storage = memoryStorage();
  outcomes = [];
  outbox = open();
});
afterEach(() => {
  outbox.close();
  vi.useRealTimers();
});

function open(): Outbox {
  return createOutbox({
    connection,
    storage,
    owner: "mall:lin",
    locale: () => "en",
    position: () => 0,
    onOutcome: ({ key }, { kind }) => outcomes.push([key, kind]),
  });
}

const asked = () => connection.questions.shift()!;
const settle = () => vi.advanceTimersByTimeAsync(0);

describe("I7: an action", () => {
  it("names the revision that the person saw, and a key", () => {
    const key = outbox.send(APPROVE);
    expect(asked()).toMatchObject({ operation: "Act", variables: { card: "c1", seen: 2, key } });
  });

  it("that is clicked twice is sent once", async () => {
    const key = outbox.send(APPROVE);
    expect(outbox.send(APPROVE)).toBe(key);
    expect(connection.questions).toHaveLength(1);
    asked().answer(TAKEN);
    await settle();
    expect(outcomes).toEqual([[key, "acted"]]);
    expect(connection.questions).toEqual([]);
  });

  it("whose answer is lost is sent again with its key", async () => {
    const key = outbox.send(APPROVE);
    asked().fail("AWAY");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked().variables).toMatchObject({ key });
  });

  it("keeps its key over a reload", async () => {
    const key = outbox.send(APPROVE);
    asked().fail("AWAY");
    await settle();
    outbox.close();
    outbox = open();
    expect(asked().variables).toMatchObject({ key });
  });

  it("is sent at once when the machine comes online", async () => {
    outbox.send(APPROVE);
    asked().fail("AWAY");
    await settle();
    outbox.retry();
    expect(connection.questions).toHaveLength(1);
  });

  it("is another intention when the first has its answer", async () => {
    const key = outbox.send(APPROVE);
    asked().answer(TAKEN);
    await settle();
    expect(outbox.send({ ...APPROVE, seen: 3 })).not.toBe(key);
  });

  it("that the gateway does not understand is not sent for ever", async () => {
    outbox.send(APPROVE);
    asked().fail("NOT_UNDERSTOOD");
    await settle();
    expect(outcomes.map(([, kind]) => kind)).toEqual(["problem"]);
    expect(outbox.waiting.get()).toEqual([]);
  });
});

describe("messages", () => {
  it("are sent in the order in which they were said, each by itself", async () => {
    outbox.send(SAY);
    outbox.send({ ...SAY, text: "Hello?" });
    expect(connection.questions).toHaveLength(1);
    const first = asked();
    expect(first.variables).toMatchObject({ text: "On its way?" });
    first.answer({ postMessage: { message: { seq: 1 }, userErrors: [] } });
    await settle();
    expect(asked().variables).toMatchObject({ text: "Hello?" });
  });

  it("say what they answer, in whose thread they are, and whom they mention", () => {
    outbox.send({ ...SAY, replyTo: "m1", card: "c1", mentions: ["brand:guo"] });
    expect(asked().variables).toMatchObject({ replyTo: "m1", card: "c1", mentions: ["brand:guo"] });
  });

  it("said twice are two messages", () => {
    expect(outbox.send(SAY)).not.toBe(outbox.send(SAY));
  });
});

describe("a change of a message", () => {
  const EDIT = {
    kind: "edit",
    group: "g",
    message: "m1",
    text: "On its way.",
    mentions: [],
    seen: 1,
  } as const satisfies Intention;
  const UNSAY: Intention = { kind: "unsay", group: "g", message: "m1" };
  const DONE = { message: null, userErrors: [] };
  const kinds = () => outbox.waiting.get().map(({ intention }) => intention.kind);
  /** Something before it is on its way, so that it waits. */
  const block = () => outbox.send(SAY);

  it("names the revision that the person saw", async () => {
    const key = outbox.send(EDIT);
    const edit = asked();
    expect(edit).toMatchObject({ operation: "Edit", variables: { message: "m1", seen: 1 } });
    edit.answer({ editMessage: DONE });
    await settle();
    expect(outcomes).toEqual([[key, "changed"]]);
  });

  it("takes the place of one that was not sent yet, as seen then", () => {
    block();
    outbox.send(EDIT);
    outbox.send({ ...EDIT, text: "Here it is." });
    const [, edit] = outbox.waiting.get();
    expect(outbox.waiting.get()).toHaveLength(2);
    expect(edit!.intention).toMatchObject({ text: "Here it is.", seen: 1 });
  });

  it("comes after one that may have arrived, of which it is an edit", async () => {
    outbox.send(EDIT);
    asked().fail("AWAY");
    await settle();
    outbox.send({ ...EDIT, text: "Here it is." });
    outbox.retry();
    asked().answer({ editMessage: DONE });
    await settle();
    expect(asked().variables).toMatchObject({ text: "Here it is.", seen: 2 });
  });

  it("is sent once when it is a deletion, and no edit before it", () => {
    block();
    outbox.send(EDIT);
    expect(outbox.send(UNSAY)).toBe(outbox.send(UNSAY));
    expect(kinds()).toEqual(["say", "unsay"]);
  });

  it("waits through a reload", async () => {
    outbox.send(UNSAY);
    asked().fail("AWAY");
    await settle();
    outbox.close();
    outbox = open();
    expect(asked()).toMatchObject({ operation: "Unsay", variables: { message: "m1" } });
  });
});

it.each(["junk", [null, 3, {}], { key: 1 }])("what is kept as %j is not sent", (kept) => {
  storage.write("junto:brand:guo:outbox", kept);
  const other = createOutbox({
    connection,
    storage,
    owner: "brand:guo",
    locale: () => "en",
    position: () => 0,
    onOutcome: () => undefined,
  });
  expect(other.waiting.get()).toEqual([]);
  expect(connection.questions).toEqual([]);
  other.close();
});
