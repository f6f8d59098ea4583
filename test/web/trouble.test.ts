// The web client when something gets in the way: an update while one types, a click on what is no longer so, a gateway
// that goes away, a right that is taken back.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Browser, WebSocketRoute } from "playwright-core";
import type { Story } from "../support/story.ts";
import { enter, mustRun, violations, visit, WHY_SKIPPED, type Device, type Visitor } from "./browser.ts";
import { startInBrowser, type InBrowser } from "./in-browser.ts";

const PHONE: Device = { kind: "phone", locale: "en-US" };
const DESK: Device = { kind: "desktop", locale: "en-US" };

describe.runIf(mustRun)(`the web client${WHY_SKIPPED}`, () => {
  let inBrowser: InBrowser | undefined;
  let story: Story;
  let browser: Browser;
  let visitors: Visitor[];
  let orders = 0;

  beforeAll(async () => {
    inBrowser = await startInBrowser();
    ({ story, browser } = inBrowser);
  });
  afterAll(async () => {
    await inBrowser?.close();
  });
  beforeEach(() => (visitors = []));
  afterEach(async () => {
    for (const { context } of visitors) await context.close();
  });

  async function come(name: string, device: Device): Promise<Visitor> {
    const visitor = await visit(browser, story.gateway.url, device);
    visitors.push(visitor);
    await enter(visitor, name);
    return visitor;
  }

  /** The guide asks for shoes: a new card, the last one. */
  async function order(): Promise<string> {
    const feed = story.feed("mall:lin");
    const key = `order ${++orders}`;
    await story.query(
      "brand:guo",
      `mutation ($group: ID!, $key: String!) { act(groupId: $group, verb: "restock.submit", key: $key,
         input: { lines: [{ skuId: "BL2481-38", pairs: 12 }], note: "${key}" }) { action { id } } }`,
      { group: story.group, key },
    );
    const posted = await feed.next((event) => event.card?.data?.note === key);
    feed.close();
    return posted.card.id;
  }

  const cardOf = ({ page }: Visitor, id: string) => page.locator(`article[data-card="${id}"]`);

  it("keeps what one types while the card changes, and when the page is loaded again", async () => {
    const id = await order();
    const lin = await come("林静", PHONE);
    await cardOf(lin, id).getByRole("button", { name: "Reject" }).click();
    const reason = lin.page.getByRole("dialog").getByRole("textbox");
    await reason.pressSequentially("Enough in ");
    await story.clerkSaves("BL2481-38", 41);
    await lin.page.getByText("The card changed while you were filling this in").waitFor();
    expect(await reason.evaluate((input) => input === document.activeElement)).toBe(true);
    await reason.pressSequentially("the back room");
    expect(await reason.inputValue()).toBe("Enough in the back room");

    await lin.page.reload();
    await cardOf(lin, id).getByRole("button", { name: "Reject" }).click();
    expect(await reason.inputValue()).toBe("Enough in the back room");
    await lin.page.getByRole("button", { name: "Send" }).last().click();
    await cardOf(lin, id).getByText("Enough in the back room").waitFor();
    await cardOf(lin, id)
      .getByText(/^Reject: done/)
      .waitFor();
    const kept = await lin.page.evaluate(() => JSON.stringify(localStorage));
    expect(kept).not.toContain("back room");
    expect(lin.faults).toEqual([]);
  });

  it("I7: does nothing with a click on what has changed meanwhile, says so, and shows how it is now", async () => {
    const id = await order();
    const lin = await visit(browser, story.gateway.url, DESK);
    visitors.push(lin);
    // From some moment on this person's socket is slow: what the gateway says does not arrive.
    let isSlow = false;
    const held: (() => void)[] = [];
    await lin.page.routeWebSocket(/\/graphql$/, (socket: WebSocketRoute) => {
      const server = socket.connectToServer();
      server.onMessage((message) => {
        if (isSlow) held.push(() => socket.send(message));
        else socket.send(message);
      });
    });
    await enter(lin, "林静");
    const card = cardOf(lin, id);
    await card.getByRole("button", { name: "Approve" }).waitFor();
    isSlow = true;
    const feed = story.feed("brand:guo");
    await story.clerkSaves("BL2481-38", 52);
    await feed.next(
      (event) => event.card?.id === id && JSON.stringify(event.card.data).includes('"onHand":52'),
    );
    feed.close();
    expect(await card.locator(".ac-fact", { hasText: "At the supplier" }).textContent()).not.toContain("52");
    await card.getByRole("button", { name: "Approve" }).click();
    await card.getByText("Nothing was done: the card had changed before your click.").waitFor();
    await card.locator(".ac-fact", { hasText: "At the supplier" }).getByText("52").waitFor();
    await card.getByText("Waiting").waitFor();
    isSlow = false;
    for (const send of held) send();
    await card.getByRole("button", { name: "Approve" }).click();
    await card.getByText(/^Approve: done/).waitFor();
    expect(await card.getByText("Nothing was done").count()).toBe(0);
    expect(lin.faults).toEqual([]);
  });

  it("I5: goes on reading while the gateway is away, and sends and catches up when it is back", async () => {
    const [guo, lin] = await Promise.all([come("郭敏", PHONE), come("林静", DESK)]);
    await story.stopGateway();
    await guo.page.getByText("No connection.").waitFor();
    const words = "Sent while nobody could hear it";
    await guo.page.getByLabel("Message to Counter 017").fill(words);
    await guo.page.getByRole("button", { name: "Send" }).click();
    await guo.page.getByText(words).waitFor();
    await guo.page.getByText("1 waits to be sent").waitFor();
    await guo.page.reload().catch(() => undefined); // the page itself cannot be had now
    await story.startGateway();
    await guo.page.goto(story.gateway.url);
    await guo.page.getByRole("link", { name: /Counter 017/ }).click();
    for (const { page } of [guo, lin]) await page.getByText(words, { exact: true }).waitFor();
    await lin.page.getByText("No connection.").waitFor({ state: "detached" });
    const feed = story.feed("mall:lin");
    await story.query(
      "mall:lin",
      `mutation ($group: ID!) { postMessage(groupId: $group, text: "after", key: "after") { userErrors { code } } }`,
      { group: story.group },
    );
    await feed.next((event) => event.text === "after");
    expect(feed.events.filter((event) => event.text === words)).toHaveLength(1);
    feed.close();
  });

  it("I8: takes from an open screen what is no longer shared", async () => {
    const id = await order();
    const guo = await come("郭敏", PHONE);
    const card = cardOf(guo, id);
    await card.getByText("CN¥809").waitFor();
    const change = (name: "grant" | "withdraw") =>
      story.query(
        "mall:lin",
        `mutation ($group: ID!) { ${name}(groupId: $group, policy: "mall.price", role: "guide") { userErrors { code } } }`,
        { group: story.group },
      );
    const began = performance.now();
    await change("withdraw");
    // Nowhere in the page: not on other cards, not in what is read out.
    await guo.page.waitForFunction(() => !document.documentElement.outerHTML.includes("CN¥809"));
    expect(performance.now() - began).toBeLessThan(2_000);
    await card.getByText("not shared by Riverside Department Store").waitFor();
    await change("grant");
    await card.getByText("CN¥809").waitFor();
    expect(guo.faults).toEqual([]);
  });

  it("I9: says at each value which organization did not answer for it, and of the others where they come from", async () => {
    await story.stopBrand();
    const id = await order();
    const lin = await come("林静", PHONE);
    const card = cardOf(lin, id);
    await card.getByText("no answer from Aurora Footwear").first().waitFor();
    // Without the brand's names there are still the mall's prices and the supplier's stock.
    await card.getByText("CN¥809").waitFor();
    await card
      .getByRole("button", { name: /no answer from Aurora Footwear/ })
      .first()
      .click();
    const answer = lin.page.getByRole("dialog", { name: "Where this comes from" });
    await answer.getByText(/Aurora Footwear · IMS catalogue · did not answer/).waitFor();
    expect(await violations(lin)).toEqual([]);
    await lin.page.keyboard.press("Escape");
    await answer.waitFor({ state: "detached" });

    const mark = card.getByRole("button", {
      name: "CN¥809: where it comes from (Riverside Department Store)",
    });
    expect(await mark.count()).toBe(0);
    await card.locator("summary", { hasText: "Where this comes from" }).click();
    await mark.focus();
    await lin.page.keyboard.press("Enter");
    await answer.getByText(/Riverside Department Store · Retail ERP · answered \d\d:\d\d/).waitFor();
    await lin.page.keyboard.press("Escape");

    await story.startBrand();
    await card.getByText("no answer from Aurora Footwear").first().waitFor({ state: "detached" });
    await card.getByText("BL2481 · size 38").waitFor();
    expect(lin.faults).toEqual([]);
  });

  it("draws what sells, and marks and tells the day on which another pair was sold", async () => {
    const feed = story.feed("brand:chen");
    const { data } = await story.query(
      "brand:chen",
      `{ counter(id: "017") { products(first: 1) { id stock skus { id } } } }`,
      {},
      story.group,
    );
    const [product] = data.counter.products;
    for (const sku of product.skus) await story.clerkSaves(sku.id, 0);
    const low = await feed.next((event) => event.card?.about?.key.id === product.id && event.card.open);
    feed.close();
    const guo = await come("郭敏", PHONE);
    const card = cardOf(guo, low.card.id);
    const sold = card.getByText(/^\d+ pairs? in 28 days$/).first();
    const before = Number(/\d+/.exec((await sold.textContent())!)![0]);
    const bars = card.getByRole("img", { name: new RegExp(`Sales here\\. ${before} pairs in 28 days`) });
    await bars.waitFor();
    expect(await bars.locator(".chart-bar").count()).toBe(28);
    expect(await bars.evaluate((chart) => chart.getBoundingClientRect().right <= innerWidth)).toBe(true);

    const [, style, size] = /^(.+)-(.+)$/.exec(product.skus[0].id)!;
    await story.erp.query(
      `insert into "T_SLS_D" ("CNTR_ID", "SLS_DT", "PRD_ID", "SZ_CD", "QTY", "UNT_PRC", "AMT")
       values ('017', "F_NOW"()::date, $1, $2, 3, 1, 3)`,
      [style, size],
    );
    await card.getByText(`${before + 3} pairs in 28 days`, { exact: true }).waitFor();
    expect(await card.locator(".chart-changed").count()).toBe(1);
    const told = guo.page.locator("[aria-live=polite]", {
      hasText: /Sales here, \w+ \d+: \d+ pairs? → \d+ pairs/,
    });
    await told.waitFor({ state: "attached" });

    await card.getByText("As a table").click();
    expect(await card.getByRole("region", { name: "Sales here" }).getByRole("row").count()).toBe(28);
    expect(await violations(guo)).toEqual([]);
    expect(guo.faults).toEqual([]);
  });

  it("gets a new token when the old one is refused, and a sign-in when there is none", async () => {
    const lin = await come("林静", DESK);
    const spoil = (...names: string[]) =>
      lin.page.evaluate((spoiled) => {
        const session = JSON.parse(sessionStorage.getItem("junto:session")!) as Record<string, string>;
        for (const name of spoiled) session[name] = "spoiled";
        sessionStorage.setItem("junto:session", JSON.stringify(session));
      }, names);
    await spoil("accessToken");
    await lin.page.reload();
    await lin.page.getByRole("heading", { name: "Counter 017" }).waitFor();
    await lin.page.getByLabel("Message to Counter 017").fill("still here");
    await lin.page.getByRole("button", { name: "Send" }).click();
    await lin.page.getByRole("region").getByText("still here", { exact: true }).waitFor();
    await spoil("accessToken", "refreshToken");
    await lin.page.reload();
    await lin.page.getByRole("heading", { name: "Who are you?" }).waitFor();
    // Refusals are answered with 401 and 400, which the browser notes.
    expect(lin.faults.filter((fault) => !/status of 40[01]/.test(fault))).toEqual([]);
  });

  it("closes the group on an open screen of who is removed from it", async () => {
    const wang = await come("王强", DESK);
    const change = (mutation: string) =>
      story.query("supplier:wang", `mutation ($group: ID!) { ${mutation} { userErrors { code } } }`, {
        group: story.group,
      });
    const { data, errors } = await change(`left: removeMember(groupId: $group, personId: "supplier:wang")`);
    expect({ errors, left: data.left }).toEqual({ errors: undefined, left: { userErrors: [] } });
    await wang.page.getByText("You are not in this group").waitFor();
    expect(await wang.page.locator("article").count()).toBe(0);
    expect(wang.faults).toEqual([]);
  });
});
