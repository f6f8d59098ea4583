// What an organization shares, in the web client: its administrators stop and share, are asked and look back; everybody
// reads why an action is not theirs, and gets around by keyboard.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Browser } from "playwright-core";
import type { Story } from "../support/story.ts";
import { enter, mustRun, violations, visit, WHY_SKIPPED, type Visitor } from "./browser.ts";
import { startInBrowser, type InBrowser } from "./in-browser.ts";

describe.runIf(mustRun)(`sharing in the web client${WHY_SKIPPED}`, () => {
  let inBrowser: InBrowser | undefined;
  let story: Story;
  let browser: Browser;
  let lin: Visitor;
  let guo: Visitor;
  let other: string;

  beforeAll(async () => {
    inBrowser = await startInBrowser();
    ({ story, browser } = inBrowser);
    const feed = story.feed("mall:lin");
    await ask(
      "brand:guo",
      'act(groupId: $g, verb: "restock.submit", key: "first", input: { lines: [{ skuId: "BL2481-38", pairs: 12 }] }) { userErrors { code } }',
    );
    await feed.next((event) => event.__typename === "CardPosted");
    feed.close();
    other = (
      await ask(
        "mall:lin",
        'createGroup(input: { scenario: "counter", name: "Counter 018", subjectId: "018", key: "018" }) { group { id } }',
      )
    ).group.id;
    await ask(
      "mall:lin",
      `inviteOrganization(groupId: "${other}", organizationId: "brand") { invitation { id } }`,
    );
    const { url } = story.gateway;
    [lin, guo] = await Promise.all([
      visit(browser, url, { kind: "desktop", locale: "en-US" }),
      visit(browser, url, { kind: "phone", locale: "zh-CN", dark: true }),
    ]);
    await Promise.all([enter(lin, "林静"), enter(guo, "郭敏")]);
  });
  afterAll(async () => {
    await inBrowser?.close();
  });

  async function ask(person: string, call: string): Promise<any> {
    const uses = call.includes("$g");
    const query = `mutation${uses ? " ($g: ID!)" : ""} { it: ${call} }`;
    return (await story.query(person, query, uses ? { g: story.group } : {})).data.it;
  }
  const granted = async (): Promise<string[]> => {
    const { data } = await story.query(
      "mall:lin",
      "{ grants(inForce: true, first: 100) { grants { policy role } } }",
    );
    return data.grants.grants.map(({ policy, role }: any) => `${policy} ${role}`);
  };

  it("says in the place of a button for whom an action is, on a card and in the menu", async () => {
    // The card is for the manager and the buyer: to her it is a line.
    await guo.page.getByText("批准和驳回：由江畔百货的楼层主管操作").waitFor();
    expect(await guo.page.getByRole("button", { name: "批准" }).count()).toBe(0);
    await lin.page.getByRole("button", { name: "Begin something" }).click();
    const item = lin.page.getByRole("menuitem", {
      name: "Ask for a restock for Shop guide of Aurora Footwear",
    });
    await item.waitFor();
    expect(await item.getAttribute("aria-disabled")).toBe("true");
    // By keyboard one comes to it all the same, and hears why.
    await lin.page.keyboard.press("ArrowDown");
    await expect.poll(() => item.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await violations(lin)).toEqual([]);
    await lin.page.keyboard.press("Escape");
    expect(await violations(guo)).toEqual([]);
  });

  it("takes one to a page, a group or an action by a few letters", async () => {
    const { page } = lin;
    const go = async (letters: string): Promise<void> => {
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox", { name: "Go to" }).pressSequentially(letters);
    };
    await go("gm");
    await page.getByRole("option", { name: "郭敏 Aurora Footwear · Counter 017" }).waitFor();
    expect(await violations(lin)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await go("whatshare");
    await page.getByRole("option", { name: /What we share/ }).waitFor();
    await page.keyboard.press("Enter");
    const heading = page.getByRole("heading", { name: "Sharing" });
    await expect.poll(() => heading.evaluate((element) => element === document.activeElement)).toBe(true);
    await expect.poll(() => page.title()).toBe("(1) Sharing · Junto"); // a card waits
  });

  it("stops sharing with one click, on open screens too, and shares again with another", async () => {
    const { page } = lin;
    await guo.page.getByText("¥809", { exact: true }).waitFor();
    await page
      .getByRole("button", { name: "Stop sharing Shelf prices with Shop guide in Counter 017" })
      .click();
    await page.getByText("Not shared any more").waitFor();
    await guo.page.getByText("江畔百货未共享").first().waitFor();
    expect(await granted()).not.toContain("mall.price guide");
    expect(await violations(lin)).toEqual([]);
    await page
      .getByRole("button", { name: "Share again: Shelf prices with Shop guide in Counter 017" })
      .click();
    await guo.page.getByText("¥809", { exact: true }).waitFor();
    expect(await granted()).toContain("mall.price guide");
    await page.getByText("Not shared any more").waitFor({ state: "detached" });
  });

  it("asks once more before everything of a policy, and keeps to the filter", async () => {
    const { page } = lin;
    await page.getByText("By what is shared").click();
    await page.getByRole("searchbox", { name: "Filter" }).fill("sales");
    const sales = page.getByRole("region", { name: "Sales" });
    await sales.getByRole("button", { name: "Stop all" }).click();
    const dialog = page.getByRole("alertdialog");
    await dialog.getByText("2 grants are taken back at once").waitFor();
    expect(await violations(lin)).toEqual([]);
    await dialog.getByRole("button", { name: "Cancel" }).click();
    expect(await granted()).toContain("mall.sales buyer");
    await sales.getByRole("button", { name: "Stop all" }).click();
    await dialog.getByRole("button", { name: "Stop all" }).click();
    await expect.poll(() => sales.getByText("Not shared any more").count()).toBe(2);
    expect((await granted()).filter((grant) => grant.startsWith("mall.sales"))).toEqual([]);
    expect(await granted()).toContain("mall.price guide");
  });

  it("shares what is asked for and open, one by one or all of it until a day", async () => {
    const { page } = lin;
    await page.getByRole("link", { name: "Asked of us" }).click();
    const counter = page.getByRole("region", { name: "Counter 017" });
    await counter.getByRole("button", { name: "Share Sales with Shop guide in Counter 017" }).click();
    await expect.poll(granted).toContain("mall.sales guide");
    await expect.poll(() => counter.getByText("To ask for what sells.").count()).toBe(1);
    await counter.getByLabel("Until").fill("2099-01-31");
    await counter.getByRole("button", { name: "Share it" }).click();
    await counter.waitFor({ state: "detached" });
    const { data } = await story.query(
      "mall:lin",
      `{ grants(policy: "mall.sales", role: "buyer", inForce: true) { grants { until } } }`,
    );
    expect(data.grants.grants).toEqual([{ until: "2099-01-31T15:59:59.999Z" }]);
  });

  it("takes an organization into a group with its people and what it chooses to share", async () => {
    const chen = await visit(browser, story.gateway.url, { kind: "desktop", locale: "en-US" });
    await enter(chen, "陈曦");
    const { page } = chen;
    await page.getByRole("link", { name: "Sharing" }).click();
    await page.getByRole("link", { name: "Asked of us" }).click();
    const invitation = page.getByRole("region", { name: "Invitation to Counter 018" });
    await invitation.getByRole("checkbox").first().waitFor();
    for (const box of await invitation
      .getByRole("checkbox", { name: /Purchase orders|purchase orders/ })
      .all())
      await box.uncheck();
    await invitation.getByLabel("Person").fill("郭");
    await page.getByRole("option", { name: /郭敏/ }).click();
    await invitation.getByText("郭敏").waitFor();
    expect(await violations(chen)).toEqual([]);
    await invitation.getByRole("button", { name: "Come in" }).click();
    await invitation.waitFor({ state: "detached" });
    const { data } = await story.query(
      "mall:lin",
      "query ($g: ID!) { group(id: $g) { members { person { id } role } grants { policy organization { id } } } }",
      { g: other },
    );
    expect(data.group.members).toContainEqual({ person: { id: "brand:guo" }, role: "guide" });
    expect(new Set(data.group.grants.map(({ policy }: any) => policy))).toEqual(
      new Set(["brand.catalog", "brand.price"]),
    );
    expect(chen.faults).toEqual([]);
    await chen.context.close();
  });

  it("tells who was given what in plain words, and finds it again", async () => {
    const { page } = lin;
    await page.getByRole("link", { name: "Access log" }).click();
    const line = page
      .getByRole("listitem")
      .filter({ hasText: /Aurora Footwear.*Shelf prices.*in Counter 017/ });
    await line.first().waitFor();
    await page.getByText("Filter", { exact: true }).click();
    // By name; the id is what is looked for.
    const person = page.getByRole("combobox", { name: "Person" });
    const suggested = page.locator(`datalist[id="${await person.getAttribute("list")}"] option`);
    expect(await suggested.filter({ hasText: "王强 · Harbour Supply" }).getAttribute("value")).toBe(
      "supplier:wang",
    );
    await page.getByLabel("Of which organization").selectOption("supplier");
    await page.getByRole("button", { name: "Look", exact: true }).click();
    await line.first().waitFor({ state: "detached" });
    await page
      .getByRole("listitem")
      .filter({ hasText: /Harbour Supply/ })
      .first()
      .waitFor();
    await page.getByText(/Newest line/).click();
    expect(await page.locator(".hash").textContent()).toMatch(/^[0-9a-f]{64}$/);
    expect(await violations(lin)).toEqual([]);
  });

  it("goes through lists by j and k, into an entry by Enter and out by Esc", async () => {
    const { page } = lin;
    await page.getByRole("link", { name: "What we share" }).click();
    await page
      .getByRole("button", { name: /^Stop sharing/ })
      .first()
      .waitFor();
    await page.getByRole("region", { name: "What we share" }).focus();
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
    await page.keyboard.press("j");
    const first = await focused();
    await page.keyboard.press("j");
    expect(await focused()).not.toBe(first);
    await page.keyboard.press("k");
    expect(await focused()).toBe(first);
    await page.keyboard.press("Enter");
    expect(await focused()).toBe("Stop");
    await page.keyboard.press("Escape");
    expect(await focused()).toBe(first);
  });

  it("tells who is no administrator whom to ask", async () => {
    await guo.page.evaluate(() => (location.hash = "#/sharing"));
    await guo.page.getByText("曙光鞋业的共享由其管理员管理。").waitFor();
    expect(await violations(guo)).toEqual([]);
    await guo.page.goBack();
  });

  it("adds and removes one's own people in a group, and says who does it to everybody else", async () => {
    await story.query("mall:zhao", "{ me { id } }"); // the gateway knows people from when they first signed in
    const { page } = lin;
    await page
      .getByRole("navigation", { name: "Groups" })
      .getByRole("link", { name: /Counter 017/ })
      .click();
    await page.getByRole("button", { name: /4 people/ }).click();
    const panel = page.getByRole("dialog", { name: "Members and sharing" });
    await panel.getByText("Shared with you, as Floor manager").first().waitFor();
    expect(await violations(lin)).toEqual([]);
    await panel.getByLabel("Person").fill("赵");
    await page.getByRole("option", { name: /赵磊/ }).click();
    await panel.getByRole("button", { name: "Add", exact: true }).click();
    await panel.getByRole("button", { name: "Remove 赵磊" }).click();
    await panel.getByRole("button", { name: "Remove 赵磊" }).waitFor({ state: "detached" });
    await guo.page.getByRole("button", { name: /4 人/ }).click();
    await guo.page.getByText("曙光鞋业的人员由其管理员或本群管理者添加和移除。").waitFor();
    await guo.page.getByText("其他组织由本群管理者邀请：楼层主管和买手。").waitFor();
    expect(await violations(guo)).toEqual([]);
  });

  it("has no fault in any page", () => {
    expect({ lin: lin.faults, guo: guo.faults }).toEqual({ lin: [], guo: [] });
  });
});
