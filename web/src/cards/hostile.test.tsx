// A card whose template or data means harm, through the template engine and on to the page: it comes out as words, in no
// time, and brings nothing with it.
import { expand, EXTENSIONS, readTemplate } from "@junto/template";
import { renderToStaticMarkup } from "react-dom/server";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { FormContext, inputsOf, problemsOf, valuesOf } from "./form-state.ts";
import { Body } from "./elements.tsx";
import { Guard } from "./guard.tsx";
import { PictureOrigins } from "./picture.tsx";
import { loadWords } from "../words/words.ts";

const ORIGIN = "https://pictures.example";
beforeAll(async () => {
  vi.stubGlobal("location", new URL("https://junto.example/"));
  await loadWords("en");
});
afterAll(() => vi.unstubAllGlobals());

function draw(body: unknown, data: unknown = {}): string {
  const template = readTemplate(
    "ref",
    { card: { type: "AdaptiveCard", version: "1.5", body }, messages: {} },
    "en",
  );
  const card = expand(template!, { locale: "en", data, knows: new Set(EXTENSIONS.keys()) }) as {
    body: unknown;
  };
  return renderToStaticMarkup(
    <PictureOrigins value={[ORIGIN]}>
      <FormContext value={{ values: {}, errors: new Map(), set: () => undefined }}>
        <Body items={card.body} />
      </FormContext>
    </PictureOrigins>,
  );
}

/** What a page would run, fetch or follow. */
function reached(html: string): string[] {
  const tags = [...html.matchAll(/<(script|iframe|object|embed|style|link|meta|base|form|svg)\b[^>]*/gi)];
  const handlers = [...html.replace(/="[^"]*"/g, "=").matchAll(/<[^>]*\son\w+=[^>]*/gi)];
  const addresses = [...html.matchAll(/\s(?:href|src|action|poster|srcset)="([^"]*)"/gi)].map(
    ([, url]) => url!,
  );
  return [...tags, ...handlers].map(([tag]) => tag).concat(addresses);
}

const EVIL = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "[win](javascript:alert(1))",
  "[win](https://evil.example/)",
  "![win](https://evil.example/a.png)",
  "<https://evil.example>",
  '"><iframe srcdoc="<script>alert(1)</script>">',
  "javascript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "&lt;script&gt;",
  "${t('x')} {{DATE(2026-11-20T00:00:00Z)}}",
  "\u202egnp.exe\u2069\u2066",
];

/** Every place of a card in which something of the data can stand. */
const EVERYWHERE = [
  { type: "TextBlock", text: "${evil}", size: "${evil}", color: "${evil}", style: "${evil}", id: "${evil}" },
  { type: "TextBlock", text: "**${evil}** [own](https://mall.example/)" },
  { type: "RichTextBlock", inlines: ["${evil}", { type: "TextRun", text: "${evil}" }] },
  { type: "FactSet", facts: [{ title: "${evil}", value: "${evil}" }] },
  { type: "Image", url: "${evil}", altText: "${evil}", width: "${evil}", backgroundColor: "${evil}" },
  { type: "ImageSet", images: [{ type: "Image", url: "${evil}" }] },
  { type: "Media", sources: [{ url: "${evil}", mimeType: "${evil}" }], poster: "${evil}" },
  { type: "Container", items: [], backgroundImage: "${evil}", minHeight: "${evil}", style: "${evil}" },
  { type: "ColumnSet", columns: [{ width: "${evil}", items: [{ type: "TextBlock", text: "${evil}" }] }] },
  {
    type: "Table",
    columns: [{ width: "${evil}" }],
    rows: [
      { type: "TableRow", cells: [{ type: "TableCell", items: [{ type: "TextBlock", text: "${evil}" }] }] },
    ],
  },
  {
    type: "ActionSet",
    actions: [
      { type: "Action.OpenUrl", title: "${evil}", url: "${evil}", tooltip: "${evil}", iconUrl: "${evil}" },
      { type: "Action.ToggleVisibility", title: "${evil}", targetElements: ["${evil}"] },
    ],
  },
  { type: "Input.Text", id: "a.${evil}", label: "${evil}", value: "${evil}", placeholder: "${evil}" },
  { type: "Input.Date", id: "b.${evil}", label: "${evil}", value: "${evil}", min: "${evil}", max: "${evil}" },
  { type: "Input.Toggle", id: "c.${evil}", title: "${evil}", valueOn: "${evil}" },
  {
    type: "Input.ChoiceSet",
    id: "d.${evil}",
    label: "${evil}",
    choices: [{ title: "${evil}", value: "${evil}" }],
  },
];

describe("data that means harm", () => {
  it.each(EVIL)("%j is words wherever it stands", (evil) => {
    const html = draw(EVERYWHERE, { evil });
    expect(reached(html)).toEqual(["https://mall.example/"].concat(link(evil)));
    expect(html.match(/style="[^"]*"/g)?.join() ?? "").not.toMatch(/url|expression|javascript/);
  });

  /** An address of the web is one to which a card may lead; nothing is loaded from there. */
  function link(evil: string): string[] {
    return evil.startsWith("https:") ? [evil] : [];
  }

  it.each([
    ["http://pictures.example/a.png", 0],
    [`${ORIGIN}/a.png`, 1],
    [`${ORIGIN}@evil.example/a.png`, 0],
    ["https://pictures.example.evil.example/a.png", 0],
    ["HTTPS://EVIL.EXAMPLE/a.png", 0],
    ["data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+", 0],
    ["blob:https://junto.example/x", 0],
    ["file:///etc/passwd", 0],
    ["\tjavascript:alert(1)", 0],
  ])("a picture from %j is loaded %i times", (url, times) => {
    const html = draw([{ type: "Image", url: "${url}", altText: "shoe" }], { url });
    expect(html.match(/<img/g)?.length ?? 0).toBe(times);
    expect(html).not.toMatch(/src="(?!https:\/\/pictures\.example\/)/);
  });

  it("in another direction turns nothing around it, in no kind of element", () => {
    const turned = "\u202eevil";
    const html = draw(
      [
        ...EVERYWHERE,
        {
          type: "Chart.Bars",
          title: "${evil}",
          text: "${evil}",
          bars: [{ at: "${evil}", value: 1, text: "${evil}" }],
        },
        {
          type: "Chart.Bullet",
          title: "${evil}",
          measures: [{ title: "${evil}", text: "${evil}", value: 1 }],
        },
      ],
      { evil: turned },
    );
    const outside = html
      .replace(/<bdi[^>]*>.*?<\/bdi>/gs, "")
      .replace(/\s[\w-]+="[^"]*"/g, "")
      .replace(/<textarea.*?<\/textarea>/gs, "")
      .replace(/\u2068[^\u2069]*\u2069/g, "");
    expect(html.match(/\u202e/g)!.length).toBeGreaterThan(10);
    expect(outside).not.toContain("\u202e");
  });
});

describe("a text that takes long to read", () => {
  const LONG = 200_000;
  it.each([
    ["brackets", "[".repeat(LONG)],
    ["brackets with words", "[a".repeat(LONG / 2)],
    ["links without end", "[a](".repeat(LONG / 4)],
    ["stars", "*".repeat(LONG)],
    ["stars with words", "*a ".repeat(LONG / 30)],
    ["low lines", "_a ".repeat(LONG / 3)],
    ["backslashes", "\\".repeat(LONG)],
    ["a list item with a line end of another kind", `-${" ".repeat(LONG)}x\u2028${"y".repeat(LONG)}`],
    ["a number of a list", `1.${" ".repeat(LONG)}x\u2028${"y".repeat(LONG)}`],
    ["isolates", "\u2067".repeat(LONG / 10)],
  ])("is drawn in one go: %s", (_, source) => {
    const html = renderToStaticMarkup(<Body items={[{ type: "TextBlock", text: source }]} />);
    expect(html.length).toBeGreaterThan(1_000);
  });
});

describe("an element that cannot be drawn", () => {
  it("is said where it would stand, until there is another one", () => {
    const failing = new Guard({ of: 1, children: "drawn" });
    expect(Guard.getDerivedStateFromError()).toEqual({ hasFailed: true });
    failing.state = { of: 1, hasFailed: true };
    expect(renderToStaticMarkup(<>{failing.render()}</>)).toContain(
      "This part of the card cannot be drawn here.",
    );
    expect(Guard.getDerivedStateFromProps({ of: 1, children: "" }, failing.state)).toBeNull();
    expect(Guard.getDerivedStateFromProps({ of: 2, children: "" }, failing.state)).toEqual({
      of: 2,
      hasFailed: false,
    });
  });
});

describe("a form that means harm", () => {
  it.each(["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"])(
    "has an input like any other by the id %s",
    (id) => {
      const form = { body: [{ type: "Input.Text", id, label: "x", isRequired: true, value: "begun" }] };
      expect(Object.entries(valuesOf(form, {}))).toEqual([[id, "begun"]]);
      expect(problemsOf(form, {}).size).toBe(0);
      const typed = JSON.parse(`{ "${id}": "typed" }`) as Record<string, string>;
      expect(Object.entries(valuesOf(form, typed))).toEqual([[id, "typed"]]);
      expect(draw(form.body)).toContain('value="begun"');
      expect(({} as Record<string, unknown>)["begun"]).toBeUndefined();
    },
  );

  it("is not nested without end", () => {
    let deep: unknown = { type: "Input.Text", id: "deep" };
    for (let level = 0; level < 50_000; level++) deep = { type: "Container", items: [deep] };
    const near = { type: "Input.Text", id: "near" };
    expect(inputsOf({ body: [deep, near] })).toEqual([near]);
  });
});
