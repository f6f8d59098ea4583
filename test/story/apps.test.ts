// Apps: stock-alert, and one that is added by adding its folder.
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SCHEMA_DIR, startStory, type Story } from "../support/story.ts";

let story: Story;
let schemaDir: string;

/** An app that nobody of the gateway has ever heard of: it thanks whoever decided. */
const THANKS: Record<string, string> = {
  "app.yaml": `name: thanks
cards:
  note: { summary: "\${t('note.summary', id: id)}" }
rules:
  - { when: RestockOrder.UPDATED, card: note, if: status == 'REJECTED', as: guide, to: [guide] }
`,
  "cards/note.graphql": "fragment Note on RestockOrder { id status reason }",
  "cards/note.json": JSON.stringify({
    type: "AdaptiveCard",
    version: "1.5",
    body: [{ type: "TextBlock", wrap: true, text: "${t('note.text', reason: show(reason))}" }],
  }),
  "messages/en.json": JSON.stringify({
    "note.summary": "About {id}",
    "note.text": "It was not possible: {reason}",
  }),
  "messages/zh-CN.json": JSON.stringify({ "note.summary": "关于 {id}", "note.text": "未能通过：{reason}" }),
};

beforeAll(async () => {
  schemaDir = await mkdtemp(join(tmpdir(), "junto-schema-"));
  await cp(SCHEMA_DIR, schemaDir, { recursive: true });
  const yaml = join(schemaDir, "supergraph.yaml");
  await writeFile(
    yaml,
    (await readFile(yaml, "utf8")).replaceAll("../subgraphs", join(SCHEMA_DIR, "../subgraphs")),
  );
  const app = join(schemaDir, "apps/thanks");
  for (const [file, text] of Object.entries(THANKS)) {
    await mkdir(join(app, file, ".."), { recursive: true });
    await writeFile(join(app, file), text);
  }
  const scenario = join(schemaDir, "scenarios/counter.yaml");
  await writeFile(
    scenario,
    (await readFile(scenario, "utf8")).replace(
      "apps: [restock, stock-alert]",
      "apps: [restock, stock-alert, thanks]",
    ),
  );
  // Of each size no more can be asked for than the supplier has.
  const form = join(schemaDir, "apps/restock/forms/submit.json");
  const limited = JSON.parse(await readFile(form, "utf8")) as { body: object[] };
  limited.body[1] = {
    type: "Container",
    $data: "${products}",
    items: [
      {
        $data: "${skus}",
        type: "Input.Number",
        id: "lines.${id}.pairs",
        label: "${show(size)}",
        min: 1,
        max: "${onHand}",
      },
    ],
  };
  await writeFile(form, JSON.stringify(limited));
  story = await startStory({ config: { schemaDir } });
});
afterAll(async () => {
  await story?.close();
  await rm(schemaDir, { recursive: true, force: true });
});

const ACT = `mutation ($g: ID!, $verb: String!, $input: JSON!, $key: String!, $card: ID, $seen: Int) {
  act(groupId: $g, verb: $verb, input: $input, key: $key, cardId: $card, seen: $seen) { action { id } userErrors { field code } } }`;

describe("an app that is added as a folder", () => {
  it("posts its card by its rule, in both languages, without a change of the gateway", async () => {
    const manager = story.feed("mall:lin");
    const guide = story.feed("brand:guo");
    await story.query("brand:guo", ACT, {
      g: story.group,
      verb: "restock.submit",
      key: "a",
      input: { lines: [{ skuId: "BL2481-38", pairs: 5 }] },
    });
    const { card } = await manager.next(
      (event) => event.__typename === "CardPosted" && event.card.type === "restock.order",
    );
    const { data } = await story.query("mall:lin", ACT, {
      g: story.group,
      verb: "restock.reject",
      key: "b",
      card: card.id,
      seen: card.revision,
      input: { reason: "no room left" },
    });
    expect(data.act.userErrors).toEqual([]);
    const thanks = (
      await guide.next((event) => event.__typename === "CardPosted" && event.card.type === "thanks.note")
    ).card;
    expect(thanks.to).toEqual(["guide"]);
    const shown = await story.query(
      "brand:guo",
      `query ($g: ID!, $c: ID!) { group(id: $g) { card(id: $c) { en: adaptiveCard zh: adaptiveCard(locale: zh_CN) template { ref body } } } }`,
      { g: story.group, c: thanks.id },
    );
    expect(JSON.stringify(shown.data.group.card.en)).toContain("It was not possible: no room left");
    expect(JSON.stringify(shown.data.group.card.zh)).toContain("未能通过：no room left");
    manager.close();
    guide.close();
  });
});

describe("a form of the group whose limits are made of its data", () => {
  let asked = 0;
  const ask = async (pairs: number): Promise<unknown> => {
    const { data } = await story.query("brand:guo", ACT, {
      g: story.group,
      verb: "restock.submit",
      key: `limited ${++asked}`,
      input: { "lines.BL2481-37.pairs": String(pairs) },
    });
    return data.act.userErrors;
  };
  const TOO_MANY = [{ field: ["lines", "BL2481-37", "pairs"], code: "OUT_OF_RANGE" }];

  it("is held to them by the gateway, as they are at that moment", async () => {
    await story.clerkSaves("BL2481-37", 10);
    await expect.poll(() => ask(11)).toEqual(TOO_MANY);
    expect(await ask(10)).toEqual([]);
    await story.clerkSaves("BL2481-37", 20);
    await expect.poll(() => ask(11)).toEqual([]);
    expect(await ask(21)).toEqual(TOO_MANY);
    expect(await ask(0)).toEqual(TOO_MANY);
  });

  it("I9: is held to what is there while a system does not answer", async () => {
    await story.stopBrand();
    expect(await ask(21)).toEqual([]);
    expect(await ask(0)).toEqual(TOO_MANY);
    await story.startBrand();
    await expect.poll(() => ask(21)).toEqual(TOO_MANY);
  });
});

describe("stock-alert", () => {
  it("posts when the stock falls under what the counter sells in the lead time, and closes when it does not any more", async () => {
    const buyer = story.feed("brand:chen");
    const { data } = await story.query(
      "brand:chen",
      `{ counter(id: "017") { products { id stock soldPerDay leadDays skus { id onHand } } } }`,
      {},
      story.group,
    );
    const product = data.counter.products.find(
      (each: any) =>
        each.soldPerDay > 0 &&
        each.stock >= each.soldPerDay * each.leadDays &&
        each.skus.every(({ onHand }: any) => onHand !== null),
    );
    expect(product).toBeDefined();
    for (const { id } of product.skus) await story.clerkSaves(id, 0);
    const posted = (
      await buyer.next(
        (event) =>
          event.__typename === "CardPosted" &&
          event.card.type === "stock-alert.low" &&
          event.card.about.key.id === product.id,
      )
    ).card;
    expect(posted.to).toEqual(["buyer", "guide"]);
    expect(posted.open).toBe(true);
    await story.clerkSaves(product.skus[0].id, 500);
    const closed = (await buyer.next((event) => event.card?.id === posted.id && event.card.open === false))
      .card;
    expect(closed.data.stock).toBe(500);
    expect(closed.actions).toEqual([]);
    buyer.close();
  });
});
