// A client reads templates of gateways that may be newer, broken, or hostile: it shows what it knows, and nothing else.
import { describe, expect, it } from "vitest";
import { readTemplate } from "./read.ts";
import { expand, placeOf, readsOf, type Json } from "./template.ts";

function shown(body: unknown, data: unknown = {}, more: object = {}): Json {
  const template = readTemplate("ref", body, "en");
  return template && expand(template, { locale: "en", data, ...more });
}

function cardOf(...body: unknown[]): unknown {
  return { card: { type: "AdaptiveCard", version: "1.5", body }, messages: {} };
}

function bodyOf(...body: unknown[]): unknown {
  return (shown(cardOf(...body)) as { body: unknown }).body;
}

describe("a template that was fetched", () => {
  it("is expanded with its messages, the data, and why something is missing", () => {
    const body = {
      card: {
        type: "AdaptiveCard",
        version: "1.5",
        body: [{ type: "TextBlock", text: "${t('stock', n: onHand)} ${show(price)}" }],
      },
      messages: { stock: "{n, plural, one {# pair} other {# pairs}}" },
    };
    const view = { withheld: [{ path: "price", organization: "mall" }], organizationName: () => "Mall" };
    expect(shown(body, { onHand: 6, price: null }, view)).toMatchObject({
      body: [{ text: "6 pairs not shared by Mall" }],
    });
  });

  it("shows an element's fallback when the element is not known, and drops what says so", () => {
    const fallback = { type: "TextBlock", text: "a table" };
    expect(
      bodyOf(
        { type: "Chart.Line", data: [1], fallback },
        { type: "Chart.Pie", fallback: "drop" },
        { type: "X" },
      ),
    ).toEqual([fallback]);
  });

  it("keeps the place of each element, whatever is left out before it and however often it is repeated", () => {
    const template = cardOf(
      { type: "TextBlock", $when: "${exists(a)}", text: "${a}" },
      { type: "TextBlock", $data: "${lines}", text: "${n}" },
      { type: "TextBlock", text: "last" },
    );
    const places = (data: unknown) =>
      (shown(template, data) as { body: { text: string }[] }).body.map((each) => [each.text, placeOf(each)]);
    expect(places({ a: "x", lines: [{ n: 1 }, { n: 2 }] })).toEqual([
      ["x", "0.0"],
      ["1", "1.0"],
      ["2", "1.1"],
      ["last", "2.0"],
    ]);
    expect(places({ lines: [{ n: 1 }] })).toEqual([
      ["1", "1.0"],
      ["last", "2.0"],
    ]);
    expect(JSON.stringify(shown(template, {}))).not.toContain("2.0");
  });

  it("leaves out what it cannot read, and shows the rest", () => {
    expect(
      bodyOf(
        { type: "TextBlock", text: "${nope(" },
        { type: "TextBlock", text: "${system('rm')}" },
        { type: "TextBlock", text: "here", onclick: "alert(1)" },
        null,
        7,
      ),
    ).toEqual([{ type: "TextBlock", text: "here" }]);
  });

  it.each([null, 3, "text", [], [{}]])("is none when it is %j", (body) => expect(shown(body)).toBeNull());

  it("reaches nothing that objects inherit", () => {
    expect(bodyOf({ type: "TextBlock", text: "${constructor.name}" })).toEqual([]);
    expect(bodyOf({ type: "TextBlock", text: "[${toString}]" })).toEqual([{ type: "TextBlock", text: "[]" }]);
  });

  it("takes no address that is not http(s), from template or data", () => {
    const template = cardOf(
      { type: "Image", url: "javascript:alert(1)" },
      { type: "Image", url: "${a}" },
      { type: "Image", url: "${b}" },
    );
    expect(shown(template, { a: "data:text/html,x", b: "https://example.com/b.png" })).toMatchObject({
      body: [{ type: "Image", url: "https://example.com/b.png" }],
    });
  });

  it("never reads data as a template, nor as Markdown", () => {
    const data = { name: "${price} [click](https://evil.example) **x** <b>y</b>" };
    const card = shown(cardOf({ type: "TextBlock", text: "${name}" }), data) as { body: { text: string }[] };
    expect(card.body[0]!.text).toBe("${price} \\[click\\](https://evil.example) \\*\\*x\\*\\* \\<b>y\\</b>");
  });
});

describe("an expansion that is traced", () => {
  const BODY = cardOf(
    {
      type: "FactSet",
      facts: [{ $data: "${lines}", title: "n", value: "${show(t('x', n: product.stock))}" }],
    },
    { type: "TextBlock", text: "${show(sum(lines, pairs))} ${show(gone.by)} ${$index}" },
  );
  const DATA = { lines: [{ pairs: 1, product: { stock: 3 } }, { pairs: 2 }] };
  const elements = (traced: boolean): readonly [object, object] =>
    (shown(BODY, DATA, { traced }) as { body: readonly [object, object] }).body;

  it("tells of each text which places of the data it was made from, also of those where nothing is", () => {
    const [facts, text] = elements(true);
    const { facts: each } = facts as { facts: readonly object[] };
    expect(each.map((fact) => readsOf(fact, "value"))).toEqual([
      [["lines", 0, "product", "stock"]],
      [["lines", 1, "product", "stock"]],
    ]);
    expect(readsOf(text, "text")).toEqual([
      ["lines", 0, "pairs"],
      ["lines", 1, "pairs"],
      ["gone", "by"],
    ]);
    expect(readsOf(text, "color")).toEqual([]);
  });

  it("is the same card as one that is not", () => {
    expect(elements(true)).toEqual(elements(false));
    expect(readsOf(elements(false)[1], "text")).toEqual([]);
  });
});
