// I1: values planted in every old system are in nothing that the gateway keeps or tells to others: its database, its log at
// debug level, its files, metrics, messages of errors, and the report that Node writes of a crash.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createBrandStaff } from "@junto/brand";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startStory, type Story } from "../support/story.ts";

// Each as its system holds it.
const CANARIES = {
  name: "Canary Loafer 58213",
  remark: "canary remark 77431",
  price: 86753091,
  stock: 986421,
};

const lines: string[] = [];
let story: Story;

beforeAll(async () => {
  story = await startStory({ log: { write: (line) => void lines.push(line) } });
});
afterAll(() => story?.close());

it("nothing of the organizations' data stays behind in the gateway", async () => {
  await story.erp.query(`update "T_PRC_SHLF" set "PRC_FEN" = $1 where trim("PRD_ID") = 'BL2481'`, [
    CANARIES.price,
  ]);
  await createBrandStaff({ wsdlUrl: story.brand.url }).updateItem("BL2481", { name: CANARIES.name });
  await story.clerkSaves("BL2481-38", CANARIES.stock);

  const manager = story.feed("mall:lin");
  await story.query(
    "brand:guo",
    `mutation ($g: ID!) { act(groupId: $g, verb: "restock.submit", key: "canary", input: { lines: [{ skuId: "BL2481-38", pairs: 12 }] }) { action { id } } }`,
    { g: story.group },
  );
  const isOrder = (event: any) => event.card?.type === "restock.order";
  // All of them came out on the card: what is looked for below was really under way.
  const { card } = await manager.next(
    (event) =>
      isOrder(event) &&
      event.card.data.lines[0].product.name === CANARIES.name &&
      event.card.data.lines[0].product.shelfPrice.minor === CANARIES.price &&
      event.card.data.lines[0].sku.onHand === CANARIES.stock,
  );
  await story.erp.query(`update "T_RPL_H" set "REMARK" = $1 where trim("RPL_NO") = $2`, [
    CANARIES.remark,
    card.data.id,
  ]);
  await manager.next((event) => isOrder(event) && event.card.data.note === CANARIES.remark);
  const errors: unknown[] = [];
  const failing: Story["query"] = async (...asked) => {
    const answer = await story.query(...asked);
    errors.push(
      answer.errors,
      Object.values(answer.data ?? {}).map((each: any) => each?.userErrors),
    );
    return answer;
  };
  // Ways in which data gets into logs: an error in the middle, a refused action, a system that is away.
  await failing(
    "mall:lin",
    `mutation ($g: ID!, $c: ID!) { act(groupId: $g, cardId: $c, seen: 1, verb: "restock.approve", key: "late", input: {}) { userErrors { code } } }`,
    { g: story.group, c: card.id },
  );
  await story.stopBrand();
  await failing(
    "mall:lin",
    `query ($id: ID!) { restockOrder(id: $id) { lines { product { name } } } }`,
    { id: card.data.id },
    story.group,
  );
  await story.startBrand();
  // Data in arguments, in which access logs could take it for something to tell: literals, variables, input.
  await failing(
    "mall:lin",
    `query ($s: String) { products(search: $s) { name } }`,
    { s: CANARIES.name },
    story.group,
  );
  await failing(
    "mall:lin",
    `{ products(search: "${CANARIES.name}") { name suggestedPrice { minor } } }`,
    {},
    story.group,
  );
  await failing(
    "mall:lin",
    `mutation ($r: String!) { rejectRestock(input: { id: "R99999999", reason: $r }) { userErrors { code } } }`,
    { r: CANARIES.remark },
    story.group,
  );

  const kept: Record<string, string> = {
    log: lines.join(""),
    "errors that were told": JSON.stringify(errors),
    "report of a crash": JSON.stringify(process.report.getReport()),
    metrics: await (await fetch(`${story.gateway.url}/metrics`)).text(),
  };
  const { rows: tables } = await story.database.query(
    "select table_name as name from information_schema.tables where table_schema = 'public'",
  );
  for (const { name } of tables)
    kept[`table ${name}`] = JSON.stringify((await story.database.query(`select * from "${name}"`)).rows);
  for (const file of await readdir(join(story.dir, "gateway"), { recursive: true, withFileTypes: true })) {
    const path = join(file.parentPath, file.name);
    // The database's own files hold what its tables hold, and dead rows of them.
    if (file.isFile()) kept[path] = await readFile(path, "latin1");
  }
  expect(tables.length).toBeGreaterThan(10);
  expect(kept["table feed"]).toContain("CARD_POSTED");
  // The access logs tell of all of it, by keys.
  for (const key of [
    "BL2481-38",
    card.data.id,
    "rejectRestock",
    "RestockOrder.purchaseOrder",
    "supplier.stock",
  ])
    expect(kept["table access_line"]).toContain(key);
  const found = Object.entries(kept).flatMap(([place, text]) =>
    // A number stands by itself; within an id it is there by chance.
    Object.values(CANARIES)
      .filter((canary) => new RegExp(`(?<![0-9a-f])${canary}(?![0-9a-f])`, "i").test(text))
      .map((canary) => `${canary} in ${place}`),
  );
  expect(found).toEqual([]);
  manager.close();
});
