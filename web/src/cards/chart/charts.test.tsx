// Charts as markup: what there is to see, and the same in words.
import { renderToStaticMarkup } from "react-dom/server";
import { beforeAll, describe, expect, it } from "vitest";
import { Absences } from "../mark.tsx";
import { Bars } from "./bars.tsx";
import { Bullet } from "./bullet.tsx";
import { loadWords } from "../../words/words.ts";

beforeAll(() => loadWords("en"));

const DAYS = [
  { at: "2026-11-18", value: 4, text: "4 pairs" },
  { at: "2026-11-19", value: 0, text: "0 pairs" },
  { at: "2026-11-20", value: 8, text: "8 pairs" },
];

const bars = (more: object = {}): string =>
  renderToStaticMarkup(
    <Bars element={{ title: "Sales", text: "12 pairs in 3 days", bars: DAYS, ...more }} />,
  );

const bullet = (...measures: unknown[]): string => renderToStaticMarkup(<Bullet element={{ measures }} />);

describe("bars", () => {
  it("are a picture with a name, a sentence beside it, and a table on demand", () => {
    const html = bars();
    expect(html).toContain('role="img" aria-label="Sales. 12 pairs in 3 days. Most: 8 pairs, Nov 20"');
    expect(html).toContain("<bdi>12 pairs in 3 days</bdi>");
    expect(html).toContain("<summary>As a table");
    expect(html.match(/<rect class="chart-bar"[^>]*>/g)).toEqual([
      '<rect class="chart-bar" x="1.5" y="50" width="7" height="50">',
      '<rect class="chart-bar" x="11.5" y="100" width="7" height="0">',
      '<rect class="chart-bar" x="21.5" y="0" width="7" height="100">',
    ]);
  });

  it("of nothing say why, and draw nothing", () => {
    const why = "not shared by Riverside";
    const html = renderToStaticMarkup(
      <Absences value={new Set([why])}>
        <Bars element={{ title: "Sales", text: why, bars: [] }} />
      </Absences>,
    );
    expect(html).toContain(`<bdi class="absent">${why}</bdi>`);
    expect(html).not.toContain("<svg");
  });
});

describe("a bullet", () => {
  it("is a bar and marks on one scale, each in words below", () => {
    const html = bullet(
      { title: "At the supplier", value: 5, text: "5 pairs", color: "attention" },
      { title: "Needed", value: 20, text: "20 pairs" },
    );
    expect(html).toContain('class="chart-measure chart-attention" x="0.00%" width="25.00%"');
    expect(html).toContain('class="chart-mark chart-mark-1" x1="99.50%"');
    expect(html).toMatch(/At the supplier<\/bdi><\/dt><dd><bdi>5 pairs<\/bdi>/);
  });

  it("without a number says in words that there is none", () => {
    const html = bullet({ title: "At the supplier", text: "no answer from Harbour Supply" });
    expect(html).toContain("no answer from Harbour Supply");
    expect(html).not.toContain("<svg");
  });
});

describe("hostile data", () => {
  it.each([
    [{ bars: null, text: {}, title: [] }],
    [{ bars: [{ at: {}, value: NaN }, { at: "__proto__", value: 1e308 }, { value: -1e308 }] }],
    [{ bars: Array.from({ length: 20_000 }, (_, at) => ({ at, value: at % 7 ? -at : Infinity })) }],
    [{ bars: [{ at: '"><script>alert(1)</script>', value: 1, text: "<img src=x onerror=alert(1)>" }] }],
    [{ measures: [{ value: 1e308, title: "<b>" }, { value: -1e308 }, { value: "9" }, null, {}, {}, {}] }],
    [{ measures: [{ value: 1, color: "url(javascript:1)" }] }],
  ])("%# is drawn without harm", (element) => {
    const html = renderToStaticMarkup(
      <>
        <Bars element={element} />
        <Bullet element={element} />
      </>,
    );
    expect(html).not.toMatch(/NaN|Infinity|<script|<img|<b>|javascript:/);
    expect(html.length).toBeLessThan(30_000);
  });
});
