// Cards as a person sees them in a terminal, whole, and what is said of a change.
import { describe, expect, it } from "vitest";
import { contentOf } from "./adaptive.ts";
import { describeChanges, drawCard, timeOf, type Card } from "./card.ts";
import { createFeedDrawing, type FeedEvent } from "./feed.ts";
import { createPaint, width } from "./text.ts";

const paint = createPaint(false);
const today = new Date();
const at = (hours: number, minutes: number) =>
  new Date(new Date(today).setHours(hours, minutes, 0, 0)).toISOString();

const mall = { id: "mall", name: "Riverside" };
const supplier = { id: "supplier", name: "Harbour" };

describe("a card", () => {
  it("is drawn as a box: what it says, what may be done, where it comes from", () => {
    expect(drawCard(order(), { columns: 58, paint })).toEqual([
      "╭─ Restock R00001234: 短靴 ──────────────────────────────╮",
      "│ Restock R00001234                                      │",
      "│ Status       SUBMITTED                                 │",
      "│ Shelf price  ¥599.00                                   │",
      "│ Size       Asked  On hand                              │",
      "│ BL2481-38     12       40                              │",
      "│ BL2481-39      2        0                              │",
      "├────────────────────────────────────────────────────────┤",
      "│ ▸ Approve  (restock.approve)                           │",
      "├────────────────────────────────────────────────────────┤",
      "│ Riverside (mall), 09:30:00                             │",
      "│ Harbour (supplier) did not answer                      │",
      "│ not shared: product.suggestedPrice, by Aurora          │",
      "│ (brand.price)                                          │",
      "╰─ card 018f, revision 3 ────────────────────────────────╯",
    ]);
  });

  it.each([30, 40, 58, 100])("has straight edges at %i columns, in Chinese too", (columns) => {
    const card = order({ summary: "补货单 R00001234 等待审批：江畔百货一层 017 专柜的短靴，十四双" });
    for (const line of drawCard(card, { columns, paint })) expect(width(line)).toBe(columns);
  });

  it("lays columns side by side where there is room, and one below the other where not", () => {
    const body = [
      {
        type: "ColumnSet",
        columns: [
          { type: "Column", width: "stretch", items: [text("In the mall, floor two")] },
          { type: "Column", width: "auto", items: [text("¥599.00"), text("¥620.00")] },
        ],
      },
    ];
    expect(bodyOf(body, 44)).toEqual([
      "In the mall, floor two           ¥599.00",
      `${" ".repeat(33)}¥620.00`,
    ]);
    expect(bodyOf(body, 20)).toEqual(["In the mall,", "floor two", "¥599.00", "¥620.00"]);
  });

  it("draws inputs, images, containers, rich text, and skips what is hidden", () => {
    const body = [
      { type: "Container", items: [text("**Bold** and _slanted_, see [here](https://a.example)")] },
      { type: "Image", url: "https://a.example/1.png", altText: "A boot" },
      {
        type: "ColumnSet",
        columns: [
          {
            type: "Column",
            width: "56px",
            items: [{ type: "Image", url: "https://a.example/2.png", altText: "A shoe" }],
          },
          { type: "Column", width: "stretch", items: [text("beside a picture")] },
        ],
      },
      { type: "RichTextBlock", inlines: ["rich ", { type: "TextRun", text: "text" }] },
      { type: "Input.Number", id: "pairs", label: "Pairs", value: 12 },
      text("hidden", { isVisible: false }),
      { type: "Carousel", pages: [] },
      { type: "New.Thing", items: [text("inside of something new")] },
    ];
    expect(bodyOf(body, 64)).toEqual([
      "Bold and slanted, see here (https://a.example)",
      "[A boot]",
      "beside a picture",
      "rich text",
      "Pairs: [12]",
      "inside of something new",
    ]);
  });

  it.each([
    null,
    [],
    "text",
    { body: "text" },
    { body: [null, 7, { type: "FactSet", facts: {} }, { type: "Table" }] },
  ])("that is nonsense (%j) is a box without a body", (adaptiveCard) => {
    expect(drawCard(order({ adaptiveCard }), { columns: 58, paint })[1]).toContain("Approve");
  });

  it("cannot write to the terminal beside its text", () => {
    const evil = "\u001b[2J\u001b]0;owned\u0007\u009b1mboo\r\u202e";
    const card = order({
      id: evil,
      summary: evil,
      adaptiveCard: { body: [text(evil), { type: "FactSet", facts: [{ title: evil, value: evil }] }] },
      actions: [{ verb: evil, title: evil }],
      provenance: [{ organization: { id: evil, name: evil }, system: evil, status: "OK", asOf: evil }],
      withheld: [{ path: evil, organization: { id: evil, name: evil }, policy: evil }],
    });
    const draw = createFeedDrawing({ columns: 58, paint });
    const lines = [
      ...draw(event(card)),
      ...draw(event({ ...card, summary: "x", actions: [], withheld: [] })),
    ];
    // eslint-disable-next-line no-control-regex -- that is what must not be there
    expect(lines.join("\n")).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(lines.join("\n")).toContain("boo");
  });
});

describe("a change of a card", () => {
  it("says what is different, by its label", () => {
    const after = order({ onHand: "7", status: "APPROVED", actions: [], supplierStatus: "OK" });
    expect(describeChanges(order(), after, paint)).toEqual([
      "Status: SUBMITTED → APPROVED",
      "BL2481-38 · On hand: 40 → 7",
      "can no longer be done: Approve (restock.approve)",
      "Harbour answers again",
    ]);
  });

  it("says what came, what is gone, and that it is closed", () => {
    const before = order({ adaptiveCard: { body: [text("old note"), facts({ A: "1" })] } });
    const after = order({
      adaptiveCard: { body: [text("new note"), facts({ B: "2" })] },
      open: false,
      withheld: [],
    });
    expect(describeChanges(before, after, paint)).toEqual([
      "old note → new note",
      "A: 1 → nothing",
      "B: 2",
      "closed",
      "shared now: product.suggestedPrice, by Aurora (brand.price)",
    ]);
  });

  it("says nothing when it looks the same, and not everything when it is too much", () => {
    expect(describeChanges(order(), order({ revision: 4 }), paint)).toEqual([]);
    const many = (value: string) =>
      facts(Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`F${n}`, value])));
    const changes = describeChanges(
      order({ adaptiveCard: { body: [many("1")] } }),
      order({ adaptiveCard: { body: [many("2")] } }),
      paint,
    );
    expect(changes).toHaveLength(13);
    expect(changes.at(-1)).toBe("… and 8 more");
  });

  it("names what equal labels belong to", () => {
    const line = (size: string, onHand: string) => ({
      type: "Container",
      items: [
        { type: "ColumnSet", columns: [{ type: "Column", items: [text("短靴"), text(size)] }] },
        facts({ "On hand": onHand }),
      ],
    });
    const card = (onHand: string) => order({ adaptiveCard: { body: [line("38", onHand), line("39", "2")] } });
    expect(describeChanges(card("40"), card("7"), paint)).toEqual(["短靴, 38 · On hand: 40 → 7"]);
    expect([...contentOf({ body: [facts({ A: "1" }), facts({ A: "2" })] }).labelled.keys()]).toEqual([
      "A",
      "A (2)",
    ]);
  });

  it("says which texts came and went, wherever they stand", () => {
    const before = order({ adaptiveCard: { body: [text("title"), text("a note"), text("end")] } });
    const after = order({ adaptiveCard: { body: [text("new"), text("title"), text("end"), text("why")] } });
    expect(describeChanges(before, after, paint)).toEqual(["- a note", "+ new", "+ why"]);
  });
});

describe("the feed", () => {
  it("is a line for each event, and a box with its changes for a card", () => {
    const draw = createFeedDrawing({ columns: 58, paint });
    const lin = { id: "mall:lin", name: "林静" };
    const head = { seq: 1, at: at(9, 30), actor: lin };
    expect(draw({ ...head, __typename: "MessagePosted", text: "on its way?" })).toEqual([
      "#1 09:30:00 林静 (mall:lin): on its way?",
    ]);
    const changed = (text: string | null) =>
      draw({ ...head, __typename: "MessageChanged", message: { text } })[0];
    expect(changed("on their way?")).toBe("#1 09:30:00 林静 (mall:lin) edited: on their way?");
    expect(changed(null)).toBe("#1 09:30:00 林静 (mall:lin) deleted a message");
    expect(
      draw({
        ...head,
        __typename: "GrantChanged",
        policy: "mall.price",
        role: "guide",
        granted: false,
        until: null,
        end: "WITHDRAWN",
      }),
    ).toEqual(["#1 09:30:00 林静 (mall:lin) no longer shares mall.price with role guide"]);
    expect(
      draw({ ...head, __typename: "MemberChanged", person: lin, role: "guide", added: true })[0],
    ).toContain("added 林静 (mall:lin), guide");
    const userErrors = [{ field: ["lines", "0"], code: "TOO_MANY", message: "At most 999." }];
    const action = { id: "a", verb: "restock.submit", status: "REFUSED", cardId: null, userErrors };
    expect(draw({ ...head, __typename: "ActionChanged", action })).toEqual([
      "#1 09:30:00 林静 (mall:lin) restock.submit was refused: lines.0: At most 999. (TOO_MANY)",
    ]);
    expect(draw(event(order()))[0]).toBe("#7 09:31:00 card for manager");
    expect(draw(event(order({ onHand: "7" }))).slice(0, 2)).toEqual([
      "#7 09:31:00 card changed for manager",
      "   BL2481-38 · On hand: 40 → 7",
    ]);
    expect(draw({ ...head, __typename: "SomethingNew" } as unknown as FeedEvent)).toEqual([
      "#1 09:30:00 林静 (mall:lin) SomethingNew",
    ]);
  });

  it("names the day of what was not today", () => {
    expect(timeOf("2026-11-20T10:00:00", new Date("2026-11-21T09:00:00"))).toBe("2026-11-20 10:00:00");
    expect(timeOf("2026-11-20T10:00:00", new Date("2026-11-20T19:00:00"))).toBe("10:00:00");
  });
});

function order(
  change: Partial<Card> & { onHand?: string; status?: string; supplierStatus?: string } = {},
): Card {
  const { onHand = "40", status = "SUBMITTED", supplierStatus = "AWAY", ...card } = change;
  const row = (...cells: string[]) => ({
    cells: cells.map((cell) => ({ type: "TableCell", items: [text(cell)] })),
  });
  return {
    id: "018f",
    type: "restock.order",
    revision: 3,
    open: true,
    to: ["manager"],
    summary: "Restock R00001234: 短靴",
    adaptiveCard: {
      type: "AdaptiveCard",
      body: [
        text("Restock R00001234", { weight: "Bolder" }),
        facts({ Status: status, "Shelf price": "¥599.00" }),
        {
          type: "Table",
          rows: [row("Size", "Asked", "On hand"), row("BL2481-38", "12", onHand), row("BL2481-39", "2", "0")],
        },
      ],
    },
    actions: [{ verb: "restock.approve", title: "Approve" }],
    provenance: [
      { organization: mall, system: "mall", status: "OK", asOf: at(9, 30) },
      { organization: supplier, system: "supplier", status: supplierStatus, asOf: at(9, 30) },
    ],
    withheld: [
      {
        path: "product.suggestedPrice",
        organization: { id: "brand", name: "Aurora" },
        policy: "brand.price",
      },
    ],
    ...card,
  };
}

function event(card: Card): FeedEvent {
  return { __typename: "CardChanged", seq: 7, at: at(9, 31), actor: null, card };
}

function text(value: string, more: object = {}): object {
  return { type: "TextBlock", text: value, ...more };
}

function facts(values: Record<string, string>): object {
  return { type: "FactSet", facts: Object.entries(values).map(([title, value]) => ({ title, value })) };
}

function bodyOf(body: object[], columns: number): string[] {
  const card = order({ adaptiveCard: { body }, actions: [], provenance: [], withheld: [] });
  return drawCard(card, { columns, paint })
    .slice(1, -1)
    .map((line) => line.slice(2, -2).trimEnd());
}
