// The counter story against what `npm start` starts: every part a process of its own, the address read from what it
// prints, three people at their devices and the clerk's command; and a gateway that dies and comes back.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Browser } from "playwright-core";
import { junto, startAgain, startDemo, type Demo } from "../support/demo.ts";
import { enter, mustRun, startBrowser, violations, visit, WHY_SKIPPED, type Visitor } from "./browser.ts";

describe.runIf(mustRun)(`what npm start starts${WHY_SKIPPED}`, () => {
  let data: string;
  let demo: Demo;
  let browser: Browser;
  /** The shop guide on a phone, the floor manager and the buyer at their desks. */
  let guo: Visitor;
  let lin: Visitor;
  let chen: Visitor;
  let stopGateway = async (): Promise<unknown> => undefined;

  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), "junto-start-"));
    [demo, browser] = await Promise.all([startDemo(data), startBrowser()]);
    [guo, lin, chen] = await Promise.all([
      visit(browser, demo.url, {
        kind: "phone",
        locale: "zh-CN",
        viewport: { width: 390, height: 844 },
        scale: 3,
      }),
      visit(browser, demo.url, { kind: "desktop", locale: "en-US" }),
      visit(browser, demo.url, { kind: "desktop", locale: "en-US", dark: true }),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await stopGateway();
    await demo?.stop();
    await rm(data, { recursive: true, force: true });
  });

  const card = ({ page }: Visitor) => page.locator("article.card").last();
  const clerkSaves = (onHand: number) =>
    junto(data, "clerk", "--sku", "BL2481-38", "--on-hand", String(onHand));
  const message = ({ page }: Visitor, text: string) => page.locator(".message-text", { hasText: text });
  /** What the group's feed holds, as the manager reads it in a terminal. */
  async function feed(): Promise<readonly { text?: string; action?: { id: string; verb: string } }[]> {
    const fields = "...on MessagePosted { text } ...on ActionChanged { action { id verb } }";
    const query = `{ groups { name feed(first: 200) { ${fields} } } }`;
    const answer = await junto(data, "query", "--as", "mall:lin", "--group", "Counter 017", query);
    return JSON.parse(answer).data.groups.find(({ name }: { name: string }) => name === "Counter 017").feed;
  }

  it("is signed in to with one click, and one is in the group", async () => {
    for (const visitor of [guo, lin, chen]) expect(await violations(visitor)).toEqual([]);
    await Promise.all([enter(guo, "郭敏"), enter(lin, "林静"), enter(chen, "陈曦")]);
  });

  it("carries a message to everybody, and tells whom it mentions", async () => {
    const field = guo.page.getByLabel("发消息到Counter 017");
    await field.pressSequentially("@lin");
    await guo.page.getByRole("option", { name: /林静/ }).click();
    await field.pressSequentially("38 码快断了");
    await guo.page.getByRole("button", { name: "发送" }).click();
    await lin.page.locator(".entry-for-me", { hasText: "@林静 38 码快断了" }).waitFor();
    await message(chen, "@林静 38 码快断了").waitFor();
    expect(await chen.page.locator(".entry-for-me").count()).toBe(0);
  });

  it("asks for shoes by the size grid in a sheet over the lower part of the phone", async () => {
    await guo.page.getByRole("button", { name: "发起" }).click();
    await guo.page.getByRole("menuitem", { name: "申请补货" }).click();
    const sheet = guo.page.getByRole("dialog", { name: "申请补货" });
    await guo.page.getByPlaceholder("名称或货号").fill("BL2481");
    await guo.page.getByLabel(/Black Nappa Loafer，38 码，双，供应商库存 6/).fill("12");
    await guo.page.getByText("1 个尺码 · 12 双").waitFor();
    await expect
      .poll(async () => (await sheet.boundingBox())!.y / 844)
      .toSatisfy((top: number) => top > 0.35 && top < 0.5);
    expect(await violations(guo)).toEqual([]);
    await lin.page.getByRole("link", { name: /^Inbox/ }).click();
    // What was going on at the other counter.
    await lin.page.locator(".inbox-row", { hasText: "Counter 025" }).waitFor();
    await lin.page.getByRole("link", { name: "Inbox 1 card waits for you" }).waitFor();
    await guo.page.getByRole("button", { name: "提交" }).click();
    await sheet.waitFor({ state: "detached" });
  });

  it("brings the manager a live card: in the inbox, in what is counted, in the group", async () => {
    const { page } = lin;
    await page.locator(".inbox-row", { hasText: "12 pairs" }).waitFor();
    await page.getByRole("link", { name: "Inbox 2 cards wait for you" }).waitFor();
    await expect.poll(() => page.title()).toMatch(/^\(2\) /);
    const link = page.getByRole("navigation", { name: "Groups" }).getByRole("link", { name: /Counter 017/ });
    await link.getByText("1 card waits for you").waitFor();
    expect(await violations(lin)).toEqual([]);
    await link.click();
    // From three organizations' systems: the brand's name, the mall's price, the supplier's stock.
    await card(lin).getByText("Black Nappa Loafer").first().waitFor();
    await card(lin).getByText("CN¥809").waitFor();
    await card(lin)
      .locator(".ac-fact", { hasText: /At the supplier\s*6/ })
      .waitFor();
    await card(guo).getByText("¥809", { exact: true }).waitFor();
    await card(guo).getByText("待审批").waitFor();
    for (const visitor of [guo, lin, chen]) expect(await violations(visitor)).toEqual([]);
  });

  it("changes the card where it is when the clerk saves the workbook", async () => {
    const fact = card(lin).locator(".ac-fact", { hasText: "At the supplier" });
    const before = await fact.boundingBox();
    expect(await clerkSaves(30)).toContain("now says 30 pairs of BL2481-38");
    await fact.getByText("30").waitFor();
    expect(await fact.boundingBox()).toEqual(before);
    for (const other of [guo, chen])
      await card(other)
        .locator(".ac-fact", { hasText: /(At the supplier|供应商库存)\s*30/ })
        .waitFor();
  });

  it("I7: approves once by a double click, and everybody's card says so", async () => {
    await card(lin).getByRole("button", { name: "Approve" }).dblclick();
    await card(lin)
      .getByText(/^Approve: done · 林静/)
      .waitFor();
    await card(guo).getByText("已批准").waitFor();
    await card(chen).getByText("Approved").first().waitFor();
    const runs = (await feed()).filter(({ action }) => action?.verb === "restock.approve");
    expect(new Set(runs.map(({ action }) => action!.id)).size).toBe(1);
  });

  it("I8: takes a value from the guide's open screen when an administrator stops sharing it", async () => {
    const { page } = lin;
    await page.getByRole("link", { name: "Sharing" }).click();
    expect(new URL(page.url()).hash).toBe("#/sharing");
    await page
      .getByRole("button", { name: "Stop sharing Shelf prices with Shop guide in Counter 017" })
      .click();
    await guo.page.waitForFunction(() => !document.documentElement.outerHTML.includes("¥809"));
    await card(guo).getByText("江畔百货未共享").first().waitFor();
    await page.getByText("Not shared any more").waitFor();
    await card(chen).getByText("CN¥809").waitFor(); // still shared with the buyer
    expect(await violations(lin)).toEqual([]);
    await chen.page.getByRole("link", { name: "Sharing" }).click();
    await chen.page.getByRole("heading", { name: "Sharing" }).waitFor();
    await chen.page
      .getByRole("button", { name: /^Stop sharing/ })
      .first()
      .waitFor();
    expect(await violations(chen)).toEqual([]);
  });

  it("is whole at 200 % zoom, and moves nothing for who wants no motion", async () => {
    const small = await visit(browser, demo.url, {
      kind: "desktop",
      locale: "en-US",
      viewport: { width: 640, height: 400 },
      scale: 2,
      reducedMotion: true,
    });
    const { page } = small;
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(await overflow()).toBe(0);
    await enter(small, "郭敏");
    expect(await overflow()).toBe(0);
    await page.getByLabel("Message to Counter 017").click(); // it can be reached
    await page.getByRole("button", { name: "Begin something" }).click();
    await page.getByRole("menuitem", { name: "Ask for a restock" }).click();
    const cell = page.getByLabel(/^Black Nappa Loafer, size 38/);
    await cell.fill("1");
    expect(await overflow()).toBe(0);
    await page.getByRole("dialog").getByRole("button", { name: "Send" }).click({ trial: true });
    await clerkSaves(28);
    await page.locator(".grid-cell .changed").getByText("28", { exact: true }).waitFor();
    expect(await page.evaluate(moving)).toEqual([]);
    expect(await violations(small)).toEqual([]);
    expect(small.faults).toEqual([]);
    await small.context.close();
  });

  it("has no fault in any page up to here", () => {
    expect({ guo: guo.faults, lin: lin.faults, chen: chen.faults }).toEqual({ guo: [], lin: [], chen: [] });
  });

  it("I5: catches up without a reload after the gateway was killed, and sends once what was written meanwhile", async () => {
    for (const { page } of [lin, chen]) {
      const groups = page.getByRole("navigation", { name: "Groups" });
      await groups.getByRole("link", { name: /Counter 017/ }).click();
    }
    for (const { page } of [guo, lin, chen])
      await page.evaluate(() => document.documentElement.setAttribute("data-loaded-before", ""));
    const command = await demo.killGateway();
    await lin.page.getByText("No connection.").waitFor();
    const words = "断网时写的";
    await guo.page.getByLabel("发消息到Counter 017").fill(words);
    await guo.page.getByRole("button", { name: "发送" }).click();
    await guo.page.getByText("1 条待发送").waitFor();

    stopGateway = startAgain(command);
    for (const visitor of [lin, chen, guo]) await message(visitor, words).waitFor();
    await lin.page.getByLabel("Message to Counter 017").fill("Back again");
    await lin.page.getByRole("button", { name: "Send" }).click();
    for (const visitor of [guo, lin, chen]) {
      await message(visitor, "Back again").waitFor();
      await visitor.page.getByText(/No connection|连接已断开/).waitFor({ state: "detached" });
      expect(await message(visitor, words).count()).toBe(1);
      expect(await visitor.page.locator("[data-loaded-before]").count()).toBe(1);
    }
    expect((await feed()).filter(({ text }) => text === words)).toHaveLength(1);
    // What was taken back stays away.
    expect(await guo.page.content()).not.toContain("¥809");
    // The browser notes each request that the gateway's end cut off or that found nobody.
    for (const { faults } of [guo, lin, chen])
      expect(
        faults.filter((fault) => !/net::ERR_(CONNECTION|EMPTY|INCOMPLETE)_|WebSocket/.test(fault)),
      ).toEqual([]);
  });
});

/** What moves for longer than 10 ms. A mark stays for a while, and goes in one step. */
function moving(): string[] {
  const longest = (times: string): number =>
    Math.max(...times.split(",").map((time) => Number.parseFloat(time)));
  const transitions = [...document.querySelectorAll("*")].filter(
    (element) => longest(getComputedStyle(element).transitionDuration) > 0.01,
  );
  const animations = document.getAnimations().filter((animation) => {
    const { duration } = animation.effect!.getTiming();
    const frames = (animation.effect as KeyframeEffect).getKeyframes();
    return Number(duration) > 10 && !frames.every(({ easing }) => easing?.startsWith("steps"));
  });
  return [
    ...transitions.map(({ className }) => `transition of ${className}`),
    ...animations.map((animation) => `animation ${(animation as CSSAnimation).animationName}`),
  ];
}
