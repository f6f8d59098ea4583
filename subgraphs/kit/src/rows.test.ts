import { describe, expect, it } from "vitest";
import { createOutbox } from "./outbox.ts";
import { canonical, createReconcile, type Reconcile } from "./rows.ts";
import { afterThis, temporaryDir } from "./shop.fixture.ts";
import { openState } from "./state.ts";
import type { Change, Reconciliation } from "./types.ts";

interface Ledger {
  readonly reconcile: Reconcile;
  /** Takes the changes out, as `KIND key`. */
  readonly told: () => string[];
  readonly cursor: (name: string) => string | undefined;
  readonly restart: () => Ledger;
}

function openLedger(dir = temporaryDir()): Ledger {
  const state = openState(dir);
  afterThis(() => state.close());
  const outbox = createOutbox("shop", state, () => undefined);
  return {
    reconcile: createReconcile(state, outbox, "secret"),
    told() {
      const events = outbox.next(10_000);
      outbox.sent(events);
      return events.map(({ event }) => {
        const { kind, key } = (JSON.parse(event) as { data: Change }).data;
        return `${kind} ${key.id}`;
      });
    },
    cursor: (name) => outbox.cursor(name),
    restart() {
      state.close();
      return openLedger(dir);
    },
  };
}

const rows = (content: Record<string, unknown>): Map<string, unknown> => new Map(Object.entries(content));
const change = (key: string, kind: Change["kind"]): Change => ({ entity: "Sku", key: { id: key }, kind });
const stock = (
  content: Record<string, unknown>,
  more: Partial<Reconciliation<unknown>> = {},
): Reconciliation<unknown> => ({
  table: "stock",
  rows: rows(content),
  change,
  ...more,
});

describe("a reconciliation", () => {
  it("learns the rows the first time, and tells what differs from then on", async () => {
    const { reconcile, told } = openLedger();
    const first = await reconcile(stock({ a: 1, b: 2, c: 3 }));
    expect(first).toEqual({ created: ["a", "b", "c"], updated: [], deleted: [], learned: true });
    expect(told()).toEqual([]);
    const second = await reconcile(stock({ a: 1, b: 20, d: 4 }));
    expect(second).toEqual({ created: ["d"], updated: ["b"], deleted: ["c"], learned: false });
    expect(told()).toEqual(["CREATED d", "UPDATED b", "DELETED c"]);
    await reconcile(stock({ a: 1, b: 20, d: 4 }));
    expect(told()).toEqual([]);
  });

  it("tells the rows the first time when it is asked to", async () => {
    const { reconcile, told } = openLedger();
    expect(await reconcile(stock({ a: 1 }, { first: "announce" }))).toMatchObject({ learned: false });
    expect(told()).toEqual(["CREATED a"]);
  });

  it("that finds nothing has seen the table, too", async () => {
    const { reconcile, told } = openLedger();
    await reconcile(stock({}));
    await reconcile(stock({ a: 1 }));
    expect(told()).toEqual(["CREATED a"]);
  });

  it("finds what changed while nobody was running", async () => {
    const before = openLedger();
    await before.reconcile(stock({ a: 1, b: 2 }));
    const after = before.restart();
    await after.reconcile(stock({ a: 1, b: 3 }));
    expect(after.told()).toEqual(["UPDATED b"]);
  });

  it("keeps tables apart", async () => {
    const { reconcile, told } = openLedger();
    await reconcile(stock({ a: 1 }));
    await reconcile(stock({ a: 1 }, { table: "prices" }));
    await reconcile(stock({}, { table: "prices" }));
    await reconcile(stock({ a: 1 }));
    expect(told()).toEqual(["DELETED a"]);
  });

  it("of some rows deletes none", async () => {
    const { reconcile, told } = openLedger();
    await reconcile(stock({ a: 1, b: 2 }));
    await reconcile(stock({ b: 3, c: 4 }, { partial: true }));
    expect(told()).toEqual(["CREATED c", "UPDATED b"]);
  });

  it("tells a deletion and a creation of rows that were only counted, not read", async () => {
    const { reconcile, told } = openLedger();
    await reconcile(stock({ a: 1, b: 2 }));
    await reconcile(stock({ a: undefined, c: undefined }));
    expect(told()).toEqual(["CREATED c", "DELETED b"]);
    await reconcile(stock({ a: 1 }, { partial: true }));
    expect(told()).toEqual([]);
    await reconcile(stock({ a: 2 }, { partial: true }));
    expect(told()).toEqual(["UPDATED a"]);
  });

  it("gives the row to whoever says what a difference means: nothing, one change or several", async () => {
    const { reconcile, told } = openLedger();
    await reconcile(stock({ "R1/BL1": 1, "R2/BL2": { counter: "017" } }));
    const seen: unknown[] = [];
    await reconcile(
      stock(
        { "R1/BL1": 2, "R3/BL3": { counter: "018" } },
        {
          change(key, kind, row) {
            seen.push([key, kind, row]);
            if (kind === "DELETED") return undefined;
            return key.split("/").map((id) => ({ entity: "Sku", key: { id }, kind: "UPDATED" as const }));
          },
        },
      ),
    );
    expect(seen).toEqual([
      ["R3/BL3", "CREATED", { counter: "018" }],
      ["R1/BL1", "UPDATED", 2],
      ["R2/BL2", "DELETED", undefined],
    ]);
    expect(told()).toEqual(["UPDATED R3", "UPDATED BL3", "UPDATED R1", "UPDATED BL1"]);
  });
});

describe("a reconciliation of a part", () => {
  const file = (name: string, content: Record<string, unknown>): Reconciliation<unknown> =>
    stock(Object.fromEntries(Object.entries(content).map(([key, row]) => [`${name}/${key}`, row])), {
      within: `${name}/`,
    });

  it("leaves the others alone", async () => {
    const { reconcile, told } = openLedger();
    await reconcile(stock({ "one.xlsx/a": 1, "one.xlsx/b": 2, "two.csv/a": 3 }));
    await reconcile(file("one.xlsx", { a: 5 }));
    expect(told()).toEqual(["UPDATED one.xlsx/a", "DELETED one.xlsx/b"]);
    await reconcile(stock({ "one.xlsx/a": 5, "two.csv/a": 3 }));
    expect(told()).toEqual([]);
  });

  it("tells all rows of a part that is new in a table that was seen as a whole", async () => {
    const { reconcile, told } = openLedger();
    await reconcile(stock({ "one.xlsx/a": 1 }));
    await reconcile(file("two.csv", { b: 1 }));
    expect(told()).toEqual(["CREATED two.csv/b"]);
  });

  it("learns each part for itself in a table that was never seen as a whole", async () => {
    const { reconcile, told } = openLedger();
    await reconcile(file("one.xlsx", { a: 1 }));
    await reconcile(file("two.csv", { b: 1 }));
    await reconcile(file("two.csv", { b: 2 }));
    expect(told()).toEqual(["UPDATED two.csv/b"]);
  });

  it("takes the signs that mean something to a database for themselves", async () => {
    const { reconcile, told } = openLedger();
    await reconcile(stock({ "a%b/1": 1, "axb/1": 1, "A%B/1": 1, "a_b/1": 1, "库存/1": 1, "库/1": 1 }));
    await reconcile(stock({}, { within: "a%b/" }));
    await reconcile(stock({}, { within: "a_b/" }));
    await reconcile(stock({}, { within: "库存/" }));
    expect(told()).toEqual(["DELETED a%b/1", "DELETED a_b/1", "DELETED 库存/1"]);
  });

  it("takes no row from outside", async () => {
    const { reconcile } = openLedger();
    await expect(reconcile(stock({ "two/a": 1 }, { within: "one/" }))).rejects.toThrow('not within "one/"');
  });
});

describe("changes, digests and cursor", () => {
  it("are stored together", async () => {
    const { reconcile, told, cursor } = openLedger();
    await reconcile(stock({ a: 1 }, { cursor: { name: "poll", value: "2026-11-20" } }));
    await reconcile(stock({ a: 2 }, { cursor: { name: "poll", value: "2026-11-21" } }));
    expect(cursor("poll")).toBe("2026-11-21");
    expect(told()).toEqual(["UPDATED a"]);
  });

  it("are not stored at all when one of them fails", async () => {
    const { reconcile, told, cursor } = openLedger();
    await reconcile(stock({ a: 1 }, { cursor: { name: "poll", value: "1" } }));
    const failing = stock(
      { a: 2, b: 3 },
      {
        cursor: { name: "poll", value: "2" },
        change(key, kind) {
          if (kind === "UPDATED") throw new Error("no such product");
          return change(key, kind);
        },
      },
    );
    await expect(reconcile(failing)).rejects.toThrow("no such product");
    expect(cursor("poll")).toBe("1");
    expect(told()).toEqual([]);
    await reconcile(stock({ a: 2, b: 3 }));
    expect(told()).toEqual(["CREATED b", "UPDATED a"]);
  });

  it("stay right when two reconciliations of one table run at once", async () => {
    const { reconcile, told } = openLedger();
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`k${n}`, n]));
    await reconcile(stock(many));
    await Promise.all([reconcile(stock({ ...many, k1: -1 })), reconcile(stock({ ...many, k1: -1 }))]);
    expect(told()).toEqual(["UPDATED k1"]);
  });
});

describe("what counts as the same row", () => {
  const same: [unknown, unknown][] = [
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    [{ a: 1, b: undefined }, { a: 1 }],
    [new Date(5), new Date(5)],
    [Buffer.from("x"), new Uint8Array([120])],
    [
      new Map([
        ["a", 1],
        ["b", 2],
      ]),
      new Map([
        ["b", 2],
        ["a", 1],
      ]),
    ],
    [new Set([1, 2]), new Set([2, 1])],
  ];
  it.each(same)("%o and %o", (one, other) => expect(canonical(one)).toBe(canonical(other)));

  const different: [unknown, unknown][] = [
    [{ a: 1 }, { a: "1" }],
    [{ a: 1 }, { a: 1n }],
    [
      [1, 2],
      [2, 1],
    ],
    [["a,b"], ["a", "b"]],
    [{ a: null }, { a: undefined }],
    [{ a: null }, { a: "null" }],
    [[], {}],
    [new Date(5), 5],
    [new Set([1]), [1]],
    [{ "a:1,b": 2 }, { a: 1, b: 2 }],
    [[undefined], []],
    [NaN, null],
  ];
  it.each(different)("but not %o and %o", (one, other) => expect(canonical(one)).not.toBe(canonical(other)));

  it("a function is no row", () => {
    expect(() => canonical({ a: () => 1 })).toThrow("cannot be compared");
  });
});
