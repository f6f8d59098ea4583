// What a size grid shows of a cell, for eyes and for screen readers. Keys and layout are tried in a browser.
import { renderToStaticMarkup } from "react-dom/server";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { FormContext } from "../form-state.ts";
import { SizeGrid } from "./size-grid.tsx";
import { loadWords } from "../../words/words.ts";

beforeAll(() => loadWords("en"));

const media = { matches: false };
beforeAll(() =>
  vi.stubGlobal("matchMedia", () => ({
    ...media,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  })),
);

const GRID = {
  type: "Input.SizeGrid",
  id: "lines",
  label: "What should come?",
  unit: "pairs",
  warning: "More than the supplier has",
  figures: ["At the supplier", "Sold in 28 days"],
  isRequired: true,
  rows: [
    {
      title: "Black Nappa Loafer",
      note: "BL2481",
      cells: [
        {
          id: "lines.BL2481-38.pairs",
          title: "38",
          warnAbove: 30,
          figures: [
            { value: 30, text: "30" },
            { value: 5, text: "5" },
          ],
        },
        {
          id: "lines.BL2481-39.pairs",
          title: "39",
          value: 4,
          figures: [{ value: 3, text: "3" }, { text: "not shared by Riverside <b>Store</b>" }],
        },
      ],
    },
  ],
};

const draw = (values: Record<string, string>, errors: readonly [string, string][] = []): string =>
  renderToStaticMarkup(
    <FormContext value={{ values, errors: new Map(errors), set: () => undefined }}>
      <SizeGrid element={GRID} />
    </FormContext>,
  );

describe.each([false, true])("a size grid, on a desktop: %s", (isWide) => {
  beforeAll(() => void (media.matches = isWide));

  it("names each cell in full, with what one looks at to fill it in", () => {
    expect(draw({})).toContain(
      'aria-label="Black Nappa Loafer, size 38, pairs, At the supplier 30, Sold in 28 days 5"',
    );
  });

  it("says why a number is not there, as text and nothing else", () => {
    const html = draw({});
    expect(html).toContain(">Sold in 28 days: not shared by Riverside &lt;b&gt;Store&lt;/b&gt;</bdi></p>");
    expect(html).toContain(">—<");
    expect(html).not.toContain("<b>");
  });

  it("has what was typed, and otherwise what the form begins with", () => {
    const html = draw({ "lines.BL2481-38.pairs": "１２" });
    expect(html).toMatch(/grid-filled.*value="１２"/s);
    expect(html).toContain('value="4"');
  });

  it("warns of more than there is, and says at the cell what is wrong with it", () => {
    const html = draw({ "lines.BL2481-38.pairs": "31" }, [["lines.BL2481-39.pairs", "A whole number."]]);
    const [over, wrong] = [...html.matchAll(/<input[^>]*aria-invalid="(\w+)" aria-describedby="([^"]+)"/g)];
    expect([over?.[1], wrong?.[1]]).toEqual(["false", "true"]);
    expect(html).toContain(
      `id="${over?.[2]}" class="grid-warning"><bdi>38</bdi>: <bdi>More than the supplier has</bdi><`,
    );
    expect(html).toContain(
      `id="${wrong?.[2]}" class="field-error"><bdi>39</bdi>: <bdi>A whole number.</bdi><`,
    );
  });

  it("says what is wrong with all of it", () => {
    expect(draw({}, [["lines", "Fill in at least one size."]])).toMatch(
      /aria-describedby="(\S+)".*id="\1">Fill in at least one size\./s,
    );
  });
});
