import { describe, expect, it } from "vitest";
import { cardEvent, message } from "../junto/testing.ts";
import type { Entry } from "../junto/index.ts";
import { EMPTY } from "../junto/timeline.ts";
import { firstNewOf, rowsOf } from "./rows.ts";

const day = (at: string): string => at.slice(0, 10);
const at = (entry: Entry | ReturnType<typeof message>, when: string): Entry =>
  ({ ...entry, at: when }) as Entry;
const grant = (seq: number): Entry => ({
  __typename: "GrantChanged",
  seq,
  at: "2026-11-23T05:29:00Z",
  actor: null,
  policy: "mall.price",
  en: "Shelf prices",
  zh: "货架价",
  until: null,
  end: null,
  role: "guide",
  granted: true,
});

it("puts a day before what happened on it", () => {
  const rows = rowsOf([at(message(1), "2026-11-22T09:00:00Z"), at(message(2), "2026-11-23T09:00:00Z")], day);
  expect(rows.map(({ kind }) => kind)).toEqual(["day", "message", "day", "message"]);
});

it("lets one person's messages stand together, for a while", () => {
  const entries = ["09:00", "09:04", "09:20"].map((time, index) =>
    at(message(index), `2026-11-23T${time}:00Z`),
  );
  const rows = rowsOf(entries, day).filter((row) => row.kind === "message");
  expect(rows.map(({ goesOn }) => goesOn)).toEqual([false, true, false]);
});

it("folds what changed in the group into one line, until somebody says something", () => {
  const rows = rowsOf(
    [grant(1), grant(2), message(3) as Entry, grant(4), cardEvent(5, 1, "CardPosted") as Entry],
    day,
  );
  expect(rows.map((row) => (row.kind === "changes" ? row.entries.length : row.kind))).toEqual([
    "day",
    2,
    "message",
    1,
    "card",
  ]);
});

it("folds cards that are addressed to others, those that follow one another together", () => {
  const posted = (seq: number, to: string): Entry =>
    cardEvent(seq, 1, "CardPosted", { id: `c${seq}`, to: [to] }) as Entry;
  const rows = rowsOf(
    [posted(1, "buyer"), posted(2, "buyer"), posted(3, "manager"), posted(4, "buyer")],
    day,
    { isAside: ({ to }) => !to.includes("manager") },
  );
  expect(rows.map((row) => (row.kind === "asides" ? row.cards : row.kind))).toEqual([
    "day",
    ["c1", "c2"],
    "card",
    ["c4"],
  ]);
});

describe("the line before what is new", () => {
  const entries = [1, 2, 5, 9].map((seq) => message(seq) as Entry);
  const timeline = (from: number) => ({ ...EMPTY, entries, from, to: 9 });

  it("stands before the first entry of others from there on, and nothing goes on over it", () => {
    const first = firstNewOf(timeline(1), 3, "brand:guo");
    expect(first?.seq).toBe(5);
    expect(rowsOf(entries, () => "today", { firstNew: first }).map(({ key }) => key)).toEqual([
      "day 1",
      "seq 1",
      "seq 2",
      "new",
      "seq 5",
      "seq 9",
    ]);
  });

  it("stands nowhere when all is one's own, nothing is new, or it began before what is there", () => {
    expect(firstNewOf(timeline(1), 3, "mall:lin")).toBeNull();
    expect(firstNewOf(timeline(1), null, "brand:guo")).toBeNull();
    expect(firstNewOf(timeline(4), 3, "brand:guo")).toBeNull();
  });
});
