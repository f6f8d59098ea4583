// The official renderer of Adaptive Cards as a judge of the client's: of every published card both show the same words.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Body } from "./elements.tsx";
import { mustRun, startBrowser, WHY_SKIPPED } from "../../../test/web/browser.ts";
import { loadWords } from "../words/words.ts";

beforeAll(() => loadWords("en"));

const GOLDEN = new URL("../../../gateway/src/cards/app/golden/", import.meta.url);
/** What is published to hosts that know nothing of Junto. */
const PUBLISHED = readdirSync(GOLDEN).filter((file) => !/-(?:grid|charts)\./.test(file));

const renderer = createRequire(import.meta.url).resolve("adaptivecards/dist/adaptivecards.js");

describe.runIf(mustRun)(`the client beside the official renderer${WHY_SKIPPED}`, () => {
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    vi.stubGlobal("location", { origin: "https://junto.example" });
    browser = await startBrowser();
    page = await browser.newPage();
    await page.addScriptTag({ path: renderer });
  });
  afterAll(() => browser.close());

  it.each(PUBLISHED)("shows the words of %s", async (file) => {
    const card = JSON.parse(readFileSync(new URL(file, GOLDEN), "utf8")) as { readonly body: unknown };
    const ours = renderToStaticMarkup(createElement(Body, { items: card.body }));
    expect(words(await textOf(page, ours))).toEqual(words(await official(page, card)));
  });
});

/** Without marks that only one of the two sets: of required inputs, and of pictures that are not loaded. */
function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "" && word !== "*");
}

function textOf(page: Page, html: string): Promise<string> {
  return page.evaluate((markup) => {
    document.body.innerHTML = markup;
    document.querySelectorAll(".ac-no-picture, .field-required").forEach((mark) => mark.remove());
    return document.body.innerText;
  }, html);
}

function official(page: Page, card: unknown): Promise<string> {
  return page.evaluate((json) => {
    const { AdaptiveCard } = (globalThis as any).AdaptiveCards;
    // It leaves Markdown to a library of one's choice; words are all that is looked at here.
    AdaptiveCard.onProcessMarkdown = (text: string, result: any) => {
      const span = document.createElement("span");
      span.textContent = text.replace(/\*\*/g, "").replace(/\\([!-/:-@[-`{-~])/g, "$1");
      result.outputHtml = span.innerHTML;
      result.didProcess = true;
    };
    const drawn = new AdaptiveCard();
    drawn.parse(json);
    document.body.replaceChildren(drawn.render());
    return document.body.innerText;
  }, card);
}
