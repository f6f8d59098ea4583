// What people say to each other in the web client: mentions, answers, threads on cards, words that are changed or taken
// back, and finding all that again. Two people of two organizations, on a phone and at a desk.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Browser, Locator } from "playwright-core";
import type { Story } from "../support/story.ts";
import { enter, mustRun, violations, visit, WHY_SKIPPED, type Visitor } from "./browser.ts";
import { startInBrowser, type InBrowser } from "./in-browser.ts";

describe.runIf(mustRun)(`people in the web client${WHY_SKIPPED}`, () => {
  let inBrowser: InBrowser | undefined;
  let story: Story;
  let browser: Browser;
  let guo: Visitor;
  let lin: Visitor;

  beforeAll(async () => {
    inBrowser = await startInBrowser();
    ({ story, browser } = inBrowser);
    await story.query(
      "brand:guo",
      `mutation ($g: ID!) { act(groupId: $g, verb: "restock.submit", key: "k", input: { lines: [{ skuId: "BL2481-38", pairs: 12 }] }) { action { id } } }`,
      { g: story.group },
    );
    [guo, lin] = await Promise.all([
      visit(browser, story.gateway.url, { kind: "phone", locale: "zh-CN" }),
      visit(browser, story.gateway.url, { kind: "desktop", locale: "en-US" }),
    ]);
    await Promise.all([enter(guo, "郭敏"), enter(lin, "林静")]);
  });
  afterAll(async () => {
    await inBrowser?.close();
  });

  const field = ({ page }: Visitor): Locator => page.getByLabel(/Message to Counter 017|发消息到Counter 017/);
  const entry = ({ page }: Visitor, text: string): Locator =>
    page.locator(".timeline [data-entry]", { has: page.locator(".message-text", { hasText: text }) }).last();
  async function write(visitor: Visitor, text: string): Promise<void> {
    await field(visitor).fill(text);
    await visitor.page.getByRole("button", { name: /^(Send|发送)$/ }).click();
    await entry(visitor, text).waitFor();
  }

  it("mentions a member from a list, by keyboard; who is mentioned sees that it is for them", async () => {
    await write(guo, "38 码快断了");
    await field(lin).pressSequentially("Ask @belle");
    const list = lin.page.getByRole("listbox", { name: "Members" });
    await list.waitFor({ state: "detached" });
    for (let at = 0; at < 5; at++) await lin.page.keyboard.press("Backspace");
    await list.getByRole("option", { name: /郭敏/ }).waitFor();
    expect(await violations(lin)).toEqual([]);
    await lin.page.keyboard.type("guo");
    await lin.page.keyboard.press("Enter");
    expect(await field(lin).inputValue()).toBe("Ask @郭敏 ");
    await lin.page.keyboard.type("when");
    await lin.page.keyboard.press("Enter");
    const mine = guo.page.locator(".entry-for-me", { hasText: "Ask @郭敏 when" });
    await mine.locator(".mention-me").waitFor();
    expect(await lin.page.locator(".entry-for-me").count()).toBe(0);
  });

  it("answers: by keyboard at a desk, by a long press on a phone; the quoted words lead back", async () => {
    await lin.page.getByRole("region", { name: "Messages and cards" }).focus();
    await entry(lin, "38 码快断了").focus();
    await lin.page.keyboard.press("r");
    await lin.page.getByText("Reply to 郭敏").waitFor();
    expect(await violations(lin)).toEqual([]);
    await lin.page.keyboard.type("I see it");
    await lin.page.keyboard.press("Enter");
    const answer = entry(guo, "I see it");
    await answer.locator(".quote", { hasText: "38 码快断了" }).click();
    await guo.page.locator(".entry-found", { hasText: "38 码快断了" }).waitFor();

    // The buttons are not there because of where a mouse was left.
    await guo.page.mouse.move(1, 1);
    const again = answer.getByRole("button", { name: "回复", exact: true });
    await again.waitFor({ state: "detached" });
    const box = (await answer.locator(".message-text").boundingBox())!;
    const touch = await guo.context.newCDPSession(guo.page);
    const point = { x: box.x + 10, y: box.y + 8 };
    await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [point] });
    await again.waitFor();
    await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    await again.click();
    await guo.page.getByText("回复 林静").waitFor();
    await guo.page.getByRole("button", { name: "取消" }).click();
  });

  it("opens the answers to a message beside the group, and answers it there", async () => {
    await entry(lin, "I see it").focus();
    await lin.page.keyboard.press("r");
    await lin.page.keyboard.type("So twelve pairs?");
    await lin.page.keyboard.press("Enter");
    await entry(guo, "So twelve pairs?").waitFor();
    await entry(guo, "I see it").getByRole("button", { name: "1 条回复" }).click();
    const sheet = guo.page.getByRole("dialog", { name: "回复" });
    await sheet.getByText("So twelve pairs?").waitFor();
    expect(await violations(guo)).toEqual([]);
    await sheet.getByLabel("回复这条消息").fill("对，十二双");
    await sheet.getByRole("button", { name: "发送" }).click();
    await entry(lin, "对，十二双").locator(".quote", { hasText: "I see it" }).waitFor();
    await entry(lin, "I see it").getByRole("button", { name: "2 answers" }).waitFor();
    await guo.page.getByRole("button", { name: "关闭" }).click();
    await sheet.waitFor({ state: "detached" });
  });

  it("changes what one said, and takes it back, for everybody; the words leave the quotes too", async () => {
    await field(guo).focus();
    await entry(guo, "38 码快断了").focus();
    await guo.page.keyboard.press("e");
    await field(guo).fill("37 码快断了");
    await guo.page.getByRole("button", { name: "保存" }).click();
    await entry(lin, "37 码快断了").getByText("(edited").waitFor();
    await entry(lin, "I see it").locator(".quote", { hasText: "37 码快断了" }).waitFor();

    await entry(lin, "37 码快断了").hover();
    expect(await entry(lin, "37 码快断了").getByRole("button", { name: "Delete" }).count()).toBe(0);
    await entry(guo, "37 码快断了").focus();
    await guo.page.keyboard.press("Delete");
    await guo.page.getByRole("alertdialog").waitFor();
    expect(await violations(guo)).toEqual([]);
    await guo.page.getByRole("alertdialog").getByRole("button", { name: "删除" }).click();
    await lin.page.getByText("This message was deleted.").first().waitFor();
    await expect.poll(() => lin.page.getByText("37 码快断了").count()).toBe(0);
    expect(await entry(lin, "I see it").locator(".quote").textContent()).toContain(
      "This message was deleted.",
    );
  });

  it("talks about a card in its thread, beside the group", async () => {
    await lin.page.locator("article.card").getByRole("button", { name: "Discuss this card" }).click();
    const thread = lin.page.getByRole("dialog", { name: "Thread" });
    await thread.getByText("Nothing has been said about this card yet.").waitFor();
    expect(await violations(lin)).toEqual([]);
    await thread.getByLabel("Message in this thread").fill("Twelve pairs are many");
    await lin.page.keyboard.press("Enter");
    await thread.getByText("Twelve pairs are many").waitFor();
    await guo.page
      .locator("article.card")
      .getByRole("button", { name: /这张卡片的讨论，1 条消息/ })
      .waitFor();
    await entry(guo, "Twelve pairs are many")
      .getByRole("button", { name: /^讨论：/ })
      .click();
    const sheet = guo.page.getByRole("dialog", { name: "讨论" });
    await sheet.getByText("Twelve pairs are many").waitFor();
    expect(await violations(guo)).toEqual([]);
    await sheet.getByLabel("在此讨论中发消息").fill("周末会卖完的");
    await sheet.getByRole("button", { name: "发送" }).click();
    await thread.getByText("周末会卖完的").waitFor();
    await guo.page.getByRole("button", { name: "关闭" }).click();
    await sheet.waitFor({ state: "detached" });
    await lin.page.keyboard.press("Escape");
    await thread.waitFor({ state: "detached" });
  });

  it("finds words and cards, and goes to a place that is not loaded yet", async () => {
    const say = (n: number): Promise<unknown> =>
      story.query(
        "brand:guo",
        `mutation ($g: ID!, $n: String!) { postMessage(groupId: $g, text: $n, key: $n) { message { id } } }`,
        { g: story.group, n: `第 ${n} 条` },
      );
    await write(guo, "货架图在这里");
    for (let n = 0; n < 130; n++) await say(n);
    await lin.page.reload();
    await entry(lin, "第 129 条").waitFor();
    expect(await lin.page.getByText("货架图在这里").count()).toBe(0);
    await lin.page.getByRole("region", { name: "Messages and cards" }).focus();
    await lin.page.keyboard.press("/");
    const search = lin.page.getByRole("dialog", { name: "Search" });
    await search.getByLabel("Words to look for").fill("架图");
    await search.getByRole("button", { name: /货架图在这里/ }).click();
    await lin.page.locator(".entry-found", { hasText: "货架图在这里" }).waitFor();
    await lin.page.getByText("第 5 条", { exact: true }).waitFor();
    expect(await violations(lin)).toEqual([]);

    await search.getByLabel("Words to look for").fill("nappa loafer");
    await search.getByRole("button", { name: /^Card/ }).click();
    await lin.page.locator(".entry-found article.card").waitFor();
    await search.getByLabel("All groups").check();
    await search.getByText("1 found").waitFor();
    await lin.page.keyboard.press("Escape");
  });

  it("keeps what is changed without a connection, and does it once when there is one", async () => {
    await write(lin, "I come at noon");
    await lin.context.setOffline(true);
    await story.stopGateway();
    await lin.page.getByText("No connection.").waitFor();
    await entry(lin, "I come at noon").focus();
    await lin.page.keyboard.press("e");
    await field(lin).fill("I come at one");
    await lin.page.keyboard.press("Enter");
    await entry(lin, "I come at one").getByText("(being saved…)").waitFor();
    await story.startGateway();
    await lin.context.setOffline(false);
    await entry(guo, "I come at one").getByText("已编辑").waitFor();
    await entry(lin, "I come at one").getByText("(edited").waitFor();
    const { data } = await story.query(
      "mall:lin",
      `query ($g: ID!) { group(id: $g) { search(text: "I come at", kind: MESSAGE) { message { text revision } } } }`,
      { g: story.group },
    );
    expect(data.group.search).toEqual([{ message: { text: "I come at one", revision: 2 } }]);
  });

  it("has no fault in any page", () => {
    const real = (faults: readonly string[]): string[] =>
      faults.filter((fault) => !/ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|WebSocket connection/.test(fault));
    expect([...real(guo.faults), ...real(lin.faults)]).toEqual([]);
  });
});
