import { describe, expect, it } from "vitest";
import {
  compileMessages,
  compileTemplate,
  expandText,
  type Json,
  localeOf,
  LOCALES,
  type Messages,
  type MessageUse,
  NO_MESSAGES,
  offering,
  type Template,
  templateBody,
  type TemplateContext,
  UNKNOWN,
  verbsIn,
  type View,
} from "@junto/template";
import { JuntoError } from "../../errors/index.ts";
import { expanded } from "../expanded.ts";
import { loadApps, type App } from "./apps.ts";
import { composedApiSchema, SCHEMA_DIR } from "./testing/graph.ts";
import { complaints } from "./testing/oracle.ts";
import { LOW, ORDER, organizationName, personName, SHELF_WITH_SKUS } from "./testing/samples.ts";

const apps = loadApps(`${SCHEMA_DIR}/apps`, composedApiSchema());
const restock = appNamed("restock");
const stockAlert = appNamed("stock-alert");
const order = restock.cards.get("order")!;
const low = stockAlert.cards.get("low")!;

const VIEW = { timeZone: "Asia/Shanghai", organizationName, personName };

/** Nothing of mall's prices and sales is shared, the supplier is away, and the brand has no order yet. */
const PARTIAL = {
  data: {
    ...ORDER,
    lines: ORDER.lines.map(({ pairs, sku, product }) => ({
      pairs,
      sku: { ...sku, onHand: null, sold: null },
      product: { ...product, shelfPrice: null, leadDays: null },
    })),
    purchaseOrder: null,
  },
  withheld: [
    { path: "lines.sku.sold", organization: "mall" },
    { path: "lines.product.shelfPrice", organization: "mall" },
  ],
  missing: [
    { path: ["lines", "sku", "onHand"], organization: "supplier" },
    { path: ["lines", "product", "leadDays"], organization: "supplier" },
  ],
};

const SUPPLIER_AWAY = { missing: [{ organization: "supplier" }] };
const CHARTS = new Set(["Chart.Bars", "Chart.Bullet"]);
const GRID = new Set(["Input.SizeGrid"]);

type Case = readonly [
  name: string,
  template: Template,
  data: unknown,
  view: Partial<View & { knows: ReadonlySet<string> }>,
];

const CASES: readonly Case[] = [
  ["order", order.template, ORDER, {}],
  ["order-partial", order.template, PARTIAL.data, PARTIAL],
  [
    "order-rejected",
    order.template,
    { ...ORDER, status: "REJECTED", reason: "Too many", decidedBy: "U0231" },
    {},
  ],
  ["order-nothing", order.template, null, { withheld: [{ path: "lines.pairs", organization: "mall" }] }],
  ["low", low.template, LOW, {}],
  ["low-charts", low.template, LOW, { knows: CHARTS }],
  ["form-submit", form(restock, "submit"), SHELF_WITH_SKUS, SUPPLIER_AWAY],
  ["form-submit-grid", form(restock, "submit"), SHELF_WITH_SKUS, { ...SUPPLIER_AWAY, knows: GRID }],
  ["form-reject", form(restock, "reject"), ORDER, {}],
  ["form-place", form(restock, "place"), ORDER, {}],
  ["form-low-restock", form(stockAlert, "restock"), LOW, {}],
];

describe.each(LOCALES)("in %s", (locale) => {
  it.each(CASES)("%s comes out as it did", async (name, template, data, view) => {
    const card = expanded(template, { ...VIEW, ...view, locale, data });
    await expect(`${JSON.stringify(card, null, 1)}\n`).toMatchFileSnapshot(`golden/${name}.${locale}.txt`);
  });

  it.each(CASES.filter(([, , , { knows }]) => knows === undefined))(
    "%s is a card to which the reference implementation does not object",
    (_, template, data, view) => {
      expect(complaints(expanded(template, { ...VIEW, ...view, locale, data }))).toEqual([]);
    },
  );
});

describe("the reference implementation", () => {
  it("objects to what is no card", () => {
    const body = [{ type: "TextBlock", text: "a", color: "purple" }, { type: "Blink" }];
    expect(complaints({ type: "AdaptiveCard", version: "1.5", body })).toHaveLength(2);
  });
});

describe("values", () => {
  it("keep their type where a setting is one expression", () => {
    expect(element({ type: "TextBlock", text: "a", maxLines: "${n}", wrap: "${n > 1}" }, { n: 3 })).toEqual({
      type: "TextBlock",
      text: "a",
      maxLines: 3,
      wrap: true,
    });
  });

  it("are texts where the card wants a text", () => {
    expect(element({ type: "TextBlock", text: "${n}" }, { n: 0.1 + 0.2 })).toMatchObject({ text: "0.3" });
    expect(element({ type: "TextBlock", text: "${no}|${yes}" }, { yes: true })).toMatchObject({
      text: "|true",
    });
  });

  it("leave a setting out when they are missing, and never print as undefined", () => {
    expect(element({ type: "TextBlock", text: "${gone}", color: "${gone}" }, {})).toEqual({
      type: "TextBlock",
      text: "",
    });
  });

  it("are never a piece of a card", () => {
    const data = { trick: { type: "Action.OpenUrl", url: "https://evil.example" }, list: ["attention"] };
    const card = element({ type: "TextBlock", text: "${trick}", color: "${trick}", size: "${list}" }, data);
    expect(card).toEqual({ type: "TextBlock", text: "" });
  });
});

describe("$data and $when", () => {
  const lines = [
    { n: 1, tags: [{ t: "a" }] },
    { n: 2, tags: [] },
    { n: 3, tags: [{ t: "b" }, { t: "c" }] },
  ];

  it("repeat an element for each item that the condition holds for", () => {
    const body = [
      {
        type: "TextBlock",
        $data: "${lines}",
        $when: "${n != 2}",
        text: "${$index}:${n} of ${count($root.lines)}",
      },
    ];
    expect(texts(body, { lines })).toEqual(["0:1 of 3", "2:3 of 3"]);
  });

  it("go into objects, and into lists within lists", () => {
    const inner = { type: "TextBlock", $data: "${tags}", text: "${t}" };
    expect(texts([{ type: "Container", $data: "${lines}", items: [inner] }], { lines })).toEqual([
      "a",
      "b",
      "c",
    ]);
    expect(texts([{ type: "TextBlock", $data: "${flatten(lines, tags)}", text: "${t}" }], { lines })).toEqual(
      ["a", "b", "c"],
    );
    expect(texts([{ type: "TextBlock", $data: "${a.b}", text: "${c}" }], { a: { b: { c: "d" } } })).toEqual([
      "d",
    ]);
  });

  it.each([null, undefined, [], "text", 3])("make nothing of %j", (list) => {
    expect(texts([{ type: "TextBlock", $data: "${lines}", text: "x" }], { lines: list })).toEqual([]);
  });

  it("do not repeat without measure", () => {
    const many = Array.from({ length: 10_001 }, () => ({ n: 1 }));
    const expanding = () => texts([{ type: "TextBlock", $data: "${lines}", text: "${n}" }], { lines: many });
    expect(expanding).toThrow(JuntoError);
    expect(expanding).toThrow(expect.objectContaining({ code: "TOO_LARGE" }));
  });
});

describe("an action of the app", () => {
  const set = {
    type: "ActionSet",
    actions: [
      { type: "Action.Execute", verb: "approve" },
      { type: "Action.Execute", $when: "${n > 1}", verb: "reject" },
    ],
  };
  const offer = offering([{ verb: "restock.approve" }, { verb: "restock.reject" }], ({ verb }) => ({
    type: "Action.Execute",
    verb,
  }));
  const drawn = (body: Json[], data: unknown, offered?: typeof offer): Json => {
    const options = { locale: "en" as const, data, ...(offered && { offered }) };
    return (expanded(compiled(body), options) as { body: Json }).body;
  };

  it("is there while it is offered, and where its place is", () => {
    expect(verbsIn(drawn([set], { n: 2 }, offer))).toEqual(["restock.approve", "restock.reject"]);
    expect(verbsIn(drawn([set], { n: 1 }, offer))).toEqual(["restock.approve"]);
    expect(verbsIn(drawn([set, set], { n: 1 }, offer))).toHaveLength(2);
  });

  it("is not there when it is not, and leaves no empty set", () => {
    expect(drawn([set], { n: 2 })).toEqual([]);
    expect(
      drawn(
        [set],
        { n: 2 },
        offering([{ verb: "restock.place" }], () => null),
      ),
    ).toEqual([]);
  });

  it("does not count as drawn where nobody sees it", () => {
    const hidden = { type: "Container", id: "more", isVisible: false, items: [set] };
    const unused = { type: "TextBlock", text: "x", fallback: set };
    const card = drawn([hidden, unused], { n: 1 }, offer);
    expect(verbsIn(card)).toEqual([]);
    expect(verbsIn(card, new Map([["more", true]]))).toEqual(["restock.approve"]);
  });
});

describe("a value that is not there", () => {
  const say = (source: string, data: unknown, view: Partial<View> = {}) =>
    texts([{ type: "TextBlock", text: source }], data, { ...VIEW, locale: "en", ...view })[0];
  const withheld = [{ path: "product.price", organization: "brand" }];
  const missing = [{ path: "product.stock", organization: "supplier" }];

  it("I9: says who does not share it, who did not answer, or that there is none: three different things", () => {
    const data = { product: { price: null, stock: null, name: null } };
    expect(say("${show(product.price)}", data, { withheld, missing })).toBe("not shared by Aurora Footwear");
    expect(say("${show(product.stock)}", data, { withheld, missing })).toBe("no answer from Harbour Supply");
    expect(say("${show(product.name)}", data, { withheld, missing })).toBe("—");
    expect(say("${show(product.name, 'none')}", data, { withheld, missing })).toBe("none");
  });

  it("says so in the reader's language", () => {
    expect(say("${show(product.price)}", {}, { withheld, locale: "zh-CN" })).toBe("曙光鞋业未共享");
    expect(say("${show(product.stock)}", {}, { missing, locale: "zh-CN" })).toBe("港湾供应未响应");
  });

  it("is found through formats, sums and messages", () => {
    const view = { withheld, missing };
    expect(say("${show(formatMoney(product.price))}", {}, view)).toMatch(/not shared/);
    expect(say("${show(product.stock * 2 + 1)}", {}, view)).toMatch(/no answer/);
    expect(say("${show(coalesce(product.price, product.stock))}", {}, view)).toMatch(/not shared/);
  });

  it("is found in every line, in one line, and below what is absent as a whole", () => {
    const data = { lines: [{ stock: null }, { stock: 3 }] };
    const everywhere = [{ path: "lines.stock", organization: "supplier" }];
    const first = [{ path: "lines.0.stock", organization: "supplier" }];
    const second = [{ path: "lines.1.stock", organization: "supplier" }];
    expect(say("${show(sum(lines, stock))}", data, { missing: everywhere })).toMatch(/no answer/);
    expect(say("${show(lines[0].stock)}", data, { missing: first })).toMatch(/no answer/);
    expect(say("${show(lines[0].stock)}", data, { missing: second })).toBe("—");
    expect(say("${show(lines[1].stock)}", data, { missing: everywhere })).toBe("3");
    expect(say("${show(product.a.b)}", {}, { missing: [{ path: "product", organization: "mall" }] })).toMatch(
      /no answer/,
    );
    expect(say("${show(product)}", {}, { withheld })).toMatch(/not shared/);
  });

  it("is explained by the closest reason", () => {
    const far = [{ path: "product", organization: "mall" }];
    expect(say("${show(product.price)}", {}, { withheld, missing: far })).toBe(
      "not shared by Aurora Footwear",
    );
    expect(
      say(
        "${show(product.price)}",
        {},
        { withheld: far, missing: [{ path: "product.price", organization: "supplier" }] },
      ),
    ).toBe("no answer from Harbour Supply");
    expect(say("${show(other)}", {}, { withheld, missing: [{ organization: "supplier" }] })).toMatch(
      /no answer/,
    );
  });

  it("does not make a message of a part", () => {
    const messages = words({ pairs: "{n, plural, one {# pair} other {# pairs}}" });
    const template = compiled([{ type: "TextBlock", text: "${show(t('pairs', n: n))}" }], messages);
    expect(textsOf(expanded(template, { locale: "en", data: { n: 1 } }))).toEqual(["1 pair"]);
    expect(textsOf(expanded(template, { locale: "en", data: { n: 0 } }))).toEqual(["0 pairs"]);
    expect(textsOf(expanded(template, { locale: "en", data: { n: null } }))).toEqual(["—"]);
  });
});

describe("hostile data", () => {
  const EVIL =
    "[win](https://evil.example) <script>alert(1)</script> ${status} {{DATE(2026-11-20T00:00:00Z)}}";
  const hostile = JSON.parse(
    JSON.stringify({
      ...ORDER,
      note: EVIL,
      submittedBy: EVIL,
      counter: { name: EVIL, floor: "# 1" },
    }).replace('"note"', '"__proto__":{"status":"APPROVED","type":"Image"},"note"'),
  ) as unknown;

  it("makes no link, no element and no expression", () => {
    const text = JSON.stringify(expanded(order.template, { ...VIEW, locale: "en", data: hostile }));
    expect(text).toContain("\\\\[win\\\\](https://evil.example)");
    expect(text).not.toMatch(/[^\\]\]\(/);
    expect(text).not.toMatch(/[^\\]<script/);
    expect(text).not.toMatch(/[^\\]\{\{DATE/);
    expect(text).toContain("${status}");
    expect(text).not.toContain("__proto__");
    expect(text).toContain("Waiting");
  });

  it("is a card to which the reference implementation does not object", () => {
    expect(complaints(expanded(order.template, { ...VIEW, locale: "en", data: hostile }))).toEqual([]);
  });

  it("is not escaped where nobody reads Markdown", () => {
    const messages = words({ hi: "Hello *{name}*" });
    const template = compiled(
      [{ type: "Image", url: "https://a.example/", altText: "${t('hi', name: name)}" }],
      messages,
    );
    const [image] = (expanded(template, { locale: "en", data: { name: "*Guo*" } }) as { body: Json[] }).body;
    expect(image).toMatchObject({ altText: "Hello **Guo**" });
  });

  it("is escaped in the app's own words, which are not", () => {
    const messages = words({ hi: "Hello *{name}*" });
    const template = compiled([{ type: "TextBlock", text: "${t('hi', name: name)}" }], messages);
    expect(textsOf(expanded(template, { locale: "en", data: { name: "*Guo*" } }))).toEqual([
      "Hello *\\*Guo\\**",
    ]);
  });

  it.each([
    "javascript:alert(1)",
    "data:image/svg+xml,<svg/>",
    "file:///etc/passwd",
    "/local",
    "",
    null,
    { toString: "x" },
  ])("shows no picture from %j", (url) => {
    expect(element({ type: "Image", url: "${url}", altText: "x" }, { url })).toBeUndefined();
  });

  it.each(["http://supplier.example/", "javascript:alert(1)", "https://a:b@supplier.example/", null])(
    "leads nowhere from %j",
    (url) => {
      const actions = [{ type: "Action.OpenUrl", title: "x", url: "${url}" }];
      expect(element({ type: "ActionSet", actions }, { url })).toBeUndefined();
    },
  );

  it("cannot pass for the app's words", () => {
    const fake = { markdown: "[x](y)", print: "x", value: "x" };
    expect(texts([{ type: "TextBlock", text: "${show(fake)}" }], { fake })).toEqual([""]);
  });
});

describe("a summary", () => {
  it("is plain text, in the reader's language", () => {
    const options = { ...VIEW, data: { ...ORDER, id: "*R1*" } };
    expect(expandText(order.summary, order.messages, { ...options, locale: "en" })).toBe(
      "Restock *R1*: 12 pairs, Waiting",
    );
    expect(expandText(order.summary, order.messages, { ...options, locale: "zh-CN" })).toBe(
      "补货单 *R1*：12 双，待审批",
    );
  });
});

describe("a template's ref", () => {
  it("names template and words: the same for the same, another for another", () => {
    const again = loadApps(`${SCHEMA_DIR}/apps`, composedApiSchema());
    expect(again.map(refs)).toEqual(apps.map(refs));
    expect(new Set(apps.flatMap(refs)).size).toBe(2);
    expect(order.template.ref).toMatch(/^[\w-]{43}$/);
  });

  it("comes with what a client needs to expand the template itself", () => {
    const body = templateBody(order.template, "zh-CN") as {
      card: { type: string };
      messages: Record<string, string>;
    };
    expect(body.card.type).toBe("AdaptiveCard");
    expect(body.messages["status.SUBMITTED"]).toBe("待审批");
    expect(body.messages["submit.title"]).toBeUndefined();
  });

  const refs = (app: App) => [...app.cards.values()].map(({ template }) => template.ref);
});

it("finds the language of GraphQL's name for it", () => {
  expect(["en", "zh_CN", "zh-CN", "fr"].map(localeOf)).toEqual(["en", "zh-CN", "zh-CN", "en"]);
});

function appNamed(name: string): App {
  return apps.find((app) => app.name === name)!;
}

function form(app: App, action: string): Template {
  return app.actions.get(action)!.form!.template;
}

function words(en: Record<string, string>): Messages {
  return compileMessages({ en, "zh-CN": en }, (_, __, message) => {
    throw new Error(message);
  });
}

function compiled(body: Json, messages: Messages = NO_MESSAGES): Template {
  const uses: MessageUse[] = [];
  const context: TemplateContext = {
    scope: { root: UNKNOWN, data: UNKNOWN, repeated: false, names: {}, speaks: true, uses },
    inForm: false,
    report: (path, message) => {
      throw new Error(`${path.join(".")}: ${message}`);
    },
  };
  const source = { type: "AdaptiveCard", version: "1.5", body } as const;
  return {
    ref: "",
    source,
    words: { en: {}, "zh-CN": {} },
    root: compileTemplate(source, context)!,
    messages,
  };
}

function element(source: Json, data: unknown): Json | undefined {
  return (expanded(compiled([source]), { locale: "en", data }) as { body: Json[] }).body[0];
}

function texts(body: Json, data: unknown, view: View = { locale: "en" }): string[] {
  return textsOf(expanded(compiled(body), { ...view, data }));
}

function textsOf(card: Json | undefined): string[] {
  if (typeof card !== "object" || card === null) return [];
  if (Array.isArray(card)) return card.flatMap(textsOf);
  return Object.entries(card).flatMap(([name, value]: [string, Json]) =>
    name === "text" && typeof value === "string" ? [value] : textsOf(value),
  );
}
