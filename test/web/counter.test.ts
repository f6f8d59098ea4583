// The counter story in the web client: three people of three organizations, each in a browser of their own, on a phone
// and at desks, in two languages, with the gateway, the old systems and the sign-ins of the demo.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Browser } from "playwright-core";
import type { Story } from "../support/story.ts";
import { enter, mustRun, unfold, violations, visit, WHY_SKIPPED, type Visitor } from "./browser.ts";
import { startInBrowser, type InBrowser } from "./in-browser.ts";

describe.runIf(mustRun)(`the counter story${WHY_SKIPPED}`, () => {
  let inBrowser: InBrowser | undefined;
  let story: Story;
  let browser: Browser;
  let guo: Visitor;
  let lin: Visitor;
  let wang: Visitor;

  beforeAll(async () => {
    inBrowser = await startInBrowser();
    ({ story, browser } = inBrowser);
    const { url } = story.gateway;
    [guo, lin, wang] = await Promise.all([
      visit(browser, url, { kind: "phone", locale: "zh-CN" }),
      visit(browser, url, { kind: "desktop", locale: "en-US" }),
      visit(browser, url, { kind: "desktop", locale: "en-US", dark: true }),
    ]);
  });
  afterAll(async () => {
    await inBrowser?.close();
  });

  const card = ({ page }: Visitor) => page.locator("article.card").last();

  it("lets each sign in with one click, and come back into the group after a reload", async () => {
    expect(await violations(guo)).toEqual([]);
    await Promise.all([enter(guo, "郭敏"), enter(lin, "林静"), enter(wang, "王强")]);
    await lin.page.reload();
    await lin.page.getByRole("heading", { name: "Counter 017" }).waitFor();
    expect(new URL(lin.page.url()).search).toBe("");
    expect(await violations(lin)).toEqual([]);
  });

  it("carries a message to everybody", async () => {
    await guo.page.getByLabel("发消息到Counter 017").fill("周末客流大，38 码快断了。");
    await guo.page.getByRole("button", { name: "发送" }).click();
    for (const { page } of [guo, lin, wang])
      await page.getByText("周末客流大，38 码快断了。", { exact: true }).waitFor();
  });

  it("opens the form over the lower part of a phone, and says at the field what is missing", async () => {
    await guo.page.getByRole("button", { name: "发起" }).click();
    await guo.page.getByRole("menuitem", { name: "申请补货" }).click();
    const sheet = guo.page.getByRole("dialog", { name: "申请补货" });
    await sheet.waitFor();
    await expect
      .poll(async () => Math.round(((await sheet.boundingBox())?.y ?? 0) / 7.6))
      .toBeGreaterThanOrEqual(36); // of 100: the chat above it stays visible
    await guo.page.getByRole("button", { name: "提交" }).click();
    await guo.page.getByText("请至少填写一个尺码。").waitFor();
    await expect
      .poll(() => guo.page.evaluate(() => document.activeElement?.matches(".grid-cell input")))
      .toBe(true);
    expect(await violations(guo)).toEqual([]);
  });

  it("sends what was chosen and filled in, wide digits too; the manager gets a live card", async () => {
    await guo.page.getByPlaceholder("名称或货号").fill("BL2481");
    await guo.page.getByLabel(/Black Nappa Loafer，38 码，双，供应商库存 6/).fill("１２");
    await guo.page.getByText("1 个尺码 · 12 双").waitFor();
    await guo.page.getByText("38: 超出供应商库存").waitFor();
    expect(await violations(guo)).toEqual([]);
    await guo.page.getByRole("button", { name: "提交" }).click();
    await card(lin).getByText("12 pairs").first().waitFor();
    // It is addressed to others; she asked for it.
    await card(guo).getByText("待审批").waitFor();
    expect(await card(wang).count()).toBe(0); // a line until they open it
    await unfold(wang);
    expect(await card(lin).getByRole("img", { name: "Black Nappa Loafer" }).evaluate(isDrawn)).toBe(true);
    expect(await violations(lin)).toEqual([]);
    expect(await violations(wang)).toEqual([]);
  });

  it("shows each only what is shared with them, and says whose the rest is", async () => {
    await card(wang).getByText("not shared by Riverside Department Store").first().waitFor();
    expect(await card(wang).textContent()).not.toContain("809");
    await card(lin).getByText("CN¥809").waitFor();
  });

  it("changes the card where it is: marked, announced, and without moving what is read", async () => {
    const area = lin.page.getByRole("region", { name: "Messages and cards" });
    const fact = card(lin).locator(".ac-fact", { hasText: "At the supplier" });
    const before = await fact.boundingBox();
    const top = await area.evaluate((element) => element.scrollTop);
    await story.clerkSaves("BL2481-38", 30);
    await fact.getByText("30").waitFor();
    expect(await fact.locator(".changed").count()).toBe(1);
    expect(await fact.boundingBox()).toEqual(before);
    expect(await area.evaluate((element) => element.scrollTop)).toBe(top);
    await expect
      .poll(() => lin.page.locator(".timeline-frame > [aria-live=polite]").textContent())
      .toMatch(/At the supplier: 6( pairs)? → 30/);
  });

  it("keeps what is typed in the size grid, and where one is, while its numbers change; and over a reload", async () => {
    const { page } = guo;
    const cell = (size: number) => page.getByLabel(new RegExp(`^Black Nappa Loafer，${size} 码`));
    const begin = async (): Promise<void> => {
      await page.getByRole("button", { name: "发起" }).click();
      await page.getByRole("menuitem", { name: "申请补货" }).click();
      await cell(38).waitFor();
    };
    await begin();
    await cell(36).fill("5");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.type("３");
    await story.clerkSaves("BL2481-38", 28);
    const changed = page.locator(".grid-cell", { has: cell(38) }).locator(".changed");
    await changed.getByText("28", { exact: true }).waitFor();
    expect(await cell(37).evaluate((input) => input === document.activeElement)).toBe(true);
    expect([await cell(36).inputValue(), await cell(37).inputValue()]).toEqual(["5", "３"]);
    await page.getByText("2 个尺码 · 8 双").waitFor();
    await page.reload();
    await begin();
    expect([await cell(36).inputValue(), await cell(37).inputValue()]).toEqual(["5", "３"]);
    await page.getByRole("button", { name: "重新填写" }).click();
    await expect.poll(() => cell(36).inputValue()).toBe("");
    await page.getByRole("button", { name: "关闭" }).click();
    await cell(36).waitFor({ state: "detached" });
  });

  it("I7: a double click approves once, and everybody's card says so", async () => {
    const feed = story.feed("mall:lin");
    await lin.page.getByRole("link", { name: /Counter 017.*1 card waits for you/ }).waitFor();
    await expect.poll(() => lin.page.title()).toBe("(1) Counter 017 · Junto");
    await card(lin).getByRole("button", { name: "Approve" }).dblclick();
    await card(lin)
      .getByText(/^Approve: done · 林静, Riverside Department Store/)
      .waitFor();
    await card(guo).getByText("已批准").waitFor();
    await card(wang).getByText("Approved").first().waitFor();
    const runs = await feed.next(
      ({ action }) => action?.status === "DONE" && action.verb === "restock.approve",
    );
    expect(runs.actor.id).toBe("mall:lin");
    const approvals = feed.events.filter(({ action }) => action?.verb === "restock.approve");
    expect(new Set(approvals.map(({ action }) => action.id)).size).toBe(1);
    feed.close();
    expect(await card(lin).getByRole("button", { name: "Approve" }).count()).toBe(0);
  });

  it("shows who is here and what each organization shares", async () => {
    await lin.page.getByRole("button", { name: /4 people/ }).click();
    const panel = lin.page.getByRole("dialog", { name: "Members and sharing" });
    await panel.getByText("Stock and lead days").first().waitFor();
    expect(await violations(lin)).toEqual([]);
    await lin.page.keyboard.press("Escape");
    await panel.waitFor({ state: "detached" });
  });

  it("goes by keyboard: k and j through the entries, Enter into one, Esc out of the writing", async () => {
    await lin.page.getByRole("region", { name: "Messages and cards" }).focus();
    await lin.page.keyboard.press("k");
    const focused = () => lin.page.evaluate(() => document.activeElement?.textContent ?? "");
    expect(await focused()).toContain("Restock R");
    await lin.page.keyboard.press("k");
    expect(await focused()).toContain("38 码快断了");
    await lin.page.keyboard.press("j");
    await lin.page.keyboard.press("Enter");
    expect(await lin.page.evaluate(() => document.activeElement?.matches("article.card button"))).toBe(true);
    await lin.page.keyboard.press("c");
    expect(await lin.page.evaluate(() => document.activeElement?.tagName)).toBe("TEXTAREA");
    await lin.page.keyboard.press("Escape");
    expect(await lin.page.evaluate(() => document.activeElement?.getAttribute("role"))).toBe("region");
    await lin.page.keyboard.press("?");
    await lin.page.getByRole("dialog", { name: "Keyboard" }).waitFor();
    expect(await violations(lin)).toEqual([]);
    await lin.page.keyboard.press("Escape");
  });

  it("says who is here, and who is writing until they have said it", async () => {
    await wang.page.getByRole("button", { name: /Aurora Footwear \(here now\)/ }).waitFor();
    await guo.page.getByLabel("发消息到Counter 017").fill("到货后请通知我");
    await lin.page.getByText("郭敏 (Aurora Footwear) is typing…").waitFor();
    await guo.page.getByRole("button", { name: "发送" }).click();
    await lin.page.getByText("郭敏 (Aurora Footwear) is typing…").waitFor({ state: "detached" });
  });

  it("says under a message which organizations have seen it, and who there", async () => {
    const seen = guo.page.locator("details.seen").last();
    await seen.getByText(/江畔百货.*已读/).waitFor({ state: "attached" });
    await seen.getByText(/港湾供应.*已读/).waitFor({ state: "attached" });
    await seen.locator("summary").click();
    await seen.getByText("江畔百货：林静").waitFor();
    await seen.locator("summary").click();
  });

  it("tells in the list what is new, and no more of what one has done, and leads to what is new", async () => {
    const link = lin.page.getByRole("link", { name: /Counter 017/ });
    expect(await link.textContent()).not.toContain("waits for you");
    await expect.poll(() => lin.page.title()).toBe("Counter 017 · Junto");
    await lin.page.locator("[data-timeline]").evaluate((area) => area.scrollTo(0, area.scrollHeight));
    await expect.poll(() => link.textContent()).not.toContain("message");
    await lin.page.goto(new URL("#/", lin.page.url()).href);
    await lin.page.getByText("Choose a group").waitFor();
    await guo.page.getByLabel("发消息到Counter 017").fill("另外：36 码也快没了");
    await guo.page.getByRole("button", { name: "发送" }).click();
    await link.getByText("1 message", { exact: true }).waitFor();
    expect(await violations(lin)).toEqual([]);
    await link.click();
    const line = lin.page.locator("[data-new]");
    await line.waitFor();
    expect(await line.evaluate((element) => element.nextElementSibling?.textContent)).toContain(
      "36 码也快没了",
    );
    await link.getByText("1 message", { exact: true }).waitFor({ state: "detached" });
    const said = guo.page.locator("[data-entry]", { hasText: "36 码也快没了" });
    await said
      .locator("+ details.seen")
      .getByText(/江畔百货.*已读/)
      .waitFor({ state: "attached" });
  });

  it("is in the other language at once, cards and all", async () => {
    await lin.page.getByRole("button", { name: "Settings" }).click();
    await lin.page.getByRole("menuitemradio", { name: "中文" }).click();
    await card(lin).getByText("已批准").waitFor();
    await card(lin).getByText("¥809").waitFor();
    expect(await lin.page.evaluate(() => document.documentElement.lang)).toBe("zh-CN");
    await lin.page.keyboard.press("Escape");
    expect(await violations(lin)).toEqual([]);
  });

  it("has no fault in any page", () => {
    expect({ guo: guo.faults, lin: lin.faults, wang: wang.faults }).toEqual({ guo: [], lin: [], wang: [] });
  });
});

function isDrawn(image: Element): Promise<boolean> {
  const { naturalWidth, complete } = image as HTMLImageElement;
  if (complete) return Promise.resolve(naturalWidth > 0);
  return new Promise((resolve) => {
    image.addEventListener("load", () => resolve(true));
    image.addEventListener("error", () => resolve(false));
  });
}
