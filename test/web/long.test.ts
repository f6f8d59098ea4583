// A group in which much was said: only what is near to the screen is drawn, and nobody notices. Nothing that is read moves,
// every row can be reached by keyboard, and a card that changed where nobody saw it is as it is now when one comes to it.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Browser, Locator } from "playwright-core";
import type { Story } from "../support/story.ts";
import { enter, mustRun, violations, visit, WHY_SKIPPED, type Visitor } from "./browser.ts";
import { startInBrowser, type InBrowser } from "./in-browser.ts";

/** Messages after the card. */
const SAID = 120;

describe.runIf(mustRun)(`a long group in the web client${WHY_SKIPPED}`, () => {
  let inBrowser: InBrowser | undefined;
  let story: Story;
  let browser: Browser;
  let lin: Visitor;
  let card: { readonly id: string; readonly seq: number };

  beforeAll(async () => {
    inBrowser = await startInBrowser();
    ({ story, browser } = inBrowser);
    const feed = story.feed("mall:lin");
    await story.query(
      "brand:guo",
      `mutation ($g: ID!) { act(groupId: $g, verb: "restock.submit", key: "k", input: { lines: [{ skuId: "BL2481-38", pairs: 12 }] }) { action { id } } }`,
      { g: story.group },
    );
    const posted = await feed.next((event) => event.__typename === "CardPosted");
    card = { id: posted.card.id, seq: posted.seq };
    feed.close();
    for (let n = 1; n <= SAID; n++) await say(n);
    lin = await visit(browser, story.gateway.url, { kind: "desktop", locale: "en-US" });
    await enter(lin, "林静");
    await entry(SAID).waitFor();
  });
  afterAll(async () => {
    await inBrowser?.close();
  });

  const say = (n: number): Promise<unknown> =>
    story.query(
      n % 2 === 0 ? "brand:guo" : "mall:lin",
      `mutation ($g: ID!, $n: String!) { postMessage(groupId: $g, text: $n, key: $n) { message { id } } }`,
      { g: story.group, n: `No. ${n}.` },
    );
  const entry = (n: number): Locator =>
    lin.page.locator("[data-entry]", { has: lin.page.getByText(`No. ${n}.`, { exact: true }) });
  const theCard = (): Locator => lin.page.locator(`[data-card="${card.id}"]`);
  const area = (): Locator => lin.page.getByRole("region", { name: "Messages and cards" });
  const drawn = (): Promise<number> => lin.page.locator("[data-entry]").count();
  const focused = (): Promise<string> =>
    lin.page.evaluate(() => document.activeElement?.textContent?.match(/No\. \d+\./)?.[0] ?? "");
  const announced = (): Promise<string | null> =>
    lin.page.locator(".timeline-frame > [aria-live=polite]").textContent();
  /** Where it stands on the screen, when two more frames were shown. */
  const top = (place: Locator): Promise<number> =>
    place.evaluate(async (element) => {
      for (const _ of [1, 2]) await new Promise(requestAnimationFrame);
      // In a frame that is not shown yet what was drawn is not put right yet.
      await new Promise((resolve) => setTimeout(resolve));
      return Math.round(element.getBoundingClientRect().top);
    });
  const scrollTo = (place: "start" | "end"): Promise<void> =>
    area().evaluate((element, to) => element.scrollTo(0, to === "end" ? element.scrollHeight : 0), place);

  it("shows what is older in front of what is read, which stays where it is", async () => {
    const older = lin.page.getByRole("button", { name: "Show earlier" });
    while ((await older.count()) > 0) {
      await scrollTo("start");
      const text = (await lin.page.locator(".row .message-text").first().textContent())!;
      const there = entry(Number(/\d+/.exec(text)![0]));
      const before = await top(there);
      const height = await area().evaluate((element) => element.scrollHeight);
      await older.evaluate((button) => (button as HTMLButtonElement).click());
      await expect.poll(() => area().evaluate((element) => element.scrollHeight)).toBeGreaterThan(height);
      // The button stands above it, and may be gone by now.
      expect(Math.abs((await top(there)) - before)).toBeLessThanOrEqual(60);
      await lin.page.locator("button.older:disabled").waitFor({ state: "detached" });
    }
    await lin.page.getByText("The beginning of Counter 017").waitFor();
    expect(await drawn()).toBeLessThan(100);
  });

  it("goes by keyboard through all of it, one after another, there and back", async () => {
    await scrollTo("end");
    await area().focus();
    for (let n = SAID; n > 0; n--) {
      await lin.page.keyboard.press("k");
      expect(await focused()).toBe(`No. ${n}.`);
    }
    await lin.page.keyboard.press("k");
    await expect.poll(() => theCard().count()).toBe(1);
    for (let n = 1; n <= SAID; n++) {
      await lin.page.keyboard.press("j");
      expect(await focused()).toBe(`No. ${n}.`);
    }
    expect(await drawn()).toBeLessThan(100);
  });

  it("keeps the focus in a row that one scrolled away from", async () => {
    await scrollTo("end");
    await entry(SAID - 2).focus();
    await scrollTo("start");
    await lin.page.getByText("No. 1.", { exact: true }).waitFor();
    await lin.page.keyboard.press("j");
    expect(await focused()).toBe(`No. ${SAID - 1}.`);
  });

  it("moves nothing that is read when a row above it grows", async () => {
    await area().evaluate((element) => element.scrollTo(0, element.scrollHeight / 2));
    await lin.page.locator("[data-composer]").focus();
    const [above, read] = await area().evaluate((element) => {
      const { top } = element.getBoundingClientRect();
      const rows = [...element.querySelectorAll<HTMLElement>("[data-row]")];
      const at = rows.findIndex((row) => row.getBoundingClientRect().top >= top);
      return [rows[at - 3]!.dataset["row"]!, rows[at + 2]!.dataset["row"]!];
    });
    const row = (key: string): Locator => lin.page.locator(`[data-row="${key}"]`);
    const before = await top(row(read!));
    await row(above!).evaluate((element) => (element.style.paddingTop = "300px"));
    expect(await top(row(read!))).toBe(before);
    await row(above!).evaluate((element) => (element.style.paddingTop = ""));
    expect(await top(row(read!))).toBe(before);
  });

  it("tells of a card that changes where it is not drawn, and shows it as it is when one comes there", async () => {
    await scrollTo("end");
    await theCard().waitFor({ state: "detached" });
    await story.clerkSaves("BL2481-38", 37);
    await expect.poll(announced).toMatch(/At the supplier: 6( pairs)? → 37/);
    expect(await theCard().count()).toBe(0);
    await scrollTo("start");
    await theCard().locator(".ac-fact", { hasText: "At the supplier" }).getByText("37").waitFor();
  });

  it("I8: has nowhere what is no longer shared, of cards that are not drawn neither", async () => {
    const html = (): Promise<string> => lin.page.evaluate(() => document.documentElement.outerHTML);
    expect(await html()).toContain("CN¥809");
    await scrollTo("end");
    await theCard().waitFor({ state: "detached" });
    const change = (name: "grant" | "withdraw"): Promise<unknown> =>
      story.query(
        "supplier:wang",
        `mutation ($g: ID!) { ${name}(groupId: $g, policy: "supplier.stock", role: "manager") { userErrors { code } } }`,
        { g: story.group },
      );
    const feed = story.feed("mall:lin");
    await change("withdraw");
    await feed.next((event) => event.card?.id === card.id && event.card.withheld.length > 0);
    feed.close();
    await expect.poll(announced).toContain("not shared by Harbour Supply");
    expect(await html()).not.toMatch(/\b37\b(?!\.)/);
    await scrollTo("start");
    await theCard().getByText("not shared by").first().waitFor();
    expect(await theCard().textContent()).not.toContain("37");
    await change("grant");
    await theCard().locator(".ac-fact", { hasText: "At the supplier" }).getByText("37").waitFor();
  });

  it("goes to a place far back by its address, and stays there while it is drawn around it", async () => {
    await scrollTo("end");
    await lin.page.reload();
    await entry(SAID).waitFor();
    await lin.page.evaluate(
      (hash) => (location.hash = hash),
      `#/g/${encodeURIComponent(story.group)}/${card.seq + 20}`,
    );
    const found = lin.page.locator(".entry-found");
    await found.waitFor();
    const n = Number(/\d+/.exec((await found.locator(".message-text").textContent())!)![0]);
    const before = await top(entry(n));
    const middle = await area().evaluate((element) => {
      const { top, height } = element.getBoundingClientRect();
      return top + height / 2;
    });
    expect(Math.abs(before - middle)).toBeLessThan(60);
    await expect.poll(() => entry(n - 9).count()).toBe(1);
    await expect.poll(() => entry(n + 9).count()).toBe(1);
    expect(Math.abs((await top(entry(n))) - before)).toBeLessThanOrEqual(1);
    expect(await focused()).toBe(`No. ${n}.`);
    expect(await violations(lin)).toEqual([]);
  });

  it("says when a language cannot be loaded, and needs no connection for one that was", async () => {
    const choose = async (name: string): Promise<void> => {
      await lin.page.locator(".icon-button:has(.icon-dots)").click();
      await lin.page.getByRole("menuitemradio", { name }).click();
    };
    const language = (): Promise<string> => lin.page.evaluate(() => document.documentElement.lang);
    await lin.context.setOffline(true);
    await choose("中文");
    const item = lin.page.getByRole("menuitemradio", { name: "中文" });
    await item.getByText("Could not be loaded.").waitFor();
    expect(await language()).toBe("en");
    await lin.context.setOffline(false);
    await lin.page.getByRole("menuitemradio", { name: "中文" }).click();
    await expect.poll(language).toBe("zh-CN");
    await lin.context.setOffline(true);
    await lin.page.getByRole("menuitemradio", { name: "English" }).click();
    await expect.poll(language).toBe("en");
    await lin.page.getByRole("menuitemradio", { name: "中文" }).click();
    await expect.poll(language).toBe("zh-CN");
    await lin.context.setOffline(false);
  });

  it("has no fault in the page", () => {
    expect(lin.faults.filter((fault) => !/ERR_INTERNET_DISCONNECTED/.test(fault))).toEqual([]);
  });
});
