// Cards as elements: what Adaptive Cards mean, and that nothing of a card becomes more than text.
import { renderToStaticMarkup } from "react-dom/server";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { ActingContext, type Acting } from "./acting.tsx";
import { Body } from "./elements.tsx";
import { FormContext } from "./form-state.ts";
import { PictureOrigins } from "./picture.tsx";
import { loadWords } from "../words/words.ts";

beforeAll(() => loadWords("en"));
beforeAll(() => vi.stubGlobal("location", { origin: "https://junto.example" }));

const draw = (...items: unknown[]): string =>
  renderToStaticMarkup(
    <PictureOrigins value={["https://pictures.example"]}>
      <Body items={items} />
    </PictureOrigins>,
  );

const fill = (values: Record<string, string>, ...items: unknown[]): string =>
  renderToStaticMarkup(
    <FormContext value={{ values, errors: new Map([["pairs", "A whole number."]]), set: () => undefined }}>
      <Body items={items} />
    </FormContext>,
  );

describe("an element", () => {
  it("is drawn with its facts, columns and tables", () => {
    const html = draw(
      { type: "FactSet", facts: [{ title: "Stock", value: "**6** pairs" }] },
      {
        type: "ColumnSet",
        columns: [
          { width: "56px", items: [] },
          { width: "stretch", items: [{ type: "TextBlock", text: "x" }] },
        ],
      },
      {
        type: "Table",
        columns: [{ width: 1 }, { width: 3 }],
        rows: [
          { cells: [{ items: [{ type: "TextBlock", text: "Size" }] }] },
          { cells: [{ items: [{ type: "TextBlock", text: "38" }] }] },
        ],
      },
    );
    expect(html).toContain("<strong>6</strong> pairs");
    expect(html).toContain("flex:0 0 56px");
    expect(html).toMatch(/<th scope="col".*Size.*<\/thead><tbody><tr.*38/s);
    expect(html).toContain("width:75%");
  });

  it("that is not known is its fallback, and nothing without one", () => {
    expect(draw({ type: "Chart", fallback: { type: "TextBlock", text: "in words" } })).toContain("in words");
    expect(
      draw(
        { type: "Chart" },
        { type: "Chart", fallback: "drop" },
        { type: "__proto__" },
        { type: "constructor" },
      ),
    ).toBe("");
  });

  it("that is hidden is not there", () => {
    expect(draw({ type: "TextBlock", text: "x", isVisible: false })).toBe("");
  });

  it("keeps its place when the data in it changes: the same markup around another text", () => {
    const of = (value: string): string => draw({ type: "FactSet", facts: [{ title: "Stock", value }] });
    expect(of("6").replace(">6<", ">30<")).toBe(of("30"));
  });
});

describe("a text", () => {
  it.each([
    ["<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"],
    ["<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"],
    ["\\[click\\](https://evil.example)", "[click](https://evil.example)"],
    ["\\*\\*not bold\\*\\*", "**not bold**"],
    ["[x](javascript:alert(1))", "[x](javascript:alert(1))"],
    ["[x](data:text/html,y)", "x"],
    ["[x](//evil.example)", "x"],
    ["snake_case_name", "snake_case_name"],
    ["&lt;b&gt;", "&amp;lt;b&amp;gt;"],
  ])("%s is %s", (source, shown) => {
    expect(draw({ type: "TextBlock", text: source })).toContain(`<bdi>${shown}</bdi>`);
  });

  it("can hold emphasis, lists, and links that tell nobody where they come from", () => {
    const html = draw({
      type: "TextBlock",
      text: "**a** _b_ [c](https://example.com/?a=1)\n- one\n- two\n2. three",
    });
    expect(html).toContain("<strong>a</strong> <em>b</em>");
    expect(html).toContain(
      '<a href="https://example.com/?a=1" target="_blank" rel="noopener noreferrer">c</a>',
    );
    expect(html).toContain('<ul><li>one</li><li>two</li></ul><ol start="2"><li>three</li></ol>');
  });
});

describe("a text in another direction", () => {
  it("is written for itself, wherever it stands", () => {
    const html = draw(
      { type: "TextBlock", text: "\u202eabc" },
      { type: "RichTextBlock", inlines: ["\u202ea", { type: "TextRun", text: "\u202eb" }] },
      { type: "FactSet", facts: [{ title: "\u202ec", value: "\u202ed" }] },
    );
    expect(html.match(/<bdi>\u202e/g)).toHaveLength(5);
    expect(html.match(/\u202e/g)).toHaveLength(5);
  });

  it.each([
    ["a\u2069b", "ab"],
    ["a\u2067b", "a\u2067b\u2069"],
    ["\u2068a\u2069\u2069b\u2066", "\u2068a\u2069b\u2066\u2069"],
    ["אב 👟", "אב 👟"],
  ])("%j neither closes what is around it nor stays open: %j", (text, shown) => {
    expect(draw({ type: "TextBlock", text })).toContain(`<bdi>${shown}</bdi>`);
    expect(draw({ type: "RichTextBlock", inlines: [text] })).toContain(`<bdi>${shown}</bdi>`);
  });
});

describe("a link out of the card", () => {
  const link = (url: unknown): string =>
    draw({ type: "ActionSet", actions: [{ type: "Action.OpenUrl", title: "Delivery", url }] });

  it("says where it leads, and tells nothing there", () => {
    const html = link("https://supplier.example:8443/d/1?a=2");
    expect(html).toContain('target="_blank" rel="noopener noreferrer"');
    expect(html).toContain('<bdi>Delivery</bdi> <span class="ac-host">supplier.example:8443</span></a>');
    expect(link("https://\u0430pple.example/")).toContain(">xn--pple-43d.example<");
  });

  it("says so around an element, too", () => {
    const selectAction = { type: "Action.OpenUrl", title: "x", url: "https://supplier.example/" };
    const html = draw({ type: "Container", items: [{ type: "TextBlock", text: "a" }], selectAction });
    expect(html).toContain('<span class="ac-host">supplier.example</span></a>');
  });

  it.each(["http://supplier.example/", "https://a:b@supplier.example/", "javascript:alert(1)", "/local", 3])(
    "is a text where it leads to %s",
    (url) => {
      expect(link(url)).toContain("<bdi>Delivery</bdi>");
      expect(link(url)).not.toContain("<a");
    },
  );
});

describe("an action of the app", () => {
  const set = {
    type: "ActionSet",
    actions: ["approve", "reject"].map((name) => ({ type: "Action.Execute", verb: `restock.${name}` })),
  };
  const action = { verb: "restock.approve", title: "Approve", form: null };
  const drawFor = (acting: Partial<Acting>): string => {
    const all = { actions: [action], onItsWay: new Set<string>(), isBusy: false, start: () => undefined };
    return renderToStaticMarkup(
      <ActingContext value={{ ...all, ...acting }}>
        <Body items={[set]} />
      </ActingContext>,
    );
  };

  it("is the button of what is offered, closed while something is under way", () => {
    const open = drawFor({});
    expect(open).toContain('<button type="button" class="button button-first">Approve</button>');
    expect(open).not.toContain("reject");
    expect(drawFor({ isBusy: true })).toContain('disabled="">Approve</button>');
  });

  it("is nothing where nothing is offered", () => {
    expect(drawFor({ actions: [] })).not.toContain("<button");
    expect(draw(set)).not.toContain("<button");
  });
});

describe("a picture", () => {
  it.each([
    ["https://pictures.example/a.png", true],
    ["https://junto.example/a.png", true],
    ["https://pictures.example.evil.example/a.png", false],
    ["http://pictures.example/a.png", false],
    ["https://user:pass@pictures.example/a.png", false],
    ["javascript:alert(1)", false],
    ["data:image/svg+xml,<svg onload=alert(1)>", false],
    ["//pictures.example/a.png", false],
  ])("from %s is loaded: %s", (url, isLoaded) => {
    expect(draw({ type: "Image", url, altText: "shoe" }).includes("<img")).toBe(isLoaded);
  });

  it("that is not loaded says what it would show", () => {
    expect(draw({ type: "Image", url: "https://evil.example/a.png", altText: "shoe" })).toContain("shoe");
  });
});

describe("hostile JSON", () => {
  it.each([
    [[null, 3, "x", [], [[]]]],
    [[{ type: "TextBlock" }, { type: "TextBlock", text: { a: 1 } }, { type: {} }, { type: ["TextBlock"] }]],
    [
      [
        { type: "FactSet", facts: "x" },
        { type: "Table", rows: 3 },
        { type: "ColumnSet", columns: {} },
      ],
    ],
    [[{ type: "Container", items: [{ type: "Image", url: {}, width: "1e9px", style: "x;y" }] }]],
    [
      [
        {
          type: "TextBlock",
          text: "x",
          size: '"><script>',
          color: "url(javascript:1)",
          spacing: "__proto__",
        },
      ],
    ],
    [
      [
        {
          type: "ActionSet",
          actions: [{ type: "Action.OpenUrl", url: "javascript:alert(1)", title: "x" }, 3, null],
        },
      ],
    ],
    [[{ type: "Input.ChoiceSet", id: "x", choices: [null, {}, { title: {}, value: [] }] }]],
  ])("%j is drawn without harm", (items) => {
    expect(draw(...items)).not.toMatch(/<script|javascript:|onerror|url\(/);
  });

  it("that is nested without end has an end", () => {
    let deep: unknown = { type: "TextBlock", text: "bottom" };
    for (let at = 0; at < 500; at++) deep = { type: "Container", items: [deep] };
    expect(draw(deep)).not.toContain("bottom");
  });
});

describe("an input", () => {
  it("holds what was typed, not what the form begins with", () => {
    const input = { type: "Input.Number", id: "pairs", label: "Pairs", value: 12 };
    expect(fill({}, input)).toContain('value="12"');
    expect(fill({ pairs: "7" }, input)).toContain('value="7"');
    expect(fill({ pairs: "" }, input)).toContain('value=""');
  });

  it.each([
    ["Input.Date", "date", { min: "2026-12-01", max: "2026-12-24", value: "2026-12-05" }],
    ["Input.Time", "time", { min: "09:00", max: "18:30", value: "12:00" }],
  ])("%s is the browser's own, with its limits and what it begins with", (type, own, more) => {
    const html = fill({}, { type, id: "pairs", label: "When", ...more });
    for (const [name, value] of Object.entries({ type: own, ...more }))
      expect(html).toContain(`${name}="${value}"`);
    expect(fill({ pairs: "" }, { type, id: "pairs", label: "When", ...more })).toContain('value=""');
    const unlimited = fill({}, { type, id: "pairs", label: "When", min: null, max: "" });
    expect(unlimited).not.toMatch(/ (min|max)=/);
  });

  it("says what is wrong with it to those who cannot see it, too", () => {
    const html = fill({}, { type: "Input.Text", id: "pairs", label: "Pairs", isRequired: true });
    const id = /aria-describedby="([^"]+)"/.exec(html)![1];
    expect(html).toContain('aria-invalid="true"');
    expect(html).toContain(`id="${id}">A whole number.`);
  });
});
