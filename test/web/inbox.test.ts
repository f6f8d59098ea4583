// The inbox in the web client: what waits for a person over all their groups, done and put off by hand and by keyboard,
// acted on where it is found; and less noise.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Browser } from "playwright-core";
import type { Story } from "../support/story.ts";
import { enter, mustRun, violations, visit, WHY_SKIPPED, type Visitor } from "./browser.ts";
import { startInBrowser, type InBrowser } from "./in-browser.ts";

describe.runIf(mustRun)(`the inbox${WHY_SKIPPED}`, () => {
  let inBrowser: InBrowser | undefined;
  let story: Story;
  let browser: Browser;
  let lin: Visitor;
  let chen: Visitor;
  let guo: Visitor;

  const submit = async (key: string, pairs: number): Promise<void> => {
    const { data } = await story.query(
      "brand:guo",
      `mutation ($g: ID!, $k: String!, $i: JSON!) { act(groupId: $g, verb: "restock.submit", input: $i, key: $k) { userErrors { code } } }`,
      { g: story.group, k: key, i: { lines: [{ skuId: "BL2481-38", pairs }] } },
    );
    expect(data.act.userErrors).toEqual([]);
  };
  const rows = ({ page }: Visitor) => page.locator(".inbox-row");

  beforeAll(async () => {
    inBrowser = await startInBrowser();
    ({ story, browser } = inBrowser);
    const { url } = story.gateway;
    [lin, chen, guo] = await Promise.all([
      visit(browser, url, { kind: "desktop", locale: "en-US" }),
      visit(browser, url, { kind: "phone", locale: "zh-CN", dark: true }),
      visit(browser, url, { kind: "desktop", locale: "en-US" }),
    ]);
    await Promise.all([enter(lin, "林静"), enter(chen, "陈曦"), enter(guo, "郭敏")]);
  });
  afterAll(async () => {
    await inBrowser?.close();
  });

  it("says when nothing waits", async () => {
    await lin.page.getByRole("link", { name: "Inbox" }).click();
    await lin.page.getByText("Nothing waits for you").waitFor();
    expect(await violations(lin)).toEqual([]);
  });

  it("fills by itself, counts, and says when each is due", async () => {
    await submit("first", 12);
    await rows(lin)
      .first()
      .getByText(/^Due: Tomorrow/)
      .waitFor();
    await submit("second", 3);
    await expect.poll(() => rows(lin).count()).toBe(2);
    await lin.page.getByRole("link", { name: "Inbox 2 cards wait for you" }).waitFor();
    expect(await rows(lin).first().textContent()).toContain("Counter 017");
    expect(await violations(lin)).toEqual([]);
  });

  it("has nothing for the buyer, on her phone, as long as nothing is decided", async () => {
    await chen.page.getByRole("button", { name: "返回" }).click();
    await chen.page.getByRole("link", { name: /^待办/ }).click();
    await chen.page.getByText("没有等你处理的卡片").waitFor();
    expect(await violations(chen)).toEqual([]);
  });

  it("goes by keyboard: j to a card, e is done, and it can be undone", async () => {
    await lin.page.keyboard.press("j");
    await lin.page.keyboard.press("e");
    await expect.poll(() => rows(lin).count()).toBe(1);
    await lin.page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => rows(lin).count()).toBe(2);
  });

  it("puts a card off, and has it back from there", async () => {
    await rows(lin).first().focus();
    await lin.page.keyboard.press("s");
    await lin.page.getByRole("menuitem", { name: /Tomorrow morning/ }).click();
    await expect.poll(() => rows(lin).count()).toBe(1);
    await lin.page.getByRole("tab", { name: "Snoozed" }).click();
    await rows(lin)
      .getByText(/^Comes back: Tomorrow 09:00/)
      .waitFor();
    await lin.page.getByRole("button", { name: "Back to waiting" }).click();
    await lin.page.getByText("Nothing is snoozed").waitFor();
    await lin.page.getByRole("tab", { name: "Waiting" }).click();
    await expect.poll(() => rows(lin).count()).toBe(2);
  });

  it("asks for a reason in the same sheet as in the chat, acts, and lets go of the card", async () => {
    await rows(lin).first().getByRole("button", { name: "Reject" }).click();
    const sheet = lin.page.getByRole("dialog", { name: "Reject" });
    await sheet.getByRole("textbox").fill("Enough on the shelf");
    await sheet.getByRole("button", { name: "Send" }).click();
    await expect.poll(() => rows(lin).count()).toBe(1);
    await rows(lin).first().getByRole("button", { name: "Approve" }).click();
    await lin.page.getByText("Nothing waits for you").waitFor();
    await lin.page.getByRole("tab", { name: "Done" }).click();
    await expect.poll(() => rows(lin).count()).toBe(2);
    expect(await violations(lin)).toEqual([]);
  });

  it("has what was approved for the buyer then, in Chinese", async () => {
    await expect.poll(() => rows(chen).count()).toBe(1);
    expect(await violations(chen)).toEqual([]);
  });

  it("has no fault in any page", () => {
    expect({ lin: lin.faults, chen: chen.faults, guo: guo.faults }).toEqual({ lin: [], chen: [], guo: [] });
  });
});
