// Cards and forms in a browser, with apps that the story does not have: a button next to what it acts upon, days and times in
// a form, and templates and data that mean harm.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Browser, Locator } from "playwright-core";
import { copySchemaFolder } from "../graph/folder.ts";
import type { Story } from "../support/story.ts";
import { enter, mustRun, violations, visit, WHY_SKIPPED, type Device, type Visitor } from "./browser.ts";
import { startInBrowser, type InBrowser } from "./in-browser.ts";

const PHONE: Device = { kind: "phone", locale: "en-US" };
const DESK: Device = { kind: "desktop", locale: "en-US" };

const EVIL = [
  "<img src=x onerror=evil()>",
  "<script>evil()</script>",
  "[win](javascript:evil())",
  "https://evil.example/a.png",
  "\u202egnp.live\u2069",
].join(" ");
/** A note of this kind is one address, for where a template takes it for one. */
const ADDRESS = "https://evil.example/a.png";

const block = (text: string, more: object = {}): object => ({ type: "TextBlock", text, wrap: true, ...more });
const card = (...body: object[]): string => JSON.stringify({ type: "AdaptiveCard", version: "1.5", body });

/** An app whose template puts data wherever it can stand; and one that has no end. */
const HOSTILE: Readonly<Record<string, string>> = {
  "app.yaml": `name: hostile
cards:
  everywhere: { summary: "\${note}" }
  endless: { summary: "Endless \${id}" }
rules:
  - { when: RestockOrder.CREATED, card: everywhere, if: exists(note), as: manager, to: [manager] }
  - { when: RestockOrder.CREATED, card: endless, if: exists(note), as: manager, to: [manager] }
`,
  "cards/everywhere.graphql": "fragment Everywhere on RestockOrder { id note lines { pairs } }",
  "cards/everywhere.json": card(
    block("${note}"),
    block("**${note}**", { style: "heading" }),
    { type: "RichTextBlock", inlines: ["${note}", { type: "TextRun", text: "${note}" }] },
    { type: "FactSet", facts: [{ title: "${note}", value: "${note}" }] },
    { type: "Image", url: "${note}", altText: "${note}" },
    { type: "Container", items: [block("in a box")], backgroundImage: "${note}" },
    { type: "ColumnSet", columns: [{ width: "${note}", items: [block("in a column")] }] },
    { type: "ActionSet", actions: [{ type: "Action.OpenUrl", title: "${note}", url: "${note}" }] },
    {
      type: "Chart.Bars",
      title: "${note}",
      text: "${note}",
      bars: [{ $data: "${lines}", at: "${$root.note}", value: "${pairs}", text: "${$root.note}" }],
      fallback: block("no chart"),
    },
    {
      type: "Chart.Bullet",
      title: "${note}",
      measures: [{ title: "${note}", text: "${note}", value: 3 }],
      fallback: block("no chart"),
    },
    block("the end"),
  ),
  "cards/endless.graphql": "fragment Endless on RestockOrder { id note lines { pairs } }",
  "cards/endless.json": card(
    ["a", "b", "c", "d", "e", "f", "g", "h"].reduce<object>(
      (items) => ({ type: "Container", $data: "${$root.lines}", items: [items] }),
      block("${pairs}", { $data: "${$root.lines}" }),
    ),
  ),
  "messages/en.json": "{}",
  "messages/zh-CN.json": "{}",
};

describe.runIf(mustRun)(`cards in a browser${WHY_SKIPPED}`, () => {
  let dir: string;
  let inBrowser: InBrowser | undefined;
  let story: Story;
  let browser: Browser;
  let visitors: Visitor[];

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "junto-cards-"));
    const { schemaDir, edit } = await copySchemaFolder(dir);
    for (const [file, text] of Object.entries(HOSTILE)) {
      await mkdir(join(schemaDir, "apps/hostile", file, ".."), { recursive: true });
      await writeFile(join(schemaDir, "apps/hostile", file), text);
    }
    await edit("scenarios/counter.yaml", (yaml) =>
      yaml.replace("apps: [restock, stock-alert]", "apps: [restock, stock-alert, hostile]"),
    );
    // While a test holds the mall's system up, nobody gives up on it.
    await edit("supergraph.yaml", (yaml) =>
      yaml.replace("  mall:\n    title", "  mall:\n    deadline: 60000\n    title"),
    );
    await edit("apps/restock/forms/reject.json", () =>
      card({
        type: "Input.Date",
        id: "reason",
        label: "Not before",
        min: "2026-12-01",
        max: "2026-12-24",
        isRequired: true,
        errorMessage: "Say from when on.",
      }),
    );
    await edit("apps/stock-alert/forms/restock.json", (json) => {
      const form = JSON.parse(json) as { body: { id?: string }[] };
      const time = { type: "Input.Time", id: "note", label: "From", min: "09:00", max: "18:30" };
      return JSON.stringify({ ...form, body: form.body.map((each) => (each.id === "note" ? time : each)) });
    });
    inBrowser = await startInBrowser({ schemaDir });
    ({ story, browser } = inBrowser);
  });
  afterAll(async () => {
    await inBrowser?.close();
    await rm(dir, { recursive: true, force: true });
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
  const cardOf = ({ page }: Visitor, id: string): Locator => page.locator(`article[data-card="${id}"]`);

  /** Scrolls, a screen at a time, to where the card is: what is far from the screen is not drawn. */
  async function reach({ page }: Visitor, card: Locator): Promise<void> {
    const timeline = page.locator("[data-timeline]");
    await expect
      .poll(async () => {
        if ((await card.count()) > 0) return true;
        await timeline.evaluate((area) => {
          const isAtEnd = area.scrollTop + area.clientHeight >= area.scrollHeight - 1;
          area.scrollTo(0, isAtEnd ? 0 : area.scrollTop + area.clientHeight);
        });
        return false;
      })
      .toBe(true);
  }

  let orders = 0;
  /** The guide asks for shoes. @returns the cards by their types, as the manager gets them */
  async function order(note: string | null, types: readonly string[]): Promise<Record<string, string>> {
    const feed = story.feed("mall:lin");
    const key = `order ${++orders}`;
    const lines = ["36", "37", "38", "39"].map((size) => ({ skuId: `BL2481-${size}`, pairs: 1 + orders }));
    await story.query(
      "brand:guo",
      `mutation ($group: ID!, $input: JSON!, $key: String!) { act(groupId: $group, verb: "restock.submit", key: $key, input: $input) { action { id } } }`,
      { group: story.group, key, input: { lines, note } },
    );
    const found: Record<string, string> = {};
    for (const type of types) {
      const isIt = ({ __typename, card: posted }: any): boolean =>
        __typename === "CardPosted" && posted.type === type && posted.data.note === note;
      found[type] = (await feed.next(isIt)).card.id;
    }
    feed.close();
    return found;
  }

  describe("the button of an action in a card", () => {
    let low: string;
    let sku: string;
    beforeAll(async () => {
      const feed = story.feed("brand:chen");
      const query = `{ counter(id: "017") { products(first: 1) { id skus { id } } } }`;
      const { data } = await story.query("brand:chen", query, {}, story.group);
      const [product] = data.counter.products;
      sku = product.skus[0].id;
      for (const { id } of product.skus) await story.clerkSaves(id, 0);
      const posted = await feed.next(({ card: found }) => found?.about?.key.id === product.id && found.open);
      low = posted.card.id;
      feed.close();
    });

    it("stands next to what it acts upon and nowhere else, and says how it goes: under way, failed, done", async () => {
      const guo = await come("郭敏", PHONE);
      const shown = cardOf(guo, low);
      const button = shown.getByRole("button", { name: "Ask for a restock", exact: true });
      await shown
        .locator(".card-body .ac-actions")
        .getByRole("button", { name: "Ask for a restock" })
        .waitFor();
      expect(await button.count()).toBe(1);
      expect(await violations(guo)).toEqual([]);
      const send = async (): Promise<void> => {
        const cell = guo.page.locator(`input[name="lines.${sku}.pairs"]`);
        await cell.fill("6");
        await guo.page.getByRole("dialog").getByRole("button", { name: "Send" }).click();
        await cell.waitFor({ state: "detached" });
      };

      // The mall's system breaks off.
      await story.erp.query(
        `create function no() returns trigger language plpgsql as $$ begin raise 'no'; end $$`,
      );
      await story.erp.query(
        `create trigger no before insert on "T_RPL_H" for each row execute function no()`,
      );
      await button.click();
      await send();
      await shown.getByText("Ask for a restock could not be carried out.").waitFor();
      await story.erp.query(`drop trigger no on "T_RPL_H"`);

      // It takes its time.
      await story.erp.query("begin");
      await story.erp.query(`lock table "T_RPL_H" in exclusive mode`);
      await shown.getByRole("button", { name: "Try again" }).click();
      await send();
      await shown.getByText("Ask for a restock: under way…").waitFor();
      expect(await button.isDisabled()).toBe(true);
      expect(await shown.getByText("could not be carried out").count()).toBe(0);
      await story.erp.query("commit");
      await shown.getByText(/^Ask for a restock: done · 郭敏, Aurora Footwear/).waitFor();
      expect(await button.isEnabled()).toBe(true);
      expect(guo.faults).toEqual([]);
    });

    it("is no button for who may not press it, and the reason stands below", async () => {
      const wang = await come("王强", DESK);
      const line = wang.page.locator(".aside > summary", { hasText: "Running low" });
      const lines = wang.page.locator(".asides:not([open]) > summary");
      await line.or(lines).first().waitFor();
      if ((await lines.count()) > 0) await lines.first().click();
      await line.click();
      const shown = cardOf(wang, low);
      await shown.locator(".card-closed", { hasText: "Ask for a restock" }).waitFor();
      expect(await shown.getByRole("button", { name: "Ask for a restock" }).count()).toBe(0);
    });

    it("has a form with a time of day, which is held to its limits where it stands", async () => {
      const guo = await come("郭敏", PHONE);
      await cardOf(guo, low).getByRole("button", { name: "Ask for a restock", exact: true }).click();
      const time = guo.page.getByLabel("From");
      expect(await time.getAttribute("type")).toBe("time");
      await guo.page.locator(`input[name="lines.${sku}.pairs"]`).fill("4");
      const send = guo.page.getByRole("dialog").getByRole("button", { name: "Send" });
      for (const [typed, said] of [
        ["08:59", "From 09:00 to 18:30."],
        ["18:31", "From 09:00 to 18:30."],
      ] as const) {
        await time.fill(typed);
        await send.click();
        await guo.page.getByText(said).waitFor();
        expect(await time.getAttribute("aria-invalid")).toBe("true");
      }
      expect(await violations(guo)).toEqual([]);
      await time.fill("18:30");
      const feed = story.feed("mall:lin");
      await send.click();
      // The schema has a text there: it comes as the browser gives it.
      await feed.next((event) => event.card?.type === "restock.order" && event.card.data.note === "18:30");
      feed.close();
      expect(guo.faults).toEqual([]);
    });
  });

  it("a day in a form is chosen within its limits, may be needed, and is kept over a reload", async () => {
    const { "restock.order": id } = await order(null, ["restock.order"]);
    const lin = await come("林静", DESK);
    const shown = cardOf(lin, id!);
    await shown.getByRole("button", { name: "Reject" }).click();
    const day = lin.page.getByLabel("Not before");
    expect([
      await day.getAttribute("type"),
      await day.getAttribute("min"),
      await day.getAttribute("max"),
    ]).toEqual(["date", "2026-12-01", "2026-12-24"]);
    const send = lin.page.getByRole("dialog").getByRole("button", { name: "Send" });
    await send.click();
    await lin.page.getByText("Say from when on.").waitFor();
    for (const typed of ["2026-11-30", "2026-12-25", "12026-12-05"]) {
      await day.fill("");
      await day.evaluate((input, value) => {
        // As one types it: a picker would not give it.
        const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")!.set!;
        set.call(input, value);
        input.dispatchEvent(new Event("input", { bubbles: true }));
      }, typed);
      await send.click();
      await lin.page.getByText("From Dec 1, 2026 to Dec 24, 2026.").waitFor();
    }
    expect(await violations(lin)).toEqual([]);
    await day.fill("2026-12-24");
    await lin.page.reload();
    await shown.getByRole("button", { name: "Reject" }).click();
    expect(await day.inputValue()).toBe("2026-12-24");
    await send.click();
    await shown.getByText("2026-12-24").waitFor();
    expect(lin.faults).toEqual([]);
  });

  it.each([
    ["words", EVIL],
    ["an address", ADDRESS],
  ])("what means harm runs nothing, loads nothing, and leaves the page alive: %s", async (_, note) => {
    const lin = await visit(browser, story.gateway.url, DESK);
    visitors.push(lin);
    const asked: string[] = [];
    lin.page.on("request", (request) => asked.push(request.url()));
    lin.page.on("dialog", (dialog) => {
      lin.faults.push(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await lin.page.exposeFunction("evil", () => void lin.faults.push("it ran"));
    await enter(lin, "林静");
    const cards = await order(note, ["hostile.everywhere", "hostile.endless", "restock.order"]);
    const everywhere = cardOf(lin, cards["hostile.everywhere"]!);
    await reach(lin, everywhere);
    await everywhere.getByText("the end").waitFor();
    expect(await everywhere.getByText(note.slice(0, 20)).count()).toBeGreaterThan(5);
    expect(await everywhere.locator("script, iframe, object, embed").count()).toBe(0);
    // A link of a card says where it leads, and is followed by nobody but a person.
    const links = await everywhere.locator("a").evaluateAll((all) => all.map((a) => a.getAttribute("href")));
    expect(links).toEqual(note === ADDRESS ? [ADDRESS] : []);
    expect(await everywhere.locator("img").count()).toBe(0);

    const endless = cardOf(lin, cards["hostile.endless"]!);
    await reach(lin, endless);
    await endless.getByText("This card cannot be drawn here.").waitFor();
    expect(await violations(lin)).toEqual([]);

    // The page goes on: it takes a click, and what others say.
    await lin.page.getByLabel("Message to Counter 017").fill(note);
    await lin.page.getByRole("button", { name: "Send" }).click();
    await lin.page
      .locator(".message-text", { hasText: note.slice(0, 20) })
      .last()
      .waitFor();
    const plain = cardOf(lin, cards["restock.order"]!);
    await reach(lin, plain);
    await plain.getByRole("button", { name: "Approve" }).click();
    await plain.getByText(/^Approve: done/).waitFor();
    expect(
      asked.filter((url) => !/^(https?|ws):\/\/127\.0\.0\.1:\d+\//.test(url) && !url.startsWith("blob:")),
    ).toEqual([]);
    expect(lin.faults).toEqual([]);
  });
});
