import { expand, placeOf, readsOf, readTemplate } from "@junto/template";
import { expect, it } from "vitest";
import { withSame } from "./same.ts";

interface Drawn {
  readonly body: readonly Readonly<Record<string, unknown>>[];
}

const template = readTemplate(
  "test@1",
  {
    card: {
      type: "AdaptiveCard",
      version: "1.5",
      body: [
        { type: "TextBlock", text: "${stock}" },
        { type: "TextBlock", text: "${price}" },
        {
          type: "Container",
          items: [
            { type: "TextBlock", text: "${price}" },
            { type: "TextBlock", text: "${stock}" },
          ],
        },
      ],
    },
    messages: {},
  },
  "en",
);
if (!template) throw new Error("The template cannot be read.");

const drawn = (data: Record<string, unknown>): Drawn =>
  expand(template, {
    data,
    locale: "en",
    timeZone: "UTC",
    withheld: [],
    missing: [],
    organizationName: (id) => id,
    personName: () => null,
    traced: true,
  } as Parameters<typeof expand>[1]) as unknown as Drawn;

it("keeps what is equal, and takes what is not, down to a text", () => {
  const before = drawn({ stock: 6, price: 809 });
  const after = drawn({ stock: 30, price: 809 });
  const merged = withSame(before, after) as Drawn;
  expect(merged).toEqual(after);
  expect(merged.body[0]).not.toBe(before.body[0]);
  expect(merged.body[1]).toBe(before.body[1]);
  const inner = (card: Drawn): readonly unknown[] => card.body[2]!["items"] as readonly unknown[];
  expect(inner(merged)[0]).toBe(inner(before)[0]);
  expect(inner(merged)[1]).not.toBe(inner(before)[1]);
});

it("is what was there when nothing is different", () => {
  const before = drawn({ stock: 6, price: 809 });
  expect(withSame(before, drawn({ stock: 6, price: 809 }))).toBe(before);
});

it("still says of what is new where it stands and what it was made from", () => {
  const before = drawn({ stock: 6, price: 809 });
  const after = drawn({ stock: 30, price: 809 });
  const merged = withSame(before, after) as Drawn;
  expect(readsOf(merged.body[2]!, "items")).toEqual(readsOf(after.body[2]!, "items"));
  expect(placeOf(merged.body[2]!)).toBe(placeOf(after.body[2]!));
  expect(placeOf(merged.body[2]!)).toBeDefined();
  expect(readsOf(merged.body[0]!, "text")).toEqual([["stock"]]);
});

it("takes an equal text that was made from something else", () => {
  const before = drawn({ stock: 6, price: 6 });
  const [first, second] = before.body;
  const merged = withSame({ body: [first] }, { body: [second] }) as Drawn;
  expect(readsOf(merged.body[0]!, "text")).toEqual([["price"]]);
});
